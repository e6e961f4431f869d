"""One server of Redis: its connections, each lent to one asker at a time, and its deadlines.

redis-py makes and reads the connections; lending them is ours. A connection goes back in one step that no
cancellation can interrupt, so none is ever lost, and one whose replies were not read to the end is closed, so
no reply ever reaches the next asker.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import RedisError, ResponseError

Command = tuple[bytes | str | int | float, ...]

DEADLINE_SECONDS = 0.5  # for a connection, and again for the replies


class Unanswered(Exception):
    """No reply, or not all of them. `was_sent`: the server may have done what it was asked."""

    def __init__(self, cause: BaseException, *, was_sent: bool) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause
        self.was_sent = was_sent


class Server:
    def __init__(self, make: Callable[[], AbstractConnection], *, most: int) -> None:
        self._make = make
        self._idle: list[AbstractConnection] = []
        self._room = asyncio.Semaphore(most)
        self._is_closed = False

    async def exchange(
        self, commands: Sequence[Command], *, then: Sequence[Command] = (), wait: float = 0.0
    ) -> list[Any]:
        """The replies in their order, a refusal as the ResponseError that it is; raises Unanswered.

        `then` follows on the same connection, `wait` seconds being allowed for it beyond the deadline, unless
        one of the first was refused.
        """
        connection = await self._lend()
        is_in_order = False
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                replies = await _ask(connection, commands)
            if then and not any(isinstance(reply, ResponseError) for reply in replies):
                async with asyncio.timeout(DEADLINE_SECONDS + wait):
                    replies += await _ask(connection, then)
            is_in_order = True
        except (RedisError, OSError) as error:
            if not isinstance(error, TimeoutError):
                await self._drop_idle()
            raise Unanswered(error, was_sent=True) from None
        finally:
            await self._give_back(connection, is_in_order=is_in_order)
        return replies

    async def _lend(self) -> AbstractConnection:
        try:
            async with asyncio.timeout(DEADLINE_SECONDS):
                await self._room.acquire()
        except TimeoutError as error:
            raise Unanswered(error, was_sent=False) from None
        connection = self._idle.pop() if self._idle else self._make()
        is_in_order = False
        try:
            if connection.is_connected and await _is_spoilt(connection):
                await connection.disconnect(nowait=True)
            if not connection.is_connected:
                async with asyncio.timeout(DEADLINE_SECONDS):
                    await connection.connect()  # type: ignore[no-untyped-call]
            is_in_order = True
        except (RedisError, OSError) as error:
            raise Unanswered(error, was_sent=False) from error
        finally:
            if not is_in_order:
                await self._give_back(connection, is_in_order=False)
        return connection

    async def _drop_idle(self) -> None:
        """Where one broke, those that lay beside it may be as dead: a second try must not meet the next."""
        while self._idle:
            await self._idle.pop().disconnect(nowait=True)

    async def _give_back(self, connection: AbstractConnection, *, is_in_order: bool) -> None:
        self._room.release()
        if is_in_order and not self._is_closed:
            self._idle.append(connection)
        else:
            await connection.disconnect(nowait=True)

    async def close(self) -> None:
        """Those that are lent are closed when they come back."""
        self._is_closed = True
        idle, self._idle = self._idle, []
        with suppress(TimeoutError):  # TLS says goodbye, and a server that hangs does not answer that
            async with asyncio.timeout(DEADLINE_SECONDS):
                await asyncio.gather(*(each.disconnect() for each in idle), return_exceptions=True)


async def _is_spoilt(connection: AbstractConnection) -> bool:
    """Whether it ended, in whatever way, or says what nobody asked for."""
    try:
        await connection.send_packed_command([], check_health=False)  # sends nothing, and hears of a reset
        return bool(await connection.can_read())
    except (RedisError, OSError):
        return True


async def _ask(connection: AbstractConnection, commands: Sequence[Command]) -> list[Any]:
    await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
    return [await _reply(connection) for _ in commands]


async def _reply(connection: AbstractConnection) -> Any:
    try:
        return await connection.read_response()
    except ResponseError as refusal:
        return refusal
