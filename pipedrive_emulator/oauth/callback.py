"""DELETE <callback URL>: how an app hears that a user has uninstalled it.

https://pipedrive.readme.io/docs/app-uninstallation: Basic client_id:client_secret, four keys of JSON, sent
once, the answer not read. Only the ledger remembers how it went.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

import aiohttp

from pipedrive_emulator.apps import App
from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.oauth.grants import Holder
from pipedrive_emulator.switches import Switches

_TIMEOUT = aiohttp.ClientTimeout(total=10)


class UninstallCallbacks:
    def __init__(self, clock: Clock, ledger: Ledger, switches: Switches) -> None:
        self._clock = clock
        self._ledger = ledger
        self._switches = switches
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, app: App, holder: Holder) -> None:
        """Start the delivery and return; needs a running event loop."""
        task = asyncio.create_task(self._deliver(app, holder))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def cancel(self) -> None:
        for task in self._under_way:
            task.cancel()

    async def _deliver(self, app: App, holder: Holder) -> None:
        status = await _delete(app, self._body(holder))
        self._ledger.append(
            "uninstall_delivered",
            company_id=holder.company_id,
            user_id=holder.user_id,
            client_id=app.client_id,
            url=app.callback_url,
            status=status,
        )

    def _body(self, holder: Holder) -> dict[str, Any]:
        return {
            "client_id": holder.client_id,
            "company_id": holder.company_id,
            "user_id": holder.user_id,
            "timestamp": _timestamp(self._clock.now(), self._switches.get("delete_timestamp")),
        }


async def _delete(app: App, body: dict[str, Any]) -> int | None:
    """The status, or None when nobody answered."""
    auth = aiohttp.BasicAuth(app.client_id, app.client_secrets[0])
    try:
        async with (
            aiohttp.ClientSession(timeout=_TIMEOUT) as http,
            http.delete(app.callback_url, json=body, auth=auth, allow_redirects=False) as response,
        ):
            return response.status
    except (aiohttp.ClientError, TimeoutError):
        return None


def _timestamp(now: float, form: str) -> str:
    forms = {"epoch": str(int(now)), "epoch_ms": str(int(now * 1000))}
    iso = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return forms.get(form, iso)
