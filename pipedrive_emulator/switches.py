"""Where Pipedrive's documents are silent or disagree, a switch decides; the first value is the default."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.store import Store

_SECTION = "switches"
NUMBER = ("a whole number",)


class SwitchRefused(ValueError):
    """Unknown switch or value; the text lists what exists."""


@dataclass(frozen=True, slots=True)
class Switch:
    name: str
    values: tuple[str, ...]
    meaning: str
    number_default: str = ""

    @property
    def default(self) -> str:
        return self.number_default or self.values[0]

    def accepts(self, value: str) -> bool:
        return value.isdecimal() if self.number_default else value in self.values


SWITCHES = (
    Switch(
        "refresh_rotation",
        ("same", "rotate", "single_use", "single_use_grace"),
        "A refresh answers the same refresh token; a new one beside the old; a new one and the old dies "
        "at once; a new one and the old dies 60 seconds later.",
    ),
    Switch(
        "old_access_after_refresh",
        ("valid", "revoked"),
        "Whether access tokens issued before a refresh live on until they expire.",
    ),
    Switch(
        "old_grant_on_reauthorise",
        ("revoked", "kept"),
        "What happens to the tokens of an earlier installation when the same user installs again.",
    ),
    Switch(
        "invalid_client",
        ("basic_401", "always_400"),
        "Status for wrong client credentials: 401 when they came in the header, or 400 always.",
    ),
    Switch(
        "error_envelope",
        ("pipedrive", "rfc"),
        "Token errors as {success, message, error} or as {error, error_description}.",
    ),
    Switch(
        "deny_error",
        ("user_denied", "access_denied"),
        "The error that Cancel on the consent page sends back.",
    ),
    Switch(
        "deny_description",
        ("no", "yes"),
        "Whether error_description comes with that error.",
    ),
    Switch(
        "empty_scope",
        ("ignored", "refused"),
        "What an empty scope in the authorize URL does: nothing, or 400. Any other scope is ignored.",
    ),
    Switch(
        "grant_wording",
        ("underscores", "spaces"),
        "Token errors speak of authorization_code and refresh_token, or of authorization code and refresh "
        "token.",
    ),
    Switch("revoke_body", ("json", "empty"), "The body of a revocation's 200."),
    Switch(
        "exchange_api_token",
        ("yes", "no"),
        "Whether grant_type=exchange_api_token turns a user's API token into an installation.",
    ),
    Switch(
        "api_domain",
        ("address", "company_host"),
        "Token answers name the emulator's address as api_domain, or the company's own host, which follows "
        "its domain but is found only where names under localhost lead to this machine.",
    ),
    Switch(
        "access_after_scopes_added",
        ("revoked", "valid"),
        "What becomes of access tokens when the app's registration asks for more scopes.",
    ),
    Switch(
        "installation_url_for",
        ("marketplace", "every_entry"),
        "Whether Install & test and Re-authorize start at the installation URL too, or at consent.",
    ),
    Switch(
        "share_auth",
        ("none", "basic"),
        "Whether the POST that tells of sharing carries the client's credentials.",
    ),
    Switch(
        "delete_timestamp", ("iso", "epoch", "epoch_ms"), "The form of timestamp in the uninstall callback."
    ),
    Switch(
        "delete_on_vendor_revoke",
        ("no", "yes"),
        "Whether revoking a refresh token through /oauth/revoke sends the uninstall callback too.",
    ),
    Switch(
        "delete_on_deactivation",
        ("no", "yes"),
        "Whether the uninstall callback is sent when a user is deactivated.",
    ),
    Switch(
        "delete_on_app_deletion",
        ("yes", "no"),
        "Whether the uninstall callback is sent for every user when the app is deleted.",
    ),
    Switch(
        "delete_order",
        ("after_token_death", "before_token_death"),
        "Whether tokens are dead when the uninstall callback arrives, or die once it was answered.",
    ),
    Switch(
        "callback_retries",
        ("no", "yes"),
        "Whether callbacks that are not answered with success are sent again, after 3, 30 and 150 seconds.",
    ),
    Switch("token_extra_keys", ("no", "yes"), "Whether token answers carry keys that no page documents."),
    Switch(
        "persons_by_deal",
        ("with_participants", "main_only"),
        "Whether GET /api/v2/persons?deal_id= lists participants beside the contact person.",
    ),
    Switch(
        "deleted_record",
        ("shown", "not_found"),
        "Whether GET of one deleted record answers it with is_deleted, or 404.",
    ),
    Switch(
        "limit_above_cap",
        ("clamp", "reject"),
        "Whether a page limit above the cap is lowered to the cap, or refused with 400.",
    ),
    Switch(
        "resize_policy",
        ("reject", "clamp"),
        "What the page does with a panel size outside the limits: ignore it, or use the nearest limit.",
    ),
    Switch(
        "json_panel_part",
        ("sent", "absent"),
        "Whether an action on an object or a field of a JSON panel is told which one, as objectId and "
        "fieldKey in the query. No page says so.",
    ),
    Switch(
        "panel_without_install",
        ("shown", "hidden"),
        "Whether a user who has not installed the app sees its panels. Pipedrive hides them; shown is the "
        "emulator's own, so that an app's connect page can be looked at.",
    ),
    Switch(
        "initialize_while_hidden",
        ("answered", "withheld"),
        "Whether initialize of a floating window is answered before it is shown for the first time.",
    ),
    Switch(
        "floating_from_elsewhere",
        ("allowed", "refused"),
        "Whether panels, modals and the settings page may use the commands of their app's floating window.",
    ),
    Switch(
        "phone_context",
        ("number", "phone", "phoneNumber", "call_number", "none"),
        "How a click on a phone number names it in the context of the floating window: under that key, as "
        "{call: {number}}, or not at all.",
    ),
    Switch(
        "modal_close_status",
        ("closed", "submitted"),
        "The status with which OPEN_MODAL resolves after the custom modal closed itself with CLOSE_MODAL.",
    ),
    Switch(
        "sdk_modal_record",
        ("opener", "none"),
        "Whether a custom modal opened by the SDK is told the record beside which its opener stands.",
    ),
    Switch(
        "modal_list_filter",
        ("absent", "present"),
        "Whether custom modals opened from a list get excludedIds and filter, as link actions do.",
    ),
    Switch(
        "link_action_token",
        ("absent", "present"),
        "Whether link actions carry the signed token.",
    ),
    Switch(
        "settings_context",
        ("json", "flat"),
        "Whether the context of REDIRECT_TO settings is one parameter in JSON or one for each of its keys.",
    ),
    Switch(
        "iframe_sandbox",
        ("off", "on"),
        "Whether iframes are sandboxed; scripts, forms, popups, downloads and their own origin stay allowed.",
    ),
    Switch(
        "modal_default_width", NUMBER, "Pixels of a custom modal that named no size.", number_default="520"
    ),
    Switch(
        "modal_default_height", NUMBER, "Pixels of a custom modal that named no size.", number_default="400"
    ),
    Switch(
        "floating_default_width",
        NUMBER,
        "Pixels of a floating window that named no size.",
        number_default="320",
    ),
    Switch(
        "floating_default_height",
        NUMBER,
        "Pixels of a floating window that named no size.",
        number_default="240",
    ),
    Switch("panel_default_height", NUMBER, "Pixels of a panel that named no size.", number_default="300"),
)


class Switches:
    """The present position of every switch, where nobody turned it its preset, and without one its default.

    ``insist``: presets go before kept positions too, as a command line does.
    """

    def __init__(
        self, store: Store, presets: Mapping[str, str] | None = None, *, insist: bool = False
    ) -> None:
        self._store = store
        self._known = {switch.name: switch for switch in SWITCHES}
        defaults = {name: switch.default for name, switch in self._known.items()}
        preset, kept = self._checked(presets or {}), dict(store.load(_SECTION))
        self._positions: dict[str, str] = defaults | preset | kept | (preset if insist else {})

    def get(self, name: str) -> str:
        return self._positions[name]

    def number(self, name: str) -> int:
        return int(self._positions[name])

    def set(self, positions: Mapping[str, Any]) -> None:
        """Turn several at once; none is turned when one of them is refused."""
        checked = self._checked(positions)
        self._positions |= checked
        for name, value in checked.items():
            self._store.put(_SECTION, name, value)

    def all(self) -> dict[str, dict[str, Any]]:
        """Name -> value, allowed values, default, meaning."""
        return {
            name: {
                "value": self.get(name),
                "values": list(switch.values),
                "default": switch.default,
                "meaning": switch.meaning,
            }
            for name, switch in self._known.items()
        }

    def _checked(self, positions: Mapping[str, Any]) -> dict[str, str]:
        for name, value in positions.items():
            switch = self._known.get(name)
            if switch is None:
                raise SwitchRefused(
                    f"There is no switch {name!r}. There are: {', '.join(sorted(self._known))}."
                )
            if not switch.accepts(str(value)):
                raise SwitchRefused(f"{name} can be {' or '.join(switch.values)}, not {value!r}.")
        return {name: str(value) for name, value in positions.items()}
