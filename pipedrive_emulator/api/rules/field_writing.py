"""Making, changing and deleting fields and their options, the same for both versions of the API.

https://pipedrive.readme.io/docs/core-api-concepts-custom-fields.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import ApiError, invalid, not_found, refused
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.field_rules import BLANK, subfields
from pipedrive_emulator.world.records import Record

LONGEST = 255
MOST_OPTIONS = 10_000
WITH_OPTIONS = ("enum", "set")
_GONE = "deletedFields"


def find(call: Call, table: str, *, number: int | None = None, code: str | None = None) -> Record:
    """Raises ApiError 404 for what is no field of that table."""
    rows = call.records.where(table, "id", number) if code is None else [call.records.find(table, code)]
    for row in rows:
        if row is not None:
            return row
    raise not_found("Field")


def add(call: Call, table: str, name: str, kind: str, options: Sequence[Record], rules: Record) -> Record:
    """Raises ApiError 400 for options where none belong, 403 at the cap of the company."""
    if sum(bool(field["is_custom_field"]) for field in call.records.all(table)) >= _cap(call):
        raise refused(403, "Couldn't add field. You've reached the custom field per company limit.")
    if bool(options) != (kind in WITH_OPTIONS):
        wanted = "needs options" if kind in WITH_OPTIONS else "takes no options"
        raise complaint(call, "options", f"A field of type {kind} {wanted}")
    code = secrets.token_hex(20)
    row = {
        "id": _next_number(call, table),
        **shapes.FIELD,
        **BLANK[table],
        "field_name": name,
        "field_code": code,
        "field_type": kind,
        "subfields": subfields(name, kind),
        "options": _more_options(call, [], options, ()) if options else None,
        "add_time": call.time,
        "created_by_user_id": call.user.id,
    }
    return _put(call, table, row, rules)


def change(call: Call, table: str, field: Record, changes: Mapping[str, Any]) -> Record:
    """``changes`` may hold field_name, description and the rules for the web app."""
    name = changes.get("field_name", field["field_name"])
    if name != field["field_name"]:
        must_be_custom(call, field)
    parts = subfields(name, field["field_type"])
    return _put(call, table, field | {"subfields": parts}, changes)


def remove(call: Call, table: str, field: Record) -> Record:
    """For good; its number is not given again, and values under its code are not told any more."""
    must_be_custom(call, field)
    call.records.add(_GONE, {"table": table, "number": field["id"], "field_code": field["field_code"]})
    call.records.remove(table, field["field_code"])
    return field


def add_options(call: Call, table: str, field: Record, rows: Sequence[Record]) -> list[Record]:
    """The new options alone."""
    _must_have_options(call, field)
    had, gone = field["options"] or [], field.get("options_deleted") or []
    options = _more_options(call, had, rows, gone)
    _put(call, table, field, {"options": options})
    return options[len(had) :]


def change_options(call: Call, table: str, field: Record, rows: Sequence[Record]) -> list[Record]:
    """The changed options alone; 400 and nothing done when one of them does not exist."""
    _must_have_options(call, field)
    new = {row["id"]: row for row in rows}
    _must_exist(call, field, new)
    options = [
        option | new[option["id"]] | {"update_time": call.time} if option["id"] in new else option
        for option in field["options"]
    ]
    _put(call, table, field, {"options": options})
    return [option for option in options if option["id"] in new]


def remove_options(call: Call, table: str, field: Record, ids: Iterable[Any]) -> list[Record]:
    """The deleted options alone; 400 and nothing done when one of them does not exist."""
    _must_have_options(call, field)
    gone_ids = set(ids)
    _must_exist(call, field, gone_ids)
    gone = [option for option in field["options"] if option["id"] in gone_ids]
    kept = [option for option in field["options"] if option["id"] not in gone_ids]
    deleted = [*(field.get("options_deleted") or []), *gone]
    _put(call, table, field, {"options": kept, "options_deleted": deleted})
    return gone


def complaint(call: Call, key: str, text: str) -> ApiError:
    """A 400 in the words of the version that was asked."""
    return invalid([(key, text)]) if call.operation.version == "v2" else refused(400, f"Bad request: {text}.")


def must_be_custom(call: Call, field: Record) -> None:
    if not field["is_custom_field"]:
        raise complaint(call, "field_code", "Only custom fields can be renamed or deleted")


def _put(call: Call, table: str, field: Record, changes: Mapping[str, Any]) -> Record:
    """Rules are merged one level deep, so that a body may name some of them only."""
    for key in BLANK[table].keys() & changes.keys():
        changes = {**changes, key: {**field[key], **changes[key]}}
    if not 0 < len(str(changes.get("field_name", field["field_name"])).strip()) <= LONGEST:
        raise complaint(call, "field_name", f"A name has 1 to {LONGEST} characters")
    last = {"update_time": call.time, "last_updated_by_user_id": call.user.id}
    return call.records.put(table, field["field_code"], {**field, **changes, **last})


def _more_options(
    call: Call, had: Sequence[Record], rows: Sequence[Record], gone: Sequence[Record]
) -> list[Record]:
    """Numbers count on, past those of deleted options."""
    if len(had) + len(rows) > MOST_OPTIONS:
        raise complaint(call, "options", f"A field has at most {MOST_OPTIONS} options")
    last = max((option["id"] for option in [*had, *gone] if isinstance(option["id"], int)), default=0)
    new = []
    for number, row in enumerate(rows, last + 1):
        times = {"add_time": call.time, "update_time": None}
        new.append({"id": number, "label": _label(call, row), "color": row.get("color"), **times})
    return [*had, *new]


def _label(call: Call, row: Record) -> str:
    label = row.get("label")
    if not isinstance(label, str) or not 0 < len(label.strip()) <= LONGEST:
        raise complaint(call, "options", f"The label of an option has 1 to {LONGEST} characters")
    return label


def _must_have_options(call: Call, field: Record) -> None:
    """Labels are options too, and the only ones of a standard field that can be changed."""
    is_open = field["is_custom_field"] or field["field_code"] == "label_ids"
    if field["field_type"] not in WITH_OPTIONS or not is_open:
        raise complaint(call, "field_code", "Only custom fields of type enum or set have options to change")


def _must_exist(call: Call, field: Record, ids: Iterable[Any]) -> None:
    known = {option["id"] for option in field["options"] or []}
    for number in ids:
        if number not in known:
            raise complaint(call, "options", f"Option {number} was not found")


def _next_number(call: Call, table: str) -> int:
    gone = [row["number"] for row in call.records.where(_GONE, "table", table)]
    return 1 + max([*gone, *(field["id"] for field in call.records.all(table))], default=0)


def _cap(call: Call) -> int:
    return call.switches.number("custom_fields_per_company")
