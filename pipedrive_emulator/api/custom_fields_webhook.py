"""Custom fields in webhooks: each value an object that names its type.

https://pipedrive.readme.io/docs/webhooks-v2-migration-guide.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pipedrive_emulator.api.custom_fields import current
from pipedrive_emulator.world.records import Record


def typed(fields: Iterable[Record], record: Record) -> dict[str, Any]:
    """Every custom field among ``fields`` (the rows of a table such as dealFields); null where unset."""
    values = record.get("custom_fields") or {}
    custom = [field for field in fields if field["is_custom_field"]]
    return {
        field["field_code"]: _typed(field, current(field, values.get(field["field_code"])))
        for field in custom
    }


def _typed(field: Record, value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    kind = field["field_type"]
    return {"type": kind, **_FORMS.get(kind, _plain)(value)}


def _plain(value: Any) -> dict[str, Any]:
    return {"value": value}


def _link(value: Any) -> dict[str, Any]:
    return {"id": value}


def _set(value: Any) -> dict[str, Any]:
    return {"values": [{"id": option} for option in value]}


def _object(*parts: str) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {part: value.get(part) for part in parts}


def _range(*more: str) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {"from": value.get("value"), **{part: value.get(part) for part in ("until", *more)}}


_FORMS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "monetary": _object("value", "currency"),
    "time": _object("value", "timezone_id"),
    "timerange": _range("timezone_id"),
    "daterange": _range(),
    "address": dict,
    "enum": _link,
    "user": _link,
    "org": _link,
    "people": _link,
    "set": _set,
}
