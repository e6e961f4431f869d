"""Which server has a key. This is the simplest answer; sentinels and clusters have files of their own."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from redis.exceptions import AskError

from marketplace_app.settings.redis_address import Host
from marketplace_app.storage.server import Server, Unanswered

MakeServer = Callable[[Host], Server]


class Topology(Protocol):
    @property
    def is_split(self) -> bool:
        """Whether keys lie on several servers, and may be on their way from one to another."""
        ...

    async def find(self, key: str | None) -> Server:
        """The server that has this key, any primary for None. Raises Unanswered."""
        ...

    def lost(self, server: Server) -> None:
        """It does not answer, or may be no primary any more: look before it is found again."""
        ...

    def redirected(self, server: Server, error: AskError) -> Server:
        """Where this server, a cluster's, says that the key is or is about to be."""
        ...

    def groups(self, keys: Sequence[str]) -> Sequence[Sequence[int]]:
        """The keys, by position, in groups that one command may name together."""
        ...

    async def primaries(self) -> Sequence[Server]:
        """Every server that takes writes. Raises Unanswered."""
        ...

    async def close(self) -> None: ...


class Alone:
    """One server has every key."""

    is_split = False

    def __init__(self, server: Server) -> None:
        self._server = server

    async def find(self, key: str | None) -> Server:  # noqa: ARG002 (whichever it is)
        return self._server

    def lost(self, server: Server) -> None:
        """There is no other."""

    def redirected(self, server: Server, error: AskError) -> Server:  # noqa: ARG002
        raise Unanswered(error, was_sent=False)  # a cluster's node, of which REDIS_URL says nothing

    def groups(self, keys: Sequence[str]) -> Sequence[Sequence[int]]:
        return [range(len(keys))]

    async def primaries(self) -> Sequence[Server]:
        return [self._server]

    async def close(self) -> None:
        await self._server.close()


class Discovery:
    """Looks in a task of its own: askers join it, and one that is cancelled hurts nobody."""

    def __init__(self, look: Callable[[], Awaitable[None]]) -> None:
        self._look = look
        self._task: asyncio.Task[None] | None = None
        self._ended_at = float("-inf")

    def begin(self, *, not_within: float = 0.0) -> asyncio.Task[None] | None:
        """Looks now, unless it last did so less than that many seconds ago."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done():
            if loop.time() - self._ended_at < not_within:
                return None
            self._task = loop.create_task(self._run())
        return self._task

    async def _run(self) -> None:
        try:
            await self._look()
        finally:
            self._ended_at = asyncio.get_running_loop().time()

    async def join(self) -> None:
        task = self.begin()
        if task is not None:
            await asyncio.shield(task)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
