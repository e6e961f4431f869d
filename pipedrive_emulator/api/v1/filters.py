"""Filters as API v1 shows them: https://developers.pipedrive.com/docs/api/v1/Filters."""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.filtering import field_of
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record

_SAME = ("id", "name", "filter_code", "is_editable")
_SAME_TOO = ("type", "temporary_flag", "user_id", "last_used_time", "custom_view_id")


def filter_(_: Call, record: Record) -> dict[str, Any]:
    """Without its conditions, as lists have it."""
    return {
        **{key: record[key] for key in _SAME},
        "active_flag": not record["is_deleted"],
        **{key: record[key] for key in _SAME_TOO},
        "add_time": v1_form(record["add_time"]),
        "update_time": v1_form(record["update_time"]),
        "visible_to": str(record["visible_to"]),
    }


def described(call: Call, record: Record) -> dict[str, Any]:
    """With its conditions, which name the code of their fields when include_field_code asks."""
    groups = [
        {**group, "conditions": [_condition(call, row) for row in group["conditions"]]}
        for group in record["conditions"]["conditions"]
    ]
    return {**filter_(call, record), "conditions": {"glue": "and", "conditions": groups}}


def _condition(call: Call, row: Record) -> dict[str, Any]:
    if not call.query.get("include_field_code"):
        return row
    field = field_of(call, row["object"], row["field_id"])
    return {**row, "field_code": field["field_code"] if field else None}
