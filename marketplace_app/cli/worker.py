import asyncio
import os
import signal
from dataclasses import dataclass, field

from marketplace_app.cli.configuration import exit_with, settings_or_exit, settings_read_again
from marketplace_app.errors import ConfigurationError
from marketplace_app.settings import Settings


def worker() -> None:
    """Do the work that no request waits for, until SIGTERM; SIGHUP reads the settings' files again."""
    import uvloop

    from marketplace_app import logs

    logs.configure(os.environ.get("ENVIRONMENT", ""))
    settings = settings_or_exit()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(_work(settings))
        except ConfigurationError as error:
            exit_with(error)


@dataclass(slots=True)
class _Orders:
    """What signals have asked for: `settings` to go on with, none to end. Once told to end, it ends."""

    settings: Settings | None
    told: asyncio.Event = field(default_factory=asyncio.Event)
    _is_last: bool = False

    def end(self) -> None:
        self.settings, self._is_last = None, True
        self.told.set()

    def hang_up(self) -> None:
        found = settings_read_again()
        if found is not None and not self._is_last:
            self.settings = found
            self.told.set()


async def _work(settings: Settings) -> None:
    """One loop for all runs, so that there is no moment at which a signal finds nobody."""
    from marketplace_app.worker import run

    orders, loop = _Orders(settings), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, orders.end)
    loop.add_signal_handler(signal.SIGHUP, orders.hang_up)
    while orders.settings is not None:
        orders.told.clear()
        await run(orders.settings, orders.told)
