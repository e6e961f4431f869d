"""GET of an iframe: the page in which a surface lives. It never writes to Pipedrive.

A kept picture is in the first answer. Without one the API gets a short while; then the page goes out
with a skeleton, so that `initialize()` is called before any data is awaited, and fetches the rest.
"""

import asyncio
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.domain.message import Message, say
from marketplace_app.domain.selection import Selection
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import Disconnected, MarketplaceAppError, NotInstalled, ScopeMissing
from marketplace_app.installations import Installations
from marketplace_app.kit import Extension
from marketplace_app.logs import logger
from marketplace_app.surfaces.gate import Gate, Visit, theme_of
from marketplace_app.surfaces.language import browsers_words, remember, words_for, words_of
from marketplace_app.surfaces.pictures import FRESH_SECONDS, Picture, Pictures
from marketplace_app.surfaces.query import Query
from marketplace_app.surfaces.shell import Frame, Page, Shell

PATIENCE_SECONDS = 0.4
_NO_RECORD = say("Open a record to see it here")
_NO_RECORD_ADVICE = say("Pipedrive did not say which record this panel is for. Reload the page.")


class Visits:
    def __init__(
        self, gate: Gate, installations: Installations, pictures: Pictures, shell: Shell, clock: Clock
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._shell = shell
        self._clock = clock
        self._log = logger("surfaces")

    async def page(self, scope: Scope, surface: Surface, extension: Extension) -> Page:
        """Whatever happens, a page that initialises: Pipedrive hides a frame that does not."""
        try:
            visit = self._gate.by_url(scope, surface)
            return await self._visited(scope, visit, extension)
        except MarketplaceAppError as error:
            return self._refused(scope, surface, error)
        except Exception as error:  # noqa: BLE001 (see above)
            self._log.exception("broken", reference=scope.get("reference"))
            return self._refused(scope, surface, error)

    async def _visited(self, scope: Scope, visit: Visit, extension: Extension) -> Page:
        principal, surface, selection = visit.principal, visit.surface, visit.selection
        asked = self._pictures.ask(principal, surface, selection)
        installation = await self._installations.usable(principal)
        frame = Frame(surface, remember(scope, installation).language, visit.theme, "complete")
        if not visit.is_addressed:
            return self._sentence(frame, _NO_RECORD, _NO_RECORD_ADVICE, installation)
        if installation.state is InstallationState.ACTIVE:
            picture = await self._pictures.opened(installation, surface, selection, await asked)
            if picture is not None:
                return self._complete(frame, picture)
        return await self._cold(frame, installation, extension, selection)

    def _complete(self, frame: Frame, picture: Picture) -> Page:
        is_stale = self._clock.now() - picture.made_at > FRESH_SECONDS
        state = "stale" if is_stale else "complete"
        return self._shell.page(Frame(frame.surface, frame.language, frame.theme, state), picture.html)

    async def _cold(
        self, frame: Frame, installation: Installation, extension: Extension, selection: Selection
    ) -> Page:
        task = self._pictures.make(installation, extension, selection)
        done, _ = await asyncio.wait([task], timeout=PATIENCE_SECONDS)
        if done:
            return self._complete(frame, task.result())
        return self._shell.skeleton(Frame(frame.surface, frame.language, frame.theme, "skeleton"))

    def _sentence(self, frame: Frame, title: Message, advice: Message, installation: Installation) -> Page:
        words = words_of(installation)
        frame = Frame(frame.surface, frame.language, frame.theme, "message")
        return self._shell.message(frame, words.say(title), words.say(advice))

    def _refused(self, scope: Scope, surface: Surface, error: Exception) -> Page:
        reference = scope.get("reference", "")
        self._log.info("refused", reason=getattr(error, "reason", "broken"), reference=reference)
        theme = theme_of(Query.read(scope["query_string"]))
        if isinstance(error, (NotInstalled, Disconnected)):
            frame = Frame(surface, browsers_words(scope).language, theme, "connect")
            return self._shell.connect(frame, error)
        language = words_for(scope).language
        if isinstance(error, ScopeMissing):
            return self._shell.consent(Frame(surface, language, theme, "consent"), error.scopes)
        return self._shell.refusal(Frame(surface, language, theme, "message"), error, reference)


@dataclass(frozen=True, slots=True)
class SurfacePage:
    """The ASGI endpoint of one surface."""

    visits: Visits
    surface: Surface
    extension: Extension

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = await self.visits.page(scope, self.surface, self.extension)
        await page(scope, receive, send)
