"""Pipedrive's settings, as far as apps have to do with them: API token, company, apps, webhooks."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.apps import App
from pipedrive_emulator.host.budget import budget_today, spenders
from pipedrive_emulator.host.extensions import settings_page
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.oauth.installations import State
from pipedrive_emulator.world.records import Record

# (group, what the menu says, path)
MENU = (
    ("Personal preferences", "API", "/settings/api"),
    ("Company", "Company settings", "/settings/company"),
    ("Company", "Marketplace apps", "/settings/marketplace"),
    ("Company", "Webhooks", "/settings/webhooks"),
)
_FIELDS = ("id", "event_action", "event_object", "subscription_url", "version", "type", "last_http_status")


@dataclass(frozen=True, slots=True)
class Installed:
    app: App
    state: State
    has_settings: bool


@dataclass(frozen=True, slots=True)
class Hook:
    """One webhook in words; ``state`` is active, banned or why it ended."""

    facts: Record
    app: str
    owner: str
    state: str
    last: str

    @property
    def is_alive(self) -> bool:
        return self.state == "active"


async def api(visit: Visit) -> Response:
    return _page(visit, "settings_api.html", "API", origin=visit.emulator.addresses.api)


async def show_token(visit: Visit) -> Response:
    """The user's own API token, asked for by a click; pages never carry it unasked."""
    return JSONResponse({"token": visit.user.api_token})


async def company(visit: Visit) -> Response:
    people = visit.emulator.world.users(visit.company.id)
    return _page(
        visit,
        "settings_company.html",
        "Company settings",
        budget=budget_today(visit),
        spenders=spenders(visit),
        people=people,
        address=visit.emulator.addresses.company(visit.company),
    )


async def marketplace_apps(visit: Visit) -> Response:
    installations = visit.emulator.installations
    states = ((app, installations.state(app, visit.user)) for app in visit.emulator.apps.all())
    found = [
        Installed(app, state, settings_page(app) is not None) for app, state in states if state != "absent"
    ]
    return _page(visit, "settings_apps.html", "Marketplace apps", found=found)


async def webhooks(visit: Visit) -> Response:
    """Everybody's in this company, of people and of apps: the one place where all can be seen."""
    rows = visit.emulator.world.records(visit.company.id).all("webhooks")
    hooks = [_hook(visit, row) for row in rows]
    return _page(visit, "settings_webhooks.html", "Webhooks", hooks=hooks)


def _page(visit: Visit, template: str, here: str, **context: Any) -> Response:
    return visit.page(template, menu=MENU, here=here, **context)


def _hook(visit: Visit, row: Record) -> Hook:
    app = visit.emulator.apps.by_client_id(row["client_id"]) if row.get("client_id") else None
    last = row.get("last_delivery_time")
    return Hook(
        facts={key: row.get(key) for key in _FIELDS},
        app=app.name if app else row.get("client_id") or "",
        owner=visit.names().get(row["owner_id"], ""),
        state=_state(visit, row),
        last=visit.wording.moment(last) if last else "",
    )


def _state(visit: Visit, row: Record) -> str:
    if not row["is_active"]:
        return f"ended: {str(row.get('remove_reason') or 'deleted').replace('_', ' ')}"
    banned_until = row.get("banned_until")
    return "banned" if banned_until and banned_until > visit.emulator.clock.now() else "active"
