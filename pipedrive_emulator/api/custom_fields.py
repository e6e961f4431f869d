"""Custom fields in API v2: nested under ``custom_fields``, each type with a value form of its own.

https://pipedrive.readme.io/docs/core-api-concepts-custom-fields and the v2 migration guide.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.formats import is_date, is_time, is_type
from pipedrive_emulator.world.records import Record


def definitions(call: Call, entity: Entity) -> dict[str, Record]:
    """The company's custom fields of this entity, by field code."""
    if entity.fields_table is None:
        return {}
    fields = call.records.all(entity.fields_table)
    return {field["field_code"]: field for field in fields if field["is_custom_field"]}


def shown(call: Call, entity: Entity, record: Record) -> dict[str, Any]:
    """Every defined key, null where unset, unless the query asked for some of them only."""
    wanted: set[str] | None = call.query.get("custom_fields")
    values, fields = record.get("custom_fields", {}), definitions(call, entity)
    codes = [code for code in fields if wanted is None or code in wanted]
    present = {code: current(fields[code], values.get(code)) for code in codes}
    if call.query.get("include_option_labels"):
        return {code: _labelled(fields[code], value) for code, value in present.items()}
    return present


def current(field: Record, value: Any) -> Any:
    """The value without options that have been deleted since."""
    if value is None or field["field_type"] not in ("enum", "set"):
        return value
    known = {option["id"] for option in field["options"] or []}
    if isinstance(value, list):
        return [option for option in value if option in known] or None
    return value if value in known else None


def labels(call: Call, entity: Entity, record: Record) -> list[dict[str, Any]]:
    """The record's labels as ``{id, label}``, which include_labels asks for."""
    field = call.records.find(entity.fields_table or "", "label_ids") or {}
    names = {option["id"]: option["label"] for option in field.get("options") or ()}
    return [{"id": key, "label": names[key]} for key in record.get("label_ids") or () if key in names]


def merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values after a write; null clears."""
    return {code: value for code, value in {**before, **changes}.items() if value is not None}


def custom_field_complaints(call: Call, entity: Entity) -> Iterator[tuple[str, str]]:
    """What is wrong with ``custom_fields`` of the body."""
    values = call.body.get("custom_fields")
    if not isinstance(values, dict):
        return
    fields = definitions(call, entity)
    for code, value in values.items():
        if code not in fields:
            yield f"custom_fields.{code}", f"Parameter '{code}' is not allowed for this request"
        elif value is not None and not fits(fields[code], value):
            kind = fields[code]["field_type"]
            yield (
                f"custom_fields.{code}",
                f"Parameter '{code}' is not a valid value for a field of type {kind}",
            )


def fits(field: Record, value: Any) -> bool:
    """Whether the value has the form that a field of this type takes in API v2."""
    check = _CHECKS.get(field["field_type"], _is_text)
    return check(value) and _in_options(field, value)


def _in_options(field: Record, value: Any) -> bool:
    if field["field_type"] not in ("enum", "set"):
        return True
    known = {option["id"] for option in field["options"]}
    return known.issuperset(value if isinstance(value, list) else [value])


def _labelled(field: Record, value: Any) -> Any:
    labels = {option["id"]: option["label"] for option in field["options"] or []}
    if value is None or field["field_type"] not in ("enum", "set"):
        return value
    if isinstance(value, list):
        return [{"id": option, "label": labels[option]} for option in value]
    return {"id": value, "label": labels[value]}


def _is_text(value: Any) -> bool:
    return is_type(value, "string")


def _is_integer(value: Any) -> bool:
    return is_type(value, "integer")


def _is_number(value: Any) -> bool:
    return is_type(value, "number")


def _is_set(value: Any) -> bool:
    """A set is cleared with null; an empty list is refused."""
    return isinstance(value, list) and bool(value) and all(map(_is_integer, value))


def _object_of(**checks: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """An object with exactly these keys; ``value`` must be there."""

    def fits(value: Any) -> bool:
        if not isinstance(value, dict) or "value" not in value or value.keys() - checks.keys():
            return False
        return all(inner is None or checks[key](inner) for key, inner in value.items())

    return fits


def _is_address(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_text(value.get("value"))
        and all(inner is None or _is_text(inner) for inner in value.values())
    )


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "double": _is_number,
    "enum": _is_integer,
    "user": _is_integer,
    "org": _is_integer,
    "people": _is_integer,
    "set": _is_set,
    "date": is_date,
    "monetary": _object_of(value=_is_number, currency=_is_text),
    "daterange": _object_of(value=is_date, until=is_date),
    "time": _object_of(value=is_time, timezone_id=_is_integer, timezone_name=_is_text),
    "timerange": _object_of(value=is_time, until=is_time, timezone_id=_is_integer, timezone_name=_is_text),
    "address": _is_address,
}
