"""All reads of one tick of the event loop in one MGET.

A panel reads three keys and a hundred panels open at once; asked one by one, most of the time goes
into the client library. The batch runs in a task of its own, so a caller that is cancelled leaves
the connection in order and hurts nobody else.
"""

import asyncio

from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage.connection import Connection

MOST_KEYS = 512


class BatchedReads:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, asyncio.Future[bytes | None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def get(self, key: str) -> asyncio.Future[bytes | None]:
        """Asked for at once, with whatever else this tick asks for. Awaiting may raise StoreUnavailable."""
        loop = asyncio.get_running_loop()
        shared = self._waiting.get(key)
        if shared is None:
            if not self._waiting:
                loop.call_soon(self._send)
            shared = self._waiting[key] = loop.create_future()
            if len(self._waiting) >= MOST_KEYS:
                self._send()
        own: asyncio.Future[bytes | None] = loop.create_future()
        shared.add_done_callback(lambda done: _copy(done, own))
        return own

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, {}
        if waiting:
            task = asyncio.get_running_loop().create_task(self._read(waiting))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _read(self, waiting: dict[str, asyncio.Future[bytes | None]]) -> None:
        try:
            values = await self._connection.get_many(list(waiting))
        except StoreUnavailable as error:
            for future in waiting.values():
                future.set_exception(error)
        else:
            for future, value in zip(waiting.values(), values, strict=True):
                future.set_result(value)


def _copy(done: asyncio.Future[bytes | None], own: asyncio.Future[bytes | None]) -> None:
    error = done.exception()
    if own.cancelled():
        return
    if error is not None:
        own.set_exception(error)
        own.exception()  # a caller that has gone away need not look at it
    else:
        own.set_result(done.result())
