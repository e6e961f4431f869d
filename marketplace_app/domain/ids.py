"""Pipedrive's identifiers. All are positive and fit a JSON number without loss."""

import re
from typing import NewType

CompanyId = NewType("CompanyId", int)
UserId = NewType("UserId", int)

ID_LIMIT = 2**53
_CANONICAL = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)


def parse_id(text: str) -> int | None:
    """The id that `text` spells in its one canonical way, or None: no sign, zero, space or other digits."""
    if not _CANONICAL.fullmatch(text):
        return None
    value = int(text)
    return value if value < ID_LIMIT else None


def is_id(value: object) -> bool:
    """Whether a decoded JSON value is an id: an integer, and neither a boolean nor a float."""
    return type(value) is int and 0 < value < ID_LIMIT
