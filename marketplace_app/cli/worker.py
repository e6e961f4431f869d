import asyncio
import os
import signal

from marketplace_app.cli.configuration import exit_with, settings_or_exit
from marketplace_app.errors import ConfigurationError
from marketplace_app.settings import Settings


def worker() -> None:
    """Do the work that no request waits for, until SIGTERM; SIGHUP reads the settings' files again."""
    from marketplace_app import logs

    logs.configure()
    while _hung_up(settings_or_exit()):
        pass


def _hung_up(settings: Settings) -> bool:
    """Works until it is told to stop, and finishes what was begun; whether that was a SIGHUP."""
    import uvloop

    from marketplace_app.worker import run

    hang_ups: list[int] = []

    def finish_and_come_back(number: int, _frame: object) -> None:
        hang_ups.append(number)
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGHUP, finish_and_come_back)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(run(settings))
        except ConfigurationError as error:
            exit_with(error)
    return bool(hang_ups)
