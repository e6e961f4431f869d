"""A limit for the whole of an exchange, in seconds in which this process ran.

A process may stand still in the middle of it: its machine is moved, a laptop sleeps. What came meanwhile
waits in the socket and may be the only pair that there is, while every ordinary timeout is over at once.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")
_STEP_SECONDS = 0.5


class Patience:
    def __init__(self, seconds: float) -> None:
        self._left = seconds

    async def over(self, asked: Awaitable[T]) -> T:
        """Raises TimeoutError when it is used up, by this one and those before."""
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(asked)
        try:
            while self._left > 0:
                step, began = min(_STEP_SECONDS, self._left), loop.time()
                done, _ = await asyncio.wait({task}, timeout=step)
                if done:
                    return task.result()
                self._left -= min(loop.time() - began, step)  # longer than a step it stood still
            raise TimeoutError
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
