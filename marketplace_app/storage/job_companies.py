"""Which companies have jobs, and when to look at each next: one sorted set, taken from with a lease.

A company is put here before a job of its is written and again after it, so that no job is written without
being looked for. Who is looked at while something is added is looked at again. Each company is one entry,
whatever it has to do, and one that was served goes behind those that have waited longer.
"""

from dataclasses import dataclass

from marketplace_app.domain.ids import CompanyId
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.schedule import SETTLE, TAKE

_LOOK_SECONDS = 15.0  # a look at a company takes milliseconds

# KEYS: the companies. ARGV: member, when. One that is looked at earlier stays there, but for a trace that
# tells whoever looks at it just now that something has come.
_PUT = """
local at, score = tonumber(ARGV[2]), redis.call('ZSCORE', KEYS[1], ARGV[1])
if score and tonumber(score) <= at then at = tonumber(score) - 0.001 end
redis.call('ZADD', KEYS[1], string.format('%.3f', math.floor(at * 1000) / 1000), ARGV[1])
return 1
"""


@dataclass(frozen=True, slots=True)
class DueCompany:
    company_id: CompanyId
    due_at: float
    leased_until: float


class JobCompanies:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def put(self, company_id: CompanyId, at: float, *, durable: bool = False) -> None:
        """Look at it then, or earlier. Raises NotDurable."""
        await self._connection.run(_PUT, [keys.JOB_COMPANIES], [f"{company_id:d}", repr(at)], durable=durable)

    async def take(self, now: float, most: int) -> list[DueCompany]:
        """Who is due, who has waited longest first, leased to the caller."""
        until = float(f"{now + _LOOK_SECONDS:.3f}")
        found = await self._connection.run(TAKE, [keys.JOB_COMPANIES], [repr(now), most, repr(until)])
        pairs = zip(found[::2], found[1::2], strict=True)
        return [DueCompany(CompanyId(int(member)), float(at), until) for member, at in pairs]

    async def lease(self, company_id: CompanyId, now: float) -> DueCompany:
        """One, whether it is due or not."""
        until = float(f"{now + _LOOK_SECONDS:.3f}")
        await self._connection.schedule(keys.JOB_COMPANIES, f"{company_id:d}", until)
        return DueCompany(company_id, now, until)

    async def settle(self, due: DueCompany, at: float | None) -> None:
        """Next at that time, None for never; unless somebody has put it there anew meanwhile."""
        when = "" if at is None else repr(at)
        arguments: list[bytes | str | int] = [f"{due.company_id:d}", repr(due.leased_until), when]
        await self._connection.run(SETTLE, [keys.JOB_COMPANIES], arguments)

    async def all(self) -> list[CompanyId]:
        found = {int(member) async for member in self._connection.members(keys.JOB_COMPANIES)}
        return [CompanyId(each) for each in sorted(found)]
