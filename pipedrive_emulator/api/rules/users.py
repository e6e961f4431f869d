"""Users, https://developers.pipedrive.com/docs/api/v1/Users; API v1 keeps their older form."""

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.company import User

_CREATED = "2024-02-12 09:14:35"
_LANGUAGE_NUMBERS = {"en": 1, "vi": 38}
_APPS = ("sales", "global", "account_settings")


def me(call: Call) -> Answer:
    """The caller with company and language: what an app asks first after an installation."""
    company, user = call.company, call.user
    return Answer(
        {
            **_user(call, user),
            "company_id": company.id,
            "company_name": company.name,
            "company_domain": company.domain,
            "company_country": company.country,
            "company_industry": company.industry,
            "language": {"language_code": user.language_code, "country_code": user.country_code},
        }
    )


def all_users(call: Call) -> Answer:
    return Answer([_user(call, user) for user in call.world.users(call.company.id)])


def one(call: Call) -> Answer:
    user = call.colleague(whole_number(call.variables["id"]))
    if user is None:
        raise refused(404, "User not found or not accessible.")
    return Answer(_user(call, user))


def _user(call: Call, user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "default_currency": user.default_currency,
        "locale": user.locale,
        "lang": _LANGUAGE_NUMBERS.get(user.language_code, 1),
        "email": user.email,
        "phone": user.phone,
        "activated": True,
        "last_login": _CREATED,
        "created": _CREATED,
        "modified": _CREATED,
        "has_created_company": user.is_admin,
        "access": _access(user),
        "active_flag": user.active,
        "timezone_name": user.time_zone,
        "timezone_offset": _offset(user, call.now),
        "role_id": user.role_id,
        "icon_url": None,
        "is_you": user.id == call.user.id,
        "is_deleted": False,
    }


def _access(user: User) -> list[dict[str, Any]]:
    """Not every user has every app; whoever lacks ``admin: true`` is no admin there."""
    apps = _APPS if user.is_admin else _APPS[:2]
    sets = [str(uuid.uuid5(uuid.NAMESPACE_URL, f"{user.company_id}/{app}/{user.is_admin}")) for app in apps]
    return [
        {"app": app, "admin": user.is_admin, "permission_set_id": permission_set}
        for app, permission_set in zip(apps, sets, strict=True)
    ]


def _offset(user: User, now: float) -> str:
    """As ``+02:00``."""
    moment = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(user.time_zone))
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:]}"


OPERATIONS = {
    "GET v1/users": all_users,
    "GET v1/users/me": me,
    "GET v1/users/{id}": one,
}
