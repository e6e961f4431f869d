"""Goals, https://developers.pipedrive.com/docs/api/v1/Goals; their progress is counted from the world."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_allowed, not_found, refused
from pipedrive_emulator.api.formats import is_date
from pipedrive_emulator.api.rules.goal_progress import KINDS, progress
from pipedrive_emulator.world.records import Record

_TABLE = "goals"
_ASSIGNEES = ("person", "company", "team")
_METRICS = ("quantity", "sum")
_IDS = ("pipeline_id", "activity_type_id")
# What this service wraps its answers in, unlike every other.
_WRAP = {"statusCode": 20000, "statusText": "OK", "service": "statistics-goals-api"}


def _find(call: Call) -> Record:
    goal = call.records.find(_TABLE, call.variables["id"])
    if goal is None or goal["is_deleted"]:
        raise not_found("Goal")
    return goal


def _own(call: Call) -> Record:
    """The goal in the path, for its maker, the person it is assigned to, and admins; 403 for others."""
    goal = _find(call)
    if not call.user.is_admin and goal["owner_id"] != call.user.id and goal["assignee"] != _me(call):
        raise not_allowed()
    return goal


def _me(call: Call) -> dict[str, Any]:
    return {"type": "person", "id": call.user.id}


def _view(call: Call, goal: Record) -> dict[str, Any]:
    shown = {key: value for key, value in goal.items() if key != "is_deleted"}
    return shown | {"is_active": _is_active(call, goal)}


def _is_active(call: Call, goal: Record) -> bool:
    today, duration = call.time[:10], goal["duration"]
    return bool(duration["start"] <= today <= (duration["end"] or today))


def _one(call: Call, goal: Record) -> Answer:
    return Answer({"goal": _view(call, goal)}, extra=_WRAP)


def _create(call: Call) -> Answer:
    body = _checked(call, read_leniently(call))
    key = token_hex(16)
    base = {"id": key, "owner_id": call.user.id, "title": "", "report_ids": [token_hex(16)]}
    return _one(call, call.records.put(_TABLE, key, base | body | {"is_deleted": False}))


def _change(call: Call) -> Answer:
    goal = _own(call)
    changes = _checked(call, read_leniently(call), goal["assignee"])
    return _one(call, call.records.put(_TABLE, goal["id"], goal | changes))


def _delete(call: Call) -> Answer:
    goal = _own(call)
    call.records.put(_TABLE, goal["id"], goal | {"is_deleted": True})
    return Answer(None, extra=_WRAP)


def _checked(call: Call, body: dict[str, Any], assignee: Any = None) -> dict[str, Any]:
    """Only admins assign goals to others; one that stays with ``assignee`` is not assigned anew."""
    body = {key: value for key, value in body.items() if value is not None}
    readers = {"type": _kind, "assignee": _assignee, "expected_outcome": _outcome, "duration": _duration}
    checked = body | {key: readers[key](call, body[key]) for key in readers if key in body}
    if not call.user.is_admin and checked.get("assignee") not in (None, assignee, _me(call)):
        raise not_allowed()
    return checked


def _kind(_: Call, value: Mapping[str, Any]) -> dict[str, Any]:
    name, params = value.get("name"), value.get("params") or {}
    if name not in KINDS or not isinstance(params, dict):
        raise _bad(f"type.name is one of {', '.join(KINDS)}, type.params an object")
    shown: dict[str, Any] = {key: _numbers(key, params.get(key)) for key in _IDS}
    if params.get("stage_id") is not None:
        shown["stage_id"] = _number("type.params.stage_id", params["stage_id"])
    return {"name": name, "params": shown}


def _numbers(key: str, value: Any) -> list[int] | None:
    """Null means all of them."""
    if value is None:
        return None
    rows = value if isinstance(value, list) else [value]
    return [_number(f"type.params.{key}", row) for row in rows]


def _assignee(call: Call, value: Mapping[str, Any]) -> dict[str, Any]:
    kind, number = value.get("type"), _number("assignee.id", value.get("id"))
    known = {
        "person": call.colleague(number) is not None,
        "company": number == call.company.id,
        "team": call.records.find("teams", number) is not None,
    }
    if kind not in _ASSIGNEES or not known[kind]:
        raise _bad("assignee is {id, type} of a person, a team or the company")
    return {"type": kind, "id": number}


def _outcome(_: Call, value: Mapping[str, Any]) -> dict[str, Any]:
    metric = value.get("tracking_metric")
    if metric not in _METRICS:
        raise _bad("expected_outcome.tracking_metric is quantity or sum")
    shown = {"target": _number("expected_outcome.target", value.get("target")), "tracking_metric": metric}
    if metric == "sum":
        shown["currency_id"] = _number("expected_outcome.currency_id", value.get("currency_id", 1))
    return shown


def _duration(_: Call, value: Mapping[str, Any]) -> dict[str, Any]:
    start, end = value.get("start"), value.get("end")
    if not is_date(start) or not (end is None or (is_date(end) and end >= start)):
        raise _bad("duration is {start, end}, dates as YYYY-MM-DD, end at or after start or null")
    return {"start": start, "end": end}


def _number(key: str, value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal():
        raise _bad(f"{key} is a whole number")
    return int(text)


def _bad(sentence: str) -> Exception:
    return refused(400, f"Bad request: {sentence}.")


def _find_all(call: Call) -> Answer:
    """The caller's own goals, unless the query asks for something else; active ones unless it says not."""
    goals = [goal for goal in call.records.all(_TABLE) if not goal["is_deleted"]]
    wanted = {name: value for name, value in call.query.items() if name not in ("is_active", "title")}
    if not wanted:
        goals = [goal for goal in goals if goal["assignee"] == _me(call)]
    is_active, title = call.query.get("is_active", True), call.query.get("title")
    found = [
        _view(call, goal)
        for goal in goals
        if _is_active(call, goal) == is_active and title in (None, goal["title"]) and _fits(goal, wanted)
    ]
    return Answer({"goals": found}, extra=_WRAP)


def _fits(goal: Record, wanted: Mapping[str, Any]) -> bool:
    start, end = _period(wanted)
    duration = goal["duration"]
    if start and end and not (duration["start"] <= end and start <= (duration["end"] or start)):
        return False
    paths = [name for name in wanted if not name.startswith("period.")]
    return all(_equals(_at(goal, name), wanted[name]) for name in paths)


def _at(goal: Record, path: str) -> Any:
    value: Any = goal
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _equals(value: Any, wanted: Any) -> bool:
    """A list is asked for by its members, with commas; ``null`` by that word."""
    if isinstance(wanted, str) and (isinstance(value, list) or value is None):
        return wanted == "null" if value is None else set(wanted.split(",")) == {str(one) for one in value}
    return bool(value == wanted)


def _period(query: Mapping[str, Any]) -> tuple[str | None, str | None]:
    start, end = query.get("period.start"), query.get("period.end")
    if (start is None) != (end is None) or not all(one is None or is_date(one) for one in (start, end)):
        raise _bad("period.start and period.end come together, dates as YYYY-MM-DD")
    return start, end


def _results(call: Call) -> Answer:
    goal = _find(call)
    start, end = _period(call.query)
    duration = goal["duration"]
    if start is None or end is None or start < duration["start"] or end > (duration["end"] or end):
        raise _bad("period.start and period.end must lie within the duration of the goal")
    shown = {"progress": progress(call, goal, start, end), "goal": _view(call, goal)}
    return Answer(shown, extra=_WRAP)


OPERATIONS: Mapping[str, Any] = {
    "POST v1/goals": _create,
    "GET v1/goals/find": _find_all,
    "PUT v1/goals/{id}": _change,
    "DELETE v1/goals/{id}": _delete,
    "GET v1/goals/{id}/results": _results,
}
