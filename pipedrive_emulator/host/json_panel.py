"""JSON panels: the app's endpoint is asked by this server, its answer judged, and drawn as Pipedrive does.

Pages: https://pipedrive.readme.io/docs/app-extensions-json-panels, /docs/json-panels-adding-a-panel
"""

from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.host import json_fetch
from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.extensions import is_installed, is_only_shared
from pipedrive_emulator.host.json_actions import Action, field_action, global_actions, object_actions
from pipedrive_emulator.host.json_cells import MOST_LABEL, Cell, cell, cut
from pipedrive_emulator.host.json_fetch import Reply
from pipedrive_emulator.host.script_endpoints import body_of
from pipedrive_emulator.host.surface_endpoints import needs_install, place_of, surface_of
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.json_library.complaints import Complaint, sentence
from pipedrive_emulator.json_library.markdown import Node, panel_markdown
from pipedrive_emulator.json_library.panel import (
    answer_complaints,
    error_complaints,
    fields_of,
    is_list,
    type_of,
)
from pipedrive_emulator.place import Place
from pipedrive_emulator.surfaces import Load, surface_url


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of the answer; ``key`` tells its element from those of the others."""

    key: str
    header: str
    cells: tuple[Cell, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class ErrorCard:
    title: str
    subtitle: tuple[Node, ...]
    action: Link | None


@dataclass(frozen=True, slots=True)
class Picture:
    """``outcome``: shown, empty, error_card or failed; ``reasons`` are for the app's developer."""

    outcome: str
    is_list: bool = False
    is_shared: bool = False
    things: tuple[Thing, ...] = ()
    error: ErrorCard | None = None
    reasons: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    external: Link | None = None
    settings: str = ""


@dataclass(frozen=True, slots=True)
class _Asked:
    visit: Visit
    app: App
    surface: Surface
    place: Place
    is_shared: bool


async def show_panel(visit: Visit) -> Response:
    """Fetch anew and draw: the body of the panel as HTML, made of escaped words only."""
    asked = await _asked(visit)
    request = json_fetch.Request(asked.app, asked.surface, visit.user, "panel", _url(asked))
    reply = await json_fetch.ask(request)
    errors = _errors(asked.surface, reply)
    picture = _picture(asked, reply, errors)
    json_fetch.note(visit.emulator, request, reply, picture.outcome, errors)
    return visit.view.page("json_panel_body.html", picture=picture, app=asked.app, surface=asked.surface)


async def take_feedback(visit: Visit) -> Response:
    """Thumbs up or down, which Pipedrive mails to the app's contact; here the ledger keeps it."""
    body = await body_of(visit)
    app, surface = surface_of(visit, body)
    if body.get("thumb") not in ("up", "down"):
        raise Refused(400, "thumb is up or down.")
    visit.emulator.ledger.append(
        "panel_feedback",
        company_id=visit.company.id,
        user_id=visit.user.id,
        client_id=app.client_id,
        surface=surface.name,
        thumb=body["thumb"],
    )
    return JSONResponse({})


async def _asked(visit: Visit) -> _Asked:
    body = await body_of(visit)
    app, surface = surface_of(visit, body)
    if surface.kind != "json_panel" or surface.schema is None:
        raise Refused(404, f"{surface.title} is no JSON panel any more. Reload the page.")
    # One who only sees it because a colleague shares the app may look, and the app is told so.
    if not is_only_shared(visit.emulator, visit.user, app):
        needs_install(visit, app, surface)
    is_shared = not is_installed(visit.emulator, visit.user, app)
    return _Asked(visit, app, surface, place_of(visit, body, surface), is_shared)


def _url(asked: _Asked) -> str:
    emulator, user = asked.visit.emulator, asked.visit.user
    load = Load(emulator.surface_token(asked.app, asked.surface, user), is_shared=asked.is_shared)
    return surface_url(asked.surface, user, asked.place, load, emulator.switches)


def _errors(surface: Surface, reply: Reply) -> list[Complaint]:
    if reply.failure:
        return []
    return (
        answer_complaints(surface.schema or {}, reply.body)
        if reply.is_success
        else error_complaints(reply.body)
    )


def _picture(asked: _Asked, reply: Reply, errors: list[Complaint]) -> Picture:
    actions = tuple(global_actions(asked.app, asked.surface, asked.place))
    if reply.failure or errors:
        status = f"status {reply.status}" if reply.status else ""
        reasons = (status, reply.failure, *map(sentence, errors))
        shown = tuple(reason for reason in reasons if reason)
        return Picture("failed", reasons=shown, actions=actions, is_shared=asked.is_shared)
    if not reply.is_success:
        return Picture(
            "error_card", error=_card(reply.body["error"]), actions=actions, is_shared=asked.is_shared
        )
    body = reply.body
    things = _things(asked, body["data"])
    external = body.get("external_link")
    return Picture(
        "shown" if things else "empty",
        is_list=is_list(asked.surface.schema or {}),
        is_shared=asked.is_shared,
        things=things,
        actions=actions,
        external=Link(cut(external["label"], MOST_LABEL), external["url"]) if external else None,
        settings=(body.get("settings") or {}).get("url", ""),
    )


def _card(error: dict[str, Any]) -> ErrorCard:
    action = error.get("action")
    link = Link(action["label"], action["url"]) if action else None
    return ErrorCard(error["title"], tuple(panel_markdown(error.get("subtitle", ""))), link)


def _things(asked: _Asked, data: Any) -> tuple[Thing, ...]:
    rows = data if isinstance(data, list) else [data] if data else []
    return tuple(_thing(asked, row, f"{asked.surface.name}-{number}") for number, row in enumerate(rows))


def _thing(asked: _Asked, row: dict[str, Any], key: str) -> Thing:
    fields, wording, number = fields_of(asked.surface.schema or {}), asked.visit.wording, row.get("id")
    header = next((str(row.get(name) or "") for name, one in fields.items() if type_of(one) == "header"), "")
    cells = tuple(
        cell(
            field.get("label", name),
            type_of(field),
            row.get(name),
            wording,
            field_action(asked.app, asked.surface, asked.place, number, name),
        )
        for name, field in fields.items()
        if _is_shown(name, field)
    )
    return Thing(key, header, cells, tuple(object_actions(asked.app, asked.surface, asked.place, number)))


def _is_shown(name: str, field: Any) -> bool:
    """An id without a label names the object; it is not for the reader."""
    return type_of(field) != "header" and not (name == "id" and "label" not in field)
