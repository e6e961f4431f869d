"""The worker's rounds: each installation is looked at when it is due, and what is left of one that ended too.

Each has a second of the day of its own, so that a night's work is spread over the day. Who was used since the
day before is asked for, which finds an uninstall that nobody told us of; who is idle is renewed before its
refresh token would die; who ended goes when its grace is over, and with the last user the company's data key.
"""

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import (
    REFRESH_TOKEN_SECONDS,
    Installation,
    InstallationState,
)
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import (
    InstallationError,
    MarketplaceAppError,
    PipedriveError,
    StorageError,
)
from marketplace_app.installations.notices import CHECKS_SECONDS
from marketplace_app.installations.renewal import SPACING_SECONDS, Renewal
from marketplace_app.logs import logger
from marketplace_app.pipedrive.client import PipedriveClient
from marketplace_app.pipedrive.resources import users
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.in_doubt import Doubts
from marketplace_app.storage.installations import InstallationStore, Standing
from marketplace_app.storage.leftovers import remove_app_data
from marketplace_app.storage.schedule import Due, Schedule

DAY = 86_400
KEEP_ALIVE_SECONDS = 30 * DAY
RECENTLY_SECONDS = 1.5 * DAY
_AGAIN_SECONDS = 60
_AT_ONCE = 16  # taken together too: whoever waits for a slow company is not leased meanwhile


@dataclass(frozen=True, slots=True)
class Policy:
    """`grace_seconds`: how long app data outlive their user. `keeps_idle`: whether idle ones are renewed."""

    grace_seconds: float
    keeps_idle: bool


@dataclass(frozen=True, slots=True)
class RoundsParts:
    """`as_worker` gives a client whose calls are no use of the installation."""

    store: InstallationStore
    connection: Connection
    schedule: Schedule
    doubts: Doubts
    renewal: Renewal
    as_worker: Callable[[Installation], PipedriveClient]
    clock: Clock
    policy: Policy


class Rounds:
    def __init__(self, parts: RoundsParts) -> None:
        self._parts = parts
        self._store = parts.store
        self._log = logger("rounds")

    async def visit_due(self) -> int:
        """Look at those that are due; how many there were."""
        due = await self._parts.schedule.take(self._parts.clock.now(), _AT_ONCE)
        await asyncio.gather(*map(self._visit, due))
        return len(due)

    async def _visit(self, due: Due) -> None:
        principal = Principal(CompanyId(due.company_id), UserId(due.user_id))
        try:
            at: float | None = None
            if due.told:
                await self._check_again(principal, due.told, due.due_at)
            elif due.is_renewal:
                at = await self._renew_again(principal)
            else:
                at = await self._next(principal)
        except MarketplaceAppError as error:  # one that does not open too: its key may come back
            self._tell(principal, error)
            at = self._now() + _AGAIN_SECONDS
        except Exception:  # noqa: BLE001 (the others must not wait for this one)
            self._log.exception("broken", company_id=due.company_id, user_id=due.user_id)
            at = self._now() + _AGAIN_SECONDS
        try:
            await self._parts.schedule.settle(due, at)
        except StorageError as error:  # it comes again when its lease is over
            self._tell(principal, error)

    async def _next(self, principal: Principal) -> float | None:
        """Do what is due for this one; when to come again, None for never."""
        standing = await self._store.standing(principal)
        if standing is None:
            await self._forget_company(principal.company_id)
            return None
        if standing.state in (InstallationState.UNINSTALLED, InstallationState.DISCONNECTED):
            await self._store.acknowledge(principal)  # an end that replicas lack is looked at again
        match standing.state:
            case InstallationState.UNINSTALLED:
                return await self._after_the_end(principal, standing)
            case InstallationState.DISCONNECTED:
                return await self._while_disconnected(principal, standing)
        return await self._while_alive(principal, standing)

    async def _after_the_end(self, principal: Principal, standing: Standing) -> float | None:
        over_at = standing.since + self._parts.policy.grace_seconds
        if self._now() < over_at:
            return over_at
        await self._store.forget_user(principal, standing.generation)
        await self._forget_company(principal.company_id)
        return None

    async def _forget_company(self, company_id: CompanyId) -> None:
        """If none of its users is left. Cut off in the middle, it is done again: the visit is not settled."""
        if await self._store.forget_company(company_id):
            await remove_app_data(self._parts.connection, company_id)
            self._log.info("company forgotten", company_id=company_id)

    async def _while_disconnected(self, principal: Principal, standing: Standing) -> float:
        over_at = standing.since + REFRESH_TOKEN_SECONDS
        if self._now() < over_at:
            return over_at
        # Its grace began when it was disconnected, for that is when its user went.
        await self._store.end(principal, standing.since, standing.generation)
        return self._now()

    async def _while_alive(self, principal: Principal, standing: Standing) -> float:
        installation = await self._store.find(principal)
        if installation is None:  # nothing opens it any more, its company's key is gone
            await self._store.end(principal, self._now(), standing.generation)
            return self._now()
        if standing.since > 0:
            await self._renew(installation)  # the API may take its access token all the while
        elif standing.state is InstallationState.SUSPECT or self._was_used(installation):
            await self._ask(installation)
        elif self._age(installation) >= REFRESH_TOKEN_SECONDS and not self._parts.policy.keeps_idle:
            await self._store.end(principal, self._now(), standing.generation)
        elif self._age(installation) >= KEEP_ALIVE_SECONDS and self._parts.policy.keeps_idle:
            await self._renew(installation)
        again = await self._store.standing(principal)
        if again is None or again.state in (InstallationState.UNINSTALLED, InstallationState.DISCONNECTED):
            return self._now()
        if again.since:
            return max(again.since + SPACING_SECONDS + 1, self._now() + _AGAIN_SECONDS)
        return self._own_second_of_tomorrow(principal)

    async def _ask(self, installation: Installation) -> None:
        """One call of the API: an answer confirms the grant, and a refusal is marked by the renewal."""
        try:
            await users.me(self._parts.as_worker(installation))
        except (InstallationError, PipedriveError) as error:
            self._tell(installation.principal, error)

    async def _renew(self, installation: Installation) -> None:
        try:
            await self._parts.renewal.renew(installation, is_used=False)
        except (InstallationError, PipedriveError) as error:
            self._tell(installation.principal, error)

    async def _renew_again(self, principal: Principal) -> float | None:
        """A process died over a renewal, or had no answer; the old token may work for a while only."""
        if (installation := await self._unsettled(principal)) is not None:
            await self._renew(installation)
        return self._now() + _AGAIN_SECONDS if await self._unsettled(principal) else None

    async def _unsettled(self, principal: Principal) -> Installation | None:
        """What is stored, if an exchange began after that of which nobody knows how it ended."""
        since = await self._parts.doubts.since(principal)
        installation = await self._store.find(principal) if since is not None else None
        if since is None or installation is None or installation.tokens.obtained_at >= since:
            return None
        return installation

    async def _check_again(self, principal: Principal, number: int, due_at: float) -> None:
        """Some minutes after a notice, whatever was found since, unless somebody has installed again."""
        installation = await self._store.find(principal)
        if installation is None or installation.installed_at > due_at - CHECKS_SECONDS[number - 1]:
            return
        if not await self._store.suspect(principal, self._now()):
            return
        await self._ask(replace(installation, state=InstallationState.SUSPECT))
        standing = await self._store.standing(principal)
        lives_on = standing is not None and standing.state is InstallationState.ACTIVE
        if lives_on and number == len(CHECKS_SECONDS):
            self._log.error(
                "alarm",
                reason="uninstall_without_effect",
                company_id=principal.company_id,
                user_id=principal.user_id,
            )

    def _was_used(self, installation: Installation) -> bool:
        return self._now() - installation.tokens.used_at < RECENTLY_SECONDS

    def _age(self, installation: Installation) -> float:
        return self._now() - installation.tokens.obtained_at

    def _own_second_of_tomorrow(self, principal: Principal) -> float:
        place = zlib.crc32(f"{principal.company_id:d}:{principal.user_id:d}".encode()) % DAY
        tomorrow = (self._now() // DAY + 1) * DAY
        return tomorrow + place

    def _now(self) -> float:
        return self._parts.clock.now()

    def _tell(self, principal: Principal, error: Exception) -> None:
        reason = getattr(error, "reason", "broken")
        self._log.info("round", reason=reason, company_id=principal.company_id, user_id=principal.user_id)
