"""Front door of the surfaces: for each in manifest.json its page, its sections and its actions."""

from collections.abc import Awaitable, Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from marketplace_app.domain.surface import IFRAMES, Surface, SurfaceKind
from marketplace_app.errors import (
    Disconnected,
    MarketplaceAppError,
    NotInstalled,
    ScopeMissing,
    TicketRejected,
)
from marketplace_app.kit import Extension, Words
from marketplace_app.logs import logger
from marketplace_app.surfaces import envelope
from marketplace_app.surfaces.actions import Actions
from marketplace_app.surfaces.commands import Command, asks_again
from marketplace_app.surfaces.language import words_for
from marketplace_app.surfaces.links import LinkPage, Links
from marketplace_app.surfaces.sections import Sections
from marketplace_app.surfaces.shell import Shell
from marketplace_app.surfaces.visits import SurfacePage, Visits
from marketplace_app.web.limits import BODY_BYTES

Endpoint = Callable[[Request], Awaitable[Response]]
Handler = Callable[[Request, Surface, Extension], Awaitable[Response]]


def surface_routes(
    shown: Mapping[Surface, Extension],
    visits: Visits,
    sections: Sections,
    actions: Actions,
    links: Links,
    shell: Shell,
) -> list[Route]:
    routes: list[Route] = []
    for surface, extension in shown.items():
        if surface.kind is SurfaceKind.LINK_ACTION:
            routes.append(Route(surface.path, LinkPage(links, surface, extension), methods=["GET"]))
        if surface.kind not in IFRAMES:
            continue
        path = surface.path
        later = (
            Route(
                f"{path}/sections/{{section}}",
                _in_envelope(sections.show, surface, extension, shell),
                methods=["GET"],
            ),
            Route(
                f"{path}/actions/{{action}}",
                _in_envelope(actions.press, surface, extension, shell),
                methods=["POST"],
                max_body_size=BODY_BYTES,
            ),
        )
        routes += [Route(path, SurfacePage(visits, surface, extension), methods=["GET"]), *later]
    return routes


def _in_envelope(handler: Handler, surface: Surface, extension: Extension, shell: Shell) -> Endpoint:
    """Refusals are told in the envelope that surface.js reads."""
    log = logger("surfaces")

    async def endpoint(request: Request) -> Response:
        reference = request.scope.get("reference", "")
        try:
            return await handler(request, surface, extension)
        except MarketplaceAppError as error:
            log.info("refused", reason=error.reason, detail=str(error), reference=reference)
            words = words_for(request.scope)
            return envelope.refusal(error, words, reference, _remedy(error, words, shell))
        except HTTPException:
            raise  # the framework's own, such as 413
        except Exception as error:
            log.exception("broken", reference=reference)
            return envelope.refusal(error, words_for(request.scope), reference)

    return endpoint


def _remedy(error: MarketplaceAppError, words: Words, shell: Shell) -> list[Command]:
    """What the page does by itself after the sentence."""
    if isinstance(error, TicketRejected):
        return [asks_again()]
    if isinstance(error, (NotInstalled, Disconnected)):
        return [envelope.connect(shell.connect_markup(words.language, error))]
    if isinstance(error, ScopeMissing):
        return [envelope.consent(shell.consent_markup(words.language, error.scopes))]
    return []
