"""What Pipedrive tells of an uninstall: on our disk at once, carried out when Redis takes it, then checked.

Nothing of ours ends by the word of a notice alone. The installation becomes a suspect, and the API is asked:
now, and after one, five and thirty minutes, since nobody documents whether its tokens die before or after.

https://pipedrive.readme.io/docs/app-uninstallation
"""

from marketplace_app.clock import Clock
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import StorageError
from marketplace_app.points import Points
from marketplace_app.storage.installations import InstallationStore
from marketplace_app.storage.journal import Entry, Journal
from marketplace_app.storage.schedule import Schedule

CHECKS_SECONDS = (60, 300, 1800)


class Notices:
    def __init__(
        self,
        store: InstallationStore,
        schedule: Schedule,
        journal: Journal,
        clock: Clock,
        points: Points,
    ) -> None:
        self._store = store
        self._schedule = schedule
        self._journal = journal
        self._clock = clock
        self._points = points
        self._open: set[Principal] = set()

    def is_open(self, principal: Principal) -> bool:
        """Whether this process was told of an uninstall that Redis has not taken yet."""
        return principal in self._open

    async def take(self, principal: Principal) -> None:
        """Returns when the notice cannot be lost any more. Raises StorageError when nothing could keep it."""
        entry = await self._journal.append("uninstall", principal, b"")
        await self._points.reach("uninstall.journalled")
        try:
            await self.carry_out(principal, entry)
        except StorageError:
            self._open.add(principal)
            if self._journal.is_degraded:
                raise

    async def carry_out(self, principal: Principal, entry: Entry) -> None:
        now = self._clock.now()
        if await self._store.suspect(principal, now):
            await self._points.reach("uninstall.suspected")
            for number, seconds in enumerate(CHECKS_SECONDS, start=1):
                await self._schedule.put(principal, now + seconds, told=number)
            await self._schedule.put(principal, now)
        await self._points.reach("uninstall.scheduled")
        self._open.discard(principal)
        await self._journal.drop(entry)
