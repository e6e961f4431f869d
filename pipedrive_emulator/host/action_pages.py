"""Where link actions and REDIRECT_TO lead: an app's own address, its settings page, other products."""

import json
from typing import Any

from starlette.responses import RedirectResponse, Response

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.extensions import is_installed, settings_page
from pipedrive_emulator.host.visit import Handler, Visit
from pipedrive_emulator.place import PlaceRefused, read_place
from pipedrive_emulator.surfaces import surface_id

_IDS = ("resource", "view")


async def link_action(visit: Visit) -> Response:
    """A click on a link action, in a tab of its own: on to the app, if this user has it."""
    app, surface = _action(visit)
    if not is_installed(visit.emulator, visit.user, app):
        return _not_installed(visit, app, surface.title)
    query = visit.request.query_params
    said: dict[str, Any] = {key: query[key] for key in _IDS if key in query}
    said |= {"selected_ids": query.get("selectedIds"), "excluded_ids": query.get("excludedIds")}
    said |= {"object_id": query.get("objectId"), "field_key": query.get("fieldKey")}
    try:
        place = read_place(said | {"filter": _json(query.get("filter"))}, surface)
    except PlaceRefused as refused:
        raise Refused(400, str(refused)) from None
    url, _ = visit.emulator.load_surface(app, surface, visit.user, place)
    return RedirectResponse(url, status_code=302)


async def app_settings(visit: Visit) -> Response:
    """The settings page of an app; ``?context=`` is what REDIRECT_TO handed over."""
    client_id = visit.request.path_params["client_id"]
    app = visit.emulator.apps.by_client_id(client_id)
    surface = settings_page(app) if app else None
    if app is None or surface is None:
        return visit.notice("No settings here", "No app with this id has a settings page of its own.")
    if not is_installed(visit.emulator, visit.user, app):
        return _not_installed(visit, app, surface.title)
    context = _json(visit.request.query_params.get("context"))
    handed_over = json.dumps(context) if isinstance(context, dict) else ""
    return visit.page(
        "settings.html", app=app, surface=surface, handed_over=handed_over, section="marketplace"
    )


def absent(name: str) -> Handler:
    """A product of Pipedrive that has no page here."""

    async def handler(visit: Visit) -> Response:
        sentence = f"Pipedrive would show {name} here. This emulator has no page for them."
        return visit.notice(f"No page for {name}", sentence)

    return handler


def _action(visit: Visit) -> tuple[App, Surface]:
    wanted = visit.request.path_params["action"]
    for app in visit.emulator.apps.all():
        for surface in app.surfaces:
            if surface.kind == "link_action" and surface_id(app, surface) == wanted:
                return app, surface
    raise Refused(404, "No registered app has this action any more. Go back and reload the page.")


def _not_installed(visit: Visit, app: App, title: str) -> Response:
    sentence = f"{title} belongs to {app.name}, which {visit.user.name} has not installed. Install it first."
    title = f"{app.name} is not installed"
    return visit.page(
        "notice.html", status=403, title=title, sentence=sentence, install=f"Install {app.name}"
    )


def _json(text: str | None) -> Any:
    """What the text holds; None when it is empty, the text itself when it is no JSON."""
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
