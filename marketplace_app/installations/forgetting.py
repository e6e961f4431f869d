"""Forgetting a company at once, by its operator's word: no grace, and nothing of it is left here.

Pipedrive is told of each grant first, as far as it answers. Then the records become tombstones, so that what
is under way loses, and then every key of the company goes, its data key among them: what an older file of
Redis still holds opens only with the encryption key of its time (docs/operations.md).
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import MarketplaceAppError, NotDurable, NotInstalled
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import InstallationStore
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.leftovers import leftovers

_WAIT = "return 1"  # changes nothing; the replicas get what was written before it in the same order
_PASSES = 5  # over the keys: who is in the middle of a request may write once more


@dataclass(slots=True)
class Forgotten:
    """`untold`: users whose grant Pipedrive was not told of, each with the reason.

    `unacknowledged`: why it may come back, where fewer replicas have it than REDIS_DURABILITY asks for.
    """

    users: list[UserId] = field(default_factory=list)
    untold: dict[UserId, str] = field(default_factory=dict)
    keys: int = 0
    entries: int = 0
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
        self._journal = journal
        self._revoke = revoke
        self._clock = clock

    async def forget(self, company_id: CompanyId) -> Forgotten:
        """May be run again at any time. Raises StorageError, or OSError for the journal's folder."""
        done = Forgotten()
        for user_id in await self._store.users_of(company_id):
            await self._end(Principal(company_id, user_id), done)
        await self._unschedule(company_id)
        await self._remove(company_id, done)
        done.entries = self._journal.forget(company_id)
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
        done.users.append(principal.user_id)

    async def _unschedule(self, company_id: CompanyId) -> None:
        mine = [
            member
            async for member in self._connection.members(keys.SCHEDULE)
            if member.startswith(f"{company_id:d}:")
        ]
        for member in mine:
            await self._connection.unschedule(keys.SCHEDULE, member)

    async def _remove(self, company_id: CompanyId, done: Forgotten) -> None:
        """The data key first: from then on the rest is noise."""
        for _ in range(_PASSES):
            found = {key async for key in leftovers(self._connection, company_id)}
            if not found:
                return
            await self._connection.delete(keys.data_key(company_id))
            await self._connection.delete(*found)
            done.keys += len(found)
