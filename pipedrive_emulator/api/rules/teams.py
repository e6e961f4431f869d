"""Teams, https://developers.pipedrive.com/docs/api/v1/LegacyTeams: deprecated, and still there."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.rules.users import find_user
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

_TABLE = "teams"
_FLAGS = ("active_flag", "deleted_flag")


def members(call: Call, team_id: Any) -> list[int]:
    """The users of a team, by id; of one that is not there, nobody."""
    team = call.records.find(_TABLE, team_id if isinstance(team_id, int) else None)
    return list(team["users"]) if team else []


def _find(call: Call) -> Record:
    text = call.variables["id"]
    team = call.records.find(_TABLE, whole_number(text))
    if team is None or team["deleted_flag"]:
        raise refused(404, f"Team {text} does not exist")
    return team


def _view(call: Call, team: Record) -> dict[str, Any]:
    skips = call.query.get("skip_users") == "1"
    return {key: value for key, value in team.items() if key != "users" or not skips}


def _rows(call: Call, user_id: int | None = None) -> Answer:
    key = call.query.get("order_by", "id")
    teams = [team for team in call.records.all(_TABLE) if not team["deleted_flag"]]
    mine = [team for team in teams if user_id is None or user_id in team["users"]]
    return Answer([_view(call, team) for team in sorted(mine, key=lambda team: (team[key], team["id"]))])


def _of_user(call: Call) -> Answer:
    return _rows(call, find_user(call, call.variables["id"]).id)


def _one(call: Call) -> Answer:
    return Answer(_view(call, _find(call)))


def _create(call: Call) -> Answer:
    body = _checked(call)
    row = {
        "name": body["name"],
        "description": body.get("description") or "",
        "manager_id": body["manager_id"],
    }
    row |= {"users": body.get("users") or [], "active_flag": 1, "deleted_flag": 0}
    row |= {"add_time": call.v1_time, "created_by_user_id": call.user.id}
    return Answer(_view(call, call.records.add(_TABLE, row)))


def _change(call: Call) -> Answer:
    team = _find(call)
    return Answer(_view(call, call.records.put(_TABLE, team["id"], team | _checked(call))))


def _checked(call: Call) -> dict[str, Any]:
    """The body; whoever it names must work here, and flags are 0 or 1."""
    body = {key: value for key, value in read_leniently(call).items() if value is not None}
    named = [*body.get("users", []), *([body["manager_id"]] if "manager_id" in body else [])]
    if any(call.colleague(one) is None for one in named):
        raise refused(400, "Bad request: there is no such user.")
    if not str(body.get("name", "x")).strip():
        raise refused(400, "Bad request: name is required.")
    for flag in _FLAGS:
        if flag in body and body[flag] not in (0, 1, "0", "1"):
            raise refused(400, f"Bad request: {flag} is 0 or 1.")
    flags = {flag: int(body[flag]) for flag in _FLAGS if flag in body}
    users = {"users": list(dict.fromkeys(body["users"]))} if "users" in body else {}
    return body | flags | users


def _users(call: Call) -> Answer:
    return Answer(_find(call)["users"])


def _add_users(call: Call) -> Answer:
    team, named = _find(call), _checked(call)["users"]
    return _keep_users(call, team, list(dict.fromkeys([*team["users"], *named])))


def _remove_users(call: Call) -> Answer:
    team, named = _find(call), set(read_leniently(call)["users"])
    return _keep_users(call, team, [one for one in team["users"] if one not in named])


def _keep_users(call: Call, team: Record, users: list[int]) -> Answer:
    call.records.put(_TABLE, team["id"], team | {"users": users})
    return Answer(users)


OPERATIONS: Mapping[str, Any] = {
    "GET v1/legacyTeams": _rows,
    "POST v1/legacyTeams": _create,
    "GET v1/legacyTeams/{id}": _one,
    "PUT v1/legacyTeams/{id}": _change,
    "GET v1/legacyTeams/{id}/users": _users,
    "POST v1/legacyTeams/{id}/users": _add_users,
    "DELETE v1/legacyTeams/{id}/users": _remove_users,
    "GET v1/legacyTeams/user/{id}": _of_user,
}
