"""Replay of the journal: at start, every thirty seconds, and every second while something lies there."""

import asyncio
import time
from collections.abc import Collection

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import MarketplaceAppError, StoreUnavailable
from marketplace_app.installations.granting import Granting
from marketplace_app.installations.notices import Notices
from marketplace_app.installations.pending import Pending
from marketplace_app.logs import logger
from marketplace_app.storage.journal import Entry, Journal

EVERY_SECONDS = 30
_SOON_SECONDS = 1
_MOST_UNANSWERED = 3
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
        self._left: dict[str, tuple[int, float]] = {}  # how often each was left, and until when it rests
        self._log = logger("journal")

    async def run(self) -> None:
        """Until it is cancelled. What has to wait is tried again after ever longer pauses."""
        while True:
            try:
                await self._carry_out(but=await asyncio.to_thread(self._resting))
            except Exception:  # noqa: BLE001 (the next time must come, whatever happened)
                self._log.exception("replay broke")
            await self._pause()

    async def once(self) -> None:
        """Each entry that is not somebody's work in progress, oldest first."""
        await self._carry_out(but=())

    async def _pause(self) -> None:
        """Thirty seconds, unless somebody leaves an entry meanwhile."""
        for _ in range(EVERY_SECONDS // _SOON_SECONDS):
            await asyncio.sleep(_SOON_SECONDS)
            if await asyncio.to_thread(self._journal.names):
                return

    def _resting(self) -> set[str]:
        names, now = self._journal.names(), time.monotonic()
        self._left = {name: left for name, left in self._left.items() if name in names}
        return {name for name, (_, until) in self._left.items() if now < until}

    async def _carry_out(self, *, but: Collection[str]) -> None:
        """One that cannot be carried out is in nobody's way, unless Redis as a whole is away."""
        unanswered = 0
        await self._journal.tidy()
        for entry in await self._journal.entries(but=but):
            if 0 <= self._clock.now() - entry.written_at < _YOUNG_SECONDS and entry.kind != "uninstall":
                continue
            try:
                await self._replay(entry)
            except MarketplaceAppError as error:
                self._leave(entry, error)
                unanswered += isinstance(error, StoreUnavailable)
            if unanswered == _MOST_UNANSWERED:
                return  # the others would wait for the same; they come first the next time

    def _leave(self, entry: Entry, error: MarketplaceAppError) -> None:
        times = self._left.get(entry.name, (0, 0.0))[0]
        self._left[entry.name] = times + 1, time.monotonic() + min(2**times, EVERY_SECONDS)
        self._log.warning("left for later", kind=entry.kind, reason=error.reason)

    async def _replay(self, entry: Entry) -> None:
        match entry.kind:
            case "renewal":
                await self._pending.replay(entry)
            case "install":
                await self._granting.replay(entry)
            case "uninstall":
                principal = Principal(CompanyId(entry.company_id), UserId(entry.user_id))
                await self._notices.carry_out(principal, entry)
