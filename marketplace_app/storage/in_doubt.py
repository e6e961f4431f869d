"""A mark for whoever has asked Pipedrive to exchange a token and does not know yet what came of it.

The lock of a renewal ends by itself, so a process that was frozen may hold a new pair while the next one is
refused with the old token. While somebody else's mark stands, such a refusal says nothing.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from marketplace_app.errors import (
    ClientRefused,
    InstallationError,
    MarketplaceAppError,
    PipedriveUnavailable,
    StorageError,
)
from marketplace_app.storage.connection import Connection

DOUBT_SECONDS = 600  # a process may stand still for minutes: a machine that is moved, a laptop that sleeps

# KEYS[1] the mark; ARGV: who asks, now, how long a mark stands. Whether nobody else's stood there.
_BEGIN = """
local found = redis.call('GET', KEYS[1])
if found then
  local owner, at = string.match(found, '^(%x+) (%d+)$')
  if owner ~= ARGV[1] and tonumber(ARGV[2]) - tonumber(at) < tonumber(ARGV[3]) then return 0 end
end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'EX', ARGV[3])
return 1
"""
_END = """
local found = redis.call('GET', KEYS[1])
if found and string.find(found, ARGV[1], 1, true) == 1 then return redis.call('DEL', KEYS[1]) end
return 0
"""


@asynccontextmanager
async def in_doubt(connection: Connection, key: str, owner: str, now: float) -> AsyncIterator[bool]:
    """Around an exchange; whether nobody else is in doubt. `owner` is that of the lock, in hexadecimal.

    The mark stays when the block ends without knowing what became of the token, and goes by itself.
    """
    is_alone = bool(await connection.run(_BEGIN, [key], [owner, int(now), DOUBT_SECONDS]))
    try:
        yield is_alone
    except MarketplaceAppError as error:
        if _is_known_by(error):
            await _end(connection, key, owner)
        raise
    await _end(connection, key, owner)


def _is_known_by(error: MarketplaceAppError) -> bool:
    """Refused, or never sent."""
    if isinstance(error, PipedriveUnavailable):
        return not error.was_sent
    return isinstance(error, (InstallationError, ClientRefused))


async def _end(connection: Connection, key: str, owner: str) -> None:
    with suppress(StorageError):
        await connection.run(_END, [key], [owner])
