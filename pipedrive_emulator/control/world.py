"""GET /_emulator/world: everything there is, for tests that choose from it."""

from dataclasses import asdict
from typing import Any

from pipedrive_emulator.apps import App
from pipedrive_emulator.emulator import Emulator

_COMPANY = ("id", "domain", "name", "currency")
_USER = (
    "id",
    "company_id",
    "name",
    "email",
    "is_admin",
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


def world(emulator: Emulator) -> dict[str, Any]:
    companies = [asdict(company) for company in emulator.world.companies()]
    users = [asdict(user) for user in emulator.world.users()]
    return {
        "companies": [{key: company[key] for key in _COMPANY} for company in companies],
        "users": [{key: user[key] for key in _USER} for user in users],
        "apps": [app_row(app) for app in emulator.apps.all()],
        "records": {table: _records(emulator, table) for table in _TABLES},
    }


def app_row(app: App) -> dict[str, Any]:
    """``client_secret`` lists several with commas, newest first."""
    return {
        "name": app.name,
        "client_id": app.client_id,
        "client_secret": ",".join(app.client_secrets),
        "callback_url": app.callback_url,
        "installation_url": app.installation_url,
        "surfaces": [surface.name for surface in app.surfaces],
    }


def _records(emulator: Emulator, table: str) -> list[dict[str, Any]]:
    return [
        {"company_id": company.id} | record
        for company in emulator.world.companies()
        for record in emulator.world.records(company.id).all(table)
    ]
