"""What belongs to the caller, or to the bill.

https://developers.pipedrive.com/docs/api/v1/UserSettings, .../UserConnections and .../Billing.
"""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.call import Answer, Call

_SETTINGS: Mapping[str, Any] = {
    "marketplace_team": False,
    "list_limit": 100,
    "beta_app": True,
    "prevent_salesphone_callto_override": False,
    "file_upload_destination": "s3",
    "callto_link_syntax": "callto:[number]",
    "autofill_deal_expected_close_date": False,
    "person_duplicate_condition": "name && (org_id || email || phone)",
}
# Which add-ons a company of that plan has; nothing can be bought here.
_ADDONS: Mapping[str, tuple[str, ...]] = {
    "Lite": (),
    "Growth": ("leadbooster_v2",),
    "Premium": ("leadbooster_v2", "prospector", "smart_docs_v2"),
    "Ultimate": ("leadbooster_v2", "prospector", "smart_docs_v2", "projects"),
}


def _user_settings(_: Call) -> Answer:
    return Answer(dict(_SETTINGS))


def _user_connections(call: Call) -> Answer:
    """Admins have connected a calendar, others nothing."""
    return Answer({"google": f"google-{call.user.id}"} if call.user.is_admin else {})


def _addons(call: Call) -> Answer:
    return Answer([{"code": code} for code in _ADDONS[call.company.plan]])


OPERATIONS: Mapping[str, Any] = {
    "GET v1/userSettings": _user_settings,
    "GET v1/userConnections": _user_connections,
    "GET v1/billing/subscriptions/addons": _addons,
}
