"""Composition root of the worker process: the same objects, work that no request waits for."""

import asyncio
import signal

from marketplace_app.composition import Composition
from marketplace_app.errors import MarketplaceAppError
from marketplace_app.logs import logger
from marketplace_app.settings import Settings

_PAUSE_SECONDS = 2.0


async def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; what was begun is finished first."""
    parts = Composition.of(settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    log = logger("worker")
    log.info("started")
    async with parts.transport:
        while not stop.is_set():
            await _settle(parts)
            try:
                await asyncio.wait_for(stop.wait(), _PAUSE_SECONDS)
            except TimeoutError:
                continue
        await parts.installations.finish()
    await parts.close()
    log.info("stopped")


async def _settle(parts: Composition) -> None:
    """Find out which of the installations that were said to be uninstalled really are."""
    try:
        asked = await parts.installations.settle_suspects()
    except MarketplaceAppError as error:
        logger("worker").warning("will try again", reason=error.reason, detail=str(error))
        return
    if asked:
        logger("worker").info("suspects settled", asked=asked)
