"""The Marketplace: what is registered, what it asks for, and what this user has of it."""

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.apps import App
from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.script_endpoints import body_of
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.oauth.doors import DOORS, Door, entry_url
from pipedrive_emulator.oauth.installations import NotAdmin, State


@dataclass(frozen=True, slots=True)
class Listing:
    """``is_offered``: an admin shares the app with this user; ``is_shared``: with anybody of the company."""

    app: App
    state: State
    is_offered: bool
    is_shared: bool
    urls: dict[Door, str]


async def marketplace(visit: Visit) -> Response:
    listings = [_listing(visit, app) for app in visit.emulator.apps.all() if app.is_visible(visit.company.id)]
    return visit.page("marketplace.html", listings=listings, section="marketplace")


async def share(visit: Visit) -> Response:
    """Show the app to the whole company, or make it private again."""
    body = await body_of(visit)
    app = visit.emulator.apps.by_client_id(str(body.get("client_id")))
    if app is None:
        raise Refused(404, "No such app is registered. Reload the page.")
    try:
        visit.emulator.installations.share(app, visit.user, is_shared=body.get("is_shared") is True)
    except NotAdmin as refused:
        raise Refused(403, str(refused)) from refused
    return JSONResponse({})


def _listing(visit: Visit, app: App) -> Listing:
    user, installations = visit.user, visit.emulator.installations
    return Listing(
        app=app,
        state=installations.state(app, user),
        is_offered=installations.shares.reaches(app.client_id, user.company_id, user.id),
        is_shared=installations.shares.find(app.client_id, user.company_id) is not None,
        urls={door: entry_url(app, door, visit.emulator.switches) for door in DOORS},
    )
