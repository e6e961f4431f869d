"""Find, save and end installations; hand out the clients that act as one. There is no other way to a token.

`as_viewer` acts as the user whose installation it is, and is the only one that surfaces use. `as_company`
acts for work that no user asked for, as an installation that is elected.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import Disconnected, MarketplaceAppError, NotInstalled, StorageError
from marketplace_app.installations.access import AccessParts, InstalledAccess
from marketplace_app.installations.election import ElectedAccess, candidates
from marketplace_app.installations.granting import Granting
from marketplace_app.installations.notices import Notices
from marketplace_app.installations.pending import Pending
from marketplace_app.installations.renewal import WAIT_SECONDS, Renewal, RenewalParts
from marketplace_app.installations.replay import Replay
from marketplace_app.installations.rounds import DAY, Policy, Rounds, RoundsParts
from marketplace_app.installations.tokens import profile_of
from marketplace_app.installations.upstream import Upstream
from marketplace_app.pipedrive.authorization import Grant
from marketplace_app.pipedrive.budget import Budgets
from marketplace_app.pipedrive.client import PipedriveClient
from marketplace_app.pipedrive.resources import users
from marketplace_app.points import NO_POINTS, Points
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.in_doubt import Doubts
from marketplace_app.storage.installations import InstallationStore
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.schedule import Schedule

T = TypeVar("T")

FINISH_SECONDS = WAIT_SECONDS + 3


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where installations rest, and what must outlive a Redis that is away."""

    store: InstallationStore
    connection: Connection
    journal: Journal
    schedule: Schedule


class Installations:
    def __init__(
        self,
        keeping: Keeping,
        upstream: Upstream,
        clock: Clock,
        policy: Policy,
        points: Points = NO_POINTS,
    ) -> None:
        self._store = keeping.store
        self._schedule = keeping.schedule
        self._upstream = upstream
        self._clock = clock
        self._points = points
        self._budgets = Budgets()
        self._tasks: set[asyncio.Task[Any]] = set()
        doubts = Doubts(keeping.connection, keeping.schedule, clock)
        pending = Pending(keeping.store, keeping.journal, upstream.authorization)
        self._granting = Granting(keeping.store, keeping.schedule, keeping.journal, upstream, clock, points)
        self._renewal = self._new_renewal(keeping, pending, doubts)
        self._access = AccessParts(keeping.store, self._renewal, clock, self.in_background, upstream.scopes)
        self._notices = Notices(keeping.store, keeping.schedule, keeping.journal, clock, points)
        self.replay = Replay(keeping.journal, pending, self._granting, self._notices, clock)
        parts = RoundsParts(
            keeping.store,
            keeping.connection,
            keeping.schedule,
            doubts,
            self._renewal,
            self._as_worker,
            clock,
            policy,
        )
        self.rounds = Rounds(parts)

    def _new_renewal(self, keeping: Keeping, pending: Pending, doubts: Doubts) -> Renewal:
        parts = RenewalParts(
            store=keeping.store,
            connection=keeping.connection,
            authorization=self._upstream.authorization,
            pending=pending,
            doubts=doubts,
            clock=self._clock,
            renewed=lambda installation: self.in_background(self._after_renewal(installation)),
            refused=keeping.schedule.put,
            moved=self._is_still_of,
            points=self._points,
        )
        return Renewal(parts)

    async def usable(self, principal: Principal) -> Installation:
        """Raises NotInstalled when there is none, Disconnected when Pipedrive refused its grant."""
        installation = await self._store.find(principal)
        if installation is None:
            raise NotInstalled("there is no installation of this user in this company")
        if installation.state is InstallationState.DISCONNECTED:
            raise Disconnected("Pipedrive refuses this installation's grant")
        if installation.state is InstallationState.ACTIVE and self._notices.is_open(principal):
            return replace(installation, state=InstallationState.SUSPECT)
        return installation

    async def prove(self, installation: Installation) -> None:
        """Of one that was told to be over Pipedrive is asked, whatever a handler does afterwards.

        Raises NotInstalled, or PipedriveError when nobody can know.
        """
        if installation.state is InstallationState.SUSPECT:
            await users.me(self.as_viewer(installation))

    def as_viewer(self, installation: Installation) -> PipedriveClient:
        """The API as this installation's user and nobody else."""
        return self._client(InstalledAccess(installation, self._access))

    async def as_company(self, company_id: CompanyId) -> PipedriveClient:
        """The API for work that no user asked for. Raises NotInstalled when nobody has the app there.

        Admins come first, since they see the most; when the elected one leaves, the next one goes on.
        """
        chosen = await self._candidates(company_id)
        if not chosen:
            raise NotInstalled("nobody of this company has the app installed")
        source = ElectedAccess(
            chosen[0], self._candidates, lambda found: InstalledAccess(found, self._access)
        )
        return self._client(source)

    async def install(self, code: str) -> Installation:
        """As Granting.install."""
        async with self._renewal.alarm.heard():
            return await self._granting.install(code)

    async def notice(self, principal: Principal) -> None:
        """Pipedrive tells of an uninstall: nothing kept is shown until the API confirms or refuses."""
        await self._notices.take(principal)

    async def revoke(self, principal: Principal) -> None:
        """Uninstall from our side: Pipedrive is told first. Raises NotInstalled or PipedriveError.

        Noted like any other uninstall, so that one which is cut off half-way is found out.
        """
        await self._notices.take(principal)
        async with self._renewal.alarm.heard():
            await self._renewal.end(principal)

    def stop(self) -> None:
        """The process is about to end: no renewal begins any more, and an access token that works is used."""
        self._renewal.stop()

    async def finish(self) -> None:
        """Before the process ends: renewals and their afterwork, which nobody could do again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS):
                while under_way := self._renewal.running | self._tasks:  # the one begins the other
                    await asyncio.wait(under_way)

    def in_background(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """`finish` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _client(self, source: InstalledAccess | ElectedAccess) -> PipedriveClient:
        return PipedriveClient(source, self._upstream.transport, self._clock, self._budgets)

    def _as_worker(self, installation: Installation, *, is_fresh: bool = True) -> PipedriveClient:
        """As the installation itself, to see whether it still lives; that is no use of it."""
        source = InstalledAccess(installation, self._access, is_used=False, is_fresh=is_fresh)
        return self._client(source)

    async def _candidates(self, company_id: CompanyId) -> list[Installation]:
        return await candidates(
            self._store, company_id, lambda company, user: Principal(company, UserId(user))
        )

    async def _is_still_of(self, principal: Principal, grant: Grant) -> bool:
        """Whether a token works at its changed api_domain, and is this principal's there."""
        if not self._upstream.allows(grant.api_domain):
            return False
        try:
            me = await self._granting.who(grant)
        except MarketplaceAppError:
            return False
        return (me.company_id, me.id) == (principal.company_id, principal.user_id)

    async def _after_renewal(self, installation: Installation) -> None:
        """A place on the schedule that went with a server comes back here."""
        with suppress(StorageError):
            await self._schedule.keep(installation.principal, self._clock.now() + DAY)
        await self._read_profile_again(installation)

    async def _read_profile_again(self, installation: Installation) -> None:
        """Language, time zone and company domain may change; with each renewal we look.

        A token that turns out to be somebody else's is never used again: the user has to reconnect.
        """
        principal = installation.principal
        await self._points.reach("renewal.followed")
        try:
            me = await users.me(self._as_worker(installation, is_fresh=False))
            if (me.company_id, me.id) != (principal.company_id, principal.user_id):
                await self._store.disconnect(principal, self._clock.now(), installation.generation)
                return
            profile = profile_of(me, self._clock.now())
            if replace(profile, read_at=installation.profile.read_at) != installation.profile:
                await self._renewal.rewrite(installation, profile)
        except MarketplaceAppError:
            return  # the next renewal looks again
