"""How a job is added: to its extension, as the user whose handler runs, and durable when that is said."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.job import new_job_id
from marketplace_app.errors import JobsFull, NotInstalled
from marketplace_app.kit.job_declaring import DeclaredJobs
from marketplace_app.kit.jobs import JobRejected
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.job_companies import JobCompanies
from marketplace_app.storage.jobs import JobRecord, JobStore
from marketplace_app.storage.vault import Vault

LATEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class JobParts:
    """What whoever adds a job and whoever does it share."""

    store: JobStore
    companies: JobCompanies
    declared: DeclaredJobs
    clock: Clock

    @classmethod
    def of(cls, connection: Connection, vault: Vault, declared: DeclaredJobs, clock: Clock) -> "JobParts":
        return cls(JobStore(connection, vault), JobCompanies(connection), declared, clock)

    def jobs_of(self, extension: str, installation: Installation) -> "UsersJobs":
        return UsersJobs(self, extension, installation)


@dataclass(slots=True)
class UsersJobs:
    """As kit.jobs.Jobs says."""

    parts: JobParts
    extension: str
    installation: Installation
    has_added: bool = False

    async def add(
        self, name: str, form: object = None, *, after: timedelta = timedelta(0), once: str = ""
    ) -> bool:
        """The company is told of before and after: a job that nobody ever looks for would be lost."""
        parts, principal = self.parts, self.installation.principal
        octets = parts.declared.named(self.extension, name).encode(form)
        if not timedelta(0) <= after <= LATEST:
            raise JobRejected(
                f"extension {self.extension}: the job {name} is put off by {after}; "
                f"it can be nothing to {LATEST.days} days"
            )
        at = parts.clock.now() + after.total_seconds()
        field = await parts.store.once_field(principal, self.extension, name, once) if once else ""
        record = JobRecord(
            company_id=principal.company_id,
            user_id=principal.user_id,
            id=new_job_id(principal),
            extension=self.extension,
            name=name,
            form=msgspec.Raw(octets),
            generation=self.installation.generation,
            due_at=at,
            once=field,
        )
        await parts.companies.put(principal.company_id, at)
        is_new = await self._put(record, at)
        await parts.companies.put(principal.company_id, at, durable=True)
        return is_new

    async def _put(self, record: JobRecord, at: float) -> bool:
        """It counts as added unless Redis says that it is not there."""
        may_be_new = True
        try:
            may_be_new = await self.parts.store.add(self.installation.principal, record, at)
        except (NotInstalled, JobsFull):
            may_be_new = False
            raise
        finally:
            self.has_added |= may_be_new
        return may_be_new
