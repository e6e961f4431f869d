"""Many companies at once, codes without the consent page, and who holds which tokens: for runs under load."""

import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from pipedrive_emulator.apps import App
from pipedrive_emulator.control.requests import ControlRefused, app_of, read_object
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.oauth.grants import Grants, Holder
from pipedrive_emulator.world.company import Company, User
from pipedrive_emulator.world.staff import new_role, permission_sets
from pipedrive_emulator.world.world import World

_FIRST_COMPANY, _FIRST_USER = 14_000_001, 20_000_001
_MOST = {"companies": 20_000, "users": 50}
_MOST_USERS = 50_000
_FINGERPRINT = 12  # digits, as in the ledger


async def plant_crowd(request: Request, emulator: Emulator) -> Any:
    """So many companies with so many users each, the first of them an admin; they have no records."""
    body = await read_object(request)
    companies, users = (_count(body, name) for name in _MOST)
    if companies * users > _MOST_USERS:
        raise ControlRefused(400, f"companies times users is {_MOST_USERS} at most.")
    company_id, user_id = _free_ids(emulator.world)
    rows = []
    with emulator.store.batch():
        for _ in range(companies):
            user_ids = list(range(user_id, user_id + users))
            _plant(emulator.world, company_id, user_ids)
            rows.append({"id": company_id, "domain": f"crowd-{company_id}", "user_ids": user_ids})
            company_id, user_id = company_id + 1, user_id + users
    emulator.ledger.append("crowd", companies=companies, users=users)
    return {"companies": rows}


async def issue_codes(request: Request, emulator: Emulator) -> Any:
    """What "Allow and install" would send to the callback, for each of these users."""
    body = await read_object(request)
    app, ids = app_of(emulator, body), body.get("user_ids")
    if not isinstance(ids, list) or not 0 < len(ids) <= _MOST_USERS:
        raise ControlRefused(400, f"user_ids is a list of 1 to {_MOST_USERS} ids of users.")
    users = [_installer(emulator, app, user_id) for user_id in ids]
    rows = [
        {
            "company_id": user.company_id,
            "user_id": user.id,
            "code": emulator.oauth.issue_code(app, user, app.callback_url),
        }
        for user in users
    ]
    return {"callback_url": app.callback_url, "codes": rows}


async def list_grants(request: Request, emulator: Emulator) -> Any:
    """Who still holds a token that works; whoever is not in the list holds none."""
    client_id = request.query_params.get("client_id")
    apps = emulator.apps.all() if client_id is None else [app_of(emulator, {"client_id": client_id})]
    rows = [
        row
        for app in apps
        for holder in emulator.grants.holders(app.client_id)
        if (row := _row(emulator, holder)) is not None
    ]
    return {"grants": rows}


def _count(body: Mapping[str, Any], name: str) -> int:
    value = body.get(name, 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST[name]:
        raise ControlRefused(400, f"{name} is a whole number from 1 to {_MOST[name]}.")
    return value


def _free_ids(world: World) -> tuple[int, int]:
    companies = max((company.id + 1 for company in world.companies()), default=0)
    users = max((user.id + 1 for user in world.users()), default=0)
    return max(companies, _FIRST_COMPANY), max(users, _FIRST_USER)


def _plant(world: World, company_id: int, user_ids: list[int]) -> None:
    records = world.add_company(
        Company(company_id, f"crowd-{company_id}", f"Crowd {company_id}", "EUR", "EE", seats=len(user_ids))
    )
    for row in permission_sets(company_id):
        records.put("permissionSets", row["id"], row)
    records.add("roles", new_role("(Unassigned users)"))
    for user_id in user_ids:
        world.add_user(_member(company_id, user_id, is_admin=user_id == user_ids[0]))


def _member(company_id: int, user_id: int, *, is_admin: bool) -> User:
    return User(
        id=user_id,
        company_id=company_id,
        name=f"Member {user_id}",
        email=f"member-{user_id}@crowd.example",
        is_admin=is_admin,
        language_code="en",
        country_code="US",
        locale="en_US",
        time_zone="Europe/Tallinn",
        default_currency="EUR",
        visibility_group=1,
        api_token=hashlib.sha1(f"api token of {user_id}".encode(), usedforsecurity=False).hexdigest(),
    )


def _installer(emulator: Emulator, app: App, user_id: Any) -> User:
    is_number = isinstance(user_id, int) and not isinstance(user_id, bool)
    user = emulator.world.user(user_id) if is_number else None
    if user is None or not user.active:
        raise ControlRefused(404, f"There is no active user {user_id!r}; see GET /_emulator/world.")
    if not app.is_visible(user.company_id):
        raise ControlRefused(400, f"{app.name} is a draft that company {user.company_id} does not see.")
    return user


def _row(emulator: Emulator, holder: Holder) -> dict[str, Any] | None:
    user = emulator.world.user(holder.user_id)
    alive = _fingerprints(emulator.grants, holder) if user is not None and user.active else {}
    if not any(alive.values()):
        return None
    is_installed = emulator.grants.is_installed(*holder)
    return {**holder._asdict(), "is_installed": is_installed, **alive}


def _fingerprints(grants: Grants, holder: Holder) -> dict[str, list[str]]:
    """Those of the ledger; a token that was shortened to its grace still works until that has passed."""
    held = [token for token in grants.held_by(holder) if not grants.is_expired(token)]
    return {
        f"{kind}_tokens": sorted(token.digest[:_FINGERPRINT] for token in held if token.kind == kind)
        for kind in ("refresh", "access")
    }
