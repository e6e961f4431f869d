"""GET of a link action, in a tab of its own: ask the handler where to go, and go there.

https://pipedrive.readme.io/docs/app-extensions-actions does not say whether a token comes along. Without
one nobody knows who came, so the page says how to come again.
"""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.message import say
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import ContextRejected, Disconnected, MarketplaceAppError, NotInstalled
from marketplace_app.installations import Installations
from marketplace_app.kit import Extension, LinkContext
from marketplace_app.kit.extension import Link
from marketplace_app.logs import logger
from marketplace_app.surfaces.gate import Gate
from marketplace_app.surfaces.language import words_for
from marketplace_app.surfaces.pictures import Pictures
from marketplace_app.surfaces.sections import proven
from marketplace_app.web.errors import row_of
from marketplace_app.web.templates import Templates

_SEE_OTHER = 303
_OLD = say("This link is out of date")
_PRESS_AGAIN = say("Go back to Pipedrive and choose it in the menu once more.")


class Links:
    def __init__(
        self,
        gate: Gate,
        installations: Installations,
        pictures: Pictures,
        templates: Templates,
        manifest: Manifest,
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._templates = templates
        self._manifest = manifest
        self._log = logger("surfaces")

    async def open(self, request: Request, surface: Surface, extension: Extension) -> Response:
        reference = request.scope.get("reference", "")
        try:
            return await self._led(request, surface, extension)
        except MarketplaceAppError as error:
            self._log.info("refused", reason=error.reason, detail=str(error), reference=reference)
            return self._page(request, error)
        except Exception as error:  # noqa: BLE001 - also then a page that says what to do
            self._log.exception("broken", reference=reference)
            return self._page(request, error)

    async def _led(self, request: Request, surface: Surface, extension: Extension) -> Response:
        visit = self._gate.by_url(request.scope, surface)
        installation = await proven(self._installations, visit.principal, request)
        if not isinstance(extension.shown, Link):
            raise NotInstalled(f"{extension.name} leads nowhere")
        place = (surface.name, visit.selection)
        leave = await extension.shown.handler(self._pictures.context(LinkContext, installation, place))
        return RedirectResponse(leave.url, _SEE_OTHER)

    def _page(self, request: Request, error: Exception) -> Response:
        words, row = words_for(request.scope), row_of(error)
        is_old = isinstance(error, ContextRejected)
        html = self._templates.render(
            "surfaces/link.html",
            words.language,
            app_name=self._manifest.name,
            heading=words.say(_OLD if is_old else row.title),
            advice=words.say(_PRESS_AGAIN if is_old else row.advice),
            install_path=self._manifest.install_path
            if isinstance(error, NotInstalled | Disconnected)
            else "",
            reference=request.scope.get("reference", ""),
        )
        return HTMLResponse(html, row.status)


@dataclass(frozen=True, slots=True)
class LinkPage:
    """The ASGI endpoint of one link action."""

    links: Links
    surface: Surface
    extension: Extension

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.links.open(Request(scope, receive), self.surface, self.extension)
        await response(scope, receive, send)
