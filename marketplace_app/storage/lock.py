"""A lock with an owner: only who took it can release it, and it ends by itself."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from marketplace_app.storage.connection import Connection

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
_TAKE = "if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end return 0"


@asynccontextmanager
async def owned(connection: Connection, key: str, *, milliseconds: int) -> AsyncIterator[bool]:
    """Whether the lock was free and is ours inside the block. It must outlive the work that it guards."""
    owner = secrets.token_hex(16)
    taken = bool(await connection.run(_TAKE, [key], [owner, milliseconds]))
    try:
        yield taken
    finally:
        if taken:
            await connection.run(_RELEASE, [key], [owner])
