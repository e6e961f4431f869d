"""Replay of the journal: at start, every thirty seconds, and every second while something lies there."""

import asyncio

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import MarketplaceAppError, StorageError
from marketplace_app.installations.granting import Granting
from marketplace_app.installations.notices import Notices
from marketplace_app.installations.pending import Pending
from marketplace_app.logs import logger
from marketplace_app.storage.journal import Entry, Journal

EVERY_SECONDS = 30
_SOON_SECONDS = 1
_YOUNG_SECONDS = 5  # an entry of this age is somebody's work in progress


class Replay:
    def __init__(
        self, journal: Journal, pending: Pending, granting: Granting, notices: Notices, clock: Clock
    ) -> None:
        self._journal = journal
        self._pending = pending
        self._granting = granting
        self._notices = notices
        self._clock = clock
        self._log = logger("journal")
        self.waiting = 0  # entries that were left for the next time

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.once()
            except Exception:  # noqa: BLE001 (the next time must come, whatever happened)
                self._log.exception("replay broke")
            await self._pause()

    async def _pause(self) -> None:
        """Thirty seconds, unless somebody leaves an entry meanwhile."""
        for _ in range(EVERY_SECONDS // _SOON_SECONDS):
            await asyncio.sleep(_SOON_SECONDS)
            left = await asyncio.to_thread(self._journal.written_at)
            if left or self.waiting:
                return

    async def once(self) -> None:
        """Each entry that is not somebody's work in progress, oldest first."""
        self.waiting = 0
        await self._journal.tidy()
        for entry in await self._journal.entries():
            if 0 <= self._clock.now() - entry.written_at < _YOUNG_SECONDS and entry.kind != "uninstall":
                self.waiting += 1
                continue
            try:
                await self._replay(entry)
            except MarketplaceAppError as error:
                self.waiting += 1
                self._log.warning("left for later", kind=entry.kind, reason=error.reason)
                if isinstance(error, StorageError):
                    break  # the others would wait for the same

    async def _replay(self, entry: Entry) -> None:
        match entry.kind:
            case "renewal":
                await self._pending.replay(entry)
            case "install":
                await self._granting.replay(entry)
            case "uninstall":
                principal = Principal(CompanyId(entry.company_id), UserId(entry.user_id))
                await self._notices.carry_out(principal, entry)
