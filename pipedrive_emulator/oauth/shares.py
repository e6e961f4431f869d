"""Which apps an admin shares with the company. It shows an app to others; every user installs alone.

https://pipedrive.readme.io/docs/app-sharing-adding-apps-to-multiple-users
"""

from dataclasses import asdict, dataclass

from pipedrive_emulator.store import Store

_SECTION = "shares"


@dataclass(frozen=True, slots=True)
class Share:
    """``admin_id`` owns the switch; ``user_ids`` None means all users of the company."""

    client_id: str
    company_id: int
    admin_id: int
    user_ids: tuple[int, ...] | None = None


class Shares:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._shares: dict[tuple[str, int], Share] = {}
        for _, fields in store.load(_SECTION):
            users = fields["user_ids"]
            share = Share(**{**fields, "user_ids": None if users is None else tuple(users)})
            self._shares[share.client_id, share.company_id] = share

    def find(self, client_id: str, company_id: int) -> Share | None:
        return self._shares.get((client_id, company_id))

    def reaches(self, client_id: str, company_id: int, user_id: int) -> bool:
        """Whether the app is shown to this user because somebody shared it."""
        share = self.find(client_id, company_id)
        return share is not None and (share.user_ids is None or user_id in share.user_ids)

    def of_admin(self, user_id: int) -> list[Share]:
        return [share for share in self._shares.values() if share.admin_id == user_id]

    def of_app(self, client_id: str) -> list[Share]:
        return [share for share in self._shares.values() if share.client_id == client_id]

    def put(self, share: Share) -> None:
        self._shares[share.client_id, share.company_id] = share
        self._store.put(_SECTION, _key(share), asdict(share))

    def remove(self, share: Share) -> None:
        del self._shares[share.client_id, share.company_id]
        self._store.delete(_SECTION, _key(share))


def _key(share: Share) -> str:
    return f"{share.client_id}/{share.company_id}"
