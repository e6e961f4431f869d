"""Pages of API v1: an offset, a limit, and whether more follows.

https://pipedrive.readme.io/docs/core-api-concepts-pagination.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import refused

DEFAULT_LIMIT, MOST = 100, 500

Row = TypeVar("Row")


def offset_page(call: Call, rows: Sequence[Row], *, most: int = MOST) -> tuple[list[Row], dict[str, Any]]:
    """The wanted slice, and ``start, limit, more_items_in_collection`` with ``next_start`` when there is one.

    Raises:
        ApiError: 400 for a start or limit below its least; above ``most`` by the switch limit_above_cap.
    """
    start: int = call.query.get("start", 0)
    limit: int = call.query.get("limit", min(DEFAULT_LIMIT, most))
    if start < 0 or limit < 1 or (limit > most and call.switches.get("limit_above_cap") == "reject"):
        raise refused(400, f"Bad request: start is 0 or more, limit between 1 and {most}.")
    end = start + min(limit, most)
    marks = {"start": start, "limit": min(limit, most), "more_items_in_collection": end < len(rows)}
    return list(rows[start:end]), marks | ({"next_start": end} if end < len(rows) else {})


def nested(marks: dict[str, Any]) -> dict[str, Any]:
    """The layout under ``pagination`` that most v1 lists have."""
    return {"pagination": marks}
