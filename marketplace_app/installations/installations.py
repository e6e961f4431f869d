"""Find, save and end installations; hand out the client that acts as one."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId, is_id
from marketplace_app.domain.installation import Installation, InstallationState, Profile, Scope, TokenPair
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import (
    Disconnected,
    HostRejected,
    InstallationError,
    MarketplaceAppError,
    NotInstalled,
    PipedriveError,
    TokenUnreadable,
    UnexpectedPayload,
)
from marketplace_app.installations.access import InstalledAccess
from marketplace_app.installations.renewal import Renewal
from marketplace_app.pipedrive.authorization import AuthorizationServer, Grant
from marketplace_app.pipedrive.client import Access, PipedriveClient
from marketplace_app.pipedrive.resources import users
from marketplace_app.pipedrive.transport import ApiTransport
from marketplace_app.settings import HostPattern
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import InstallationStore

_ASK_AGAIN_SECONDS = 60
_FINISH_SECONDS = 3
_NOBODY = Principal(CompanyId(0), UserId(0))


@dataclass(frozen=True, slots=True)
class Upstream:
    """The two ways to Pipedrive, the hosts that its API may have, and the scopes of manifest.json."""

    authorization: AuthorizationServer
    transport: ApiTransport
    api_hosts: tuple[HostPattern, ...]
    scopes: tuple[str, ...]


class Installations:
    def __init__(
        self, store: InstallationStore, connection: Connection, upstream: Upstream, clock: Clock
    ) -> None:
        self._store = store
        self._connection = connection
        self._upstream = upstream
        self._clock = clock
        self._renewal = Renewal(
            store,
            connection,
            upstream.authorization,
            upstream.api_hosts,
            clock,
            renewed=lambda installation: self.in_background(self._read_profile_again(installation)),
        )
        self._tasks: set[asyncio.Task[Any]] = set()

    async def usable(self, principal: Principal) -> Installation:
        """Raises NotInstalled when there is none, Disconnected when Pipedrive refused its grant."""
        installation = await self._store.find(principal)
        if installation is None:
            raise NotInstalled("there is no installation of this user in this company")
        if installation.state is InstallationState.DISCONNECTED:
            raise Disconnected("Pipedrive refuses this installation's grant")
        return installation

    def client_of(self, installation: Installation) -> PipedriveClient:
        """The API as this installation's user and nobody else."""
        source = InstalledAccess(
            installation,
            self._store,
            self._renewal,
            self._clock,
            self.in_background,
            self._upstream.scopes,
        )
        return PipedriveClient(installation.principal, source, self._upstream.transport, self._clock)

    async def install(self, code: str) -> Installation:
        """Exchange an authorization code and store the grant for whoever it belongs to.

        Raises PipedriveRefused(code="invalid_grant") for a used or old code, HostRejected or
        UnexpectedPayload for a grant that cannot be used; then nothing is stored.
        """
        grant = await self._upstream.authorization.exchange(code)
        if not any(pattern.allows(grant.api_domain) for pattern in self._upstream.api_hosts):
            raise HostRejected("the grant names an API host that PIPEDRIVE_API_HOSTS does not allow")
        if not grant.refresh_token:
            raise UnexpectedPayload("the grant has no refresh token")
        me = await self._ask_who(grant)
        now = self._clock.now()
        installation = Installation(
            principal=Principal(CompanyId(me.company_id), UserId(me.id)),
            state=InstallationState.ACTIVE,
            generation=0,
            installed_at=now,
            tokens=_pair(grant, now),
            profile=_profile(me, now),
        )
        return await self._store.install(installation)

    async def suspect(self, principal: Principal) -> None:
        """Pipedrive tells of an uninstall: nothing kept is shown until the API confirms or refuses."""
        if await self._store.mark(principal, InstallationState.SUSPECT):
            await self._schedule(principal, self._clock.now())

    async def settle_suspects(self, most: int = 50) -> int:
        """Ask the API about suspected installations that are due; how many were asked."""
        due = await self._connection.due(keys.SUSPECTS, self._clock.now(), most)
        for member in due:
            company_id, _, user_id = member.partition(":")
            await self._settle(Principal(CompanyId(int(company_id)), UserId(int(user_id))))
        return len(due)

    async def finish(self) -> None:
        """Before the process ends: renewals and their afterwork, which nobody could do again."""
        await self._renewal.finish()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=_FINISH_SECONDS)

    def in_background(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask_who(self, grant: Grant) -> users.Me:
        source = _NewGrant(Access(grant.access_token, grant.api_domain))
        me = await users.me(PipedriveClient(_NOBODY, source, self._upstream.transport, self._clock))
        if not (is_id(me.id) and is_id(me.company_id)):
            raise UnexpectedPayload("Pipedrive does not say whose grant it is")
        return me

    async def _read_profile_again(self, installation: Installation) -> None:
        """Language, time zone and company domain may change; with each renewal we look.

        A token that turns out to be somebody else's is never used again: the user has to reconnect.
        """
        try:
            me = await users.me(self.client_of(installation))
            if (me.company_id, me.id) != (installation.principal.company_id, installation.principal.user_id):
                await self._store.mark(installation.principal, InstallationState.DISCONNECTED)
                return
            profile = _profile(me, self._clock.now())
            if replace(profile, read_at=installation.profile.read_at) != installation.profile:
                await self._renewal.rewrite(installation, profile)
        except MarketplaceAppError:
            return  # the next renewal looks again

    async def _settle(self, principal: Principal) -> None:
        try:
            installation = await self._store.find(principal)
        except TokenUnreadable:  # until its key is back; the others must not wait for that
            await self._schedule(principal, self._clock.now() + _ASK_AGAIN_SECONDS)
            return
        if installation is not None and installation.state is InstallationState.SUSPECT:
            try:
                await users.me(self.client_of(installation))
            except PipedriveError:
                await self._schedule(principal, self._clock.now() + _ASK_AGAIN_SECONDS)
                return
            except InstallationError:
                pass  # refused: the renewal has marked it
        await self._connection.unschedule(keys.SUSPECTS, _member(principal))

    async def _schedule(self, principal: Principal, at: float) -> None:
        await self._connection.schedule(keys.SUSPECTS, _member(principal), at)


class _NewGrant:
    """The AccessSource of a grant that is not stored yet: what is refused is refused."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def access(self) -> Access:
        return self._access

    async def renewed(self, refused: Access) -> Access:
        raise NotInstalled(f"Pipedrive refuses a token that it just made for {refused.api_domain}")

    async def confirmed(self) -> None:
        return

    def missing_scopes(self) -> tuple[str, ...]:
        return ()


def _member(principal: Principal) -> str:
    return f"{principal.company_id:d}:{principal.user_id:d}"


def _pair(grant: Grant, now: float) -> TokenPair:
    return TokenPair(
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        obtained_at=now,
        expires_at=now + grant.lifetime_seconds,
        api_domain=grant.api_domain,
        scopes=tuple(map(Scope, grant.scopes)),
    )


def _profile(me: users.Me, now: float) -> Profile:
    return Profile(
        name=me.name,
        language=(me.language.language_code if me.language else "") or "en",
        locale=me.locale or "en_US",
        time_zone=me.timezone_name or "UTC",
        company_name=me.company_name or "",
        company_domain=me.company_domain or "",
        is_admin=me.is_sales_admin,
        read_at=now,
    )
