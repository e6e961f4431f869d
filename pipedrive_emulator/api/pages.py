"""Pages of a list: order, limit, and the cursor that marks the first item of the next page.

A cursor is base64url of ``{"field", "fieldValue", "sortDirection", "id"}`` without padding, as in the
examples of the API reference; to apps it is opaque.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import ApiError, invalid
from pipedrive_emulator.world.records import Record

DEFAULT_LIMIT, MOST = 100, 500


def page(
    call: Call, records: Iterable[Record], wanted: Callable[[Record], bool] = lambda _: True
) -> tuple[list[Record], str | None]:
    """The wanted records from the cursor on, sorted, and the cursor of the next page.

    ``wanted`` is asked of no more records than the page needs: a large table is cheap to begin.
    """
    field, direction = call.query.get("sort_by", "id"), call.query.get("sort_direction", "asc")
    key = _by_id if field == "id" else lambda row: _rank(row.get(field), row["id"])
    rows = sorted(records, key=key, reverse=direction == "desc")
    limit, start = _limit(call), _start(call, rows, field, direction)
    found = list(islice(filter(wanted, islice(rows, start, None)), limit + 1))
    return found[:limit], _cursor(found[limit], field, direction) if len(found) > limit else None


def _by_id(row: Record) -> Any:
    return row["id"]


def _rank(value: Any, record_id: Any) -> tuple[bool, Any, Any]:
    """Records without a value come first; the id decides among equals."""
    return (value is not None, value if value is not None else 0, record_id)


def _start(call: Call, rows: Sequence[Record], field: str, direction: str) -> int:
    text = call.query.get("cursor")
    if text is None:
        return 0
    mark = _read(text)
    if (mark["field"], mark["sortDirection"]) != (field, direction):
        raise invalid([("cursor", "Parameter 'cursor' belongs to another sort order")])
    first = _rank(mark["fieldValue"], mark["id"])
    try:
        for place, row in enumerate(rows):
            rank = _rank(row.get(field), row["id"])
            if rank <= first if direction == "desc" else rank >= first:
                return place
    except TypeError:
        raise _bad_cursor() from None
    return len(rows)


def _limit(call: Call) -> int:
    limit: int = call.query.get("limit", DEFAULT_LIMIT)
    if limit < 1 or (limit > MOST and call.switches.get("limit_above_cap") == "reject"):
        raise invalid([("limit", f"Parameter 'limit' must be between 1 and {MOST}")])
    return min(limit, MOST)


def _cursor(record: Record, field: str, direction: str) -> str:
    mark = {"field": field, "fieldValue": record.get(field), "sortDirection": direction, "id": record["id"]}
    raw = json.dumps(mark, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _read(text: str) -> dict[str, Any]:
    try:
        mark = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return {name: mark[name] for name in ("field", "fieldValue", "sortDirection", "id")}
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise _bad_cursor() from None


def _bad_cursor() -> ApiError:
    return invalid([("cursor", "Parameter 'cursor' is not a valid cursor")])
