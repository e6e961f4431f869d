"""Control of companies and users: what their admins and Pipedrive's sales would change."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from starlette.requests import Request

from pipedrive_emulator.control.requests import ControlRefused, read_object
from pipedrive_emulator.control.world import company_row, user_row
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.events import Author, Marks, events_of
from pipedrive_emulator.world.records import Change

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_PLANS = ("Lite", "Growth", "Premium", "Ultimate")


def _is_domain(value: Any) -> bool:
    return isinstance(value, str) and _DOMAIN.fullmatch(value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255  # noqa: PLR2004 - as Pipedrive's names


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_zone(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _is_access(value: Any) -> bool:
    return value is None or (
        isinstance(value, dict) and all(isinstance(text, str) for row in value.items() for text in row)
    )


Fact = tuple[str, Callable[[Any], bool]]

_TEXT: Fact = ("a text", _is_text)
_FLAG: Fact = ("true or false", lambda value: isinstance(value, bool))
_NUMBER: Fact = ("a whole number above 0", _is_number)

COMPANY_FACTS: Mapping[str, Fact] = {
    "domain": ("lower-case letters, digits and dashes", _is_domain),
    "name": _TEXT,
    "is_open": _FLAG,
    "plan": (" or ".join(_PLANS), lambda value: value in _PLANS),
    "seats": _NUMBER,
}
USER_FACTS: Mapping[str, Fact] = {
    "name": _TEXT,
    "email": _TEXT,
    "active": _FLAG,
    "is_admin": _FLAG,
    "language_code": _TEXT,
    "country_code": _TEXT,
    "locale": _TEXT,
    "time_zone": ("a time zone such as Europe/Tallinn", _is_zone),
    "default_currency": _TEXT,
    "visibility_group": _NUMBER,
    "access": ("null, or an object from apps to ids of permission sets", _is_access),
}


async def change_company(request: Request, emulator: Emulator) -> Any:
    """A new domain moves the pages and later answers; tokens stay as they are."""
    company = emulator.world.company(_id(request, "company_id"))
    if company is None:
        raise ControlRefused(404, "There is no such company; see GET /_emulator/world.")
    changes = _changes(await read_object(request), COMPANY_FACTS)
    taken = emulator.world.company_by_domain(changes.get("domain", company.domain))
    if taken is not None and taken.id != company.id:
        raise ControlRefused(400, f"{taken.name} has the domain {taken.domain} already.")
    changed = replace(company, **changes)
    emulator.world.change_company(changed)
    emulator.ledger.append("company_changed", company_id=company.id, changes=changes)
    return company_row(changed)


async def change_user(request: Request, emulator: Emulator) -> Any:
    """A deactivated user's installations and webhooks end; webhooks of others are told of the change."""
    user = emulator.world.user(_id(request, "user_id"))
    if user is None:
        raise ControlRefused(404, "There is no such user; see GET /_emulator/world.")
    changes = _changes(await read_object(request), USER_FACTS)
    changed = replace(user, **changes)
    emulator.world.change_user(changed)
    emulator.ledger.append(
        "user_changed", company_id=user.company_id, user_id=user.id, changes=sorted(changes)
    )
    author = Author(user.company_id, user.id, emulator.clock.now(), "app")
    change = Change("users", user.id, asdict(user), asdict(changed))
    for event in events_of([change], Marks(), author):
        emulator.events.publish(event)
    return user_row(changed)


def _id(request: Request, name: str) -> int:
    return whole_number(request.path_params[name]) or 0


def _changes(body: Mapping[str, Any], facts: Mapping[str, Fact]) -> dict[str, Any]:
    for name, value in body.items():
        if name not in facts:
            raise ControlRefused(400, f"{name!r} cannot be changed here. What can: {', '.join(facts)}.")
        meaning, fits = facts[name]
        if not fits(value):
            raise ControlRefused(400, f"{name} is {meaning}.")
    return dict(body)
