"""JSON modals: each step of the form asks the app's endpoint; the page's scripts draw what comes back.

Pages: https://pipedrive.readme.io/docs/app-extensions-json-modals, /docs/json-modals-component-library
and /docs/json-modals-user-interaction-handling
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.host import json_fetch
from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.json_fetch import DEADLINE_SECONDS, Reply
from pipedrive_emulator.host.script_endpoints import body_of
from pipedrive_emulator.host.surface_endpoints import needs_install, place_of, surface_of
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.json_library import modal
from pipedrive_emulator.json_library.complaints import Complaint
from pipedrive_emulator.json_library.formats import is_web_address
from pipedrive_emulator.json_library.markdown import modal_markdown
from pipedrive_emulator.oauth.doors import entry_url
from pipedrive_emulator.place import Place
from pipedrive_emulator.surfaces import Load, surface_url

_UNAUTHORIZED = 401
_MALFORMED = "The response from the server is not according to the structure"

Drawn = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """``outcome`` and what the page's scripts draw; with ``errors`` it is what Pipedrive tells its own UI."""

    outcome: str
    drawn: Drawn
    errors: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class _Asked:
    visit: Visit
    app: App
    surface: Surface
    place: Place
    body: dict[str, Any]

    @property
    def schema(self) -> Mapping[str, Any]:
        return self.surface.schema or {}

    @property
    def form(self) -> dict[str, Any]:
        form = self.body.get("form")
        if not isinstance(form, dict):
            raise Refused(400, "form is an object of values by the keys of the blocks.")
        return form

    def url(self, base: str = "", **more: str) -> str:
        """The endpoint, or another address of the app, with who and where and a fresh token."""
        emulator, user = self.visit.emulator, self.visit.user
        load = Load(emulator.surface_token(self.app, self.surface, user))
        target = replace(self.surface, url=base or self.surface.url)
        parts = urlsplit(surface_url(target, user, self.place, load, emulator.switches))
        query = "&".join(filter(None, [parts.query, urlencode(more)]))
        return urlunsplit(parts._replace(query=query))


async def open_modal(visit: Visit) -> Response:
    asked = await _asked(visit)
    return await _step(asked, "open", asked.url(), None, _opened)


async def change_modal(visit: Visit) -> Response:
    """A block with fetchOnChange has a new value: the same GET, with the form and who set it off."""
    asked = await _asked(visit)
    url = asked.url(form=_compact(asked.form), invoker=str(asked.body.get("invoker")))
    return await _step(asked, "change", url, None, _form)


async def submit_modal(visit: Visit) -> Response:
    asked = await _asked(visit)
    return await _step(asked, "submit", asked.url(_target(asked)), asked.form, _submitted)


async def leave_modal(visit: Visit) -> Response:
    """Where a button with open-url leads: the form stands in the query."""
    asked = await _asked(visit)
    return JSONResponse({"url": asked.url(_target(asked), form=_compact(asked.form))})


async def _asked(visit: Visit) -> _Asked:
    body = await body_of(visit)
    app, surface = surface_of(visit, body)
    if surface.kind != "json_modal" or surface.schema is None:
        raise Refused(404, f"{surface.title} is no JSON modal any more. Reload the page.")
    needs_install(visit, app, surface)
    return _Asked(visit, app, surface, place_of(visit, body, surface), body)


def _target(asked: _Asked) -> str:
    """The pressed action's own address, which an earlier answer may have changed; else the endpoint."""
    url = asked.body.get("url") or ""
    if url and not is_web_address(url):
        raise Refused(400, "url is the http or https address of the pressed action.")
    return str(url)


async def _step(
    asked: _Asked,
    purpose: str,
    url: str,
    form: dict[str, Any] | None,
    judge: Callable[[_Asked, Reply], Answer],
) -> Response:
    request = json_fetch.Request(asked.app, asked.surface, asked.visit.user, purpose, url, form)
    reply = await json_fetch.ask(request)
    answer = judge(asked, reply)
    json_fetch.note(asked.visit.emulator, request, reply, answer.outcome, answer.errors)
    if answer.errors:
        data = {"errors": list(answer.errors), "response": reply.body}
        return JSONResponse({"success": False, "error": _MALFORMED, "data": data}, status_code=400)
    if answer.outcome == "failed":
        said = reply.failure or f"the endpoint answered {reply.status}"
        return JSONResponse({"success": False, "error": said, "data": {}}, status_code=502)
    return JSONResponse({"outcome": answer.outcome, "deadline_seconds": DEADLINE_SECONDS, **answer.drawn})


def _opened(asked: _Asked, reply: Reply) -> Answer:
    if reply.status == _UNAUTHORIZED:
        url = entry_url(asked.app, "reauthorize", asked.visit.emulator.switches)
        return Answer("lost_connection", {"install_url": url, "app": asked.app.name})
    return _form(asked, reply)


def _form(asked: _Asked, reply: Reply) -> Answer:
    if reply.failure:
        return Answer("failed", {})
    if _has(reply, "error"):
        return _global_error(reply)
    if not reply.is_success:
        return Answer("failed", {})
    errors = modal.form_complaints(asked.schema, reply.body)
    return Answer("malformed", {}, tuple(errors)) if errors else Answer("form", _draw_form(asked, reply.body))


def _submitted(asked: _Asked, reply: Reply) -> Answer:
    if reply.failure:
        return Answer("failed", {})
    if _has(reply, "error"):
        return _global_error(reply)
    if _has(reply, "data"):
        errors = modal.part_complaints(asked.schema, reply.body)
        return (
            Answer("malformed", {}, tuple(errors))
            if errors
            else Answer("part", _draw_part(asked, reply.body))
        )
    if not reply.is_success:
        return Answer("failed", {})
    errors = modal.success_complaints(reply.body)
    return Answer("malformed", {}, tuple(errors)) if errors else Answer("success", reply.body["success"])


def _has(reply: Reply, key: str) -> bool:
    return isinstance(reply.body, dict) and key in reply.body


def _global_error(reply: Reply) -> Answer:
    errors = modal.error_complaints(reply.body)
    return Answer("malformed", {}, tuple(errors)) if errors else Answer("error", reply.body["error"])


def _draw_form(asked: _Asked, body: Mapping[str, Any]) -> Drawn:
    """Blocks and actions in the order of the schema; ``values`` are those that this very answer set."""
    options = modal.merged(asked.schema, body["data"])
    rows = {part: modal.rows_of(asked.schema, part) for part in options}
    drawn: Drawn = {
        part: [_row(key, modal.kind_of(row), options[part][key]) for key, row in rows[part].items()]
        for part in options
    }
    said = body["data"].get("blocks") or {}
    return drawn | {"values": {key: one["value"] for key, one in said.items() if "value" in one}}


def _draw_part(asked: _Asked, body: Mapping[str, Any]) -> Drawn:
    return {
        part: [
            _row(key, modal.kind_of(modal.rows_of(asked.schema, part)[key]), options)
            for key, options in (body["data"].get(part) or {}).items()
        ]
        for part in ("blocks", "actions")
    }


def _row(key: str, kind: str, options: Mapping[str, Any]) -> Drawn:
    row: Drawn = {"key": key, "kind": kind.partition("-")[2], "options": dict(options)}
    if kind == "element-text" and "value" in options:
        is_plain = options.get("markdown") is False
        plain = [{"type": "paragraph", "children": [{"type": "text", "text": options["value"]}]}]
        row["nodes"] = plain if is_plain else modal_markdown(options["value"])
    return row


def _compact(form: Mapping[str, Any]) -> str:
    return json.dumps(form, separators=(",", ":"), ensure_ascii=False)
