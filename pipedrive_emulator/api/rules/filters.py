"""Filters: two groups of conditions, all of the one and some of the other must hold.

https://developers.pipedrive.com/docs/api/v1/Filters.
"""

from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import ApiError, not_allowed, not_found, refused
from pipedrive_emulator.api.filter_operators import OPERATORS
from pipedrive_emulator.api.rules.filter_helpers import HELPERS
from pipedrive_emulator.api.rules.filtering import OBJECTS, TYPES, field_of, sees
from pipedrive_emulator.api.v1.filters import described, filter_
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.filter_shapes import FILTER
from pipedrive_emulator.world.records import Record

MOST_CONDITIONS = 16
_VALUELESS = ("IS NULL", "IS NOT NULL")


def list_all(call: Call) -> Answer:
    rows = [row for row in call.records.all("filters") if sees(call, row)]
    return Answer([filter_(call, row) for row in rows if call.query.get("type") in (None, row["type"])])


def get_one(call: Call) -> Answer:
    return Answer(described(call, _find(call)))


def create(call: Call) -> Answer:
    body = read_leniently(call)
    if body["type"] not in TYPES:
        raise _bad(f"type must be one of: {', '.join(TYPES)}")
    times = {"add_time": call.time, "update_time": call.time}
    said = {"name": body["name"], "type": body["type"], "conditions": _checked(call, body["conditions"])}
    row = call.records.add("filters", {**FILTER, **times, **said, "user_id": call.user.id})
    return Answer(described(call, row))


def change(call: Call) -> Answer:
    before, body = _find_own(call), read_leniently(call)
    changes = {"conditions": _checked(call, body["conditions"]), "update_time": call.time}
    if body.get("name"):
        changes["name"] = body["name"]
    return Answer(described(call, call.records.put("filters", before["id"], {**before, **changes})))


def delete(call: Call) -> Answer:
    row = _find_own(call)
    _mark(call, row)
    return Answer({"id": row["id"]})


def delete_many(call: Call) -> Answer:
    """Those of the ids that are the caller's to delete; the others are passed over."""
    if not call.query.get("ids"):
        raise _bad("ids is required")
    found = [call.records.find("filters", number) for number in sorted(call.query["ids"])]
    rows = [row for row in found if row and not row["is_deleted"] and _is_own(call, row)]
    for row in rows:
        _mark(call, row)
    return Answer({"id": [row["id"] for row in rows]})


def helpers(_: Call) -> Answer:
    return Answer(HELPERS)


def _mark(call: Call, row: Record) -> None:
    call.records.put("filters", row["id"], {**row, "is_deleted": True, "update_time": call.time})


def _find(call: Call) -> Record:
    row = call.records.find("filters", whole_number(call.variables["id"]))
    if row is None or not sees(call, row):
        raise not_found("Filter")
    return row


def _find_own(call: Call) -> Record:
    row = _find(call)
    if not _is_own(call, row):
        raise not_allowed()
    return row


def _is_own(call: Call, row: Record) -> bool:
    return call.user.is_admin or bool(row["user_id"] == call.user.id)


def _checked(call: Call, conditions: Any) -> dict[str, Any]:
    """The documented structure, its conditions with all their keys.

    Raises:
        ApiError: 400 for any other structure, too many conditions, or one that asks for nothing known.
    """
    groups = _groups(conditions)
    if sum(len(rows) for _, rows in groups) > MOST_CONDITIONS:
        raise _bad(f"a filter has at most {MOST_CONDITIONS} conditions")
    shaped = [{"glue": glue, "conditions": [_condition(call, row) for row in rows]} for glue, rows in groups]
    return {"glue": "and", "conditions": shaped}


def _groups(conditions: Any) -> list[tuple[str, list[Any]]]:
    """One group that is glued with and, one with or, below a root of and; a missing one is empty."""
    groups = conditions.get("conditions")
    if conditions.get("glue") != "and" or not isinstance(groups, list):
        raise _bad('conditions must be {"glue": "and", "conditions": [...]}')
    rows: dict[str, list[Any]] = {}
    for group in groups:
        glue = group.get("glue") if isinstance(group, dict) else None
        inner = group.get("conditions") if isinstance(group, dict) else None
        if glue not in ("and", "or") or glue in rows or not isinstance(inner, list):
            raise _bad("conditions must hold one group glued with and, and one glued with or")
        rows[glue] = inner
    if not rows:
        raise _bad("conditions must hold one group glued with and, and one glued with or")
    return [(glue, rows.get(glue, [])) for glue in ("and", "or")]


def _condition(call: Call, row: Any) -> Record:
    if not isinstance(row, dict) or row.get("object") not in OBJECTS:
        raise _bad(f"object of a condition must be one of: {', '.join(OBJECTS)}")
    if field_of(call, row["object"], row.get("field_id")) is None:
        raise _bad(f"field_id {row.get('field_id')} is no field of {row['object']}")
    operator, value = row.get("operator"), row.get("value")
    if operator not in OPERATORS:
        raise _bad(f"operator {operator} is not known")
    if isinstance(value, dict | list):
        raise _bad("value of a condition must be text or a number")
    if value is None and operator not in _VALUELESS:
        raise _bad(f"operator {operator} needs a value")
    extra = row.get("extra_value")
    return {
        "object": row["object"],
        "field_id": str(row["field_id"]),
        "operator": operator,
        "value": None if value is None else _text(value),
        "extra_value": None if extra is None else str(extra),
        "json_value_flag": False,
    }


def _text(value: Any) -> str:
    """Flags are 1 and 0, as v1 writes them."""
    return str(int(value)) if isinstance(value, bool) else str(value)


def _bad(text: str) -> ApiError:
    return refused(400, f"Bad request: {text}.")


OPERATIONS = {
    "GET v1/filters": list_all,
    "POST v1/filters": create,
    "DELETE v1/filters": delete_many,
    "GET v1/filters/helpers": helpers,
    "GET v1/filters/{id}": get_one,
    "PUT v1/filters/{id}": change,
    "DELETE v1/filters/{id}": delete,
}
