"""Where Pipedrive's server asks for a JSON panel and for a JSON modal: one path each, and no others."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from marketplace_app.domain.surface import Surface, SurfaceKind
from marketplace_app.kit import Extension
from marketplace_app.surfaces.json_modals import JsonModals
from marketplace_app.surfaces.json_panels import JsonPanels
from marketplace_app.web.limits import BODY_BYTES

Handler = Callable[[Request, Surface, Extension], Awaitable[Response]]


def json_routes(
    surface: Surface, extension: Extension, panels: JsonPanels, modals: JsonModals
) -> list[Route]:
    def endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await handler(request, surface, extension)

        return answer

    if surface.kind is SurfaceKind.JSON_PANEL:
        return [Route(surface.path, endpoint(panels.show), methods=["GET"])]
    if surface.kind is not SurfaceKind.JSON_MODAL:
        return []
    return [
        Route(surface.path, endpoint(modals.show), methods=["GET"]),
        Route(surface.path, endpoint(modals.submit), methods=["POST"], max_body_size=BODY_BYTES),
    ]
