"""Several compositions of the app in one process, led through interleavings step by step.

`python -m tests.faults.lab.interleaver` takes the orders of driver.py, and these: `interleave` with `trials`,
[{"seed", "principals": [[company, user], ...], "plot": [{"do", "user"}, ...], "last": [act, ...]}]; `unlock`
and `rounds`. The first principal of a trial is whose user comes and goes; another one is a bystander. What is
asked besides is done by a composition in which nobody was killed.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any

import httpx2
import redis.asyncio

from marketplace_app import logs
from marketplace_app.clock import OffsetClock
from marketplace_app.composition import Composition
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import StorageError
from marketplace_app.settings import Settings
from tests.faults.lab.acts import Stage
from tests.faults.lab.driver import Driver, Order, obey
from tests.faults.lab.steps import SceneClock, Steps, know_strands
from tests.faults.lab.trial import Trial

PROCESSES = 5  # that may be killed
_WIDTH = 8  # trials at a time
_TRIES = 20


class Interleaver(Driver):
    def __init__(self, stage: Stage) -> None:
        self._survivor = stage.every[stage.survivor]
        super().__init__(self._survivor)
        self._stage = stage

    async def do(self, order: Order) -> dict[str, Any]:
        match order["do"]:
            case "interleave":
                return await self._interleave(order["trials"])
            case "unlock":
                return await self._unlock()
            case "rounds":
                return {"visited": await self._rounds()}
        return await super().do(order)

    async def _interleave(self, trials: Sequence[dict[str, Any]]) -> dict[str, Any]:
        width = asyncio.Semaphore(_WIDTH)

        async def one(order: dict[str, Any]) -> dict[str, Any]:
            async with width:
                pairs = order["principals"]
                principals = [Principal(CompanyId(company), UserId(user)) for company, user in pairs]
                trial = Trial(self._stage, principals, order["seed"], now)
                await trial.play(order["plot"], order["last"])
                return trial.report()

        now = int(self._survivor.clock.now())
        return {"trials": await asyncio.gather(*map(one, trials))}

    async def _unlock(self) -> dict[str, Any]:
        """The locks of processes that have gone are over by now."""
        names = [name async for name in self._stage.redis.scan_iter(match="app:*:renewal", count=1000)]
        if names:
            await self._stage.redis.delete(*names)
        return {"unlocked": len(names)}

    async def _rounds(self) -> int:
        """The journal first, then whoever is due."""
        living = self._survivor.installations
        await living.replay.once()
        visited = 0
        while found := await _as_the_worker(living.rounds.visit_due):
            visited += found
        return visited


async def _as_the_worker(visit_due: Callable[[], Awaitable[int]]) -> int:
    """Again, when a busy machine has no Redis for a moment; when it has none at all that is an error."""
    for _ in range(_TRIES):
        with suppress(StorageError):
            return await visit_due()
        await asyncio.sleep(1)
    return await visit_due()


async def main() -> None:
    logs.configure()
    settings = Settings.from_mapping(os.environ)
    know_strands()
    async with AsyncExitStack() as stack:
        every = [_composition(settings) for _ in range(PROCESSES + 1)]
        for parts in every:
            await stack.enter_async_context(parts.transport)
        control = httpx2.AsyncClient(base_url=settings.pipedrive_oauth_url, timeout=60)
        await stack.enter_async_context(control)
        client = redis.asyncio.Redis.from_url(settings.redis_url.value)
        stack.push_async_callback(client.aclose)
        stage = Stage(every, control, client, settings.pipedrive_client_id)
        await obey(Interleaver(stage))
    sys.stdout.flush()
    os._exit(0)  # whoever was killed in a trial waits for ever


def _composition(settings: Settings) -> Composition:
    assert settings.clock_offset_file is not None
    return Composition.of(settings, Steps(), SceneClock(OffsetClock(settings.clock_offset_file)))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(main())
