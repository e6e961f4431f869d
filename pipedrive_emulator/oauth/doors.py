"""Where an installation starts, for each entry that Pipedrive's pages have."""

from typing import Literal, get_args
from urllib.parse import urlencode

from pipedrive_emulator.apps import App
from pipedrive_emulator.switches import Switches

Door = Literal["marketplace", "share", "test", "reauthorize"]
DOORS: tuple[Door, ...] = get_args(Door)

# The entries that lead to the installation URL wherever there is one; the others do by the switch.
_ASK_THE_APP = ("marketplace", "share")


def entry_url(app: App, door: Door, switches: Switches, origin: str = "") -> str:
    """The app's own installation URL, or consent on that origin at once, which then carries no state."""
    is_asked = door in _ASK_THE_APP or switches.get("installation_url_for") == "every_entry"
    if app.installation_url and is_asked:
        return app.installation_url
    wish = {"client_id": app.client_id, "redirect_uri": app.callback_url}
    return f"{origin}/oauth/authorize?{urlencode(wish)}"
