"""One word that changes whenever anything on a user's pages may look different."""

from pipedrive_emulator.apps import App
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.world import User

_SECONDS_A_MINUTE = 60


def revision_for(emulator: Emulator, user: User) -> str:
    """Records of the company, what this user sees of apps, and the minute, since "overdue" depends on it."""
    apps = [_app(emulator, app, user) for app in emulator.apps.all()]
    minute = int(emulator.clock.now() // _SECONDS_A_MINUTE)
    return "/".join([str(emulator.world.revision(user.company_id)), str(minute), *filter(None, apps)])


def _app(emulator: Emulator, app: App, user: User) -> str:
    """Empty for an app that this user has nothing to do with."""
    state = emulator.installations.state(app, user)
    is_shared = emulator.installations.shares.find(app.client_id, user.company_id) is not None
    return "" if state == "absent" and not is_shared else f"{app.client_id}:{state}:{is_shared}"
