"""One word that changes whenever anything on a user's pages may look different."""

from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.world import User

_SECONDS_A_MINUTE = 60


def revision_for(emulator: Emulator, user: User) -> str:
    """Records of the company, this user's installations, and the minute, since "overdue" depends on it."""
    installed = [
        app.client_id
        for app in emulator.apps.all()
        if emulator.grants.is_installed(app.client_id, user.company_id, user.id)
    ]
    minute = int(emulator.clock.now() // _SECONDS_A_MINUTE)
    return "/".join([str(emulator.world.revision(user.company_id)), str(minute), *installed])
