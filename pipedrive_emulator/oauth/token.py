"""POST /oauth/token and /oauth/revoke over HTTP.

Checks come in this order: method, content type, client credentials, grant type, then the grant's own; it
decides which of several mistakes is named.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipedrive_emulator.apps import App
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.forms import CONTENT_TYPE, is_form, read_form
from pipedrive_emulator.oauth.credentials import ClientRefused, authenticate
from pipedrive_emulator.oauth.errors import TokenRefused
from pipedrive_emulator.signing import fingerprint

# The nouns of the messages, not the names of parameters, which stand in backticks.
_WITH_UNDERSCORES = re.compile(r"(authorization|refresh|api)_(code|token) ")
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}

Form = Mapping[str, str]


async def token(request: Request, emulator: Emulator) -> Response:
    """Six fields for a code or a refresh token, or a refusal that the ledger notes."""
    form = await read_form(request)
    try:
        answer = _grant(emulator, _client(request, emulator, form), form)
    except TokenRefused as refused:
        _note_refusal(emulator, form, refused)
        return _refusal(emulator, refused)
    return JSONResponse(answer, headers=_NO_STORE)


async def revoke(request: Request, emulator: Emulator) -> Response:
    """RFC 7009: 200 for a token that lived and for one that never did; a wrong hint is no hindrance."""
    form = await read_form(request)
    try:
        app = _client(request, emulator, form)
        emulator.oauth.revoke(app, _field(form, "token"))
    except TokenRefused as refused:
        return _refusal(emulator, refused)
    if emulator.switches.get("revoke_body") == "empty":
        return Response(headers=_NO_STORE)
    return JSONResponse({"success": True}, headers=_NO_STORE)


def _client(request: Request, emulator: Emulator, form: Form) -> App:
    if request.method != "POST":
        raise TokenRefused("invalid_request", "Invalid request: method must be POST")
    if not is_form(request):
        raise TokenRefused("invalid_request", f"Invalid request: content must be {CONTENT_TYPE}")
    return authenticate(emulator.apps, request.headers.get("authorization"), form)


def _grant(emulator: Emulator, app: App, form: Form) -> dict[str, Any]:
    match _field(form, "grant_type"):
        case "authorization_code":
            code, redirect_uri = _field(form, "code"), form.get("redirect_uri", "")
            if not urlsplit(redirect_uri).netloc:
                raise TokenRefused("invalid_request", "Invalid request: `redirect_uri` is not a valid URI")
            return emulator.oauth.exchange(app, code, redirect_uri)
        case "refresh_token":
            return emulator.oauth.refresh(app, _field(form, "refresh_token"))
        case "exchange_api_token" if emulator.switches.get("exchange_api_token") == "yes":
            return emulator.oauth.exchange_api_token(app, _field(form, "api_token"))
    raise TokenRefused("unsupported_grant_type", "Unsupported grant type: `grant_type` is invalid")


def _field(form: Form, name: str) -> str:
    if not form.get(name):
        raise TokenRefused("invalid_request", f"Missing parameter: `{name}`")
    return form[name]


def _note_refusal(emulator: Emulator, form: Form, refused: TokenRefused) -> None:
    presented = form.get("refresh_token") or form.get("code") or form.get("api_token")
    emulator.ledger.append(
        "token_refused",
        client_id=form.get("client_id"),
        grant_type=form.get("grant_type"),
        presented=fingerprint(presented) if presented else None,
        error=refused.error,
        message=refused.message,
    )


def _refusal(emulator: Emulator, refused: TokenRefused) -> Response:
    message = refused.message
    if emulator.switches.get("grant_wording") == "spaces":
        message = _WITH_UNDERSCORES.sub(r"\1 \2 ", message)
    body = {"success": False, "message": message, "error": refused.error}
    if emulator.switches.get("error_envelope") == "rfc":
        body = {"error": refused.error, "error_description": message}
    asks_again = isinstance(refused, ClientRefused) and refused.was_basic
    if asks_again and emulator.switches.get("invalid_client") == "basic_401":
        return JSONResponse(body, 401, {**_NO_STORE, "WWW-Authenticate": 'Basic realm="Service"'})
    return JSONResponse(body, 400, _NO_STORE)
