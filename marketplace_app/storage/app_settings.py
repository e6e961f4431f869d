"""What users and companies have set in the app, sealed. It has no time to live: it goes with its owner.

A user's go when the installation's grace ends, a company's with its data key (installations/forgetting.py).
"""

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.errors import NotInstalled, TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.vault import Label, Vault

_FIND = "return redis.call('HGET', KEYS[1], ARGV[1])"
_KEEP = "return redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])"


class AppSettingsStore:
    """`user_id` None is the company itself."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def find(self, company_id: CompanyId, user_id: UserId | None, name: str) -> bytes | None:
        """None too for what no key opens any more."""
        key = await self._vault.find_key(company_id)
        sealed = await self._connection.run(_FIND, [keys.settings(company_id, user_id)], [name])
        if key is None or not sealed:
            return None
        try:
            return key.open(_label(company_id, user_id, name), sealed)
        except TokenUnreadable:
            return None

    async def keep(self, company_id: CompanyId, user_id: UserId | None, name: str, value: bytes) -> None:
        """Raises NotInstalled when the company has been forgotten."""
        key = await self._vault.find_key(company_id)
        if key is None:
            raise NotInstalled("the company has been forgotten")
        sealed = key.seal(_label(company_id, user_id, name), value)
        names = [keys.settings(company_id, user_id)]
        await self._connection.run(_KEEP, names, [name, sealed], durable=True)


def _label(company_id: CompanyId, user_id: UserId | None, name: str) -> Label:
    return Label(f"setting {name}", company_id, user_id)
