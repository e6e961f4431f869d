"""When the worker looks at each installation next: one sorted set, taken from with a lease.

An entry is written before the record that it is about, and waited for after it. One that a server took with
it all the same is put back by the installation's next renewal, or by the next rotation of keys. Who takes an
entry holds it for a lease; what somebody else scheduled meanwhile is never overwritten by the end of a visit.
"""

from dataclasses import dataclass
from typing import cast

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.logs import logger
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection

# KEYS[1] the schedule; ARGV: now, how many, end of the lease. Gives what is due, each with when it was.
TAKE = """
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for at = 1, #due, 2 do redis.call('ZADD', KEYS[1], ARGV[3], due[at]) end
return due
"""

# KEYS[1] the schedule; ARGV: member, end of the lease, when next ('' is never).
SETTLE = """
local score = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not score or tonumber(score) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
"""

# KEYS[1] the schedule; ARGV: member, when.
_PUT = "return redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])"
_LEASE_SECONDS = 180
_TOLD, _RENEWAL = ":told-", ":renewal"


@dataclass(frozen=True, slots=True)
class Due:
    """`told`: 0 for the installation's own round; 1 to 3 for the checks after a notice of uninstall.

    `is_renewal`: somebody began a renewal and has told nobody how it ended.
    """

    member: str
    company_id: int
    user_id: int
    told: int
    is_renewal: bool
    due_at: float
    leased_until: float


class Schedule:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._log = logger("storage")

    async def put(self, principal: Principal, at: float, *, told: int = 0, durable: bool = False) -> None:
        """`durable` waits for the replicas, for all that was written here before too. Raises NotDurable."""
        member = _spell(principal.company_id, principal.user_id, told)
        if durable:
            await self._connection.run(_PUT, [keys.SCHEDULE], [member, repr(float(at))], durable=True)
        else:
            await self._connection.schedule(keys.SCHEDULE, member, at)

    async def keep(self, principal: Principal, at: float) -> bool:
        """Puts back the entry of one that has none; whether that was so."""
        member = _spell(principal.company_id, principal.user_id, 0)
        return await self._connection.schedule(keys.SCHEDULE, member, at, only_new=True)

    async def watch(self, principal: Principal, at: float) -> None:
        """A renewal begins; look at that time what came of it. One that is watched already stays so."""
        member = _spell(principal.company_id, principal.user_id, 0) + _RENEWAL
        await self._connection.schedule(keys.SCHEDULE, member, at, only_new=True)

    async def unwatch(self, principal: Principal) -> None:
        member = _spell(principal.company_id, principal.user_id, 0) + _RENEWAL
        await self._connection.unschedule(keys.SCHEDULE, member)

    async def take(self, now: float, most: int) -> list[Due]:
        """Entries that are due, leased to the caller."""
        until = float(f"{now + _LEASE_SECONDS:.3f}")
        found = await self._connection.run(TAKE, [keys.SCHEDULE], [repr(now), most, repr(until)])
        pairs = zip(cast("list[bytes]", found[::2]), found[1::2], strict=True)
        read = [self._understood(member, float(due_at), until) for member, due_at in pairs]
        return [each for each in read if each is not None]

    def _understood(self, member: bytes, due_at: float, until: float) -> Due | None:
        """What nobody of ours wrote is in nobody's way."""
        try:
            return _read(member.decode(), due_at, until)
        except ValueError:
            self._log.error("an entry does not read", key=keys.SCHEDULE)
            return None

    async def lease(self, member: str, now: float) -> Due:
        """One entry, whether it is due or not."""
        until = float(f"{now + _LEASE_SECONDS:.3f}")
        await self._connection.schedule(keys.SCHEDULE, member, until)
        return _read(member, now, until)

    async def settle(self, due: Due, at: float | None) -> None:
        """Next at that time, None for never; unless somebody has scheduled it anew meanwhile."""
        when = "" if at is None else repr(float(at))
        await self._connection.run(SETTLE, [keys.SCHEDULE], [due.member, repr(due.leased_until), when])


def _spell(company_id: int, user_id: int, told: int) -> str:
    return f"{company_id:d}:{user_id:d}" + (f"{_TOLD}{told:d}" if told else "")


def _read(member: str, due_at: float, until: float) -> Due:
    company_id, user_id, *rest = member.split(":")
    kind = f":{rest[0]}" if rest else ""
    told = int(kind[-1]) if kind.startswith(_TOLD) else 0
    is_renewal = kind == _RENEWAL
    return Due(member, CompanyId(int(company_id)), UserId(int(user_id)), told, is_renewal, due_at, until)
