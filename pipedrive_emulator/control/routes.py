"""Steering the emulator: JSON in, JSON out, a sentence in ``error`` when something does not fit."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from pipedrive_emulator.control import crowd, installing, messaging, people, state, webhooks
from pipedrive_emulator.control.requests import ControlRefused, app_of, read_object, user_of
from pipedrive_emulator.control.world import world
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.faults import FaultRefused
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.place import read_place
from pipedrive_emulator.registration import RegistrationRefused
from pipedrive_emulator.switches import SwitchRefused

Action = Callable[[Request, Emulator], Awaitable[Any]]


async def _world(request: Request, emulator: Emulator) -> Any:
    return world(emulator, request.query_params.get("tables"))


async def _ledger(request: Request, emulator: Emulator) -> Any:
    since = whole_number(request.query_params.get("since", "0"))
    if since is None:
        raise ControlRefused(400, "since is the number of the last entry that you know, or 0.")
    return {"entries": emulator.ledger.entries(since)}


async def _surface(request: Request, emulator: Emulator) -> Any:
    body = await read_object(request)
    app, user = app_of(emulator, body), user_of(emulator, body)
    surface = app.surface(str(body.get("surface")))
    if surface is None:
        names = ", ".join(surface.name for surface in app.surfaces)
        raise ControlRefused(404, f"{app.name} has no surface {body.get('surface')!r}. It has: {names}.")
    place = read_place(body, surface)
    url, load = emulator.load_surface(app, surface, user, place, str(body.get("theme", "light")))
    return {"url": url, "token": load.token}


ACTIONS: tuple[tuple[str, str, Action], ...] = (
    ("GET", "/world", _world),
    ("GET", "/ledger", _ledger),
    ("GET", "/apps", installing.list_apps),
    ("POST", "/apps", installing.register),
    ("POST", "/apps/{client_id}", installing.change_app),
    ("DELETE", "/apps/{client_id}", installing.delete_app),
    ("POST", "/install", installing.install),
    ("POST", "/uninstall", installing.uninstall),
    ("POST", "/share", installing.share),
    ("POST", "/crowd", crowd.plant_crowd),
    ("POST", "/codes", crowd.issue_codes),
    ("GET", "/grants", crowd.list_grants),
    ("POST", "/companies/{company_id}", people.change_company),
    ("POST", "/users/{user_id}", people.change_user),
    ("POST", "/surface", _surface),
    ("GET", "/channels", messaging.list_channels),
    ("POST", "/messaging", messaging.ask),
    ("GET", "/clock", state.read_clock),
    ("POST", "/clock", state.advance_clock),
    ("GET", "/switches", state.read_switches),
    ("POST", "/switches", state.turn_switches),
    ("GET", "/faults", state.read_faults),
    ("POST", "/faults", state.order_faults),
    ("DELETE", "/faults", state.end_faults),
    ("GET", "/webhooks", webhooks.list_webhooks),
    ("POST", "/webhooks", webhooks.order_deliveries),
    ("POST", "/reset", state.reset),
    ("GET", "/snapshots", state.list_snapshots),
    ("POST", "/snapshot", state.take_snapshot),
    ("POST", "/restore", state.restore_snapshot),
)


def routes(emulator: Emulator) -> list[BaseRoute]:
    rows = [Route(path, _endpoint(action, emulator), methods=[method]) for method, path, action in ACTIONS]
    return [Mount("/_emulator", routes=rows)]


def _endpoint(action: Action, emulator: Emulator) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await action(request, emulator))
        except ControlRefused as refused:
            return JSONResponse({"error": str(refused)}, refused.status)
        except (FaultRefused, RegistrationRefused, SwitchRefused, ValueError) as refused:
            return JSONResponse({"error": str(refused)}, 400)

    return endpoint
