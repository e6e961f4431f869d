"""What a handler's context remembers with: kept values, a company's look-ups, settings of the app."""

from dataclasses import dataclass
from typing import TypeVar

import msgspec

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import AdminsOnly
from marketplace_app.storage.app_settings import AppSettingsStore
from marketplace_app.storage.kept import Kept, KeptName
from marketplace_app.storage.look_ups import LookUps

T = TypeVar("T")

KEPT_SECONDS = 900  # a picture younger than this is shown at once


@dataclass(frozen=True, slots=True)
class Keeping:
    """`place` is the surface and its subject; `made_at` is None for an action, whose facts are the newest."""

    store: Kept
    installation: Installation
    place: tuple[str, str]
    clock: Clock
    made_at: float | None

    async def find(self, name: str) -> bytes | None:
        kept = self._name(name)
        return await self.store.open(self.installation, kept, await self.store.ask(kept))

    async def keep(self, name: str, value: bytes) -> None:
        as_of = self.clock.now() if self.made_at is None else self.made_at
        await self.store.keep(self.installation, self._name(name), value, as_of=as_of, seconds=KEPT_SECONDS)

    def _name(self, name: str) -> KeptName:
        return KeptName(self.installation.principal, *self.place, f"own-{name}")


@dataclass(frozen=True, slots=True)
class CompanyLookUps:
    store: LookUps
    company_id: CompanyId

    async def find(self, name: str) -> bytes | None:
        return await self.store.find(self.company_id, name)

    async def keep(self, name: str, value: bytes) -> None:
        await self.store.keep(self.company_id, name, value)


@dataclass(frozen=True, slots=True)
class AppSettings:
    """A setting is named by its class; one of an older form counts as not set."""

    store: AppSettingsStore
    principal: Principal
    is_admin: bool

    async def of_user(self, kind: type[T]) -> T | None:
        return await self._find(self.principal.user_id, kind)

    async def of_company(self, kind: type[T]) -> T | None:
        return await self._find(None, kind)

    async def set_of_user(self, value: object) -> None:
        await self._keep(self.principal.user_id, value)

    async def set_of_company(self, value: object) -> None:
        if not self.is_admin:
            raise AdminsOnly("a setting of the company is for its admins to change")
        await self._keep(None, value)

    async def _keep(self, user_id: UserId | None, value: object) -> None:
        octets = msgspec.json.encode(value)
        await self.store.keep(self.principal.company_id, user_id, type(value).__name__, octets)

    async def _find(self, user_id: UserId | None, kind: type[T]) -> T | None:
        octets = await self.store.find(self.principal.company_id, user_id, kind.__name__)
        try:
            return None if octets is None else msgspec.json.decode(octets, type=kind)
        except msgspec.MsgspecError:
            return None
