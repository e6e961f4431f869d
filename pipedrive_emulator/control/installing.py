"""Control of apps: registering, installing, sharing, and every way in which an installation ends."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from starlette.requests import Request

from pipedrive_emulator.control.requests import ControlRefused, app_of, read_json, read_object, user_of
from pipedrive_emulator.control.walk import install as walk
from pipedrive_emulator.control.world import app_row
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.oauth.doors import DOORS
from pipedrive_emulator.oauth.installations import NotAdmin
from pipedrive_emulator.registration_plain import read_registration
from pipedrive_emulator.world.company import User


async def list_apps(_: Request, emulator: Emulator) -> Any:
    return {"apps": [app_row(app) for app in emulator.apps.all()]}


async def register(request: Request, emulator: Emulator) -> Any:
    app = read_registration(await read_json(request), emulator.apps, Path.cwd())
    emulator.installations.register(app)
    return app_row(app)


async def change_app(request: Request, emulator: Emulator) -> Any:
    """``draft_of``: a company's id, or null for an app that is live. Registering again makes it live too."""
    app, body = app_of(emulator, request.path_params), await read_object(request)
    draft_of = body.get("draft_of")
    companies = [None, *(company.id for company in emulator.world.companies())]
    if set(body) != {"draft_of"} or draft_of not in companies:
        raise ControlRefused(400, "draft_of is the id of a company, or null for an app that is live.")
    changed = replace(app, draft_of=draft_of)
    emulator.apps.register(changed)
    return app_row(changed)


async def delete_app(request: Request, emulator: Emulator) -> Any:
    """What the owner does in Developer Hub: uninstalled for all, and not to be installed again."""
    app = app_of(emulator, request.path_params)
    return {"uninstalled": emulator.installations.delete_app(app)}


async def install(request: Request, emulator: Emulator) -> Any:
    body = await read_object(request)
    door = body.get("door", "marketplace")
    if door not in DOORS:
        raise ControlRefused(400, f"door is one of: {', '.join(DOORS)}.")
    return await walk(emulator, app_of(emulator, body), user_of(emulator, body), door)


async def uninstall(request: Request, emulator: Emulator) -> Any:
    body = await read_object(request)
    app, user = app_of(emulator, body), user_of(emulator, body)
    was_installed = emulator.grants.is_installed(app.client_id, user.company_id, user.id)
    emulator.installations.uninstall(app.client_id, user)
    return {"status": "uninstalled" if was_installed else "not_installed"}


async def share(request: Request, emulator: Emulator) -> Any:
    """``is_shared`` false makes the app private again; ``user_ids`` absent means all users."""
    body = await read_object(request)
    app, admin = app_of(emulator, body), user_of(emulator, body)
    is_shared = body.get("is_shared", True)
    if not isinstance(is_shared, bool):
        raise ControlRefused(400, "is_shared is true or false.")
    user_ids = _user_ids(emulator, admin, body.get("user_ids"))
    try:
        emulator.installations.share(app, admin, is_shared=is_shared, user_ids=user_ids)
    except NotAdmin as refused:
        raise ControlRefused(400, str(refused)) from refused
    return {"is_shared": is_shared}


def _user_ids(emulator: Emulator, admin: User, ids: Any) -> tuple[int, ...] | None:
    if ids is None:
        return None
    known = {user.id for user in emulator.world.users(admin.company_id)}
    if not isinstance(ids, list) or not ids or not all(one in known for one in ids):
        raise ControlRefused(400, "user_ids is a list of users of that company; leave it out for all.")
    return tuple(ids)
