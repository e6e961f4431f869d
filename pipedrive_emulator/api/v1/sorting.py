"""The ``sort`` of API v1: ``title ASC, add_time DESC``, names of first-level keys."""

from collections.abc import Iterable
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.world.records import Record

_DIRECTIONS = {"ASC": False, "DESC": True}


def in_order(call: Call, rows: Iterable[Record], allowed: Iterable[str], default: str = "id") -> list[Record]:
    """The rows as ``sort`` wants them; rows without a value come first, equal ones stay as they are.

    Raises:
        ApiError: 400 for a name that is not among ``allowed``, or a direction that is none.
    """
    names, found = set(allowed), sorted(rows, key=lambda row: _rank(row.get(default)))
    for part in reversed(str(call.query.get("sort") or "").split(",")):
        name, _, direction = " ".join(part.split()).partition(" ")
        if name and (name not in names or direction.upper() not in (*_DIRECTIONS, "")):
            raise refused(400, f"Bad request: cannot sort by {part.strip()}.")
        if name:
            reverse = _DIRECTIONS.get(direction.upper(), False)
            found.sort(key=lambda row, name=name: _rank(row.get(name)), reverse=reverse)  # type: ignore[misc] # the default binds the name
    return found


def _rank(value: Any) -> tuple[bool, str, Any]:
    """Comparable whatever the type: numbers among numbers, the rest as text."""
    is_number = isinstance(value, int | float)
    return value is not None, "" if is_number else "text", value if is_number else str(value)
