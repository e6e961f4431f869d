"""GET of an iframe: the page in which a surface lives. It never writes to Pipedrive.

A kept picture is in the first answer. Without one the API gets a short while; then the page goes out
with a skeleton, so that `initialize()` is called before any data is awaited, and fetches the rest.
"""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.domain.message import Message, say
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import Disconnected, MarketplaceAppError, NotInstalled
from marketplace_app.installations import Installations
from marketplace_app.kit import Extension
from marketplace_app.logs import logger
from marketplace_app.surfaces.gate import Gate, Visit
from marketplace_app.surfaces.pictures import FRESH_SECONDS, Picture, Pictures, words_of
from marketplace_app.surfaces.shell import Frame, Shell
from marketplace_app.web.words import preferred_language

PATIENCE_SECONDS = 0.4
_NO_RECORD = say("Open a record to see it here")
_NO_RECORD_ADVICE = say("Pipedrive did not say which record this panel is for. Reload the page.")


class VisitPage:
    def __init__(
        self, gate: Gate, installations: Installations, pictures: Pictures, shell: Shell, clock: Clock
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._shell = shell
        self._clock = clock
        self._log = logger("surfaces")

    async def show(self, request: Request, surface: Surface, extension: Extension) -> Response:
        language = preferred_language(request.headers.get("accept-language", ""))
        theme = request.query_params.get("theme", "")
        frame = Frame(surface, language, theme if theme in ("light", "dark") else "", "message")
        try:
            visit = self._gate.by_url(request, surface)
            return await self._visited(visit, extension, frame)
        except MarketplaceAppError as error:
            return self._refused(request, frame, error)
        except Exception as error:  # noqa: BLE001 (whatever happens, the frame must initialise or Pipedrive hides it)
            self._log.exception("broken", reference=request.scope.get("reference"))
            return self._shell.refusal(frame, error, request.scope.get("reference", ""))

    async def _visited(self, visit: Visit, extension: Extension, frame: Frame) -> Response:
        principal, surface, record_id = visit.principal, visit.surface, visit.record_id
        asked = self._pictures.ask(principal, surface, record_id) if record_id else None
        installation = await self._installations.find(principal)
        if installation is None:
            raise NotInstalled("there is no installation of this user in this company")
        if installation.state is InstallationState.DISCONNECTED:
            raise Disconnected("Pipedrive refuses this installation's grant")
        frame = Frame(surface, words_of(installation).language, frame.theme, "complete")
        if record_id is None or asked is None:
            return self._sentence(frame, _NO_RECORD, _NO_RECORD_ADVICE, installation)
        if installation.state is InstallationState.ACTIVE:
            picture = await self._pictures.opened(installation, surface, record_id, await asked)
            if picture is not None:
                return self._complete(frame, picture)
        return await self._cold(frame, installation, extension, record_id)

    def _complete(self, frame: Frame, picture: Picture) -> Response:
        is_stale = self._clock.now() - picture.made_at > FRESH_SECONDS
        state = "stale" if is_stale else "complete"
        return self._shell.page(Frame(frame.surface, frame.language, frame.theme, state), picture.html)

    async def _cold(
        self, frame: Frame, installation: Installation, extension: Extension, record_id: int
    ) -> Response:
        task = self._pictures.make(installation, extension, record_id)
        done, _ = await asyncio.wait([task], timeout=PATIENCE_SECONDS)
        if done:
            return self._complete(frame, task.result())
        return self._shell.skeleton(Frame(frame.surface, frame.language, frame.theme, "skeleton"))

    def _sentence(
        self, frame: Frame, title: Message, advice: Message, installation: Installation
    ) -> Response:
        words = words_of(installation)
        frame = Frame(frame.surface, frame.language, frame.theme, "message")
        return self._shell.message(frame, words.say(title), words.say(advice))

    def _refused(self, request: Request, frame: Frame, error: MarketplaceAppError) -> Response:
        reference = request.scope.get("reference", "")
        self._log.info("refused", reason=error.reason, detail=str(error), reference=reference)
        if isinstance(error, (NotInstalled, Disconnected)):
            connect = Frame(frame.surface, frame.language, frame.theme, "connect")
            return self._shell.connect(connect, is_known=isinstance(error, Disconnected))
        return self._shell.refusal(frame, error, reference)
