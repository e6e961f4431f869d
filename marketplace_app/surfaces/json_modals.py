"""A JSON modal: GET fills the form in, GET with `form` and `invoker` changes it.

`json_submits.py` has what is done when it is sent.
https://pipedrive.readme.io/docs/json-modals-user-interaction-handling
"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.domain.surface import Surface
from marketplace_app.errors import RequestRejected
from marketplace_app.installations import Installations
from marketplace_app.kit import Extension, ModalContext
from marketplace_app.kit.json_declaring import DeclaredJsonModal
from marketplace_app.surfaces.gate import Gate
from marketplace_app.surfaces.json_answers import answer, in_time, sentence
from marketplace_app.surfaces.json_submits import JsonSubmits
from marketplace_app.surfaces.language import words_for
from marketplace_app.surfaces.pictures import Pictures
from marketplace_app.surfaces.query import Query
from marketplace_app.surfaces.sections import proven


class JsonModals:
    def __init__(
        self, gate: Gate, installations: Installations, pictures: Pictures, submits: JsonSubmits
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._submits = submits

    async def show(self, request: Request, surface: Surface, extension: Extension) -> Response:
        return await self._answered(request, surface, lambda: self._shown(request, surface, extension))

    async def submit(self, request: Request, surface: Surface, extension: Extension) -> Response:
        declared = declared_modal(extension)
        return await self._answered(
            request, surface, lambda: self._submits.submit(request, surface, extension, declared)
        )

    async def _answered(
        self, request: Request, surface: Surface, work: Callable[[], Awaitable[Response]]
    ) -> Response:
        return await in_time(
            request,
            surface,
            work,
            lambda problem, reference: sentence(problem, words_for(request.scope), reference),
            passing=(HTTPException,),  # the framework's own, such as 413
        )

    async def _shown(self, request: Request, surface: Surface, extension: Extension) -> Response:
        visit = self._gate.by_url(request.scope, surface)
        query = Query.read(request.scope["query_string"])
        installation = await proven(self._installations, visit.principal, request)
        declared = declared_modal(extension)
        context = self._pictures.context(ModalContext, installation, (extension.name, visit.selection))
        invoker = query.get("invoker")
        if not invoker:
            return answer(declared.shape.opened(await declared.opened(context)))
        if declared.changed is None or not declared.shape.has_block(invoker):
            raise RequestRejected("the form has no such block, or nothing follows from it")
        form, _ = declared.shape.read(_form_in(query.get("form")))
        return answer(declared.shape.changed(await declared.changed(context, form, invoker), form))


def declared_modal(extension: Extension) -> DeclaredJsonModal:
    if not isinstance(extension.shown, DeclaredJsonModal):
        raise RequestRejected(f"{extension.name} shows no JSON modal")
    return extension.shown


def _form_in(text: str) -> dict[str, Any]:
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise RequestRejected("the form in the query is no JSON object") from None
