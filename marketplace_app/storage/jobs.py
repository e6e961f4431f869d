"""What actions have put off, sealed. It lies with its user, in the company's slot, and goes with either.

A company's jobs stand in lines of their own (storage/job_scripts.py), so that none of another company waits
behind them; which companies have something due is for storage/job_companies.py to know.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

import msgspec

from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.job import owner_of
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import JobsFull, NotInstalled, TokenUnreadable
from marketplace_app.storage import job_scripts as scripts
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.vault import CompanyKey, Label, Vault

LEASE_SECONDS = 60.0
KEPT_DEAD_SECONDS = 30 * 86_400.0
MOST_OF_ONE_COMPANY = 10_000  # what waits, runs or is dead; a Redis that is full refuses everybody


class JobRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`generation` is the installation's when it was added; `once` the field of its once-key, or ''.

    `attempts` are those that have begun, `waits` how often in a row it was put off since. `reason` is why it
    was put off, or died. `due_at` is when it was first due, or last asked for again: no wait before that is
    held against it. Times are epoch seconds.
    """

    company_id: int
    user_id: int
    id: str
    extension: str
    name: str
    form: msgspec.Raw
    generation: int
    due_at: float
    once: str = ""
    attempts: int = 0
    waits: int = 0
    reason: str = ""
    ended_at: float = 0.0


@dataclass(slots=True)
class HeldJob:
    """Taken by this process. The lease moves while it is renewed.

    `asked_for` are ends of it that Redis has been asked for without an answer: it may have any of them, and
    nobody else's lease ends then. `is_settling`: Redis was asked to settle it, and may have done so.
    """

    id: str
    company_id: CompanyId
    leased_until: float
    asked_for: list[float] = field(default_factory=list)
    is_settling: bool = False

    @property
    def ends(self) -> str:
        return " ".join(map(repr, (self.leased_until, *self.asked_for)))


@dataclass(frozen=True, slots=True)
class Lines:
    """How many of a company's jobs stand where, and when the first of those that wait is due."""

    waiting: int
    running: int
    dead: int
    first_due_at: float | None


class JobStore:
    """Each method raises StoreUnavailable."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def once_field(self, principal: Principal, extension: str, name: str, once: str) -> str:
        """Where the key lies; what it says is nobody's business who reads Redis. Raises NotInstalled."""
        key = await self._key(principal.company_id)
        told = f"{extension}\x1f{name}\x1f{once}".encode()
        return f"once:{hmac.new(key.derive('jobs'), told, hashlib.sha256).hexdigest()[:32]}"

    async def add(self, principal: Principal, record: JobRecord, at: float) -> bool:
        """False when one with its once-key waits or runs already.

        Raises NotInstalled, JobsFull, NotDurable.
        """
        sealed = _seal(await self._key(principal.company_id), record)
        names = [
            keys.jobs(principal),
            keys.jobs_waiting(principal.company_id),
            keys.installation(principal),
            keys.jobs_running(principal.company_id),
            keys.jobs_dead(principal.company_id),
        ]
        arguments: list[bytes | str | int] = [record.id, sealed, repr(at), record.once, MOST_OF_ONE_COMPANY]
        done = await self._connection.run(scripts.ADD, names, arguments, durable=True)
        if done == scripts.IS_GONE:
            raise NotInstalled("the installation is gone")
        if done == scripts.IS_FULL:
            raise JobsFull(f"the company has {MOST_OF_ONE_COMPANY} jobs that wait, run or are dead")
        return bool(done == scripts.ADDED)

    async def take(self, company_id: CompanyId, now: float, most: int) -> list[HeldJob]:
        """Those that are due, leased to the caller."""
        until = _lease_from(now)
        names = [keys.jobs_waiting(company_id), keys.jobs_running(company_id)]
        found = await self._connection.run(scripts.TAKE, names, [repr(now), most, repr(until)])
        return [HeldJob(each.decode(), company_id, until) for each in found]

    async def read(self, company_id: CompanyId, job_id: str) -> tuple[JobRecord, int] | None:
        """The record, and the generation of the last installation of its user that ended.

        None when there is none: its user or company was forgotten. Raises TokenUnreadable for what was not
        written for this place.
        """
        principal = _principal(company_id, job_id)
        key = await self._vault.find_key(company_id)
        sealed, over = await self._connection.run(scripts.READ, [keys.jobs(principal)], [job_id])
        if key is None or not sealed:
            return None
        if not key.has_sealed(sealed):  # the company was forgotten and has come back
            key = await self._vault.find_key(company_id, anew=True) or key
        return _open(key, principal, job_id, sealed), int(over or 0)

    async def begin(self, held: HeldJob, record: JobRecord) -> bool:
        """False when it is somebody else's by now."""
        names = [keys.jobs_running(held.company_id), keys.jobs(_principal(held.company_id, held.id))]
        sealed = _seal(await self._key(held.company_id), record)
        arguments: list[bytes | str | int] = [held.id, held.ends, sealed]
        return bool(await self._connection.run(scripts.BEGIN, names, arguments) == scripts.IS_DONE)

    async def renew(self, held: HeldJob, now: float) -> bool:
        """The lease anew. False when it is somebody else's by now."""
        until = _lease_from(now)
        arguments: list[bytes | str | int] = [held.id, held.ends, repr(until)]
        held.asked_for.append(until)
        done = await self._connection.run(scripts.RENEW, [keys.jobs_running(held.company_id)], arguments)
        if done != scripts.IS_DONE:
            held.asked_for.remove(until)
            return False
        held.leased_until = until
        held.asked_for.clear()
        return True

    async def done(self, held: HeldJob, record: JobRecord | None) -> bool:
        """Nothing is left of it, nor of one that has no record. False as above."""
        return await self._settle(held, keys.jobs_waiting(held.company_id), b"", "", record)

    async def put_off(self, held: HeldJob, record: JobRecord | None, at: float) -> bool:
        """None leaves the record as it lies. False as above. Raises NotDurable."""
        sealed = _seal(await self._key(held.company_id), record) if record else b""
        return await self._settle(held, keys.jobs_waiting(held.company_id), sealed, repr(at), None)

    async def bury(self, held: HeldJob, record: JobRecord) -> bool:
        """It becomes a dead letter; its once-key is free. False as above. Raises NotDurable."""
        sealed = _seal(await self._key(held.company_id), record)
        gone_at = repr(record.ended_at + KEPT_DEAD_SECONDS)
        return await self._settle(held, keys.jobs_dead(held.company_id), sealed, gone_at, record)

    async def _settle(
        self, held: HeldJob, to: str, sealed: bytes, score: str, freed: JobRecord | None
    ) -> bool:
        names = [keys.jobs_running(held.company_id), keys.jobs(_principal(held.company_id, held.id)), to]
        once = freed.once if freed else ""
        arguments: list[bytes | str | int] = [held.id, held.ends, sealed, score, once]
        is_asked_again, held.is_settling = held.is_settling, True
        done = await self._connection.run(scripts.SETTLE, names, arguments, durable=True)
        return bool(done == scripts.IS_DONE or (done == scripts.IS_GONE and is_asked_again))

    async def earliest(self, company_id: CompanyId) -> float | None:
        """When there is something to do for this company; None when it has no jobs."""
        found = await self._connection.run(scripts.EARLIEST, keys.job_lines(company_id), [])
        return None if found is None else float(found)

    async def lines(self, company_id: CompanyId) -> Lines:
        found = await self._connection.run(scripts.COUNT, keys.job_lines(company_id), [])
        waiting, running, dead = map(int, found[:3])
        return Lines(waiting, running, dead, float(found[3]) if found[3:] else None)

    async def dead(self, company_id: CompanyId, until: float | None = None) -> list[str]:
        """Ids of dead letters, of those alone that go until then."""
        score = "+inf" if until is None else repr(until)
        found = await self._connection.run(scripts.DEAD, [keys.jobs_dead(company_id)], [score])
        return [each.decode() for each in found]

    async def retry(self, record: JobRecord, at: float) -> int:
        """ADDED; WAITS_ALREADY when another one holds its once-key; IS_GONE when it is no dead letter."""
        company_id = CompanyId(record.company_id)
        anew = msgspec.structs.replace(record, attempts=0, waits=0, reason="", ended_at=0.0, due_at=at)
        names = [
            keys.jobs(_principal(company_id, record.id)),
            keys.jobs_dead(company_id),
            keys.jobs_waiting(company_id),
        ]
        sealed = _seal(await self._key(company_id), anew)
        arguments: list[bytes | str | int] = [record.id, sealed, repr(at), record.once]
        return int(await self._connection.run(scripts.RETRY, names, arguments, durable=True))

    async def drop(self, company_id: CompanyId, job_id: str, once: str = "") -> bool:
        """A dead letter, or one that waits. False when there is neither."""
        names = [
            keys.jobs(_principal(company_id, job_id)),
            keys.jobs_dead(company_id),
            keys.jobs_waiting(company_id),
        ]
        return bool(await self._connection.run(scripts.DROP, names, [job_id, once], durable=True))

    async def _key(self, company_id: CompanyId) -> CompanyKey:
        key = await self._vault.find_key(company_id)
        if key is None:
            raise NotInstalled("the company has been forgotten")
        return key


def _lease_from(now: float) -> float:
    """Nobody else's lease ends then, also when two clocks say the same."""
    return round(now + LEASE_SECONDS - secrets.randbelow(1000) / 1e6, 6)


def _principal(company_id: CompanyId, job_id: str) -> Principal:
    """Whose record it has to be; a line of one company never leads to a record of another's."""
    owner = owner_of(job_id)
    if owner is None or owner[0] != company_id:
        raise TokenUnreadable("a job stands in a line that is not its company's")
    return Principal(*owner)


def _label(principal: Principal, job_id: str) -> Label:
    return Label(f"job {job_id}", principal.company_id, principal.user_id)


def _seal(key: CompanyKey, record: JobRecord) -> bytes:
    principal = _principal(CompanyId(record.company_id), record.id)
    return key.seal(_label(principal, record.id), msgspec.json.encode(record))


def _open(key: CompanyKey, principal: Principal, job_id: str, sealed: bytes) -> JobRecord:
    """Raises TokenUnreadable."""
    try:
        record = msgspec.json.decode(key.open(_label(principal, job_id), sealed), type=JobRecord)
    except msgspec.MsgspecError:
        raise TokenUnreadable("a job's record does not read") from None
    if (record.company_id, record.user_id, record.id) != (principal.company_id, principal.user_id, job_id):
        raise TokenUnreadable("a job's record is of somebody else")
    return record
