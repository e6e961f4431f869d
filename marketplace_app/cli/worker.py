import asyncio

from marketplace_app.cli.configuration import settings_or_exit


def worker() -> None:
    """Do the work that no request waits for, until SIGTERM."""
    settings = settings_or_exit()

    import uvloop

    from marketplace_app.worker import run

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run(settings))
