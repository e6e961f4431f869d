"""What Pipedrive tells of an uninstall: on our disk at once, carried out when Redis takes it, then checked.

Nothing of ours ends by the word of a notice alone. The installation becomes a suspect, and the API is asked:
now, and after one, five and thirty minutes, since nobody documents whether its tokens die before or after.

https://pipedrive.readme.io/docs/app-uninstallation
"""

from marketplace_app.clock import Clock
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import NotDurable, StorageError
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
        self._open: dict[Principal, Entry] = {}

    def is_open(self, principal: Principal) -> bool:
        """Whether this process was told of an uninstall that Redis has not taken yet."""
        entry = self._open.get(principal)
        if entry is not None and not self._journal.has(entry):  # another process has carried it out
            del self._open[principal]
        return principal in self._open

    async def take(self, principal: Principal) -> None:
        """Returns when the notice cannot be lost any more. Raises StorageError when nothing could keep it."""
        entry = await self._journal.append("uninstall", principal, b"")
        await self._points.reach("uninstall.journalled")
        try:
            await self.carry_out(principal, entry)
        except StorageError:
            self._open[principal] = entry
            if self._journal.is_degraded:
                raise

    async def carry_out(self, principal: Principal, entry: Entry) -> None:
        now = self._clock.now()
        refusal: NotDurable | None = None
        try:
            is_there = await self._store.suspect(principal, now)
        except NotDurable as error:  # it is written: what follows from it must not wait for the replicas
            is_there, refusal = bool(error.reply), error
        if is_there:
            await self._points.reach("uninstall.suspected")
            for number, seconds in enumerate(CHECKS_SECONDS, start=1):
                await self._schedule.put(principal, now + seconds, told=number)
            await self._schedule.put(principal, now, durable=True)
        await self._points.reach("uninstall.scheduled")
        if refusal is not None:
            raise refusal
        self._open.pop(principal, None)
        await self._journal.drop(entry)
