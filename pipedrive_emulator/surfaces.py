"""What Pipedrive's page tells an app extension: a signed token, and a query that is not signed.

Pages: https://pipedrive.readme.io/docs/custom-ui-extensions and the README of the app extensions SDK;
link actions: https://pipedrive.readme.io/docs/app-extensions-actions
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit
from uuid import NAMESPACE_URL, uuid5

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.place import Place
from pipedrive_emulator.signing import sign
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.company import User

TOKEN_SECONDS = 300

_RECORD = ("resource", "view", "selectedIds")
_WHO = ("userId", "companyId")
_FRAME = ("id", "theme", "token")
_REST = ("excludedIds", "filter")
# Of an action that stands in a JSON panel, at one of its objects or fields.
_PART = ("objectId", "fieldKey")
# Which parameters each kind is sent; one without a value is left out.
QUERY: Mapping[str, tuple[str, ...]] = {
    "custom_panel": (*_RECORD, *_WHO, *_FRAME),
    "custom_modal": (*_RECORD, *_PART, *_REST, *_WHO, "data", *_FRAME),
    "floating_window": (*_WHO, *_FRAME),
    "settings_page": (*_WHO, "context", *_FRAME),
    "link_action": (*_RECORD, *_PART, *_REST, *_WHO, "token"),
    "json_panel": (*_RECORD, *_WHO, "isShared", "token"),
    "json_modal": (*_RECORD, *_PART, *_REST, *_WHO, "token"),
}


@dataclass(frozen=True, slots=True)
class Load:
    """What belongs to one load of a surface; link actions and JSON surfaces have no runtime id."""

    token: str
    runtime_id: str = ""
    theme: str = "light"
    is_shared: bool = False


def surface_id(app: App, surface: Surface) -> str:
    """The id that Developer Hub shows for an extension, the same for as long as its name stays."""
    return str(uuid5(NAMESPACE_URL, f"pipedrive-emulator:{app.client_id}/{surface.name}"))


def surface_token(surface: Surface, user: User, now: float) -> str:
    """HS256 with the extension's secret; claims are numbers, life is five minutes."""
    issued_at = int(now)
    claims = {"userId": user.id, "companyId": user.company_id}
    return sign(claims | {"iat": issued_at, "exp": issued_at + TOKEN_SECONDS}, surface.secret)


def surface_url(surface: Surface, user: User, place: Place, load: Load, switches: Switches) -> str:
    """The address that is loaded or called; parameters of the registered URL itself are kept."""
    query = urlencode(surface_query(surface, user, place, load, switches))
    parts = urlsplit(surface.url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, query]))))


def surface_query(
    surface: Surface, user: User, place: Place, load: Load, switches: Switches
) -> dict[str, str]:
    """The parameters of one load, by name; every value is a string, ids are joined with commas."""
    known = place.query() | {
        "userId": str(user.id),
        "companyId": str(user.company_id),
        "isShared": "true" if load.is_shared else "false",
        "id": load.runtime_id,
        "theme": "dark" if load.theme == "dark" else "light",
        "token": load.token,
    }
    names = [name for name in QUERY[surface.kind] if name not in _held_back(surface, switches)]
    query = {name: known[name] for name in names if name in known}
    if "context" in query and switches.get("settings_context") == "flat":
        query |= place.flat_context()
        del query["context"]
    return query


def _held_back(surface: Surface, switches: Switches) -> tuple[str, ...]:
    """What the documents leave open, and a switch keeps away."""
    held = _PART if switches.get("json_panel_part") == "absent" else ()
    if surface.kind == "link_action" and switches.get("link_action_token") == "absent":
        return (*held, "token")
    if surface.kind == "custom_modal" and switches.get("modal_list_filter") == "absent":
        return (*held, *_REST)
    return held
