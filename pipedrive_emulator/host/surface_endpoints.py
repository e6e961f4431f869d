"""What the page's scripts ask for on behalf of an app's iframe, and the removal of an app."""

from secrets import token_hex
from typing import Any

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.script_endpoints import body_of
from pipedrive_emulator.host.visit import Visit

# Pipedrive hides a surface whose SDK has not been initialized by then.
DEADLINE_SECONDS = 10

# What the page reports to the ledger; everything else is refused.
_NOTES = ("surface_hidden", "resize_out_of_range")


async def load_surface(visit: Visit) -> Response:
    """The address for one load of an iframe, with a runtime id and a token made for it alone."""
    body = await body_of(visit)
    app, surface = _surface(visit, body)
    runtime_id = f"rt_{token_hex(8)}"
    url = visit.emulator.surface_url(
        app,
        surface,
        visit.user,
        record_id=body.get("record_id"),
        theme="dark" if body.get("theme") == "dark" else "light",
        runtime_id=runtime_id,
    )
    switches = visit.emulator.switches
    return JSONResponse(
        {
            "url": url,
            "runtime_id": runtime_id,
            "deadline_seconds": DEADLINE_SECONDS,
            "resize_policy": switches.get("resize_policy"),
            "default_height": int(switches.get("panel_default_height")),
        }
    )


async def sign_token(visit: Visit) -> Response:
    """GET_SIGNED_TOKEN: fresh, with the secret of the surface that asks."""
    app, surface = _surface(visit, await body_of(visit))
    return JSONResponse({"token": visit.emulator.surface_token(app, surface, visit.user)})


async def take_note(visit: Visit) -> Response:
    """Keep in the ledger what an app's developer would otherwise only see in the browser's console."""
    body = await body_of(visit)
    app, surface = _surface(visit, body)
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
    await visit.emulator.oauth.uninstall(app.client_id, visit.user)
    return JSONResponse({})


def _app(visit: Visit, body: dict[str, Any]) -> App:
    app = visit.emulator.apps.by_client_id(str(body.get("client_id")))
    if app is None:
        raise Refused(404, "No such app is registered. Reload the page.")
    return app


def _surface(visit: Visit, body: dict[str, Any]) -> tuple[App, Surface]:
    app = _app(visit, body)
    surface = app.surface(str(body.get("surface")))
    if surface is None:
        raise Refused(404, f"{app.name} has no such surface any more. Reload the page.")
    return app, surface
