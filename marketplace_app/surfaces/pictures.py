"""Pictures: what a surface shows of one subject to one viewer, made through the API and kept for minutes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.domain.selection import Selection
from marketplace_app.domain.surface import Surface, SurfaceKind
from marketplace_app.errors import NotInstalled
from marketplace_app.installations import Installations
from marketplace_app.kit import ActionContext, Extension, SurfaceContext
from marketplace_app.kit.extension import Screen
from marketplace_app.kit.means import MeansOf
from marketplace_app.storage.kept import Kept, KeptName
from marketplace_app.storage.look_ups import LookUps
from marketplace_app.surfaces.language import words_of
from marketplace_app.surfaces.remembering import KEPT_SECONDS, CompanyLookUps, Keeping
from marketplace_app.surfaces.tickets import Tickets
from marketplace_app.web.templates import Templates

Context = TypeVar("Context", bound=SurfaceContext)

FRESH_SECONDS = 60  # and one older than this is asked for again meanwhile
_NAME = "picture"
# A form that somebody has opened is made anew each time: nobody wants to fill in the one of before.
_KEPT_KINDS = (SurfaceKind.CUSTOM_PANEL, SurfaceKind.FLOATING_WINDOW)


@dataclass(frozen=True, slots=True)
class Picture:
    """`made_at`, epoch seconds, is when its facts began to be read; `language` is that of its texts.

    `edition` is that of the files from which it was drawn.
    """

    made_at: float
    language: str
    html: bytes
    edition: str = ""

    def encode(self) -> bytes:
        return f"{self.made_at!r} {self.language} {self.edition}\n".encode() + self.html

    @classmethod
    def decode(cls, octets: bytes) -> "Picture":
        head, _, html = octets.partition(b"\n")
        made_at, language, edition = (*head.decode().split(" "), "")[:3]
        return cls(float(made_at), language, html, edition)


@dataclass(frozen=True, slots=True)
class Storage:
    """What surfaces read and write beside Pipedrive. A picture of another `edition` counts as not kept."""

    kept: Kept
    look_ups: LookUps
    edition: Callable[[], str] = lambda: ""


class Pictures:
    def __init__(
        self,
        installations: Installations,
        storage: Storage,
        means_of: MeansOf,
        templates: Templates,
        tickets: Tickets,
        clock: Clock,
    ) -> None:
        self._installations = installations
        self._storage = storage
        self._means_of = means_of
        self._templates = templates
        self._tickets = tickets
        self._clock = clock
        self._running: dict[tuple[Principal, str, str], asyncio.Task[Picture]] = {}

    def ask(
        self, principal: Principal, surface: Surface, selection: Selection
    ) -> "asyncio.Future[bytes | None]":
        """The kept picture's stamp, in the same batch as the caller's other reads."""
        if surface.kind not in _KEPT_KINDS or not selection.subject:
            nothing: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
            nothing.set_result(None)
            return nothing
        return self._storage.kept.ask(KeptName(principal, surface.name, selection.subject, _NAME))

    async def opened(
        self, installation: Installation, surface: Surface, selection: Selection, stamp: bytes | None
    ) -> Picture | None:
        """What `ask` asked for, if it may be shown: of this installation, in its language, not too old."""
        name = KeptName(installation.principal, surface.name, selection.subject, _NAME)
        octets = await self._storage.kept.open(installation, name, stamp)
        if octets is None:
            return None
        picture = Picture.decode(octets)
        is_young = 0 <= self._clock.now() - picture.made_at < KEPT_SECONDS
        is_ours = (
            picture.language == words_of(installation).language and picture.edition == self._storage.edition()
        )
        return picture if is_young and is_ours else None

    def make(
        self, installation: Installation, extension: Extension, selection: Selection, *, anew: bool = False
    ) -> asyncio.Task[Picture]:
        """Begin to make it, or join whoever already does; it goes on when the caller stops waiting.

        `anew` joins nobody: who began earlier may have read what has changed since.
        """
        name = (installation.principal, extension.name, selection.subject)
        task = self._running.get(name)
        if task is None or anew:
            task = self._running[name] = asyncio.create_task(self._make(installation, extension, selection))
            task.add_done_callback(lambda done: self._finished(name, done))
        return task

    async def render(
        self,
        installation: Installation,
        extension: Extension,
        selection: Selection,
        view: Any,
        *,
        made_at: float | None = None,
        is_patched: bool = False,
    ) -> Picture:
        """A handler's view as markup, with a ticket for each of its buttons; kept for the next visit.

        `made_at` is when its facts began to be read, now by default. `is_patched`: drawn after a press, from
        kept facts with what the press changed; the newest there is, and still to be asked for anew.
        """
        screen = screen_of(extension)
        ticket = await self._tickets.issuer(installation, extension, selection)
        language, now = words_of(installation).language, self._clock.now()
        html = self._templates.render(screen.template, language, view=view, ticket=ticket)
        as_of = now if made_at is None else made_at
        drawn_at = as_of - FRESH_SECONDS if is_patched else as_of
        picture = Picture(drawn_at, language, html.encode(), self._storage.edition())
        if screen.kind not in _KEPT_KINDS:
            return picture
        name = KeptName(installation.principal, extension.name, selection.subject, _NAME)
        is_newest = await self._storage.kept.keep(
            installation, name, picture.encode(), as_of=as_of, seconds=KEPT_SECONDS
        )
        return picture if is_newest else await self._newest(installation, name) or picture

    def context(
        self,
        kind: type[Context],
        installation: Installation,
        place: tuple[str, Selection],
        *,
        made_at: float | None = None,
    ) -> Context:
        """`place` is a surface's name and what it was opened for.

        With `made_at`, what the handler keeps is dropped when something newer is kept by then.
        """
        (name, selection), storage = place, self._storage
        means = self._means_of(name, installation)
        more = {"jobs": means.jobs} if issubclass(kind, ActionContext) else {}
        return kind(
            viewer=means.viewer,
            selection=selection,
            words=means.words,
            now=means.now,
            pipedrive=means.pipedrive,
            look_ups=CompanyLookUps(storage.look_ups, installation.principal.company_id),
            keeping=Keeping(storage.kept, installation, (name, selection.subject), self._clock, made_at),
            settings=means.settings,
            channels=means.channels,
            **more,
        )

    async def _make(self, installation: Installation, extension: Extension, selection: Selection) -> Picture:
        screen, made_at = screen_of(extension), self._clock.now()
        await self._installations.prove(installation)
        context = self.context(screen.context, installation, (extension.name, selection), made_at=made_at)
        view = await screen.handler(context)
        return await self.render(installation, extension, selection, view, made_at=made_at)

    async def _newest(self, installation: Installation, name: KeptName) -> Picture | None:
        """The one that is kept: of later facts than the one just made, such as drawn after a press."""
        octets = await self._storage.kept.open(installation, name, await self._storage.kept.ask(name))
        return None if octets is None else Picture.decode(octets)

    def _finished(self, name: tuple[Principal, str, str], task: asyncio.Task[Picture]) -> None:
        if self._running.get(name) is task:
            del self._running[name]
        if not task.cancelled():
            task.exception()  # whoever waits has it; when nobody does, the next visit meets it again


def screen_of(extension: Extension) -> Screen:
    if not isinstance(extension.shown, Screen):
        raise NotInstalled(f"{extension.name} shows no page")
    return extension.shown
