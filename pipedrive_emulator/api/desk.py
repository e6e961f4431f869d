"""Where calls are carried out: each in one transaction, which then is told to webhooks and changelogs."""

from collections.abc import Callable
from typing import Any, TypeVar

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.jobs import Jobs
from pipedrive_emulator.base import Base
from pipedrive_emulator.world.company import Company, User
from pipedrive_emulator.world.events import Author, Events, Source, events_of

T = TypeVar("T")


class Desk:
    def __init__(self, base: Base, events: Events, jobs: Jobs) -> None:
        self._base = base
        self._events = events
        self._jobs = jobs

    def perform(
        self,
        user: User,
        work: Callable[[Call], T],
        *,
        source: Source,
        agent: str = "",
        **facts: Any,
    ) -> T:
        """Do the work in that user's name; an error leaves everything as it was, and is raised on.

        ``facts`` are the fields of Call that come from the request.
        """
        company = self.company(user)
        call = Call(
            world=self._base.world,
            company=company,
            user=user,
            switches=self._base.switches,
            now=self._base.clock.now(),
            origin=self._base.addresses.api,
            **facts,
        )
        author = Author(company.id, user.id, call.now, source, agent)
        with self._base.store.batch():
            with call.records.transaction() as changes:
                result = work(call)
            for job in call.jobs:
                self._jobs.add(job, user, call.now)
            for event in events_of([*changes, *call.user_changes], call.marks, author):
                self._events.publish(event)
        return result

    def company(self, user: User) -> Company:
        company = self._base.world.company(user.company_id)
        if company is None:
            raise LookupError(f"user {user.id} belongs to no company")
        return company
