"""Changelogs of deals, persons and organizations: a row for each field that changed, the newest first.

https://developers.pipedrive.com/docs/api/v1/Deals#getDealChangelog.
"""

import base64
import binascii
import json
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import ApiError, refused
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

_DEFAULT, _MOST = 100, 500
_NAMES = {"emails": "email", "phones": "phone", "label_ids": "label"}
_NAMES_OF_DEALS = {"owner_id": "user_id"}
_SAME = ("actor_user_id", "time", "change_source", "change_source_user_agent", "is_bulk_update_flag")


def changelog(call: Call, table: str) -> Answer:
    """A page with ``next_cursor``, which is ``id:<row>`` in base64url, as in the documented example."""
    rows = changes(call, table, parent(call, table)["id"])
    start = _start(call, rows)
    end = start + _limit(call)
    shown = [_shape(table, row) for row in rows[start:end]]
    return Answer(shown, {"next_cursor": _cursor(rows[end]) if end < len(rows) else None})


def changes(call: Call, table: str, key: int) -> list[Record]:
    """What happened to the record's fields, the newest first."""
    rows = call.records.where("changelog", "subject", f"{table}/{key}")
    return sorted(rows, key=lambda row: row["id"], reverse=True)


def field_key(table: str, row: Record) -> str:
    """The field's name in API v1."""
    names = _NAMES | (_NAMES_OF_DEALS if table == "deals" else {})
    return names.get(row["field_key"], str(row["field_key"]))


def plain(value: Any) -> Any:
    """One value for what API v2 keeps as a list or an object: the primary contact, the ids, the main part."""
    if isinstance(value, dict):
        return value.get("value")
    if not isinstance(value, list):
        return value
    if value and isinstance(value[0], dict):
        return next((row.get("value") for row in value if row.get("primary")), value[0].get("value"))
    return ",".join(map(str, value)) or None


def _shape(table: str, row: Record) -> dict[str, Any]:
    values = {name: _text(plain(row[name])) for name in ("old_value", "new_value")}
    return {"field_key": field_key(table, row)} | values | {name: row[name] for name in _SAME}


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _limit(call: Call) -> int:
    limit: int = call.query.get("limit", _DEFAULT)
    if limit < 1 or (limit > _MOST and call.switches.get("limit_above_cap") == "reject"):
        raise refused(400, f"Bad request: limit must be between 1 and {_MOST}.")
    return min(limit, _MOST)


def _start(call: Call, rows: list[Record]) -> int:
    text = call.query.get("cursor")
    if text is None:
        return 0
    try:
        mark = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        raise _bad_cursor() from None
    number = whole_number(mark.removeprefix("id:"))
    if number is None or not mark.startswith("id:"):
        raise _bad_cursor()
    return next((place for place, row in enumerate(rows) if row["id"] <= number), len(rows))


def _cursor(row: Record) -> str:
    return base64.urlsafe_b64encode(f"id:{row['id']}".encode()).rstrip(b"=").decode("ascii")


def _bad_cursor() -> ApiError:
    return refused(400, "Bad request: cursor is not a valid cursor.")
