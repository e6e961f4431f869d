"""The actions in a JSON panel: of the whole panel, of one object, of one field.

Page: https://pipedrive.readme.io/docs/json-panels-actions-in-panels
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.place import Place
from pipedrive_emulator.registration_limits import MENU_KINDS
from pipedrive_emulator.surfaces import surface_id

MOST_GLOBAL = 3


@dataclass(frozen=True, slots=True)
class Action:
    """A link action has ``href``; the others are opened by the page's scripts at ``place`` (JSON)."""

    title: str
    description: str
    kind: str
    client_id: str
    surface: str
    href: str
    place: str


def global_actions(app: App, panel: Surface, place: Place) -> list[Action]:
    """Those that share the panel's location, newest first, the chosen main action before all."""
    view = f"{place.resource}/{place.view}"
    here = [one for one in reversed(app.surfaces) if one.kind in MENU_KINDS and view in one.views]
    order = sorted(here, key=lambda one: one.name != panel.main_action)
    return [_action(app, one, place) for one in order[:MOST_GLOBAL]]


def object_actions(app: App, panel: Surface, place: Place, object_id: Any) -> list[Action]:
    at = _part(place, object_id, None)
    return [_action(app, one, at) for name in panel.object_actions for one in [app.surface(name)] if one]


def field_action(app: App, panel: Surface, place: Place, object_id: Any, key: str) -> Action | None:
    one = app.surface((panel.field_actions or {}).get(key, ""))
    return _action(app, one, _part(place, object_id, key)) if one else None


def _part(place: Place, object_id: Any, key: str | None) -> Place:
    text = None if object_id is None else str(object_id)
    return Place(place.resource, place.view, place.selected_ids, object_id=text, field_key=key)


def _action(app: App, surface: Surface, place: Place) -> Action:
    said = {
        "resource": place.resource,
        "view": place.view,
        "selected_ids": place.selected_ids,
        "object_id": place.object_id,
        "field_key": place.field_key,
    }
    kept = {key: value for key, value in said.items() if value is not None}
    is_link = surface.kind == "link_action"
    return Action(
        title=surface.title,
        description=surface.description,
        kind=surface.kind,
        client_id=app.client_id,
        surface=surface.name,
        href=f"/app-extensions/actions/{surface_id(app, surface)}?{urlencode(place.query())}"
        if is_link
        else "",
        place=json.dumps(kept),
    )
