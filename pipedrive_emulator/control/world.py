"""GET /_emulator/world: everything there is, for tests that choose from it."""

from typing import Any

from pipedrive_emulator.apps import App
from pipedrive_emulator.control.requests import ControlRefused
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.surfaces import surface_id
from pipedrive_emulator.world.company import Company, User

_COMPANY = ("id", "domain", "name", "currency", "plan", "seats", "is_open")
_USER = (
    "id",
    "company_id",
    "name",
    "email",
    "is_admin",
    "active",
    "language_code",
    "country_code",
    "time_zone",
    "visibility_group",
    "api_token",
)
_TABLES = (
    "deals",
    "persons",
    "organizations",
    "activities",
    "leads",
    "products",
    "pipelines",
    "stages",
    "dealFields",
    "deal_participants",
)


def world(emulator: Emulator, tables: str | None = None) -> dict[str, Any]:
    """``tables``: names with commas, the empty text for none of them, None for all.

    Raises:
        ControlRefused: 400 for a table that is not told.
    """
    wanted = _TABLES if tables is None else tuple(filter(None, tables.split(",")))
    if unknown := [name for name in wanted if name not in _TABLES]:
        raise ControlRefused(400, f"There is no table {unknown[0]!r}. There are: {', '.join(_TABLES)}.")
    return {
        "companies": [company_row(company) for company in emulator.world.companies()],
        "users": [user_row(user) for user in emulator.world.users()],
        "apps": [app_row(app) for app in emulator.apps.all()],
        "records": {table: _records(emulator, table) for table in wanted},
    }


def company_row(company: Company) -> dict[str, Any]:
    return {key: getattr(company, key) for key in _COMPANY}


def user_row(user: User) -> dict[str, Any]:
    return {key: getattr(user, key) for key in _USER}


def app_row(app: App) -> dict[str, Any]:
    """``client_secret`` lists several with commas, newest first."""
    return {
        "name": app.name,
        "client_id": app.client_id,
        "client_secret": ",".join(app.client_secrets),
        "callback_url": app.callback_url,
        "installation_url": app.installation_url,
        "draft_of": app.draft_of,
        "scopes": [scope.name for scope in app.scopes],
        "surfaces": [surface.name for surface in app.surfaces],
        "messaging": sorted(app.messaging or ()),
        "extension_ids": {surface.name: surface_id(app, surface) for surface in app.surfaces},
    }


def _records(emulator: Emulator, table: str) -> list[dict[str, Any]]:
    return [
        {"company_id": company.id} | record
        for company in emulator.world.companies()
        for record in emulator.world.records(company.id).all(table)
    ]
