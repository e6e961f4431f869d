"""GET of a JSON panel: Pipedrive's server asks for rows, which it draws itself. It never writes to Pipedrive.

https://pipedrive.readme.io/docs/app-extensions-json-panels
"""

from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.domain.surface import Surface
from marketplace_app.errors import NotInstalled, RequestRejected
from marketplace_app.installations import Installations
from marketplace_app.kit import Extension, PanelContext
from marketplace_app.kit.json_declaring import DeclaredJsonPanel
from marketplace_app.kit.json_panel import ErrorCard
from marketplace_app.surfaces.gate import Gate
from marketplace_app.surfaces.json_answers import Stands, answer, card, in_time, own_card
from marketplace_app.surfaces.language import words_for
from marketplace_app.surfaces.pictures import Pictures
from marketplace_app.surfaces.query import Query
from marketplace_app.surfaces.sections import proven


class JsonPanels:
    def __init__(
        self, gate: Gate, installations: Installations, pictures: Pictures, install_url: str
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._install_url = install_url

    async def show(self, request: Request, surface: Surface, extension: Extension) -> Response:
        stands = Stands(surface.title, self._install_url)
        return await in_time(
            request,
            surface,
            lambda: self._rows(request, surface, extension),
            lambda problem, reference: card(problem, words_for(request.scope), stands, reference),
        )

    async def _rows(self, request: Request, surface: Surface, extension: Extension) -> Response:
        visit = self._gate.by_url(request.scope, surface)
        if Query.read(request.scope["query_string"]).get("isShared") == "true":
            raise NotInstalled("the viewer sees the panel because a colleague shares the app")
        installation = await proven(self._installations, visit.principal, request)
        if not visit.is_addressed:
            raise RequestRejected("no record is selected")
        declared = declared_panel(extension)
        context = self._pictures.context(PanelContext, installation, (extension.name, visit.selection))
        rows = await declared.handler(context)
        if isinstance(rows, ErrorCard):
            return own_card(rows)
        return answer(declared.shape.encode(rows))


def declared_panel(extension: Extension) -> DeclaredJsonPanel:
    if not isinstance(extension.shown, DeclaredJsonPanel):
        raise RequestRejected(f"{extension.name} shows no JSON panel")
    return extension.shown
