"""What the page's scripts ask of their own server, other than app surfaces: changes, forms, the theme."""

import json
from typing import Any

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.forms import FORMS
from pipedrive_emulator.host.forms.form import Asked, FormKind, Invalid
from pipedrive_emulator.host.revision import revision_for
from pipedrive_emulator.host.visit import Visit, theme_cookie

_YEAR_SECONDS = 365 * 24 * 3600
_WRITING = ("POST", "PATCH", "DELETE")


async def body_of(visit: Visit) -> dict[str, Any]:
    """The JSON object that a script sent; raises Refused(400) for anything else."""
    try:
        body = await visit.request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused(400, "Send a JSON object.")
    return body


async def revision(visit: Visit) -> Response:
    return JSONResponse({"revision": revision_for(visit.emulator, visit.user)})


async def write(visit: Visit) -> Response:
    """One API call as the user: ``{method, path, body}``."""
    body = await body_of(visit)
    method, path = str(body.get("method")), str(body.get("path"))
    if method not in _WRITING or not path.startswith(("/api/v1/", "/api/v2/")):
        raise Refused(400, f"{method} {path} is no change of a record.")
    return JSONResponse({"id": visit.api.write(method, path, body.get("body")).get("id")})


async def draw_form(visit: Visit) -> Response:
    kind, asked = _asked(visit)
    try:
        prefill = json.loads(visit.request.query_params.get("prefill", "{}"))
    except ValueError:
        prefill = None
    if not isinstance(prefill, dict):
        raise Refused(400, "prefill must be a JSON object.")
    return visit.view.page("form.html", form=kind.draw(asked, prefill))


async def save_form(visit: Visit) -> Response:
    kind, asked = _asked(visit)
    values = {name: str(value) for name, value in (await body_of(visit)).items()}
    try:
        return JSONResponse({"id": kind.save(asked, values)["id"]})
    except Invalid as invalid:
        return JSONResponse({"error": str(invalid), "fields": {invalid.field: str(invalid)}}, status_code=422)


async def set_theme(visit: Visit) -> Response:
    theme = (await body_of(visit)).get("theme")
    if theme not in ("light", "dark"):
        raise Refused(400, "A theme is light or dark.")
    response = JSONResponse({"theme": theme})
    response.set_cookie(theme_cookie(visit.user), theme, max_age=_YEAR_SECONDS, samesite="lax", httponly=True)
    return response


def _asked(visit: Visit) -> tuple[FormKind, Asked]:
    kind = FORMS.get(visit.request.path_params["form"])
    if kind is None:
        raise Refused(404, f"There is no such form. There are: {', '.join(FORMS)}.")
    return kind, Asked(
        visit.api, visit.wording, visit.record_id if "record" in visit.request.path_params else None
    )
