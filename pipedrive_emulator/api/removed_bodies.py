"""Bodies and records of the removed v1 operations, in the names of API v2 and back.

https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide lists what was renamed.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.v1.custom_fields import nested
from pipedrive_emulator.api.v1.translated import flag
from pipedrive_emulator.world.records import Record

Cast = Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


def _truth(value: Any) -> Any:
    fit = flag(value)
    return bool(fit) if fit in (0, 1) else value


def _integer(value: Any) -> Any:
    return int(value) if str(value).isdecimal() else value


def _number(value: Any) -> Any:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _labels(value: Any) -> list[Any]:
    rows = value if isinstance(value, list) else str(value).split(",")
    return [_integer(row) for row in rows if row != ""]


def _contacts(value: Any) -> list[Any]:
    """One text, several, or rows as v2 has them; the first is the primary one."""
    rows = value if isinstance(value, list) else [value]
    shown = [row if isinstance(row, dict) else {"value": row} for row in rows]
    kept = ("value", "label", "primary")
    trimmed = [{key: row[key] for key in kept if key in row} for row in shown]
    return [row | ({"primary": _truth(row["primary"])} if "primary" in row else {}) for row in trimmed]


def _place(value: Any) -> Any:
    return {"value": value} if isinstance(value, str) else value


def _people(value: Any) -> list[Any]:
    rows = value if isinstance(value, list) else [value]
    return [
        {
            "person_id": row.get("person_id"),
            "primary": _truth(row.get("primary_flag", row.get("primary", False))),
        }
        if isinstance(row, dict)
        else {"person_id": row, "primary": place == 0}
        for place, row in enumerate(rows)
    ]


def _guests(value: Any) -> list[Any]:
    return [
        {"email": row.get("email_address"), **{key: row[key] for key in ("name", "person_id") if key in row}}
        for row in value
        if isinstance(row, dict)
    ]


def _prices(value: Any) -> Any:
    rows = value if isinstance(value, list) else []
    return [
        {("direct_cost" if key == "overhead_cost" else key): one for key, one in row.items() if key != "id"}
        for row in rows
        if isinstance(row, dict)
    ]


def _moment(value: Any) -> Any:
    text = str(value)
    return f"{text[:10]}T{text[11:19]}Z" if len(text) == len("2026-01-31 10:00:00") else value


# v1 key -> v2 key and how its value is written there; other keys keep name and value.
_RENAMED: Mapping[str, tuple[str, Cast]] = {
    "user_id": ("owner_id", _same),
    "label": ("label_ids", _labels),
    "label_ids": ("label_ids", _labels),
    "visible_to": ("visible_to", _integer),
    "value": ("value", _number),
    "email": ("emails", _contacts),
    "phone": ("phones", _contacts),
    "address": ("address", _place),
    "location": ("location", _place),
    "busy_flag": ("busy", _truth),
    "done": ("done", _truth),
    "is_archived": ("is_archived", _truth),
    "participants": ("participants", _people),
    "attendees": ("attendees", _guests),
    "rotten_flag": ("is_deal_rot_enabled", _truth),
    "rotten_days": ("days_to_rotten", _integer),
    "selectable": ("is_linkable", _truth),
    "enabled_flag": ("is_enabled", _truth),
    "prices": ("prices", _prices),
    **{f"{name}_time": (f"{name}_time", _moment) for name in ("add", "won", "lost", "close")},
}
_OF_ONE_TABLE: Mapping[str, Mapping[str, tuple[str, Cast]]] = {
    "pipelines": {"deal_probability": ("is_deal_probability_enabled", _truth)},
    "activities": {"person_id": ("participants", _people)},
}
# Left to Pipedrive by v2: a change of these is not asked for, only what they were.
_READ_ONLY = ("active", "active_flag", "order_nr")


def as_v2_body(
    call: Call, entity: Entity, before: Record | None, wanted: Mapping[str, Any]
) -> dict[str, Any]:
    """The v1 body of a call as the v2 operation that takes ``wanted`` reads it; unknown keys are left out."""
    raw = call.body if isinstance(call.body, dict) else {}
    contacts = {key: _contacts(raw[key]) for key in ("email", "phone") if raw.get(key)}
    given = read_leniently(replace(call, body={**raw, **contacts}))
    body = {key: value for key, value in _renamed(entity.table, given) if key in wanted}
    if entity.fields_table is not None and (own := _custom(call, entity.fields_table, raw, before)):
        body["custom_fields"] = own
    return body


def _custom(call: Call, table: str, raw: Mapping[str, Any], before: Record | None) -> dict[str, Any]:
    return nested(call, table, raw, (before or {}).get("custom_fields"))


def _renamed(table: str, body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    table_rows = _OF_ONE_TABLE.get(table, {})
    for key, value in body.items():
        if key in _READ_ONLY:
            continue
        name, cast = table_rows.get(key) or _RENAMED.get(key, (key, _same))
        yield name, None if value is None else cast(value)
