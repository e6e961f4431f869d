"""From an authorization code to an installation. A code works once: what it gave is kept, come what may."""

from dataclasses import replace

import msgspec

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId, is_id
from marketplace_app.domain.installation import (
    REFRESH_TOKEN_SECONDS,
    Installation,
    InstallationState,
)
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import (
    CompanyClosed,
    HostRejected,
    InstallationError,
    InstallationPending,
    NotInstalled,
    PipedriveError,
    PipedriveRefused,
    StorageError,
    StoreUnavailable,
    TokenUnreadable,
    UnexpectedPayload,
)
from marketplace_app.installations.access import NewAccess
from marketplace_app.installations.tokens import first_pair, profile_of
from marketplace_app.installations.upstream import Upstream
from marketplace_app.logs import logger
from marketplace_app.pipedrive.authorization import Grant
from marketplace_app.pipedrive.client import Access, PipedriveClient
from marketplace_app.pipedrive.resources import users
from marketplace_app.points import Points
from marketplace_app.storage.installations import InstallationStore, Standing
from marketplace_app.storage.journal import Entry, Journal
from marketplace_app.storage.schedule import Schedule

_NOBODY = Principal(CompanyId(0), UserId(0))
_AGAINST_IT = (InstallationError, PipedriveRefused)
_SLACK_SECONDS = 600  # a round that comes before the record is there finds nothing, and does not come again
_FIRST_ROUND_SECONDS = 86_400
_ATTEMPTS = 5


class Granting:
    def __init__(
        self,
        store: InstallationStore,
        schedule: Schedule,
        journal: Journal,
        upstream: Upstream,
        clock: Clock,
        points: Points,
    ) -> None:
        self._store = store
        self._schedule = schedule
        self._journal = journal
        self._upstream = upstream
        self._clock = clock
        self._points = points
        self._log = logger("installations")

    async def install(self, code: str) -> Installation:
        """Exchange an authorization code and store the grant for whoever it belongs to.

        Raises PipedriveRefused(code="invalid_grant") for a used or old code, HostRejected or
        UnexpectedPayload for a grant that cannot be used; then nothing is stored. Raises InstallationPending
        when Pipedrive or Redis is away after the exchange: then the journal finishes it.
        """
        grant = await self._upstream.authorization.exchange(code)
        if not self._upstream.allows(grant.api_domain):
            raise HostRejected("the grant names an API host that PIPEDRIVE_API_HOSTS does not allow")
        if not grant.refresh_token:
            raise UnexpectedPayload("the grant has no refresh token")
        entry = await self._journal.append("install", None, msgspec.json.encode(grant))
        await self._points.reach("install.journalled")
        try:
            return await self._finish(grant, entry)
        except CompanyClosed:
            raise
        except (PipedriveError, StorageError) as error:
            if isinstance(error, _AGAINST_IT):
                raise
            self._log.warning("install pending", reason=error.reason)
            raise InstallationPending("the grant is kept, and stored as soon as that is possible") from error

    async def replay(self, entry: Entry) -> None:
        """What an install left behind. Raises PipedriveError or StorageError while it cannot be finished.

        When its access token is over, the grant is renewed first.
        """
        try:
            grant = msgspec.json.decode(entry.plain, type=Grant)
        except msgspec.MsgspecError:
            self._log.error("an entry does not read", entry=entry.name)
            return
        age = self._clock.now() - entry.written_at
        try:
            if age > REFRESH_TOKEN_SECONDS:
                raise NotInstalled("a consent could not be finished for sixty days")
            if age >= grant.lifetime_seconds:
                grant, entry = await self._renewed(grant, entry)
            await self._finish(grant, entry)
        except _AGAINST_IT as error:
            self._log.error("install given up", reason=error.reason)
            await self._journal.drop(entry)
            return
        self._log.info("install finished from the journal")

    async def _renewed(self, grant: Grant, entry: Entry) -> tuple[Grant, Entry]:
        """What the reply leaves out stays as it was; the new entry is on the disk before the old one goes."""
        renewed = await self._upstream.authorization.refresh(grant.refresh_token)
        is_allowed = self._upstream.allows(renewed.api_domain)
        merged = replace(
            renewed,
            refresh_token=renewed.refresh_token or grant.refresh_token,
            api_domain=renewed.api_domain if is_allowed else grant.api_domain,
            scopes=renewed.scopes or grant.scopes,
        )
        later = await self._journal.append("install", None, msgspec.json.encode(merged))
        await self._journal.drop(entry)
        return merged, later

    async def who(self, grant: Grant) -> users.Me:
        """Whose grant it is, asked at its own API host."""
        source = NewAccess(_NOBODY, Access(grant.access_token, grant.api_domain))
        me = await users.me(PipedriveClient(source, self._upstream.transport, self._clock))
        if not (is_id(me.id) and is_id(me.company_id)):
            raise UnexpectedPayload("Pipedrive does not say whose grant it is")
        return me

    async def _finish(self, grant: Grant, entry: Entry) -> Installation:
        """Whatever Pipedrive says against the grant ends it; only trouble keeps the entry."""
        try:
            installation = await self._stored(grant, entry.written_at)
        except _AGAINST_IT:
            await self._journal.drop(entry)
            raise
        await self._points.reach("install.stored")
        await self._journal.drop(entry)
        return installation

    async def _stored(self, grant: Grant, given_at: float) -> Installation:
        """The schedule before and after: a record that nobody ever looks at could outlive its user."""
        me = await self.who(grant)
        principal = Principal(CompanyId(me.company_id), UserId(me.id))
        await self._schedule.put(principal, self._clock.now() + _SLACK_SECONDS)
        await self._points.reach("install.scheduled")
        made = Installation(
            principal=principal,
            state=InstallationState.ACTIVE,
            generation=0,
            installed_at=given_at,
            tokens=first_pair(grant, given_at),
            profile=profile_of(me, self._clock.now()),
        )
        installation = await self._stored_over(made, grant)
        await self._schedule.put(principal, self._clock.now() + _FIRST_ROUND_SECONDS, durable=True)
        return installation

    async def _stored_over(self, made: Installation, grant: Grant) -> Installation:
        """Over whatever is there, if the grant still works once that was seen.

        Clocks say nothing of which grant is the later one: machines differ, and an end is noticed late. What
        was there keeps its refresh token as the one before, for the case that it was the later one.
        """
        for _ in range(_ATTEMPTS):
            standing, current = await self._before(made.principal)
            if current is not None and current.installed_at == made.installed_at:
                await self._store.acknowledge(made.principal)  # the same grant, which may have been renewed
                return current
            if standing is not None:
                await self.who(grant)
            before = current.tokens.refresh_token if current is not None else ""
            written = replace(
                made,
                generation=standing.generation + 1 if standing else _first_generation(made),
                previous_refresh_token="" if before == made.tokens.refresh_token else before,
            )
            if await self._store.install(written, standing):
                return written
        raise StoreUnavailable("an installation was written by others five times over")

    async def _before(self, principal: Principal) -> tuple[Standing | None, Installation | None]:
        """What a new grant finds: one that does not open is in nobody's way."""
        standing = await self._store.standing(principal)
        try:
            return standing, await self._store.find(principal)
        except TokenUnreadable:
            return standing, None


def _first_generation(made: Installation) -> int:
    """In milliseconds: a late renewal of an earlier one, whose tombstone has gone, fits no later one."""
    return int(made.installed_at * 1000)
