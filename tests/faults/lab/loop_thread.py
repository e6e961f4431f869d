"""An event loop in a thread of its own, so that a run can be plain code and its proxies go on meanwhile."""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

LOOPBACK = "127.0.0.1"


class LoopThread:
    """Serves one port of the system's choice until closed."""

    def __init__(self, handler: Handler) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._links: set[asyncio.Task[None]] = set()
        self._handler = handler
        self.port = 0
        self.open()

    def open(self) -> None:
        """Listens, after `shut` at the same port as before."""
        listener = socket.create_server((LOOPBACK, self.port), backlog=4096)
        self.port = listener.getsockname()[1]
        self._server = self.do(asyncio.start_server(self._accept, sock=listener, limit=2**20))

    def shut(self) -> None:
        """Connections that are open go on; new ones are refused."""
        self.call(self._server.close)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Runs it there and waits for its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def call(self, work: Callable[[], object]) -> None:
        """Runs it there before anything else is read."""

        async def run() -> None:
            work()

        self.do(run())

    def close(self) -> None:
        self.do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._links.add(task)
            task.add_done_callback(self._links.discard)
        try:
            await self._handler(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # somebody went away, or we close: that is what faults are for
        finally:
            writer.transport.abort()

    async def _end(self) -> None:
        self._server.close()
        for task in list(self._links):
            task.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)
