"""Renewal of a grant: one at a time per installation, in this process and across all of them.

The lock outlives the HTTP deadline, its owner alone releases it, the record is read again under it,
and the new pair is written only over the generation that was renewed.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation, InstallationState, Profile, Scope, TokenPair
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import Disconnected, NotInstalled, PipedriveRefused, PipedriveUnavailable
from marketplace_app.pipedrive.authorization import DEADLINE_SECONDS, AuthorizationServer, Grant
from marketplace_app.settings import HostPattern
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import InstallationStore
from marketplace_app.storage.lock import owned

_LOCK_MILLISECONDS = int(3 * (DEADLINE_SECONDS + 3) * 1000)
_WAIT_SECONDS = DEADLINE_SECONDS + 4
_POLL_SECONDS = 0.1


class Renewal:
    def __init__(
        self,
        store: InstallationStore,
        connection: Connection,
        authorization: AuthorizationServer,
        api_hosts: tuple[HostPattern, ...],
        clock: Clock,
        renewed: Callable[[Installation], None],
    ) -> None:
        """`renewed` is told of every new pair after it is stored."""
        self._store = store
        self._connection = connection
        self._authorization = authorization
        self._api_hosts = api_hosts
        self._clock = clock
        self._renewed = renewed
        self._running: dict[Principal, asyncio.Task[Installation]] = {}

    async def renew(self, installation: Installation) -> Installation:
        """The installation with another access token than the given one's.

        Raises InstallationError or PipedriveError.

        A caller that goes away does not stop a renewal that others wait for, or that is already sent.
        """
        principal = installation.principal
        task = self._running.get(principal)
        if task is None:
            task = asyncio.create_task(self._renew(installation))
            self._running[principal] = task
            task.add_done_callback(lambda _: self._running.pop(principal, None))
        return await asyncio.shield(task)

    async def rewrite(self, old: Installation, profile: Profile) -> None:
        """Store what is now known of the user, unless the installation was written meanwhile.

        Under the renewal's own lock: this write must never be the one that makes a renewal lose.
        """
        lock = keys.renewal_lock(old.principal)
        async with owned(self._connection, lock, milliseconds=_LOCK_MILLISECONDS) as is_ours:
            current = await self._store.find(old.principal) if is_ours else None
            if current is not None and current.generation == old.generation:
                await self._store.renew(replace(current, generation=old.generation + 1, profile=profile))

    async def _renew(self, old: Installation) -> Installation:
        waited = 0.0
        while waited < _WAIT_SECONDS:
            lock = keys.renewal_lock(old.principal)
            async with owned(self._connection, lock, milliseconds=_LOCK_MILLISECONDS) as is_ours:
                current = await self._store.find(old.principal)
                if current is None:
                    raise NotInstalled("the installation ended while its grant was due")
                if current.tokens.access_token != old.tokens.access_token:
                    return current
                if current.state is InstallationState.DISCONNECTED:
                    raise Disconnected("Pipedrive refuses this installation's grant")
                if is_ours:
                    return await self._exchange(current)
            await self._clock.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS
        raise PipedriveUnavailable("another process renews this grant and has not finished")

    async def _exchange(self, current: Installation) -> Installation:
        try:
            grant = await self._authorization.refresh(current.tokens.refresh_token)
        except PipedriveRefused as refusal:
            if refusal.code != "invalid_grant":
                raise
            return await self._refused(current)
        renewed = replace(
            current,
            generation=current.generation + 1,
            tokens=self._pair(grant, current.tokens),
            previous_refresh_token=current.tokens.refresh_token,
        )
        if await self._store.renew(renewed):
            self._renewed(renewed)
            return renewed
        winner = await self._store.find(current.principal)
        if winner is None:
            raise NotInstalled("the installation ended while its grant was renewed")
        return winner

    async def _refused(self, current: Installation) -> Installation:
        """Pipedrive refuses the grant, unless another one has been stored meanwhile.

        After a notice of uninstall that settles it; else the user has to reconnect.
        """
        await self._store.mark(current.principal, InstallationState.DISCONNECTED, current.generation)
        now = await self._store.find(current.principal)
        if now is None:
            raise NotInstalled("the app was uninstalled")
        if now.tokens.access_token != current.tokens.access_token:
            return now
        raise Disconnected("Pipedrive refuses this installation's grant")

    async def finish(self) -> None:
        """Wait for what was begun: a reply that is on its way must still be stored."""
        if self._running:
            await asyncio.wait(list(self._running.values()), timeout=_WAIT_SECONDS)

    def _pair(self, grant: Grant, old: TokenPair) -> TokenPair:
        now = self._clock.now()
        is_allowed = any(pattern.allows(grant.api_domain) for pattern in self._api_hosts)
        return TokenPair(
            access_token=grant.access_token,
            refresh_token=grant.refresh_token or old.refresh_token,
            obtained_at=now,
            expires_at=now + grant.lifetime_seconds,
            api_domain=grant.api_domain if is_allowed else old.api_domain,
            scopes=tuple(map(Scope, grant.scopes)) or old.scopes,
        )
