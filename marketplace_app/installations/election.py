"""Who acts for a company when no user asked: one installation is elected, another when that one leaves."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import InstallationError, NotInstalled, TokenUnreadable
from marketplace_app.installations.access import InstalledAccess
from marketplace_app.pipedrive.client import Access
from marketplace_app.storage.installations import InstallationStore

_RANK = {InstallationState.ACTIVE: 0, InstallationState.SUSPECT: 1}


async def candidates(
    store: InstallationStore, company_id: CompanyId, named: Callable[[CompanyId, int], Principal]
) -> list[Installation]:
    """The company's usable installations: admins first, then whoever has been there longest."""
    usable = []
    for user_id in await store.users_of(company_id):
        with suppress(TokenUnreadable):  # somebody else can act
            found = await store.find(named(company_id, user_id))
            usable += [found] if found and found.state in _RANK else []
    return sorted(usable, key=_preference)


def _preference(installation: Installation) -> tuple[int, bool, bool, float, int]:
    return (
        _RANK[installation.state],
        installation.refused_at > 0,
        not installation.profile.is_admin,
        installation.installed_at,
        installation.principal.user_id,
    )


class ElectedAccess:
    """The AccessSource of a company's work: when the elected user has left, the next one is asked."""

    def __init__(
        self,
        first: Installation,
        elect: Callable[[CompanyId], Awaitable[list[Installation]]],
        open_access: Callable[[Installation], InstalledAccess],
    ) -> None:
        self._elect = elect
        self._open = open_access
        self._elected = first.principal
        self._current: InstalledAccess | None = open_access(first)
        self._left: set[Principal] = set()

    @property
    def principal(self) -> Principal:
        """Who acts, or acted last."""
        return self._elected

    async def access(self) -> Access:
        """Raises NotInstalled when nobody of the company is left to act."""
        while True:
            current = self._current or await self._next()
            try:
                return await current.access()
            except InstallationError:
                self._leave()

    async def renewed(self, refused: Access) -> Access:
        if self._current is not None:
            try:
                return await self._current.renewed(refused)
            except InstallationError:
                self._leave()
        return await self.access()

    async def confirmed(self) -> None:
        if self._current is not None:
            await self._current.confirmed()

    def missing_scopes(self) -> tuple[str, ...]:
        return self._current.missing_scopes() if self._current else ()

    def _leave(self) -> None:
        self._left.add(self._elected)
        self._current = None

    async def _next(self) -> InstalledAccess:
        for installation in await self._elect(self._elected.company_id):
            if installation.principal not in self._left:
                self._elected = installation.principal
                self._current = self._open(installation)
                return self._current
        raise NotInstalled("nobody of this company has the app installed")
