"""Field definitions of API v1, by their number, under the names that v1 gives to what they describe.

https://developers.pipedrive.com/docs/api/v1/DealFields.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.rules import field_writing as writing
from pipedrive_emulator.api.v1.custom_fields import PARTS
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

# What v2 renamed: https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide.
_OLD_KEYS: Mapping[str, Mapping[str, str]] = {
    "dealFields": {"owner_id": "user_id", "label_ids": "label", "pipeline_id": "pipeline"},
    "personFields": {"emails": "email", "phones": "phone", "label_ids": "label"},
    "organizationFields": {"label_ids": "label"},
    "productFields": {"is_linkable": "selectable"},
    "activityFields": {"owner_id": "user_id", "busy": "busy_flag", "creator_user_id": "created_by_user_id"},
}
_OLDER_EVERYWHERE = {"is_deleted": "deleted"}
# v1 tells one of the seventeen types that its reference lists.
_OLD_TYPES = {
    "int": "double",
    "boolean": "enum",
    "status": "enum",
    "billing_frequency": "enum",
    "varchar_options": "varchar",
    "picture": "varchar",
    "json": "text",
    "price_list": "monetary",
    **dict.fromkeys(
        ("stage", "deal", "deals", "lead", "project", "activity", "projects_board", "projects_phase"),
        "double",
    ),
}
_MANDATORY = ("title", "name", "subject", "content")
_SEARCHABLE = ("address", "varchar", "text", "varchar_auto", "double", "monetary", "phone")
_NOTE_KEYS = ("id", "key", "name", "field_type", "active_flag", "edit_flag", "bulk_edit_allowed")


def field(record: Record, table: str, order_nr: int = 0) -> dict[str, Any]:
    """One definition; ``options_deleted`` and ``subfields`` only where there are any."""
    code, kind, is_custom = record["field_code"], record["field_type"], record["is_custom_field"]
    key = _OLD_KEYS.get(table, {}).get(code) or _OLDER_EVERYWHERE.get(code, code)
    visible = record.get("ui_visibility") or {}
    required = (record.get("required_fields") or {}).get("enabled", False)
    shape = {
        "id": record["id"],
        "key": key,
        "name": record["field_name"],
        "order_nr": order_nr,
        "field_type": _OLD_TYPES.get(kind, kind),
        "add_time": v1_form(record.get("add_time")),
        "update_time": v1_form(record.get("update_time")),
        "last_updated_by_user_id": record.get("last_updated_by_user_id"),
        "created_by_user_id": record.get("created_by_user_id"),
        "active_flag": True,
        "edit_flag": is_custom,
        "index_visible_flag": True,
        "details_visible_flag": visible.get("details_visible_flag", True),
        "add_visible_flag": visible.get("add_visible_flag", False),
        "important_flag": (record.get("important_fields") or {}).get("enabled", False),
        "bulk_edit_allowed": is_custom or not (kind == "int" or code.endswith("_time")),
        "searchable_flag": is_custom and kind in _SEARCHABLE,
        "filtering_allowed": True,
        "sortable_flag": kind not in ("json", "price_list", "picture"),
        "mandatory_flag": required or code in _MANDATORY,
        "options": record["options"],
    }
    if record.get("options_deleted"):
        shape["options_deleted"] = record["options_deleted"]
    parts = _subfields(shape) if is_custom else []
    shape |= {"subfields": parts} if parts else {}
    return _of_product(shape) if table == "productFields" else shape


def _of_product(shape: dict[str, Any]) -> dict[str, Any]:
    """Their type has no nulls, and calls the visibility a number."""
    kind = "double" if shape["field_type"] == "visible_to" else shape["field_type"]
    return shape | {"field_type": kind, "options": shape["options"] or [], "picklist_data": None}


def _subfields(parent: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts besides the value, as fields without a number."""
    return [
        {
            **{name: value for name, value in parent.items() if name not in ("options", "options_deleted")},
            "id": None,
            "key": f"{parent['key']}_{part}",
            "name": f"{part.replace('_', ' ').capitalize()} of {parent['name']}",
            "field_type": "int" if part == "timezone_id" else "varchar",
            "options": None,
            "is_subfield": True,
        }
        for part in PARTS.get(parent["field_type"], ())
    ]


def _ordered(call: Call, table: str) -> list[dict[str, Any]]:
    """In the order of their numbers; those of leads are followed by the custom fields of deals."""
    rows = [(table, row) for row in sorted(call.records.all(table), key=lambda row: row["id"])]
    if table == "leadFields":
        rows += [("dealFields", row) for row in call.records.all("dealFields") if row["is_custom_field"]]
    return [field(row, name, order) for order, (name, row) in enumerate(rows, 1)]


def _list(table: str, call: Call) -> Answer:
    """A part follows the field that it is a part of. The schema has the marks flat, the example nested."""
    rows = [row for one in _ordered(call, table) for row in (one, *one.get("subfields", ()))]
    found, marks = offset_page(call, rows)
    return Answer(found, marks | nested(marks))


def _notes(table: str, call: Call) -> Answer:
    rows = [
        {key: row[key] for key in (*_NOTE_KEYS, "mandatory_flag")}
        | ({"options": row["options"]} if row["options"] else {})
        for row in _ordered(call, table)
    ]
    found, marks = offset_page(call, rows)
    return Answer(found, marks | nested(marks))


def _get(table: str, call: Call) -> Answer:
    return Answer(_told(call, table, _found(table, call)))


def _create(table: str, call: Call) -> Answer:
    body = read_leniently(call)
    added = writing.add(
        call, table, body["name"], body["field_type"], body.get("options") or [], _rules(body)
    )
    return Answer(_told(call, table, added))


def _change(table: str, call: Call) -> Answer:
    """Options are given in full: one without a number is new, one that is missing is deleted."""
    found, body = _found(table, call), read_leniently(call)
    changes = _rules(body) | ({"field_name": body["name"]} if body.get("name") is not None else {})
    writing.change(call, table, found, changes)
    if body.get("options") is not None:
        _replace_options(call, table, found["field_code"], body["options"])
    return Answer(_told(call, table, writing.find(call, table, code=found["field_code"])))


def _replace_options(call: Call, table: str, code: str, rows: list[Record]) -> None:
    kept = [row for row in rows if row.get("id") is not None]
    ids = [row["id"] for row in kept]
    for wanted, write in (
        (kept, writing.change_options),
        ([o["id"] for o in writing.find(call, table, code=code)["options"] or []], _remove_all_but(ids)),
        ([row for row in rows if row.get("id") is None], writing.add_options),
    ):
        if wanted:
            write(call, table, writing.find(call, table, code=code), wanted)


def _remove_all_but(ids: list[Any]) -> Callable[[Call, str, Record, list[Any]], list[Record]]:
    return lambda call, table, found, had: writing.remove_options(
        call, table, found, [number for number in had if number not in ids]
    )


def _delete(table: str, call: Call) -> Answer:
    return Answer({"id": writing.remove(call, table, _found(table, call))["id"]})


def _delete_many(table: str, call: Call) -> Answer:
    """Those of the ids that are custom fields of this kind; the others are passed over."""
    if not call.query.get("ids"):
        raise refused(400, "Bad request: ids is required.")
    found = [row for number in sorted(call.query["ids"]) for row in call.records.where(table, "id", number)]
    custom = [row for row in found if row["is_custom_field"]]
    return Answer({"id": [writing.remove(call, table, row)["id"] for row in custom]})


def _found(table: str, call: Call) -> Record:
    return writing.find(call, table, number=whole_number(call.variables["id"]))


def _told(call: Call, table: str, record: Record) -> dict[str, Any]:
    return next(row for row in _ordered(call, table) if row["id"] == record["id"])


def _rules(body: Mapping[str, Any]) -> dict[str, Any]:
    visible = body.get("add_visible_flag")
    return {"ui_visibility": {"add_visible_flag": visible}} if visible is not None else {}


_KINDS: dict[str, Callable[[str, Call], Answer]] = {
    "GET v1/{table}": _list,
    "POST v1/{table}": _create,
    "DELETE v1/{table}": _delete_many,
    "GET v1/{table}/{{id}}": _get,
    "PUT v1/{table}/{{id}}": _change,
    "DELETE v1/{table}/{{id}}": _delete,
}
OPERATIONS = {
    name.format(table=table): partial(serve, table)
    for table in ("dealFields", "personFields", "organizationFields", "productFields")
    for name, serve in _KINDS.items()
} | {
    "GET v1/activityFields": partial(_list, "activityFields"),
    "GET v1/leadFields": partial(_list, "leadFields"),
    "GET v1/noteFields": partial(_notes, "noteFields"),
}
