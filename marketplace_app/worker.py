"""Composition root of the worker process: the same objects, work that no request waits for."""

import asyncio
import signal

from marketplace_app.beside import beside
from marketplace_app.composition import Composition
from marketplace_app.errors import MarketplaceAppError
from marketplace_app.logs import logger
from marketplace_app.settings import Settings
from marketplace_app.storage.durability import tell_durability

_PAUSE_SECONDS = 2.0


async def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; what was begun is finished first."""
    parts = Composition.of(settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    log = logger("worker")
    log.info("started")
    async with (
        parts.transport,
        beside(parts.installations.replay.run()),
        beside(tell_durability(parts.connection)),
    ):
        while not stop.is_set():
            pause = 0 if await _rounds(parts) else _PAUSE_SECONDS
            try:
                await asyncio.wait_for(stop.wait(), pause)
            except TimeoutError:
                continue
        await parts.installations.finish()
    await parts.close()
    log.info("stopped")


async def _rounds(parts: Composition) -> int:
    """Look after the installations that are due; how many there were."""
    try:
        visited = await parts.installations.rounds.visit_due()
    except MarketplaceAppError as error:
        logger("worker").warning("will try again", reason=error.reason, detail=str(error))
        return 0
    if visited:
        logger("worker").info("rounds", visited=visited)
    return visited
