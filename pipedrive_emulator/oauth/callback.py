"""What Pipedrive itself sends to an app's one callback URL.

DELETE tells that a user has uninstalled: Basic client_id:client_secret, four keys of JSON, the answer not
read (https://pipedrive.readme.io/docs/app-uninstallation). POST tells that an app is shared, or no longer
(https://pipedrive.readme.io/docs/app-sharing-adding-apps-to-multiple-users). The ledger says how it went.
"""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import aiohttp

from pipedrive_emulator.apps import App
from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.oauth.grants import Grants, Holder
from pipedrive_emulator.store import Store
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.timers import Timers

_SECTION = "callbacks"
_TIMEOUT = aiohttp.ClientTimeout(total=10)
_RETRIES = (3, 30, 150)  # seconds, as for webhooks


@dataclass(frozen=True, slots=True)
class Delivery:
    """``ends``: the installation ends once this has been delivered, not before."""

    number: int
    method: str
    url: str
    holder: Holder
    body: dict[str, Any]
    basic: tuple[str, str] | None
    ends: bool
    due: float
    attempt: int = 1


class Callbacks:
    def __init__(
        self,
        *,
        clock: Clock,
        timers: Timers,
        ledger: Ledger,
        switches: Switches,
        store: Store,
        grants: Grants,
    ) -> None:
        self._clock = clock
        self._timers = timers
        self._ledger = ledger
        self._switches = switches
        self._store = store
        self._grants = grants
        self._waiting = {int(key): _from_store(fields) for key, fields in store.load(_SECTION)}
        self._last = max(self._waiting, default=0)
        timers.armed_by(self._arm)

    def send_delete(self, app: App, holder: Holder, *, ends: bool = False) -> None:
        """The user of that installation has uninstalled the app."""
        timestamp = _timestamp(self._clock.now(), self._switches.get("delete_timestamp"))
        self._send("DELETE", app, holder, holder._asdict() | {"timestamp": timestamp}, ends=ends, signed=True)

    def send_share(self, app: App, holder: Holder, *, is_shared: bool) -> None:
        """The app is shared in the holder's company, or no longer."""
        body = {"company_id": holder.company_id, "user_id": holder.user_id, "isShared": is_shared}
        signed = self._switches.get("share_auth") == "basic"
        self._send("POST", app, holder, body, ends=False, signed=signed)

    def _send(
        self, method: str, app: App, holder: Holder, body: dict[str, Any], *, ends: bool, signed: bool
    ) -> None:
        self._last += 1
        basic = (app.client_id, app.client_secrets[0]) if signed else None
        due = self._clock.now()
        self._plan(Delivery(self._last, method, app.callback_url, holder, body, basic, ends, due))

    def _arm(self) -> None:
        for delivery in list(self._waiting.values()):
            self._plan(delivery)

    def _plan(self, delivery: Delivery) -> None:
        self._waiting[delivery.number] = delivery
        self._store.put(_SECTION, f"{delivery.number:09d}", asdict(delivery))
        key = f"callback-{delivery.number}"
        self._timers.at(delivery.due, partial(self._deliver, delivery), key=key)

    async def _deliver(self, delivery: Delivery, due: float) -> None:
        status = await _request(delivery)
        self._ledger.append(
            "uninstall_delivered" if delivery.method == "DELETE" else "share_delivered",
            company_id=delivery.holder.company_id,
            user_id=delivery.holder.user_id,
            client_id=delivery.holder.client_id,
            url=delivery.url,
            status=status,
            attempt=delivery.attempt,
        )
        if not self._is_done(delivery, status):
            wait = _RETRIES[delivery.attempt - 1]
            self._plan(replace(delivery, due=due + wait, attempt=delivery.attempt + 1))
            return
        del self._waiting[delivery.number]
        self._store.delete(_SECTION, f"{delivery.number:09d}")
        if delivery.ends:
            self._grants.drop_all(delivery.holder, "code", "access", "refresh")

    def _is_done(self, delivery: Delivery, status: int | None) -> bool:
        is_taken = status is not None and status < 300  # noqa: PLR2004 - the success codes
        retries = self._switches.get("callback_retries") == "yes"
        return is_taken or not retries or delivery.attempt > len(_RETRIES)


async def _request(delivery: Delivery) -> int | None:
    """The status, or None when nobody answered."""
    auth = aiohttp.BasicAuth(*delivery.basic) if delivery.basic else None
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            http.request(
                delivery.method, delivery.url, json=delivery.body, auth=auth, allow_redirects=False
            ) as response,
        ):
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return None


def _timestamp(now: float, form: str) -> str:
    forms = {"epoch": str(int(now)), "epoch_ms": str(int(now * 1000))}
    iso = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return forms.get(form, iso)


def _from_store(fields: dict[str, Any]) -> Delivery:
    """JSON knows lists only."""
    basic = tuple(fields["basic"]) if fields["basic"] else None
    return Delivery(**{**fields, "holder": Holder(*fields["holder"]), "basic": basic})
