"""The one connection pool to Redis, with deadlines, and its errors as ours.

redis-py waits five seconds and retries ten times by default, so a hung server would hold a request
for a minute. On the way of a request the answer comes within half a second, a second where the
connection has to be made first, or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as BrokenConnection
from redis.exceptions import RedisError

from marketplace_app.errors import NotDurable, StoreUnavailable

DEADLINE_SECONDS = 0.5
ACKNOWLEDGED_MILLISECONDS = 400  # shorter than the deadline of a reply


class Connection:
    """Commands that the rooms above need; each raises StoreUnavailable when Redis does not answer."""

    def __init__(self, url: str, *, replicas: int = 0, max_connections: int = 32) -> None:
        self._replicas = replicas
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=max_connections,
            timeout=DEADLINE_SECONDS,
            socket_timeout=DEADLINE_SECONDS,
            socket_connect_timeout=DEADLINE_SECONDS,
            # A connection that broke is worth another try, a server that hangs is not.
            retry=Retry(NoBackoff(), 1, supported_errors=(BrokenConnection,)),
        )
        self._redis: Redis = Redis.from_pool(pool)  # so that closing it closes the pool
        self._scripts: dict[str, Any] = {}

    async def get_many(self, keys: list[str]) -> list[bytes | None]:
        with _translated():
            return cast("list[bytes | None]", await self._redis.mget(keys))

    async def get(self, key: str) -> bytes | None:
        with _translated():
            return cast("bytes | None", await self._redis.get(key))

    async def set(self, key: str, value: bytes, *, seconds: int | None = None) -> None:
        with _translated():
            await self._redis.set(key, value, ex=seconds)

    async def add(self, key: str, value: bytes, *, seconds: int | None = None) -> bool:
        """Set only when the key is free; whether it was."""
        with _translated():
            return bool(await self._redis.set(key, value, ex=seconds, nx=True))

    async def take(self, key: str) -> bytes | None:
        """The value, gone in the same step."""
        with _translated():
            return cast("bytes | None", await self._redis.getdel(key))

    async def delete(self, *keys: str) -> None:
        with _translated():
            await self._redis.delete(*keys)

    async def run(
        self, script: str, keys: list[str], arguments: list[bytes | str | int], *, durable: bool = False
    ) -> Any:
        """A Lua script, by its hash after the first time.

        `durable` waits for the replicas that were asked for. Raises NotDurable when they do not acknowledge
        in time: what the script wrote is written then, and may be lost with the server.
        """
        with _translated():
            known = self._scripts.setdefault(script, self._redis.register_script(script))
            if not (durable and self._replicas):
                return await known(keys=keys, args=arguments)
            async with self._redis.client() as one:  # WAIT speaks of the writes of its own connection
                reply = await known(keys=keys, args=arguments, client=one)
                acknowledged = int(await one.wait(self._replicas, ACKNOWLEDGED_MILLISECONDS))
        if acknowledged < self._replicas:
            raise NotDurable(acknowledged, self._replicas)
        return reply

    async def schedule(self, key: str, member: str, at: float) -> None:
        with _translated():
            await self._redis.zadd(key, {member: at})

    async def due(self, key: str, at: float, most: int) -> list[str]:
        with _translated():
            found = await self._redis.zrangebyscore(key, "-inf", at, start=0, num=most)
            return [member.decode() for member in cast("list[bytes]", found)]

    async def unschedule(self, key: str, member: str) -> None:
        with _translated():
            await self._redis.zrem(key, member)

    async def ping(self) -> None:
        with _translated():
            await self._redis.ping()

    async def close(self) -> None:
        await self._redis.aclose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        # The class alone: a message of redis-py may hold the address with its password.
        raise StoreUnavailable(f"Redis does not answer ({type(error).__name__})") from None
