"""What a handler is given: who looks, at what, in which language, and the API as that user."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

import msgspec

from marketplace_app.domain.principal import Principal
from marketplace_app.domain.selection import Selection
from marketplace_app.errors import RequestRejected
from marketplace_app.kit.channels import Channels, ChannelsReader
from marketplace_app.kit.jobs import Jobs
from marketplace_app.pipedrive.budget import Budget
from marketplace_app.pipedrive.client import PipedriveClient, PipedriveReader
from marketplace_app.web.words import Words

T = TypeVar("T")


class Keeping(Protocol):
    """Sealed values of this viewer, surface and record, kept for minutes."""

    async def find(self, name: str) -> bytes | None: ...

    async def keep(self, name: str, value: bytes) -> None: ...


class CompanyLookUps(Protocol):
    """Sealed names of this company's stages, fields and the like, shared by its users, kept for an hour."""

    async def find(self, name: str) -> bytes | None: ...

    async def keep(self, name: str, value: bytes) -> None: ...


class AppSettings(Protocol):
    """What a user or a company has set in this app: a dataclass, sealed, gone with the installation.

    `kind` names the setting by its class; what is kept of an older form counts as not set.
    """

    async def of_user(self, kind: type[T]) -> T | None: ...

    async def of_company(self, kind: type[T]) -> T | None: ...

    async def set_of_user(self, value: object) -> None: ...

    async def set_of_company(self, value: object) -> None:
        """Raises AdminsOnly when the viewer is no admin of the company."""
        ...


@dataclass(frozen=True, slots=True)
class Viewer:
    principal: Principal
    name: str
    company_name: str
    company_url: str  # origin of the company's Pipedrive, as a browser opens it
    is_admin: bool


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """For whom a handler runs, and the way to Pipedrive as that user."""

    viewer: Viewer
    pipedrive: PipedriveReader

    @property
    def principal(self) -> Principal:
        return self.viewer.principal

    @property
    def budget(self) -> Budget:
        """What is left of the company's API tokens today, as far as Pipedrive has said."""
        return self.pipedrive.budget


@dataclass(frozen=True, slots=True)
class SurfaceContext(OnBehalf):
    """`selection` is what the surface was opened for; only the API, asked as the viewer, may show it."""

    selection: Selection
    words: Words
    now: datetime
    look_ups: CompanyLookUps
    keeping: Keeping
    settings: AppSettings
    channels: ChannelsReader

    @property
    def record_id(self) -> int:
        """The one record that is selected, which a panel always has. Raises RequestRejected without it."""
        if self.selection.record_id is None:
            raise RequestRejected("not exactly one record is selected")
        return self.selection.record_id

    @property
    def data(self) -> Mapping[str, Any]:
        """What the opener handed over (OpenModal, ShowFloatingWindow, Redirect to settings): unsigned."""
        return self.selection.data

    @property
    def today(self) -> date:
        """In the viewer's time zone."""
        return self.now.astimezone(self.words.time_zone).date()

    async def look_up(self, name: str, kind: type[T], load: Callable[[], Awaitable[T]]) -> T:
        """A company's look-up, loaded through the API when it is not kept."""
        kept = _decode(await self.look_ups.find(name), kind)
        if kept is not None:
            return kept
        loaded = await load()
        await self.look_ups.keep(name, msgspec.json.encode(loaded))
        return loaded

    async def kept(self, name: str, kind: type[T]) -> T | None:
        """What `keep` kept for this viewer and record, unless it was minutes ago or of an older form."""
        return _decode(await self.keeping.find(name), kind)

    async def keep(self, name: str, value: object) -> None:
        await self.keeping.keep(name, msgspec.json.encode(value))


@dataclass(frozen=True, slots=True)
class PanelContext(SurfaceContext):
    """For a handler that makes a view. It never writes to Pipedrive, and has nothing to write with."""


class ModalContext(PanelContext):
    """`selection` may be of many rows, or of everything that a list shows."""

    __slots__ = ()


class FloatingContext(PanelContext):
    """No record is selected; `data` is what the window was shown with, such as a phone number."""

    __slots__ = ()


class SettingsContext(PanelContext):
    """The settings page of the app, the viewer's own and, for admins, the company's."""

    __slots__ = ()


class LinkContext(PanelContext):
    """One row or many, as in ModalContext; the answer leads the browser away."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ActionContext(SurfaceContext):
    """For a handler that does what a button says, once per ticket."""

    pipedrive: PipedriveClient
    channels: Channels
    jobs: Jobs


def _decode(octets: bytes | None, kind: type[T]) -> T | None:
    if octets is None:
        return None
    try:
        return msgspec.json.decode(octets, type=kind)
    except msgspec.MsgspecError:
        return None
