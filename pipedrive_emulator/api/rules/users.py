"""Users, https://developers.pipedrive.com/docs/api/v1/Users; API v1 keeps their older form."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import ApiError, not_allowed, refused
from pipedrive_emulator.api.rules import roles
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.users import user as view
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.staff import DEFAULT_ROLE, PERMISSIONS, permissions, set_id

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_STEP = 13  # between the numbers of two users: they look drawn, and are the same each time


def me(call: Call) -> Answer:
    """The caller with company and language: what an app asks first after an installation."""
    company, user = call.company, call.user
    return Answer(
        {
            **view(call, user),
            "company_id": company.id,
            "company_name": company.name,
            "company_domain": company.domain,
            "company_country": company.country,
            "company_industry": company.industry,
            "language": {"language_code": user.language_code, "country_code": user.country_code},
        }
    )


def find_user(call: Call, text: str) -> User:
    """A colleague whom the caller may see.

    Raises:
        ApiError: 404 with the documented text.
    """
    user = call.colleague(whole_number(text))
    if user is None or user not in _seen(call):
        raise _absent()
    return user


def _absent() -> ApiError:
    return ApiError(404, {"error": "User not found or not accessible."})


def _seen(call: Call) -> list[User]:
    """Whoever lacks can_see_other_users is alone in the company."""
    if "can_see_other_users" in permissions(call.records, call.user):
        return call.colleagues()
    return [call.user]


def _all(call: Call) -> Answer:
    return Answer([view(call, user) for user in _seen(call)])


def _find(call: Call) -> Answer:
    """Matches names, or e-mail addresses alone when the query says so."""
    term = str(call.query.get("term", "")).casefold()
    if not term:
        raise refused(400, "Bad request: term is required.")
    by_email = call.query.get("search_by_email") == "1"
    found = [user for user in _seen(call) if term in (user.email if by_email else user.name).casefold()]
    return Answer([view(call, user) for user in found])


def _one(call: Call) -> Answer:
    return Answer(view(call, find_user(call, call.variables["id"])))


def _create(call: Call) -> Answer:
    """An invited user: not activated until somebody logs in, in the default visibility group."""
    body = read_leniently(call)
    email = body["email"].strip()
    if not _ADDRESS.fullmatch(email):
        raise refused(400, "Bad request: email is not a valid e-mail address.")
    if any(user.email.casefold() == email.casefold() for user in call.colleagues()):
        raise refused(400, "User with this email already exists.")
    access = _asked_access(call, body.get("access") or [{"app": "sales"}])
    user_id = max(user.id for user in call.world.users()) + _STEP
    admin_set = set_id(call.company.id, "global", "admin")
    user = replace(
        call.user,
        id=user_id,
        name=email.partition("@")[0],
        email=email,
        phone=None,
        is_admin=access.get("global") == admin_set,
        access=access,
        visibility_group=DEFAULT_ROLE,
        api_token=hashlib.sha1(f"api token of {user_id}".encode(), usedforsecurity=False).hexdigest(),
        active=body.get("active_flag", True),
        activated=False,
        created=call.v1_time,
        modified=call.v1_time,
        last_login=None,
    )
    call.put_user(user)
    return Answer(view(call, user))


def _asked_access(call: Call, rows: list[dict[str, Any]]) -> dict[str, str]:
    """App -> permission set. A set goes before the flag; without both it is the app's default one."""
    access = {}
    for row in rows:
        app = row["app"]
        default = set_id(call.company.id, app, "admin" if row.get("admin") else "regular")
        found = call.records.find("permissionSets", row.get("permission_set_id") or default)
        if found is None or found["app"] != app:
            raise refused(400, f"Bad request: there is no such permission set for the app {app}.")
        access[app] = found["id"]
    return access


def _change(call: Call) -> Answer:
    """Activates or deactivates; nobody can shut themselves out."""
    user = find_user(call, call.variables["id"])
    active = read_leniently(call)["active_flag"]
    if user.id == call.user.id and not active:
        raise not_allowed()
    changed = replace(user, active=active, modified=call.v1_time)
    call.put_user(changed)
    return Answer(view(call, changed))


def _permissions(call: Call) -> Answer:
    """Every permission there is, and whether one of the user's sets has it."""
    has = permissions(call.records, find_user(call, call.variables["id"]))
    return Answer({name: name in has for name in PERMISSIONS})


def _role_assignments(call: Call) -> Answer:
    user = find_user(call, call.variables["id"])
    rows, marks = offset_page(call, [roles.assignment(call, user)])
    return Answer(rows, nested(marks))


def _role_settings(call: Call) -> Answer:
    user = find_user(call, call.variables["id"])
    return Answer(dict(roles.find_role(call, user.visibility_group)["settings"]))


OPERATIONS: Mapping[str, Any] = {
    "GET v1/users": _all,
    "POST v1/users": _create,
    "GET v1/users/find": _find,
    "GET v1/users/me": me,
    "GET v1/users/{id}": _one,
    "PUT v1/users/{id}": _change,
    "GET v1/users/{id}/permissions": _permissions,
    "GET v1/users/{id}/roleAssignments": _role_assignments,
    "GET v1/users/{id}/roleSettings": _role_settings,
}
