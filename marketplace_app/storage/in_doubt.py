"""A mark for whoever has asked Pipedrive to exchange a token and does not know yet what came of it.

The lock of a renewal ends by itself, so a process that was frozen may hold a new pair while the next one is
refused with the old token. While somebody else's mark stands, such a refusal says nothing.

A process may also have died over it. Then the worker asks again as soon as its lock is over, for Pipedrive
may take the old token for a short grace only.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from marketplace_app.clock import Clock
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import (
    ClientRefused,
    InstallationError,
    MarketplaceAppError,
    PipedriveUnavailable,
    StorageError,
)
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.schedule import Schedule

DOUBT_SECONDS = 600  # a process may stand still for minutes: a machine that is moved, a laptop that sleeps
LOOK_SECONDS = 22  # the lock of a process that died is over by then

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


class Doubts:
    def __init__(self, connection: Connection, schedule: Schedule, clock: Clock) -> None:
        self._connection = connection
        self._schedule = schedule
        self._clock = clock

    @asynccontextmanager
    async def over(self, principal: Principal, owner: str) -> AsyncIterator[bool]:
        """Around an exchange; whether nobody else is in doubt. `owner` is that of the lock, in hexadecimal.

        The mark stays when the block ends without knowing what became of the token, and goes by itself.
        """
        mark, now = keys.renewal_in_doubt(principal), self._clock.now()
        is_alone, _ = await asyncio.gather(
            self._connection.run(_BEGIN, [mark], [owner, int(now), DOUBT_SECONDS]),
            self._schedule.watch(principal, now + LOOK_SECONDS),
        )
        try:
            yield bool(is_alone)
        except MarketplaceAppError as error:
            if _is_known_by(error):
                await self._end(principal, owner)
            raise
        await self._end(principal, owner)

    async def since(self, principal: Principal) -> int | None:
        """When the exchange began of which nobody knows, in epoch seconds."""
        found = await self._connection.get(keys.renewal_in_doubt(principal))
        return int(found.split()[1]) if found else None

    async def _end(self, principal: Principal, owner: str) -> None:
        with suppress(StorageError):
            if await self._connection.run(_END, [keys.renewal_in_doubt(principal)], [owner]):
                await self._schedule.unwatch(principal)


def _is_known_by(error: MarketplaceAppError) -> bool:
    """Refused, or never sent."""
    if isinstance(error, PipedriveUnavailable):
        return not error.was_sent
    return isinstance(error, (InstallationError, ClientRefused))
