"""The worker's jobs: taken with a lease, some at once, each settled by what came of it.

A company has a quarter of the places at most, and stands in one line with the others, so that none with
thousands of jobs holds up another's single one. Who dies leaves its jobs to their leases.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from marketplace_app.beside import beside
from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import MarketplaceAppError, NotDurable, StoreUnavailable
from marketplace_app.jobs.adding import JobParts
from marketplace_app.jobs.attempts import Attempts, LeaseLost
from marketplace_app.jobs.endings import Ending, Kind
from marketplace_app.points import Points
from marketplace_app.storage.job_companies import DueCompany
from marketplace_app.storage.jobs import LEASE_SECONDS, HeldJob, JobRecord

AT_ONCE = 16
OF_ONE_COMPANY = 4
GRACE_SECONDS = 20.0
_PAUSE_SECONDS = 0.5


@dataclass(slots=True)
class Runner:
    """`counts` is how many jobs ended which way."""

    parts: JobParts
    attempts: Attempts
    points: Points
    log: Any
    counts: Counter[str] = field(default_factory=Counter)
    _running: dict[str, HeldJob] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _has_more: set[CompanyId] = field(default_factory=set)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _is_stopping: bool = False

    async def run(self, told: asyncio.Event) -> None:
        """Until it is told to stop; what runs by then goes on, see `finish`."""
        while not told.is_set():
            if not await self._begin():
                await self._pause(told)

    async def run_due(self) -> None:
        """Until nothing is due, what is added meanwhile included; then it raises what a look ended with."""
        failed: list[Exception] = []
        while await self._begin_due(failed) or self._tasks:
            if self._tasks:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        if failed:
            raise failed[0]

    async def finish(self) -> None:
        """No job begins any more; those that run have their grace, and then are left to their leases."""
        self._is_stopping = True
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _begin_due(self, failed: list[Exception]) -> int:
        """Take what is due, as far as there is room; how many began. Raises StoreUnavailable.

        A company at which the look fails costs only itself: its node may be away for hours, and those behind
        it have theirs. It is looked at again when the lease of this look is over.
        """
        room, began = AT_ONCE - len(self._running), 0
        due = await self.parts.companies.take(self.parts.clock.now(), room) if room > 0 else []
        for each in due:
            try:
                began += await self._begin_of(each)
            except MarketplaceAppError as error:
                facts = {"company_id": each.company_id, "reason": error.reason, "detail": str(error)}
                self.log.warning("company left", **facts)
                failed.append(error)
            except Exception as error:
                self.log.exception("company left", company_id=each.company_id, reason="broken")
                failed.append(error)
        return began

    async def _begin(self) -> int:
        try:
            return await self._begin_due([])
        except MarketplaceAppError as error:
            self.log.warning("will try again", reason=error.reason, detail=str(error))
        except Exception:
            self.log.exception("broken")
        return 0

    async def _pause(self, told: asyncio.Event) -> None:
        """Until a job has ended, which makes room, and for half a second at most."""
        self._ended.clear()
        waits = [asyncio.create_task(each.wait()) for each in (told, self._ended)]
        await asyncio.wait(waits, timeout=_PAUSE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()

    async def _begin_of(self, due: DueCompany) -> int:
        parts, company_id, now = self.parts, due.company_id, self.parts.clock.now()
        if len(self._running) >= AT_ONCE:
            await parts.companies.settle(due, due.due_at)
            return 0
        room = min(OF_ONE_COMPANY - self._at_once(company_id), AT_ONCE - len(self._running))
        held = await parts.store.take(company_id, now, room) if room > 0 else []
        for each in held:
            self._start(each)
        if len(held) == max(room, 0):  # there may be more, and whoever has room may take it
            self._has_more.add(company_id)
            return len(held)
        self._has_more.discard(company_id)
        for job_id in await parts.store.dead(company_id, now):
            await parts.store.drop(company_id, job_id)
        await parts.companies.settle(due, await parts.store.earliest(company_id))
        return len(held)

    def _at_once(self, company_id: CompanyId) -> int:
        return sum(each.company_id == company_id for each in self._running.values())

    def _start(self, held: HeldJob) -> None:
        """One that runs here already, whose lease ran out while Redis was away, goes on with the new one."""
        if held.id in self._running:
            self._running[held.id].leased_until = held.leased_until
            return
        if self._is_stopping:  # told in the middle of taking it
            return
        self._running[held.id] = held
        task = asyncio.create_task(self._one(held))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._forget(done, held))

    def _forget(self, task: asyncio.Task[None], held: HeldJob) -> None:
        self._tasks.discard(task)
        self._running.pop(held.id, None)
        self._ended.set()

    async def _one(self, held: HeldJob) -> None:
        facts = {"id": held.id, "company_id": held.company_id}
        try:
            await self.points.reach("job.taken")
            task = asyncio.current_task()
            async with beside(self._keep(held, task)):
                await self._settled(held, await self._attempt(held))
            await self.points.reach("job.settled")
            if held.company_id in self._has_more:
                await self.parts.companies.put(held.company_id, self.parts.clock.now())
        except LeaseLost:
            self.log.warning("job lost", **facts)
        except MarketplaceAppError as error:
            self.log.warning("job left", reason=error.reason, **facts)
        except Exception:
            self.log.exception("job left", reason="broken", **facts)

    async def _attempt(self, held: HeldJob) -> Ending:
        ending = await self.attempts.make(held)
        await self.points.reach("job.done")
        return ending

    async def _keep(self, held: HeldJob, task: "asyncio.Task[Any] | None") -> None:
        """The lease, for as long as the attempt takes. What somebody else has taken is given up."""
        while True:
            await self.parts.clock.sleep(LEASE_SECONDS / 3)
            with suppress(StoreUnavailable):
                if not await self.parts.store.renew(held, self.parts.clock.now()) and task is not None:
                    self.log.warning("job lost", id=held.id, company_id=held.company_id)
                    task.cancel()
                    return

    async def _settled(self, held: HeldJob, ending: Ending) -> None:
        """Again and again while Redis is away: what is done should not be done twice."""
        while True:
            with suppress(NotDurable):  # it is written
                try:
                    is_ours = await self._settle(held, ending)
                except StoreUnavailable:
                    await self.parts.clock.sleep(1)
                    continue
                if not is_ours:
                    raise LeaseLost(held.id)
            break
        if ending.record is not None:
            self._tell(ending.kind, ending.record)
        if ending.kind is Kind.PUT_OFF:
            await self.parts.companies.put(held.company_id, ending.at)

    async def _settle(self, held: HeldJob, ending: Ending) -> bool:
        store = self.parts.store
        if ending.kind is Kind.PUT_OFF:
            return await store.put_off(held, ending.record, ending.at)
        if ending.kind is Kind.DEAD and ending.record is not None:
            return await store.bury(held, ending.record)
        return await store.done(held, ending.record)

    def _tell(self, kind: Kind, record: JobRecord) -> None:
        self.counts[kind] += 1
        tell = self.log.warning if kind is Kind.DEAD else self.log.info
        tell(
            f"job {kind}",
            id=record.id,
            extension=record.extension,
            job=record.name,
            attempts=record.attempts,
            reason=record.reason,
            company_id=record.company_id,
            user_id=record.user_id,
        )
