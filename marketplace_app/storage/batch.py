"""Reads together: one MGET for all that was asked for while the last ones were under way.

A panel reads two keys and a hundred panels open at once; asked one by one, most of the time goes into
the client library. When Redis is idle a read leaves with its own tick of the event loop; the busier it
is, the more travel together. A batch runs in a task of its own, so a caller that is cancelled leaves
the connection in order and hurts nobody else.
"""

import asyncio
from itertools import islice

from marketplace_app.storage.connection import Connection

MOST_KEYS = 256  # in one MGET
MOST_RUNNING = 2  # at once: one is on the wire while another is read


class BatchedReads:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[str, asyncio.Future[bytes | None]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def get(self, key: str) -> asyncio.Future[bytes | None]:
        """Asked for at once, with whatever else is waiting. Awaiting may raise StoreUnavailable."""
        loop = asyncio.get_running_loop()
        shared = self._waiting.get(key)
        if shared is None:
            if not self._waiting:
                loop.call_soon(self._send)
            shared = self._waiting[key] = loop.create_future()
        own: asyncio.Future[bytes | None] = loop.create_future()
        shared.add_done_callback(lambda done: _copy(done, own))
        return own

    def _send(self) -> None:
        while self._waiting and len(self._running) < MOST_RUNNING:
            batch = dict(islice(self._waiting.items(), MOST_KEYS))
            for key in batch:
                del self._waiting[key]
            task = asyncio.get_running_loop().create_task(self._read(batch))
            self._running.add(task)
            task.add_done_callback(self._read_is_over)

    def _read_is_over(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._send()

    async def _read(self, batch: dict[str, asyncio.Future[bytes | None]]) -> None:
        try:
            values = await self._connection.get_many(list(batch))
        except Exception as error:  # noqa: BLE001 (nobody may be left waiting)
            for future in batch.values():
                future.set_exception(error)
        else:
            for future, value in zip(batch.values(), values, strict=True):
                if isinstance(value, Exception):  # that key's own
                    future.set_exception(value)
                else:
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
