"""Renewal of a grant: one at a time per installation, in this process and across all of them.

The lock outlives the HTTP deadline and its owner alone releases it; the record is read again under it; a
reply is on our own disk before it goes to Redis, and goes there only over the generation that was renewed.
Each step is a named point (points.py) at which tests kill the process: docs/architecture.md, "Renewal".
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation, InstallationState, Profile
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import (
    Disconnected,
    InstallationError,
    NotDurable,
    NotInstalled,
    PipedriveError,
    PipedriveRefused,
    PipedriveUnavailable,
    RenewalUnsettled,
    StorageError,
)
from marketplace_app.installations.alarm import ClientAlarm
from marketplace_app.installations.cooling import Cooling
from marketplace_app.installations.pending import Pending
from marketplace_app.installations.tokens import renewed_pair
from marketplace_app.logs import logger
from marketplace_app.pipedrive.authorization import DEADLINE_SECONDS, AuthorizationServer, Grant
from marketplace_app.points import NO_POINTS, Points
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.in_doubt import DOUBT_SECONDS, Doubts
from marketplace_app.storage.installations import InstallationStore
from marketplace_app.storage.journal import Entry
from marketplace_app.storage.lock import OwnedLock, owned

SPACING_SECONDS = 60  # between two refusals that make a disconnection
_LOCK_MILLISECONDS = int(2 * DEADLINE_SECONDS * 1000)  # taken anew before each call
WAIT_SECONDS = 2 * DEADLINE_SECONDS + 4  # whoever waits outlives the lock of one that died
_CALLER_SECONDS = WAIT_SECONDS + 2
_POLL_SECONDS = 0.1
_POLLS = int(WAIT_SECONDS / _POLL_SECONDS)
_GONE = "invalid_grant"


@dataclass(frozen=True, slots=True)
class RenewalParts:
    """`renewed` hears of each new pair, `refused` of whom to look at again when.

    `moved` says whether a token of a changed api_domain is still this principal's there.
    """

    store: InstallationStore
    connection: Connection
    authorization: AuthorizationServer
    pending: Pending
    doubts: Doubts
    clock: Clock
    renewed: Callable[[Installation], object]
    refused: Callable[[Principal, float], Awaitable[None]]
    moved: Callable[[Principal, Grant], Awaitable[bool]]
    points: Points = NO_POINTS


class Renewal:
    def __init__(self, parts: RenewalParts) -> None:
        self._parts = parts
        self._store = parts.store
        self._cooling = Cooling(parts.clock)
        self._running: dict[Principal, asyncio.Task[Installation]] = {}
        self._is_stopping = False
        self.alarm = ClientAlarm(parts.connection, parts.authorization.fingerprint)
        self._log = logger("renewal")

    async def renew(self, installation: Installation, *, is_used: bool = True) -> Installation:
        """The installation with another access token than the given one's.

        Raises InstallationError or PipedriveError. A caller that goes away does not stop a renewal that
        others wait for, or that is already sent. `is_used` is False when the worker's own rounds ask.
        """
        principal = installation.principal
        task = self._running.get(principal)
        if task is None:
            self._require_time()
            self._cooling.check(principal)
            task = asyncio.create_task(self._watched(installation, is_used=is_used))
            self._running[principal] = task
            task.add_done_callback(lambda _: self._running.pop(principal, None))
        else:
            await self._parts.points.reach("renewal.joined")
        try:
            async with asyncio.timeout(_CALLER_SECONDS):
                return await asyncio.shield(task)
        except TimeoutError:
            raise PipedriveUnavailable("the renewal takes too long to wait for", was_sent=False) from None

    async def rewrite(self, old: Installation, profile: Profile) -> None:
        """Store what is now known of the user, unless the installation was written meanwhile.

        Under the renewal's own lock, for it must never make a renewal lose. Others hold it for a moment.
        """
        await self._alone(old.principal, lambda: self._write(old, profile))

    async def end(self, principal: Principal) -> None:
        """Tell Pipedrive that it is over, then end it here. Raises NotInstalled or PipedriveError."""
        await self._alone(principal, lambda: self._end(principal))

    def stop(self) -> None:
        """Ask for no other pair from now on: the process is about to end, and could lose the reply."""
        self._is_stopping = True

    @property
    def running(self) -> set[asyncio.Task[Installation]]:
        """What was begun: a reply that is on its way must still be stored."""
        return set(self._running.values())

    async def _watched(self, installation: Installation, *, is_used: bool) -> Installation:
        principal = installation.principal
        try:
            renewed = await self._renew(installation, is_used=is_used)
        except (PipedriveError, InstallationError) as error:
            if isinstance(error, PipedriveError):
                self._cooling.failed(principal)
            self._log.warning("not renewed", reason=error.reason, detail=str(error), **_ids(principal))
            raise
        self._cooling.worked(principal)
        await self._parts.points.reach("renewal.released")
        return renewed

    async def _renew(self, old: Installation, *, is_used: bool) -> Installation:
        await self._parts.points.reach("renewal.begun")
        for _ in range(_POLLS):
            async with self._lock(old.principal) as lock:
                if lock.is_ours:
                    await self._parts.points.reach("renewal.locked")
                current = await self._current(old)
                if not current.has_token_of(old):
                    return current
                if lock.is_ours:
                    await self._parts.points.reach("renewal.read")
                    return await self._under(lock, current, is_used=is_used)
            await self._parts.clock.sleep(_POLL_SECONDS)
        raise PipedriveUnavailable("another process renews this grant and has not finished", was_sent=False)

    async def _current(self, old: Installation) -> Installation:
        current = await self._store.find(old.principal)
        if current is None:
            raise NotInstalled("the installation ended while its grant was due")
        if current.state is InstallationState.DISCONNECTED and current.has_token_of(old):
            raise Disconnected("Pipedrive refuses this installation's grant")
        return current

    async def _under(self, lock: OwnedLock, current: Installation, *, is_used: bool) -> Installation:
        """Newest token first, then what the journal has, then the one before."""
        held = await self._parts.pending.settle(current.principal)
        if held is not None and not held.has_token_of(current):
            return held
        # Of either sign: a clock that went far back must not keep it waiting until it is there again.
        if current.refused_at and abs(self._parts.clock.now() - current.refused_at) < SPACING_SECONDS:
            raise RenewalUnsettled("the grant was refused a moment ago; the next try will tell")
        await self.alarm.require_client()
        async with self._parts.doubts.over(current.principal, lock.owner) as is_alone:
            return await self._exchanged(lock, current, is_used=is_used, is_alone=is_alone)

    async def _exchanged(
        self, lock: OwnedLock, current: Installation, *, is_used: bool, is_alone: bool
    ) -> Installation:
        for refresh_token in dict.fromkeys((current.tokens.refresh_token, current.previous_refresh_token)):
            if not refresh_token:
                continue
            self._require_time()
            if not await lock.take():
                raise PipedriveUnavailable(
                    "the renewal was held up and is somebody else's now", was_sent=False
                )
            newer = await self._current(current)  # the lock may have been somebody else's meanwhile
            if not newer.has_token_of(current):
                return newer
            grant = await self._asked(refresh_token)
            if grant is not None:
                return await self._keep(current, grant, is_used=is_used)
        newer = await self._current(current)
        if not newer.has_token_of(current):
            return newer
        if not is_alone:
            again = self._parts.clock.now() + DOUBT_SECONDS
            await self._parts.refused(current.principal, again)
            raise RenewalUnsettled("another process asked a moment ago and has not told what came of it")
        return await self._refused(current)

    def _require_time(self) -> None:
        if self._is_stopping:
            raise PipedriveUnavailable("this process is about to end and renews nothing more", was_sent=False)

    async def _asked(self, refresh_token: str) -> Grant | None:
        """None when Pipedrive refuses the token."""
        try:
            async with self.alarm.heard():
                grant = await self._parts.authorization.refresh(refresh_token)
        except PipedriveRefused as refusal:
            if refusal.code != _GONE:
                raise
            return None
        await self._parts.points.reach("renewal.validated")
        return grant

    async def _keep(self, current: Installation, grant: Grant, *, is_used: bool) -> Installation:
        """From here on the reply is never thrown away, whatever Redis does."""
        parts = self._parts
        renewed = replace(
            current,
            generation=current.generation + 1,
            tokens=renewed_pair(grant, current.tokens, parts.clock.now(), is_used=is_used),
            previous_refresh_token=current.tokens.refresh_token,
            refused_at=0.0,
        )
        entry = await parts.pending.note(renewed)
        await parts.points.reach("renewal.journalled")
        if grant.odd:
            self._log.warning("odd reply", reason=" ".join(grant.odd), **_ids(current.principal))
        if grant.api_domain and grant.api_domain != current.tokens.api_domain:
            renewed = await self._moved(renewed, grant)
        try:
            return await self._save(renewed, entry)
        except StorageError as error:
            # It works for this caller; the journal brings it to Redis as soon as there is one.
            self._log.warning("renewed, not stored yet", reason=error.reason, **_ids(current.principal))
            return renewed

    async def _moved(self, renewed: Installation, grant: Grant) -> Installation:
        if not await self._parts.moved(renewed.principal, grant):
            self._log.warning("not believed", reason="api_domain", **_ids(renewed.principal))
            return renewed
        return replace(renewed, tokens=replace(renewed.tokens, api_domain=grant.api_domain))

    async def _save(self, renewed: Installation, entry: Entry) -> Installation:
        parts = self._parts
        try:
            stored = await parts.pending.bring(renewed)
        except NotDurable as error:
            self._log.warning("stored, not acknowledged", reason=error.reason, **_ids(renewed.principal))
            parts.renewed(renewed)
            return renewed  # the entry stays until the replicas have it too
        except NotInstalled:
            await parts.pending.drop(entry)
            raise
        await parts.points.reach("renewal.stored")
        await parts.pending.drop(entry)
        if stored.has_token_of(renewed):
            parts.renewed(stored)
        return stored

    async def _refused(self, current: Installation) -> Installation:
        """After a notice of uninstall one refusal settles it; else a second one, later, has to confirm."""
        principal, now = current.principal, self._parts.clock.now()
        with suppress(NotDurable):  # a round looks again until it is acknowledged
            await self._store.refuse(principal, current.generation, now, SPACING_SECONDS)
        found = await self._store.find(principal)
        is_settled = found is None or found.state is InstallationState.DISCONNECTED
        await self._parts.refused(principal, now if is_settled else now + SPACING_SECONDS + 1)
        if found is None:
            raise NotInstalled("the app was uninstalled")
        if not found.has_token_of(current):
            return found
        if found.state is InstallationState.DISCONNECTED:
            raise Disconnected("Pipedrive refuses this installation's grant")
        raise RenewalUnsettled("Pipedrive refuses this grant; a second try will confirm it")

    async def _write(self, old: Installation, profile: Profile) -> None:
        current = await self._store.find(old.principal)
        if current is not None and current.generation == old.generation:
            await self._store.renew(replace(current, generation=old.generation + 1, profile=profile))

    async def _end(self, principal: Principal) -> None:
        """Whoever has installed again before it is written down is told to Pipedrive too."""
        await self._parts.pending.settle(principal)
        while (current := await self._store.find(principal)) is not None:
            await self._parts.authorization.revoke(current.tokens.refresh_token)
            if await self._store.end(principal, self._parts.clock.now(), current.generation):
                return
        raise NotInstalled("there is no installation of this user in this company")

    async def _alone(self, principal: Principal, work: Callable[[], Awaitable[None]]) -> None:
        for _ in range(_POLLS):
            async with self._lock(principal) as lock:
                if lock.is_ours:
                    return await work()
            await self._parts.clock.sleep(_POLL_SECONDS)
        raise PipedriveUnavailable("another process renews this grant and has not finished")

    def _lock(self, principal: Principal) -> AbstractAsyncContextManager[OwnedLock]:
        return owned(self._parts.connection, keys.renewal_lock(principal), milliseconds=_LOCK_MILLISECONDS)


def _ids(principal: Principal) -> dict[str, int]:
    return {"company_id": principal.company_id, "user_id": principal.user_id}
