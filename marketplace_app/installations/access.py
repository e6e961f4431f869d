"""How a PipedriveClient gets at its installation's token: renewed in time, and once more when refused."""

from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.domain.principal import Principal
from marketplace_app.domain.scopes import missing_scopes
from marketplace_app.errors import (
    Disconnected,
    MarketplaceAppError,
    NotInstalled,
    StorageError,
    StoreUnavailable,
)
from marketplace_app.installations.renewal import Renewal
from marketplace_app.pipedrive.client import Access
from marketplace_app.storage.installations import InstallationStore


class Background(Protocol):
    def __call__(self, work: Coroutine[Any, Any, Any]) -> object: ...


@dataclass(frozen=True, slots=True)
class AccessParts:
    """`asked_scopes` are those of manifest.json."""

    store: InstallationStore
    renewal: Renewal
    clock: Clock
    background: Background
    asked_scopes: Sequence[str]


class InstalledAccess:
    """The AccessSource of one installation, for as long as one client lives."""

    def __init__(
        self, installation: Installation, parts: AccessParts, *, is_used: bool = True, is_fresh: bool = True
    ) -> None:
        """`is_used` is False when nobody asked but the worker's own rounds.

        `is_fresh` is False when it was not read from the store just now.
        """
        self._installation = installation
        self._parts = parts
        self._is_used = is_used
        self._is_fresh = is_fresh

    @property
    def principal(self) -> Principal:
        return self._installation.principal

    async def access(self) -> Access:
        """Looks again before each call but the first: who was uninstalled meanwhile makes no further call."""
        if self._is_fresh:
            self._is_fresh = False
        else:
            await self._look_again()
        if self._installation.state is InstallationState.DISCONNECTED:
            raise Disconnected("Pipedrive refuses this installation's grant")
        now = self._parts.clock.now()
        if now >= self._installation.tokens.expires_at:
            await self._renew()
        elif self._installation.tokens.is_due(now):
            self._parts.background(self._renew_ahead())
        return self._current()

    async def renewed(self, refused: Access) -> Access:
        if refused.access_token == self._installation.tokens.access_token:
            await self._renew()
        return self._current()

    async def confirmed(self) -> None:
        """The call is done, whatever Redis says: a suspicion that stays there is asked about again."""
        if self._installation.state is InstallationState.SUSPECT:
            with suppress(StorageError):
                await self._parts.store.confirm(self._installation.principal, self._installation.generation)

    def missing_scopes(self) -> tuple[str, ...]:
        return missing_scopes(self._parts.asked_scopes, self._installation.tokens.scopes)

    def _current(self) -> Access:
        tokens = self._installation.tokens
        return Access(tokens.access_token, tokens.api_domain)

    async def _look_again(self) -> None:
        try:
            found = await self._parts.store.find(self._installation.principal)
        except StoreUnavailable:
            return  # nobody could have ended it either, and what was begun may go on
        if found is None:
            raise NotInstalled("the installation ended in the middle of its work")
        if found.generation >= self._installation.generation:  # else the journal has yet to bring ours there
            self._installation = found

    async def _renew(self) -> None:
        """A renewal takes its time, and who waits for another one's more: looks again after it too."""
        self._installation = await self._parts.renewal.renew(self._installation, is_used=self._is_used)
        await self._look_again()

    async def _renew_ahead(self) -> None:
        try:
            await self._renew()
        except MarketplaceAppError:
            return  # the token in hand still works; the call that is refused will renew and say why


class NewAccess:
    """The AccessSource of a grant of which nobody knows yet whose it is: what is refused is refused."""

    def __init__(self, nobody: Principal, access: Access) -> None:
        self.principal = nobody
        self._access = access

    async def access(self) -> Access:
        return self._access

    async def renewed(self, refused: Access) -> Access:
        raise NotInstalled(f"Pipedrive refuses a token that it just made for {refused.api_domain}")

    async def confirmed(self) -> None:
        return

    def missing_scopes(self) -> tuple[str, ...]:
        return ()
