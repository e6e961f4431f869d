"""How a PipedriveClient gets at its installation's token: renewed in time, and once more when refused."""

from collections.abc import Coroutine, Sequence
from typing import Any, Protocol

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.domain.scopes import missing_scopes
from marketplace_app.errors import Disconnected, MarketplaceAppError
from marketplace_app.installations.renewal import Renewal
from marketplace_app.pipedrive.client import Access
from marketplace_app.storage.installations import InstallationStore


class Background(Protocol):
    def __call__(self, work: Coroutine[Any, Any, Any]) -> None: ...


class InstalledAccess:
    """The AccessSource of one installation, for as long as one client lives."""

    def __init__(
        self,
        installation: Installation,
        store: InstallationStore,
        renewal: Renewal,
        clock: Clock,
        background: Background,
        asked_scopes: Sequence[str],
    ) -> None:
        """`asked_scopes` are those of manifest.json."""
        self._installation = installation
        self._store = store
        self._renewal = renewal
        self._clock = clock
        self._background = background
        self._asked_scopes = asked_scopes

    async def access(self) -> Access:
        if self._installation.state is InstallationState.DISCONNECTED:
            raise Disconnected("Pipedrive refuses this installation's grant")
        now = self._clock.now()
        if now >= self._installation.tokens.expires_at:
            self._installation = await self._renewal.renew(self._installation)
        elif self._installation.tokens.is_due(now):
            self._background(self._renew_ahead())
        return self._current()

    async def renewed(self, refused: Access) -> Access:
        if refused.access_token == self._installation.tokens.access_token:
            self._installation = await self._renewal.renew(self._installation)
        return self._current()

    async def confirmed(self) -> None:
        if self._installation.state is InstallationState.SUSPECT:
            principal, generation = self._installation.principal, self._installation.generation
            await self._store.mark(principal, InstallationState.ACTIVE, generation)

    def missing_scopes(self) -> tuple[str, ...]:
        return missing_scopes(self._asked_scopes, self._installation.tokens.scopes)

    def _current(self) -> Access:
        tokens = self._installation.tokens
        return Access(tokens.access_token, tokens.api_domain)

    async def _renew_ahead(self) -> None:
        try:
            self._installation = await self._renewal.renew(self._installation)
        except MarketplaceAppError:
            return  # the token in hand still works; the call that is refused will renew and say why
