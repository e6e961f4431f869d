"""Several compositions of the app in one process, led through interleavings step by step.

`python -m tests.faults.lab.interleaver` takes the orders of driver.py, and these: `interleave` with `trials`,
[{"seed", "principals": [[company, user], ...], "plot": [{"do", "user"}, ...]}]; `unlock`, `rounds`, `expire`.
The first principal of a trial is whose user comes and goes; another one is a bystander.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import redis.asyncio

from marketplace_app import logs
from marketplace_app.composition import Composition
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.settings import Settings
from tests.faults.lab.driver import Driver, Order, obey
from tests.faults.lab.steps import Steps, remember_afterwork
from tests.faults.lab.trial import Stage, Trial

PROCESSES = 5
_WIDTH = 24  # trials at a time


class Interleaver(Driver):
    def __init__(self, every: Sequence[Composition], stage: Stage) -> None:
        super().__init__(every[0])
        self._every = every
        self._stage = stage

    async def do(self, order: Order) -> dict[str, Any]:
        match order["do"]:
            case "interleave":
                return await self._interleave(order["trials"])
            case "unlock":
                return await self._unlock()
            case "rounds":
                return {"visited": await self._rounds()}
            case "now":  # when each of them has seen it
                return {"now": min(parts.clock.now() for parts in self._every)}
        return await super().do(order)

    async def _interleave(self, trials: Sequence[dict[str, Any]]) -> dict[str, Any]:
        width = asyncio.Semaphore(_WIDTH)

        async def one(order: dict[str, Any]) -> dict[str, Any]:
            async with width:
                pairs = order["principals"]
                principals = [Principal(CompanyId(company), UserId(user)) for company, user in pairs]
                trial = Trial(self._stage, principals, order["seed"])
                await trial.play(order["plot"])
                return trial.report()

        return {"trials": await asyncio.gather(*map(one, trials))}

    async def _unlock(self) -> dict[str, Any]:
        """The locks of processes that have gone are over by now."""
        names = [name async for name in self._stage.redis.scan_iter(match="app:*:renewal", count=1000)]
        if names:
            await self._stage.redis.delete(*names)
        return {"unlocked": len(names)}

    async def _rounds(self) -> int:
        """The journal first, then whoever is due."""
        living = self._every[0].installations
        await living.replay.once()
        visited = 0
        while found := await living.rounds.visit_due():
            visited += found
        return visited


async def main() -> None:
    logs.configure()
    settings = Settings.from_mapping(os.environ)
    remember_afterwork()
    async with AsyncExitStack() as stack:
        every = [Composition.of(settings, Steps()) for _ in range(PROCESSES)]
        for parts in every:
            await stack.enter_async_context(parts.transport)
        control = httpx2.AsyncClient(base_url=settings.pipedrive_oauth_url, timeout=60)
        await stack.enter_async_context(control)
        client = redis.asyncio.Redis.from_url(settings.redis_url.value)
        stack.push_async_callback(client.aclose)
        stage = Stage(every, control, client, settings.pipedrive_client_id)
        await obey(Interleaver(every, stage))
    sys.stdout.flush()
    os._exit(0)  # whoever was killed in a trial waits for ever


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(main())
