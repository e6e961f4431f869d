"""How large numbers and how long texts of a body may be; what says nothing here has no end of its own."""

import re
from collections.abc import Mapping
from typing import Any

LONGEST_NAME = 255
_NAMES = ("title", "name", "subject")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
# Least and most of a number.
_RANGES: Mapping[str, tuple[int, int | None]] = {
    "probability": (0, 100),
    "deal_probability": (0, 100),
    "employee_count": (0, None),
}


def limit_complaint(path: str, value: Any) -> str | None:
    """What is wrong with a value of the right type; ``path`` such as ``attendees.email``."""
    if path in _NAMES and isinstance(value, str) and len(value) > LONGEST_NAME:
        return f"Parameter '{path}' must have at most {LONGEST_NAME} characters"
    if path == "attendees.email" and isinstance(value, str) and not _ADDRESS.fullmatch(value):
        return f"Parameter '{path}' is not a valid e-mail address"
    if path in _RANGES and isinstance(value, int | float):
        least, most = _RANGES[path]
        if value < least or (most is not None and value > most):
            return f"Parameter '{path}' must be {_words(least, most)}"
    return None


def _words(least: int, most: int | None) -> str:
    return f"{least} or more" if most is None else f"between {least} and {most}"
