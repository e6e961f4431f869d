"""The Marketplace: what is registered, what it asks for, and whether this user has it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from pipedrive_emulator.apps import App
from pipedrive_emulator.host.visit import Visit


@dataclass(frozen=True, slots=True)
class Listing:
    app: App
    is_installed: bool
    install_url: str


async def marketplace(visit: Visit) -> Response:
    user, grants = visit.user, visit.emulator.grants
    listings = [
        Listing(app, grants.is_installed(app.client_id, user.company_id, user.id), install_url(app))
        for app in visit.emulator.apps.all()
    ]
    return visit.page("marketplace.html", listings=listings, section="marketplace")


def install_url(app: App) -> str:
    """The app's own installation URL if it registered one, else consent, which then carries no state."""
    if app.installation_url:
        return app.installation_url
    return f"/oauth/authorize?{urlencode({'client_id': app.client_id, 'redirect_uri': app.callback_url})}"
