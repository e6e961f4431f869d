"""Roles, which users know as visibility groups: https://developers.pipedrive.com/docs/api/v1/Roles.

Everyone is in one; the first is for whoever was assigned to none. ``visible_to`` 5 reaches from a group to
those below it.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.records import Record
from pipedrive_emulator.world.staff import DEFAULT_ROLE, new_role

_TABLE = "roles"
# Plans without visibility groups know two levels of visibility only.
_LEVELS = {"Lite": (1, 3), "Growth": (1, 3)}
_ACCESS_LEVELS = tuple(f"{noun}_access_level" for noun in ("deal", "org", "person", "product"))


def find_role(call: Call, role_id: int | None) -> Record:
    """Raises ApiError 404."""
    role = call.records.find(_TABLE, role_id)
    if role is None:
        raise not_found("Role")
    return role


def groups_below(call: Call, role_id: int) -> set[int]:
    """The role and everything under it."""
    below = {role_id}
    waiting = [role_id]
    while waiting:
        children = {
            child["id"] for child in call.records.where(_TABLE, "parent_role_id", waiting.pop())
        } - below
        below |= children
        waiting += children
    return below


def assignment(call: Call, user: User) -> dict[str, Any]:
    role = find_role(call, user.visibility_group)
    return {
        "user_id": user.id,
        "role_id": role["id"],
        "parent_role_id": role["parent_role_id"],
        "name": role["name"],
        "active_flag": True,
        "type": "1",
    }


def _role(call: Call) -> Record:
    return find_role(call, whole_number(call.variables["id"]))


def _view(call: Call, role: Record) -> dict[str, Any]:
    """Counts are texts, as Pipedrive has them."""
    return {
        "id": role["id"],
        "parent_role_id": role["parent_role_id"],
        "name": role["name"],
        "active_flag": True,
        "assignment_count": str(len(_members(call, role))),
        "sub_role_count": str(len(call.records.where(_TABLE, "parent_role_id", role["id"]))),
    }


def _members(call: Call, role: Record) -> list[User]:
    return [user for user in call.colleagues() if user.visibility_group == role["id"]]


def _level(call: Call, role: Record) -> int:
    parent = call.records.find(_TABLE, role["parent_role_id"])
    return 1 if parent is None else 1 + _level(call, parent)


def _list(call: Call) -> Answer:
    rows, marks = offset_page(call, list(call.records.all(_TABLE)))
    return Answer([_view(call, role) | {"level": _level(call, role)} for role in rows], nested(marks))


def _one(call: Call) -> Answer:
    role = _role(call)
    # What a group may do with what it sees, a setting of the web application, is the same for all here.
    settings = role["settings"] | dict.fromkeys(_ACCESS_LEVELS, 1)
    return Answer(_view(call, role), {"settings": settings})


def _create(call: Call) -> Answer:
    body = read_leniently(call)
    role = new_role(_name(body), _parent(call, body.get("parent_role_id"), None))
    return Answer({"id": call.records.add(_TABLE, role)["id"]})


def _change(call: Call) -> Answer:
    role, body = _role(call), read_leniently(call)
    changes: dict[str, Any] = {"name": _name(body)} if "name" in body else {}
    if "parent_role_id" in body:
        changes["parent_role_id"] = _parent(call, body["parent_role_id"], role)
    call.records.put(_TABLE, role["id"], role | changes)
    return Answer({"id": role["id"]})


def _name(body: Mapping[str, Any]) -> str:
    name = str(body.get("name") or "").strip()
    if not name:
        raise refused(400, "Bad request: name is required.")
    return name


def _parent(call: Call, parent_id: int | None, role: Record | None) -> int | None:
    """A role cannot stand below itself."""
    if parent_id is None:
        return None
    if call.records.find(_TABLE, parent_id) is None:
        raise refused(400, "Bad request: the parent role does not exist.")
    if role is not None and parent_id in groups_below(call, role["id"]):
        raise refused(400, "Bad request: a role cannot stand below itself.")
    return parent_id


def _delete(call: Call) -> Answer:
    """Its users go to the default role, its sub-roles to its parent."""
    role = _role(call)
    if role["id"] == DEFAULT_ROLE:
        raise refused(400, "Bad request: the default role cannot be deleted.")
    for user in _members(call, role):
        call.put_user(replace(user, visibility_group=DEFAULT_ROLE))
    for child in call.records.where(_TABLE, "parent_role_id", role["id"]):
        call.records.put(_TABLE, child["id"], child | {"parent_role_id": role["parent_role_id"]})
    call.records.remove(_TABLE, role["id"])
    return Answer({"id": role["id"]})


def _assignments(call: Call) -> Answer:
    rows, marks = offset_page(call, _members(call, _role(call)))
    return Answer([assignment(call, user) for user in rows], nested(marks))


def _assign(call: Call) -> Answer:
    role, user = _role(call), _named_user(call)
    call.put_user(replace(user, visibility_group=role["id"]))
    return Answer({"user_id": user.id, "role_id": role["id"]})


def _unassign(call: Call) -> Answer:
    role, user = _role(call), _named_user(call)
    if user.visibility_group != role["id"]:
        raise refused(400, "Bad request: the user is not assigned to this role.")
    call.put_user(replace(user, visibility_group=DEFAULT_ROLE))
    return Answer({"id": role["id"]})


def _named_user(call: Call) -> User:
    user = call.colleague(read_leniently(call)["user_id"])
    if user is None:
        raise refused(400, "Bad request: there is no such user.")
    return user


def _settings(call: Call) -> Answer:
    return Answer(dict(_role(call)["settings"]))


def _change_setting(call: Call) -> Answer:
    role, body = _role(call), read_leniently(call)
    key, value = body["setting_key"], int(body["value"])
    levels = _LEVELS.get(call.company.plan, (1, 3, 5, 7))
    if value not in levels:
        raise refused(400, f"Bad request: on this plan value is one of {', '.join(map(str, levels))}.")
    call.records.put(_TABLE, role["id"], role | {"settings": role["settings"] | {key: value}})
    return Answer({"id": role["id"], key: value})


def _pipelines(call: Call) -> Answer:
    return Answer(_pipeline_row(call, _role(call), visible=call.query.get("visible", True)))


def _change_pipelines(call: Call) -> Answer:
    """``{"add": "[1]", "remove": "[3, 4]"}``: what becomes visible, and what hidden."""
    role, wish = _role(call), read_leniently(call)["visible_pipeline_ids"]
    added, removed = (_pipeline_ids(call, wish.get(key)) for key in ("add", "remove"))
    hidden = (set(role["hidden_pipeline_ids"]) | removed) - added
    changed = call.records.put(_TABLE, role["id"], role | {"hidden_pipeline_ids": sorted(hidden)})
    return Answer(_pipeline_row(call, changed, visible=True))


def _pipeline_ids(call: Call, value: Any) -> set[int]:
    """A list, or the text of one."""
    try:
        ids = set(json.loads(value) if isinstance(value, str) else value or [])
    except (ValueError, TypeError):
        ids = {None}
    if any(not isinstance(one, int) or call.records.find("pipelines", one) is None for one in ids):
        raise refused(400, 'Bad request: visible_pipeline_ids is {"add": "[1]", "remove": "[2]"}.')
    return ids


def _pipeline_row(call: Call, role: Record, *, visible: bool) -> dict[str, Any]:
    hidden = role["hidden_pipeline_ids"]
    live = [row["id"] for row in call.records.all("pipelines") if not row["is_deleted"]]
    return {"pipeline_ids": [one for one in live if (one not in hidden) == visible], "visible": visible}


OPERATIONS: Mapping[str, Any] = {
    "GET v1/roles": _list,
    "POST v1/roles": _create,
    "GET v1/roles/{id}": _one,
    "PUT v1/roles/{id}": _change,
    "DELETE v1/roles/{id}": _delete,
    "GET v1/roles/{id}/assignments": _assignments,
    "POST v1/roles/{id}/assignments": _assign,
    "DELETE v1/roles/{id}/assignments": _unassign,
    "GET v1/roles/{id}/settings": _settings,
    "POST v1/roles/{id}/settings": _change_setting,
    "GET v1/roles/{id}/pipelines": _pipelines,
    "PUT v1/roles/{id}/pipelines": _change_pipelines,
}
