"""Pictures: what a surface shows of one record to one viewer, made through the API and kept for minutes."""

import asyncio
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.domain.surface import Surface
from marketplace_app.domain.ticket import Purpose, issue_ticket
from marketplace_app.errors import NotInstalled
from marketplace_app.installations import Installations
from marketplace_app.kit import Extension, PanelContext, SurfaceContext, Viewer
from marketplace_app.settings import Settings
from marketplace_app.storage.kept import Kept, KeptName
from marketplace_app.storage.look_ups import LookUps
from marketplace_app.storage.vault import Vault
from marketplace_app.surfaces.language import words_of
from marketplace_app.web.templates import Templates

Context = TypeVar("Context", bound=SurfaceContext)

KEPT_SECONDS = 900  # a picture younger than this is shown at once
FRESH_SECONDS = 60  # and one older than this is asked for again meanwhile
_NAME = "picture"


@dataclass(frozen=True, slots=True)
class Picture:
    """`made_at`, epoch seconds, is when its facts began to be read; `language` is that of its texts."""

    made_at: float
    language: str
    html: bytes

    def encode(self) -> bytes:
        return f"{self.made_at!r} {self.language}\n".encode() + self.html

    @classmethod
    def decode(cls, octets: bytes) -> "Picture":
        head, _, html = octets.partition(b"\n")
        made_at, _, language = head.decode().partition(" ")
        return cls(float(made_at), language, html)


@dataclass(frozen=True, slots=True)
class Storage:
    """What surfaces read and write beside Pipedrive."""

    vault: Vault
    kept: Kept
    look_ups: LookUps


class Pictures:
    def __init__(
        self,
        settings: Settings,
        installations: Installations,
        storage: Storage,
        templates: Templates,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._installations = installations
        self._storage = storage
        self._templates = templates
        self._clock = clock
        self._running: dict[tuple[Principal, str, int], asyncio.Task[Picture]] = {}

    def ask(self, principal: Principal, surface: Surface, record_id: int) -> asyncio.Future[bytes | None]:
        """The kept picture's stamp, in the same batch as the caller's other reads."""
        return self._storage.kept.ask(KeptName(principal, surface.name, record_id, _NAME))

    async def opened(
        self, installation: Installation, surface: Surface, record_id: int, stamp: bytes | None
    ) -> Picture | None:
        """What `ask` asked for, if it may be shown: of this installation, in its language, not too old."""
        name = KeptName(installation.principal, surface.name, record_id, _NAME)
        octets = await self._storage.kept.open(installation, name, stamp)
        if octets is None:
            return None
        picture = Picture.decode(octets)
        is_young = 0 <= self._clock.now() - picture.made_at < KEPT_SECONDS
        return picture if is_young and picture.language == words_of(installation).language else None

    def make(
        self, installation: Installation, extension: Extension, record_id: int, *, anew: bool = False
    ) -> asyncio.Task[Picture]:
        """Begin to make it, or join whoever already does; it goes on when the caller stops waiting.

        `anew` joins nobody: who began earlier may have read what has changed since.
        """
        name = (installation.principal, extension.name, record_id)
        task = self._running.get(name)
        if task is None or anew:
            task = self._running[name] = asyncio.create_task(self._make(installation, extension, record_id))
            task.add_done_callback(lambda done: self._finished(name, done))
        return task

    async def render(
        self,
        installation: Installation,
        extension: Extension,
        record_id: int,
        view: Any,
        *,
        made_at: float | None = None,
        is_patched: bool = False,
    ) -> Picture:
        """A handler's view as markup, with a ticket for each of its buttons; kept for the next visit.

        `made_at` is when its facts began to be read, now by default. `is_patched`: drawn after a press, from
        kept facts with what the press changed; the newest there is, and still to be asked for anew.
        """
        if extension.shown is None:
            raise NotInstalled(f"{extension.name} shows no panel")
        key = await self._storage.vault.find_key(installation.principal.company_id)
        if key is None:
            raise NotInstalled("the company has been forgotten")
        ticket_key, now = key.derive("tickets"), self._clock.now()

        def ticket(action: str) -> str:
            purpose = Purpose(installation.principal, extension.name, record_id, action)
            return issue_ticket(purpose, ticket_key, now)

        language = words_of(installation).language
        html = self._templates.render(extension.shown.template, language, view=view, ticket=ticket)
        as_of = now if made_at is None else made_at
        picture = Picture(as_of - FRESH_SECONDS if is_patched else as_of, language, html.encode())
        name = KeptName(installation.principal, extension.name, record_id, _NAME)
        is_newest = await self._storage.kept.keep(
            installation, name, picture.encode(), as_of=as_of, seconds=KEPT_SECONDS
        )
        return picture if is_newest else await self._newest(installation, name) or picture

    def context(
        self, installation: Installation, surface_name: str, record_id: int, *, made_at: float | None = None
    ) -> SurfaceContext:
        """With `made_at`, what the handler keeps is dropped when something newer is kept by then."""
        profile = installation.profile
        url = self._settings.company_url(profile.company_domain) or installation.tokens.api_domain
        return SurfaceContext(
            viewer=Viewer(installation.principal, profile.name, profile.company_name, url, profile.is_admin),
            record_id=record_id,
            words=words_of(installation),
            now=datetime.fromtimestamp(self._clock.now(), UTC),
            pipedrive=self._installations.as_viewer(installation),
            look_ups=_CompanyLookUps(self._storage.look_ups, installation.principal.company_id),
            keeping=_Keeping(self._storage.kept, installation, surface_name, record_id, self._clock, made_at),
        )

    async def _make(self, installation: Installation, extension: Extension, record_id: int) -> Picture:
        if extension.shown is None:
            raise NotInstalled(f"{extension.name} shows no panel")
        made_at = self._clock.now()
        context = self.context(installation, extension.name, record_id, made_at=made_at)
        view = await extension.shown.handler(as_kind(PanelContext, context))
        return await self.render(installation, extension, record_id, view, made_at=made_at)

    async def _newest(self, installation: Installation, name: KeptName) -> Picture | None:
        """The one that is kept: of later facts than the one just made, such as drawn after a press."""
        octets = await self._storage.kept.open(installation, name, await self._storage.kept.ask(name))
        return None if octets is None else Picture.decode(octets)

    def _finished(self, name: tuple[Principal, str, int], task: asyncio.Task[Picture]) -> None:
        if self._running.get(name) is task:
            del self._running[name]
        if not task.cancelled():
            task.exception()  # whoever waits has it; when nobody does, the next visit meets it again


@dataclass(frozen=True, slots=True)
class _Keeping:
    """`made_at` is None for an action, whose facts are always the newest."""

    store: Kept
    installation: Installation
    surface: str
    record_id: int
    clock: Clock
    made_at: float | None

    async def find(self, name: str) -> bytes | None:
        kept = self._name(name)
        return await self.store.open(self.installation, kept, await self.store.ask(kept))

    async def keep(self, name: str, value: bytes) -> None:
        as_of = self.clock.now() if self.made_at is None else self.made_at
        await self.store.keep(self.installation, self._name(name), value, as_of=as_of, seconds=KEPT_SECONDS)

    def _name(self, name: str) -> KeptName:
        return KeptName(self.installation.principal, self.surface, self.record_id, f"own-{name}")


@dataclass(frozen=True, slots=True)
class _CompanyLookUps:
    store: LookUps
    company_id: CompanyId

    async def find(self, name: str) -> bytes | None:
        return await self.store.find(self.company_id, name)

    async def keep(self, name: str, value: bytes) -> None:
        await self.store.keep(self.company_id, name, value)


def as_kind(kind: type[Context], context: SurfaceContext) -> Context:
    """The same context under the name that tells a handler what it may do."""
    return kind(**{field.name: getattr(context, field.name) for field in fields(context)})
