"""A lock with an owner: only who took it can release it, and it ends by itself."""

import asyncio
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
_PAUSE_SECONDS = 0.5
_late: set[asyncio.Task[None]] = set()  # releases that wait for Redis; a loop alone would forget them


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

    async def release(self) -> None:
        try:
            await self._release()
        except StorageError:
            self.release_later()

    def release_later(self) -> None:
        """As soon as Redis is back, so that whoever comes next need not wait until it ends by itself."""
        task = asyncio.create_task(self._try_to_release())
        _late.add(task)
        task.add_done_callback(_late.discard)

    async def _try_to_release(self) -> None:
        for _ in range(int(self.milliseconds / 1000 / _PAUSE_SECONDS)):
            await asyncio.sleep(_PAUSE_SECONDS)
            with suppress(StorageError):
                await self._release()
                return

    async def _release(self) -> None:
        await self.connection.run(_RELEASE, [self.key], [self.owner])


@asynccontextmanager
async def owned(connection: Connection, key: str, *, milliseconds: int) -> AsyncIterator[OwnedLock]:
    """Tries once, and releases what it took, or may have taken without being told."""
    lock = OwnedLock(connection, key, milliseconds, secrets.token_hex(16))
    try:
        await lock.take()
    except BaseException:
        lock.release_later()
        raise
    try:
        yield lock
    finally:
        if lock.is_ours:
            await lock.release()
