"""A lock with an owner: only who took it can release it, and it ends by itself."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from marketplace_app.errors import StorageError
from marketplace_app.storage.connection import Connection

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
_TAKE = """
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0
"""


@dataclass(slots=True)
class OwnedLock:
    """`is_ours` as of the last time it was taken; it must outlive the work that it guards."""

    connection: Connection
    key: str
    milliseconds: int
    owner: str
    is_ours: bool = False

    async def take(self) -> bool:
        """For the whole time from now on, also when it is ours already; whether it is ours."""
        taken = await self.connection.run(_TAKE, [self.key], [self.owner, self.milliseconds])
        self.is_ours = bool(taken)
        return self.is_ours


@asynccontextmanager
async def owned(connection: Connection, key: str, *, milliseconds: int) -> AsyncIterator[OwnedLock]:
    """Tries once. What cannot be released any more, because Redis is away, ends by itself."""
    lock = OwnedLock(connection, key, milliseconds, secrets.token_hex(16))
    try:
        await lock.take()
        yield lock
    finally:
        with suppress(StorageError):
            if lock.is_ours:
                await connection.run(_RELEASE, [key], [lock.owner])
