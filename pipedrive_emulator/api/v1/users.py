"""A user as API v1 shows one, https://developers.pipedrive.com/docs/api/v1/Users."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.staff import access

_LANGUAGE_NUMBERS = {"en": 1, "vi": 38}


def user(call: Call, one: User) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "default_currency": one.default_currency,
        "locale": one.locale,
        "lang": _LANGUAGE_NUMBERS.get(one.language_code, 1),
        "email": one.email,
        "phone": one.phone,
        "activated": one.activated,
        "last_login": one.last_login,
        "created": one.created,
        "modified": one.modified,
        "has_created_company": one.is_admin,
        "access": _access(call, one),
        "active_flag": one.active,
        "timezone_name": one.time_zone,
        "timezone_offset": _offset(one, call.now),
        "role_id": one.visibility_group,
        "icon_url": None,
        "is_you": one.id == call.user.id,
        "is_deleted": False,
    }


def _access(call: Call, one: User) -> list[dict[str, Any]]:
    """Not every user has every app; whoever lacks ``admin: true`` is no admin there."""
    rows = []
    for app, name in access(one).items():
        found = call.records.find("permissionSets", name) or {}
        rows.append({"app": app, "admin": found.get("type") == "admin", "permission_set_id": name})
    return rows


def _offset(one: User, now: float) -> str:
    """As ``+02:00``."""
    moment = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(one.time_zone))
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:]}"
