"""One attempt at a job that this process holds: for whom, whether still, and what came of it."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import TokenUnreadable
from marketplace_app.installations import Installations
from marketplace_app.jobs.adding import JobParts
from marketplace_app.jobs.endings import Ending, Kind, after_death, after_error, dead, done, reason_of
from marketplace_app.kit.job_declaring import Job, JobContext
from marketplace_app.storage.jobs import HeldJob, JobRecord

LONGEST_SECONDS = 300.0
_UNREADABLE_SECONDS = 300.0  # its key may come back
ContextOf = Callable[[Installation, JobRecord], JobContext]


class LeaseLost(Exception):
    """Somebody else has it by now, or it is gone."""


@dataclass(frozen=True, slots=True)
class Attempts:
    parts: JobParts
    installations: Installations
    context_of: ContextOf
    log: Any

    async def make(self, held: HeldJob) -> Ending:
        """What does not open is nobody's to do, and stays as it lies. Raises LeaseLost, StorageError."""
        parts, now = self.parts, self.parts.clock.now()
        try:
            found = await parts.store.read(held.company_id, held.id)
        except TokenUnreadable as error:
            facts = {"id": held.id, "company_id": held.company_id, "detail": str(error)}
            self.log.error("job unreadable", **facts)  # noqa: TRY400 (the sentence says it all)
            return Ending(Kind.PUT_OFF, None, now + _UNREADABLE_SECONDS)
        if found is None:
            return done(None)
        record, over = found
        job = parts.declared.find(record.extension, record.name)
        if record.generation <= over:
            return dead(record, "not_installed", now)
        if job is None:
            return dead(record, "unknown_job", now)
        died = after_death(record, now, random.random())  # noqa: S311 (no secret)
        if died is not None:
            return died
        begun = msgspec.structs.replace(record, attempts=record.attempts + 1, reason="")
        if not await parts.store.begin(held, begun):
            raise LeaseLost(held.id)
        return await self._handled(job, begun)

    async def _handled(self, job: Job, record: JobRecord) -> Ending:
        context: JobContext | None = None
        try:
            installation = await self._installed(record)
            context = self.context_of(installation, record)
            async with asyncio.timeout(LONGEST_SECONDS):
                await job.run(context, bytes(record.form))
        except Exception as error:  # noqa: BLE001 (whatever a handler raises, its job has an ending)
            has_written = context is not None and (context.pipedrive.has_written or context.jobs.has_added)
            now, chance = self.parts.clock.now(), random.random()  # noqa: S311 (no secret)
            ending = after_error(record, error, now, chance, has_written=has_written)
            self._tell(record, error)
            return ending
        return done(record)

    async def _installed(self, record: JobRecord) -> Installation:
        """Read anew for each attempt: nothing is done for one who left. Raises InstallationError."""
        principal = Principal(CompanyId(record.company_id), UserId(record.user_id))
        installation = await self.installations.usable(principal)
        await self.installations.prove(installation)
        return installation

    def _tell(self, record: JobRecord, error: Exception) -> None:
        """Where in the author's code it broke; not what the error says, which may be a customer's data."""
        if reason_of(error) == "broken":
            at, last = "", error.__traceback__
            while last is not None:
                at = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"
                last = last.tb_next
            self.log.error("job broken", id=record.id, error=type(error).__name__, at=at)
