"""Permission sets, https://developers.pipedrive.com/docs/api/v1/PermissionSets: they can only be read."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.world.records import Record
from pipedrive_emulator.world.staff import access

_TABLE = "permissionSets"
_KEYS = ("id", "name", "description", "app", "type")


def _find(call: Call) -> Record:
    found = call.records.find(_TABLE, call.variables["id"])
    if found is None:
        raise not_found("Permission set")
    return found


def _holders(call: Call, row: Record) -> list[int]:
    return [user.id for user in call.colleagues() if access(user).get(row["app"]) == row["id"]]


def _view(call: Call, row: Record) -> dict[str, Any]:
    return {key: row[key] for key in _KEYS} | {"assignment_count": len(_holders(call, row))}


def _list(call: Call) -> Answer:
    app = call.query.get("app")
    rows = [row for row in call.records.all(_TABLE) if app in (None, row["app"])]
    return Answer([_view(call, row) for row in rows])


def _one(call: Call) -> Answer:
    """The published schema has the set bare, its example has it in a list; the set is in both here."""
    row = _find(call)
    shown = _view(call, row) | {"contents": list(row["contents"])}
    return Answer([shown], extra=shown)


def _assignments(call: Call) -> Answer:
    row = _find(call)
    rows, marks = offset_page(call, _holders(call, row))
    shown = [{"user_id": one, "permission_set_id": row["id"], "name": row["name"]} for one in rows]
    return Answer(shown, nested(marks))


OPERATIONS: Mapping[str, Any] = {
    "GET v1/permissionSets": _list,
    "GET v1/permissionSets/{id}": _one,
    "GET v1/permissionSets/{id}/assignments": _assignments,
}
