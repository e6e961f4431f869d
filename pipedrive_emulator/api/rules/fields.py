"""Field definitions of API v2, by their code: https://developers.pipedrive.com/docs/api/v1/DealFields."""

from collections.abc import Callable
from functools import partial
from typing import Any

from pipedrive_emulator.api.body import read_rows, read_strictly
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules import field_writing as writing
from pipedrive_emulator.api.v1 import fields as v1
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.field_rules import BLANK
from pipedrive_emulator.world.records import Record

_LABELLED = {"label!": "string"}
_CHANGED = {"id!": "integer", "label!": "string"}
_GONE = {"id!": "integer"}


def shown(call: Call, table: str, field: Record) -> dict[str, Any]:
    """The rules for the web app come when include_fields asks, and always where nothing can be asked."""
    asked = call.query.get("include_fields", () if "include_fields" in call.operation.query else BLANK[table])
    rules = {name: field.get(name) for name in BLANK[table] if name in asked}
    return {key: field.get(key) for key in shapes.FIELD} | {"options": options(call, table, field)} | rules


def options(call: Call, table: str, field: Record) -> list[Record] | None:
    """Those of an activity's type are the company's activity types."""
    if (table, field["field_code"]) != ("activityFields", "type"):
        rows: list[Record] | None = field["options"]
        return rows
    return [{"id": row["key_string"], "label": row["name"]} for row in call.records.all("activityTypes")]


def _list(table: str, call: Call) -> Answer:
    rows, cursor = page(call, list(call.records.all(table)))
    return Answer([shown(call, table, row) for row in rows], {"next_cursor": cursor})


def _get(table: str, call: Call) -> Answer:
    return Answer(shown(call, table, _field(table, call)))


def _create(table: str, call: Call) -> Answer:
    body = read_strictly(call, needed=("field_name", "field_type"), firm=("options", *BLANK[table]))
    name, kind = body.pop("field_name"), body.pop("field_type")
    return Answer(
        shown(call, table, writing.add(call, table, name, kind, body.pop("options", None) or [], body))
    )


def _change(table: str, call: Call) -> Answer:
    field = _field(table, call)
    changes = read_strictly(call, firm=("field_name", *BLANK[table]))
    if not changes:
        raise invalid([("body", "At least one field must be provided in the request body")])
    return Answer(shown(call, table, writing.change(call, table, field, changes)))


def _delete(table: str, call: Call) -> Answer:
    field = writing.remove(call, table, _field(table, call))
    return Answer({key: field.get(key) for key in shapes.FIELD})


def _add_options(table: str, call: Call) -> Answer:
    field = _field(table, call)
    return _touched(writing.add_options(call, table, field, read_rows(call, _LABELLED)))


def _change_options(table: str, call: Call) -> Answer:
    field = _field(table, call)
    return _touched(writing.change_options(call, table, field, read_rows(call, _CHANGED)))


def _delete_options(table: str, call: Call) -> Answer:
    field = _field(table, call)
    ids = [row["id"] for row in read_rows(call, _GONE)]
    return _touched(writing.remove_options(call, table, field, ids))


def _touched(rows: list[Record]) -> Answer:
    """``additional_data`` is there, and null."""
    return Answer([{"id": row["id"], "label": row["label"]} for row in rows], extra={"additional_data": None})


def _field(table: str, call: Call) -> Record:
    return writing.find(call, table, code=call.variables["field_code"])


_KINDS: dict[str, Callable[[str, Call], Answer]] = {
    "GET v2/{table}": _list,
    "POST v2/{table}": _create,
    "GET v2/{table}/{{field_code}}": _get,
    "PATCH v2/{table}/{{field_code}}": _change,
    "DELETE v2/{table}/{{field_code}}": _delete,
    "POST v2/{table}/{{field_code}}/options": _add_options,
    "PATCH v2/{table}/{{field_code}}/options": _change_options,
    "DELETE v2/{table}/{{field_code}}/options": _delete_options,
}
_WRITABLE = ("dealFields", "personFields", "organizationFields", "productFields", "projectFields")
_READABLE = {name: serve for name, serve in _KINDS.items() if name.startswith("GET")}

OPERATIONS = {
    name.format(table=table): partial(serve, table)
    for kinds, tables in ((_KINDS, _WRITABLE), (_READABLE, ("activityFields",)))
    for table in tables
    for name, serve in kinds.items()
} | v1.OPERATIONS
