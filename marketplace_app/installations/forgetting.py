"""Forgetting a company at once, by its operator's word: no grace, and nothing of it is left here.

Pipedrive is told of each grant first, as far as it answers. Then the records become tombstones, so that what
is under way loses, and then every key of the company goes, its data key among them: what an older file of
Redis still holds opens only with the encryption key of its time (docs/operations.md).
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import MarketplaceAppError, NotDurable, NotInstalled, StoreUnavailable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import InstallationStore
from marketplace_app.storage.job_companies import JobCompanies
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.leftovers import leftovers, remove_app_data
from marketplace_app.storage.schedule import Schedule

_WAIT = "return 1"  # changes nothing; the replicas get what was written before it in the same order
_PASSES = 5  # somebody may install the app in the middle of it


@dataclass(slots=True)
class Forgotten:
    """`untold`: users whose grant Pipedrive was not told of, each with the reason.

    `unsettled`: consents on this machine of which nobody can tell yet whose they are.
    `unacknowledged`: why it may come back, where fewer replicas have it than REDIS_DURABILITY asks for.
    """

    users: list[UserId] = field(default_factory=list)
    untold: dict[UserId, str] = field(default_factory=dict)
    keys: int = 0
    entries: int = 0
    unsettled: int = 0
    unacknowledged: str = ""

    @property
    def was_there(self) -> bool:
        return bool(self.users or self.keys or self.entries)


class Forgetting:
    def __init__(
        self,
        store: InstallationStore,
        connection: Connection,
        journal: Journal,
        revoke: Callable[[Principal], Awaitable[None]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._connection = connection
        self._schedule = Schedule(connection)
        self._job_companies = JobCompanies(connection)
        self._journal = journal
        self._revoke = revoke
        self._clock = clock

    async def forget(self, company_id: CompanyId) -> Forgotten:
        """May be run again at any time. Raises StorageError, or OSError for the journal's folder."""
        done = Forgotten()
        for _ in range(_PASSES):
            found = {key async for key in leftovers(self._connection, company_id)}
            done.keys += len(found)
            listed = set(await self._store.users_of(company_id))
            users = listed.union(filter(None, map(keys.user_of_record, found)))
            principals = [Principal(company_id, user_id) for user_id in sorted(users)]
            for principal in principals:
                await self._end(principal, done)
            if await self._remove(company_id, principals):
                break
        else:
            raise StoreUnavailable("users of this company install the app all the time")
        await self._unschedule(company_id)
        done.entries = self._journal.forget(company_id)
        done.unsettled = sum(entry.kind == "install" for entry in await self._journal.entries())
        try:
            await self._connection.run(_WAIT, [keys.data_key(company_id)], [], durable=True)
        except NotDurable as error:
            done.unacknowledged = str(error)
        return done

    async def _end(self, principal: Principal, done: Forgotten) -> None:
        try:
            await self._revoke(principal)
        except (NotInstalled, NotDurable):
            pass  # a tombstone; or Pipedrive took it, and the end is written
        except MarketplaceAppError as error:
            done.untold[principal.user_id] = str(error)
        with suppress(NotDurable):  # the last of all waits for this one too
            await self._store.end(principal, self._clock.now())
        if principal.user_id not in done.users:
            done.users.append(principal.user_id)

    async def _unschedule(self, company_id: CompanyId) -> None:
        """Only now: if this is cut off before, the rounds still find what it has left.

        Leased first, since somebody may install just now, and what he schedules must stay.
        """
        mine = [
            member
            async for member in self._connection.members(keys.SCHEDULE)
            if member.startswith(f"{company_id:d}:")
        ]
        for member in mine:
            due = await self._schedule.lease(member, self._clock.now())
            standing = await self._store.standing(Principal(company_id, UserId(due.user_id)))
            await self._schedule.settle(due, None if standing is None else self._clock.now())
        its_jobs = await self._job_companies.lease(company_id, self._clock.now())
        is_over = not await self._store.users_of(company_id)
        await self._job_companies.settle(its_jobs, None if is_over else self._clock.now())

    async def _remove(self, company_id: CompanyId, ended: Sequence[Principal]) -> bool:
        """The data key before the rest, which is noise then. False when somebody has installed meanwhile.

        Pipedrive has given that one a grant, so it has to be told of its end as well; and a grant that is
        being stored at this moment must not go with what was there before it.
        """
        for principal in ended:
            standing = await self._store.standing(principal)
            with suppress(NotDurable):
                await self._store.forget_user(principal, standing.generation if standing else 0)
        try:
            is_over = await self._store.forget_company(company_id)
        except NotDurable as error:
            is_over = bool(error.reply)
        if not is_over:
            return False
        await remove_app_data(self._connection, company_id)
        return True
