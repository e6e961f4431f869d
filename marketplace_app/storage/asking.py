"""One question to Redis until it is settled: a second try where that is safe, and redirections followed.

A request waits about a second in all. A server that hangs is not asked twice; a connection that broke is
worth another try when nothing was sent, or when asking twice does no harm.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.exceptions import (
    AskError,
    ClusterDownError,
    MovedError,
    ReadOnlyError,
    ResponseError,
    TryAgainError,
)

from marketplace_app.storage.server import Command, Server, Unanswered
from marketplace_app.storage.topology import Topology

IN_ALL_SECONDS = 1.0
_PAUSE_SECONDS = 0.03
_ELSEWHERE = (AskError, ReadOnlyError, ClusterDownError, TryAgainError)  # it did nothing of what was asked
_ASKING: Command = ("ASKING",)


class Question:
    """Commands on one key (or on none), answered by one server on one connection."""

    def __init__(self, topology: Topology, key: str | None, *commands: Command, may_repeat: bool) -> None:
        self._topology = topology
        self._key = key
        self._commands = commands
        self._may_repeat = may_repeat
        self._is_second_try = False
        self._is_asking = False

    async def settle(self, *, then: Sequence[Command] = (), wait: float = 0.0) -> tuple[list[Any], Server]:
        """The replies, with those to `then` when none was refused, and whose they are.

        Refusals are ResponseErrors among them. `wait` seconds are allowed for `then`, beyond the deadline.
        Raises Unanswered.
        """
        try:
            async with asyncio.timeout(IN_ALL_SECONDS + wait):
                server = await self._topology.find(self._key)
                while True:
                    replies, server = await self._ask(server, then, wait)
                    if replies:
                        return replies, server
        except TimeoutError as error:
            raise Unanswered(error, was_sent=True) from None

    async def _ask(self, server: Server, then: Sequence[Command], wait: float) -> tuple[list[Any], Server]:
        """Replies, or none and the server to ask next."""
        commands = (_ASKING, *self._commands) if self._is_asking else self._commands
        try:
            replies = await server.exchange(commands, then=then, wait=wait)
        except Unanswered as error:
            self._topology.lost(server)
            if self._is_second_try or not self._may_try_again(error):
                raise
            self._is_second_try, self._is_asking = True, False
            return [], await self._topology.find(self._key)
        if self._is_asking:
            del replies[0]
        elsewhere = next((reply for reply in replies if isinstance(reply, _ELSEWHERE)), None)
        if elsewhere is None or len(replies) > len(self._commands):
            return replies, server
        return [], await self._next(server, elsewhere)

    def _may_try_again(self, error: Unanswered) -> bool:
        return not isinstance(error.cause, TimeoutError) and (self._may_repeat or not error.was_sent)

    async def _next(self, server: Server, refusal: ResponseError) -> Server:
        self._is_asking = isinstance(refusal, AskError) and not isinstance(refusal, MovedError)
        if isinstance(refusal, AskError):
            return self._topology.redirected(server, refusal)
        if not isinstance(refusal, TryAgainError):
            self._topology.lost(server)
        await asyncio.sleep(_PAUSE_SECONDS)
        return await self._topology.find(self._key)
