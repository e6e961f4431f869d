"""Custom fields in API v1: at the root of a record, their parts beside them as ``<code>_<part>``.

https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide tells how each type differs from v2.
"""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.custom_fields import current, fits
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

# Type -> the parts besides ``value``, each a key of its own in v1.
PARTS: Mapping[str, tuple[str, ...]] = {
    "monetary": ("currency",),
    "daterange": ("until",),
    "time": ("timezone_id",),
    "timerange": ("until", "timezone_id"),
    "address": tuple(part for part in shapes.ADDRESS_PARTS if part != "value"),
}
_LINKS = ("enum", "user", "org", "people")


def flat(call: Call, fields_table: str, record: Record) -> dict[str, Any]:
    """Every custom field of that table as the root keys of a v1 answer; null where unset."""
    values, shown = record.get("custom_fields") or {}, {}
    for field in custom(call, fields_table):
        code = field["field_code"]
        value = current(field, values.get(code))
        shown[code] = _written(field, value)
        for part in PARTS.get(field["field_type"], ()):
            shown[f"{code}_{part}"] = value.get(part) if isinstance(value, dict) else None
    return shown


def nested(
    call: Call, fields_table: str, body: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """``custom_fields`` as v2 writes them, from the root keys of a v1 body; null clears.

    ``before`` are the values so far, for a body that sends a part alone, such as a currency.

    Raises:
        ApiError: 400 for a value that its type does not take.
    """
    changes = {}
    for field in custom(call, fields_table):
        code = field["field_code"]
        parts = PARTS.get(field["field_type"], ())
        if any(key in body for key in (code, *(f"{code}_{part}" for part in parts))):
            changes[code] = _read(call, field, body, (before or {}).get(code))
    return changes


def custom(call: Call, fields_table: str) -> list[Record]:
    return [field for field in call.records.all(fields_table) if field["is_custom_field"]]


def _written(field: Record, value: Any) -> Any:
    """An option is the text of its id, several are joined by commas."""
    if value is None:
        return None
    if field["field_type"] == "set":
        return ",".join(map(str, value))
    if field["field_type"] == "enum":
        return str(value)
    return value.get("value") if isinstance(value, dict) else value


def _read(call: Call, field: Record, body: Mapping[str, Any], before: Any) -> Any:
    code, kind = field["field_code"], field["field_type"]
    value = body.get(code, before.get("value") if isinstance(before, dict) else None)
    if isinstance(value, dict):
        value = value.get("value")
    if value in (None, "", []):
        return None
    fit = _cast(kind, value)
    if kind in PARTS:
        fit = _whole(call, field, fit, body, before)
    if not fits(field, fit):
        raise refused(400, f"Bad request: {code} is not a valid value for a field of type {kind}.")
    return fit


def _whole(call: Call, field: Record, value: Any, body: Mapping[str, Any], before: Any) -> dict[str, Any]:
    """The value with its parts: from the body, else as they were; a bare amount is in the user's currency."""
    code = field["field_code"]
    old = before if isinstance(before, dict) and code not in body else {}
    parts = {part: body.get(f"{code}_{part}", old.get(part)) or None for part in PARTS[field["field_type"]]}
    if field["field_type"] == "monetary":
        parts["currency"] = parts["currency"] or call.user.default_currency
    if "timezone_id" in parts:
        parts["timezone_id"] = _integer(parts["timezone_id"])
    return {"value": value, **parts}


def _cast(kind: str, value: Any) -> Any:
    """v1 takes text for numbers and numbers for text; what does not fit is left for the check."""
    if kind in _LINKS:
        return _integer(value)
    if kind == "set":
        return [_integer(part) for part in (value.split(",") if isinstance(value, str) else _listed(value))]
    if kind in ("double", "monetary"):
        return _number(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _integer(value: Any) -> Any:
    text = str(value).strip()
    return int(text) if text.isdecimal() and not isinstance(value, bool) else value


def _number(value: Any) -> Any:
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    if isinstance(number, float) and number - number != 0:
        return value
    return int(number) if isinstance(number, float) and number.is_integer() else number
