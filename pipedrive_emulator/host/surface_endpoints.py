"""What the page's scripts ask for on behalf of an app's iframe, and the removal of an app."""

from dataclasses import replace
from typing import Any

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.extensions import may_load, names_of
from pipedrive_emulator.host.script_endpoints import body_of
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.place import Place, PlaceRefused, read_place

# Pipedrive hides a surface whose SDK has not been initialized by then.
DEADLINE_SECONDS = 10

# The switches that say how large a surface is before it asks, and those that the page's scripts obey.
SIZE_SWITCHES = {
    "custom_panel": {"height": "panel_default_height"},
    "custom_modal": {"width": "modal_default_width", "height": "modal_default_height"},
    "floating_window": {"width": "floating_default_width", "height": "floating_default_height"},
}
RULES = (
    "resize_policy",
    "initialize_while_hidden",
    "floating_from_elsewhere",
    "phone_context",
    "modal_close_status",
    "iframe_sandbox",
)

# What the page reports to the ledger; everything else is refused.
_NOTES = ("surface_hidden", "resize_out_of_range")


async def load_surface(visit: Visit) -> Response:
    """The address for one load of an iframe, with a runtime id and a token made for it alone."""
    body = await body_of(visit)
    app, surface = surface_of(visit, body)
    needs_install(visit, app, surface)
    url, load = visit.emulator.load_surface(
        app, surface, visit.user, place_of(visit, body, surface), str(body.get("theme"))
    )
    switches = visit.emulator.switches
    size = SIZE_SWITCHES.get(surface.kind, {})
    return JSONResponse(
        {
            "url": url,
            "runtime_id": load.runtime_id,
            "deadline_seconds": DEADLINE_SECONDS,
            "default_size": {side: switches.number(name) for side, name in size.items()},
            "rules": {name: switches.get(name) for name in RULES},
        }
    )


def place_of(visit: Visit, body: dict[str, Any], surface: Surface) -> Place:
    """Where the script says that the surface stands; ``opener`` marks a modal that the SDK opened."""
    try:
        place = read_place(body, surface)
    except PlaceRefused as refused:
        raise Refused(400, str(refused)) from None
    if body.get("opener") and visit.emulator.switches.get("sdk_modal_record") == "none":
        return replace(place, view="details", selected_ids=None)
    return place


async def find_action(visit: Visit) -> Response:
    """What OPEN_MODAL's ``action_id`` means within the app that asks: ``{client_id, type, action_id}``."""
    body = await body_of(visit)
    app = _app(visit, body)
    wanted, kind = str(body.get("action_id")), str(body.get("type"))
    surface = next((one for one in app.surfaces if one.kind == kind and wanted in names_of(app, one)), None)
    if surface is None:
        raise Refused(404, f'{app.name} has no {kind} with the id or name "{wanted}"')
    needs_install(visit, app, surface)
    return JSONResponse({"surface": surface.name, "title": surface.title})


def needs_install(visit: Visit, app: App, surface: Surface) -> None:
    if not may_load(visit.emulator, visit.user, app, surface):
        raise Refused(403, f"Install {app.name} first: its {surface.kind} is for those who did.")


async def sign_token(visit: Visit) -> Response:
    """GET_SIGNED_TOKEN: fresh, with the secret of the surface that asks."""
    app, surface = surface_of(visit, await body_of(visit))
    return JSONResponse({"token": visit.emulator.surface_token(app, surface, visit.user)})


async def take_note(visit: Visit) -> Response:
    """Keep in the ledger what an app's developer would otherwise only see in the browser's console."""
    body = await body_of(visit)
    app, surface = surface_of(visit, body)
    if body.get("kind") not in _NOTES:
        raise Refused(400, f"A note is one of: {', '.join(_NOTES)}.")
    visit.emulator.ledger.append(
        body["kind"],
        company_id=visit.company.id,
        user_id=visit.user.id,
        client_id=app.client_id,
        surface=surface.name,
        reason=str(body.get("reason")),
    )
    return JSONResponse({})


async def uninstall(visit: Visit) -> Response:
    app = _app(visit, await body_of(visit))
    visit.emulator.installations.uninstall(app.client_id, visit.user)
    return JSONResponse({})


def _app(visit: Visit, body: dict[str, Any]) -> App:
    app = visit.emulator.apps.by_client_id(str(body.get("client_id")))
    if app is None:
        raise Refused(404, "No such app is registered. Reload the page.")
    return app


def surface_of(visit: Visit, body: dict[str, Any]) -> tuple[App, Surface]:
    app = _app(visit, body)
    surface = app.surface(str(body.get("surface")))
    if surface is None:
        raise Refused(404, f"{app.name} has no such surface any more. Reload the page.")
    return app, surface
