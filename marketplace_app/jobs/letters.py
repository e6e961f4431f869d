"""Dead letters, for the operator: listed without what they were given, asked for again, or dropped."""

from dataclasses import dataclass, field

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.job import owner_of
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.job_companies import JobCompanies
from marketplace_app.storage.job_scripts import ADDED, WAITS_ALREADY
from marketplace_app.storage.jobs import JobRecord, JobStore
from marketplace_app.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class DeadLetter:
    id: str
    extension: str
    name: str
    reason: str
    at: float


@dataclass(slots=True)
class Retried:
    """`refused` has a sentence for each that stays where it is."""

    ids: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Each method raises StorageError."""

    store: JobStore
    companies: JobCompanies
    clock: Clock

    @classmethod
    def of(cls, connection: Connection, vault: Vault, clock: Clock) -> "DeadLetters":
        return cls(JobStore(connection, vault), JobCompanies(connection), clock)

    async def all(self, company_id: CompanyId) -> list[DeadLetter]:
        return [await self._letter(company_id, job_id) for job_id in await self.store.dead(company_id)]

    async def retry_all(self, company_id: CompanyId) -> Retried:
        done = Retried()
        for job_id in await self.store.dead(company_id):
            await self._retry(company_id, job_id, done)
        return done

    async def retry(self, job_id: str) -> Retried:
        done = Retried()
        owner = owner_of(job_id)
        if owner is None:
            done.refused[job_id] = "is no job's id"
        else:
            await self._retry(owner[0], job_id, done)
        return done

    async def drop(self, job_id: str) -> bool:
        """False when there is no such dead letter, and no such job that waits."""
        owner = owner_of(job_id)
        if owner is None:
            return False
        record = await self._readable(owner[0], job_id)
        return await self.store.drop(owner[0], job_id, record.once if record else "")

    async def _retry(self, company_id: CompanyId, job_id: str, done: Retried) -> None:
        record = await self._readable(company_id, job_id)
        if record is None:
            done.refused[job_id] = "there is no such dead letter, or it does not open"
            return
        now = self.clock.now()
        await self.companies.put(company_id, now)
        found = await self.store.retry(record, now)
        await self.companies.put(company_id, now, durable=True)
        if found == ADDED:
            done.ids.append(job_id)
        elif found == WAITS_ALREADY:
            done.refused[job_id] = "another one with its key waits or runs"
        else:
            done.refused[job_id] = "is no dead letter"

    async def _letter(self, company_id: CompanyId, job_id: str) -> DeadLetter:
        record = await self._readable(company_id, job_id)
        if record is None:
            return DeadLetter(job_id, "?", "?", "does not open", self.clock.now())
        return DeadLetter(job_id, record.extension, record.name, record.reason, record.ended_at)

    async def _readable(self, company_id: CompanyId, job_id: str) -> JobRecord | None:
        try:
            found = await self.store.read(company_id, job_id)
        except TokenUnreadable:
            return None
        return found[0] if found else None
