"""The commands that the rooms above need, on whatever REDIS_URL names, and its errors as ours."""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from redis.exceptions import AuthenticationError, NoPermissionError, NoScriptError, ResponseError

from marketplace_app.errors import NotDurable, StoreUnavailable
from marketplace_app.settings.redis_address import RedisAddress
from marketplace_app.storage.asking import Question
from marketplace_app.storage.grouped import GroupedRead
from marketplace_app.storage.reaching import topology_of
from marketplace_app.storage.server import Command, Server, Unanswered

ACKNOWLEDGED_MILLISECONDS = 1000
_PAGE = 500


class Connection:
    """Each method raises StoreUnavailable when Redis does not answer within about a second, or refuses.

    What is written may have happened all the same: only what can be asked twice without harm is.
    """

    def __init__(self, url: str, *, replicas: int = 0, max_connections: int = 32) -> None:
        """Opens nothing. Raises ValueError, whose sentence repeats nothing of the address."""
        self.topology = topology_of(RedisAddress.parse(url), most=max_connections)
        self.replicas = replicas

    async def get_many(self, keys: Sequence[str]) -> list[bytes | StoreUnavailable | None]:
        """Each key's value, or the error that is its own: in a cluster one node may be gone."""
        if not self.topology.is_split:
            values: list[bytes | StoreUnavailable | None] = await self._ask(keys[0], "MGET", *keys)
            return values
        found = await GroupedRead(self.topology, keys).run(self.topology.groups(keys))
        return [_as_ours(value, "GET") if isinstance(value, Exception) else value for value in found]

    async def get(self, key: str) -> bytes | None:
        found: bytes | None = await self._ask(key, "GET", key)
        return found

    async def set(self, key: str, value: bytes, *, seconds: int | None = None) -> None:
        await self._ask(key, "SET", key, value, *_expiry(seconds))

    async def add(self, key: str, value: bytes, *, seconds: int | None = None) -> bool:
        """Set only when the key is free; whether it was."""
        reply = await self._ask(key, "SET", key, value, "NX", *_expiry(seconds), may_repeat=False)
        return reply is not None

    async def take(self, key: str) -> bytes | None:
        """The value, gone in the same step."""
        found: bytes | None = await self._ask(key, "GETDEL", key, may_repeat=False)
        return found

    async def delete(self, *keys: str) -> None:
        for group in self.topology.groups(keys) if keys else ():
            names = [keys[position] for position in group]
            await self._ask(names[0], "DEL", *names)

    async def run(
        self, script: str, keys: list[str], arguments: list[bytes | str | int], *, durable: bool = False
    ) -> Any:
        """A Lua script, by its hash after the first time. In a cluster its keys lie in one slot.

        `durable` waits about a second for as many replicas as the connection was made with. Raises NotDurable
        when fewer acknowledge: whatever is there now is written, and may be lost with the server.
        """
        tail = (len(keys), *keys, *arguments)
        key = keys[0] if keys else None
        is_waited_for = durable and self.replicas > 0
        waits = acknowledgement(keys[0], self.replicas, ACKNOWLEDGED_MILLISECONDS) if is_waited_for else ()
        with _translated("EVALSHA"):
            replies, server = await self._settle(key, ("EVALSHA", _digest(script), *tail), waits)
            if isinstance(replies[0], NoScriptError):
                replies, server = await self._settle(key, ("EVAL", script, *tail), waits)
            if isinstance(replies[0], ResponseError):
                raise replies[0]
        if waits:
            acknowledged = 0 if isinstance(replies[1], ResponseError) else int(replies[2])
            if acknowledged < self.replicas:
                self.topology.lost(server)  # another may have been made primary
                raise NotDurable(acknowledged, self.replicas, replies[0])
        return replies[0]

    async def _settle(
        self, key: str | None, command: Command, then: Sequence[Command]
    ) -> tuple[list[Any], Server]:
        question = Question(self.topology, key, command, may_repeat=False)
        return await question.settle(then=then, wait=ACKNOWLEDGED_MILLISECONDS / 1000 if then else 0)

    async def schedule(self, key: str, member: str, at: float, *, only_new: bool = False) -> bool:
        """Whether the member is new there; with `only_new` one that is not stays as it is."""
        return bool(await self._ask(key, "ZADD", key, *(("NX",) if only_new else ()), at, member))

    async def unschedule(self, key: str, member: str) -> None:
        await self._ask(key, "ZREM", key, member)

    async def members(self, key: str) -> AsyncIterator[str]:
        """Of a sorted set, each that is there from beginning to end; some may come twice, in no order."""
        cursor = b"0"
        while True:
            cursor, page = await self._ask(key, "ZSCAN", key, cursor, "COUNT", _PAGE)
            for member in page[::2]:
                yield member.decode()
            if cursor == b"0":
                return

    async def server_time(self) -> float:
        """Epoch seconds by the server's clock; in a cluster, one node's."""
        seconds, microseconds = await self._ask(None, "TIME")
        return int(seconds) + int(microseconds) / 1e6

    async def ping(self) -> None:
        """Of each primary: one that is gone from a cluster takes its companies with it."""
        if not self.topology.is_split:
            await self._ask(None, "PING")
            return
        with _translated("PING"):
            servers = await self.topology.primaries()
            await asyncio.gather(*(server.exchange([("PING",)]) for server in servers))

    async def close(self) -> None:
        await self.topology.close()

    async def _ask(self, key: str | None, *command: bytes | str | float, may_repeat: bool = True) -> Any:
        with _translated(str(command[0])):
            (reply,), _ = await Question(self.topology, key, command, may_repeat=may_repeat).settle()
            if isinstance(reply, ResponseError):
                raise reply
            return reply


def _expiry(seconds: int | None) -> Command:
    return () if seconds is None else ("EX", seconds)


@lru_cache(maxsize=64)
def _digest(script: str) -> str:
    return hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()


def acknowledgement(key: str, replicas: int, milliseconds: int) -> tuple[Command, Command]:
    """WAIT speaks of what its own connection wrote, and Valkey says yes at once when that is nothing.

    A script may find that another has written already, so something is always written: then what came before
    is acknowledged too.
    """
    tag = key.partition("{")[2].partition("}")[0] or key
    return ("SET", f"app:{{{tag}}}:waited", b"", "PX", 1000), ("WAIT", replicas, milliseconds)


@contextmanager
def _translated(command: str) -> Iterator[None]:
    try:
        yield
    except (Unanswered, ResponseError) as error:
        raise _as_ours(error, command) from None


def _as_ours(error: Exception, command: str) -> StoreUnavailable:
    """The class alone: a message of redis-py may hold the address with its password."""
    if isinstance(error, NoPermissionError):
        return StoreUnavailable(f"Redis does not let the user of REDIS_URL run {command} on our keys")
    if isinstance(error, ResponseError):
        return StoreUnavailable(f"Redis refuses {command} ({type(error).__name__})")
    cause = error.cause if isinstance(error, Unanswered) else error
    if isinstance(cause, AuthenticationError):
        return StoreUnavailable("Redis does not accept the user and password of REDIS_URL")
    if isinstance(cause.__context__, ssl.SSLCertVerificationError):
        return StoreUnavailable("Redis shows a certificate that is not to be trusted")
    return StoreUnavailable(f"Redis does not answer ({type(cause).__name__})")
