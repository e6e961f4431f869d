"""Types and text forms of values in queries and bodies: a complaint for each misfit, None for a fit."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

_DATETIME = re.compile(r"(19|[2-8]\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
_V1_DATETIME = re.compile(r"(19|[2-8]\d)\d\d-\d\d-\d\d \d\d:\d\d:\d\d")
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?")

# Far beyond money, and small enough that a sum of many is still a number that JSON can hold.
_LARGEST = 1e15

_TYPES: dict[str, Callable[[Any], bool]] = {
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LARGEST
    ),
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "any": lambda value: value is not None,
}
_ARTICLES = {"integer": "an integer", "array": "an array", "object": "an object"}


def is_type(value: Any, name: str) -> bool:
    return _TYPES[name](value)


def is_date(value: Any) -> bool:
    return isinstance(value, str) and len(value) == len("2026-01-31") and _parses(date.fromisoformat, value)


def is_time(value: Any) -> bool:
    return isinstance(value, str) and bool(_TIME.fullmatch(value)) and _parses(time.fromisoformat, value)


def is_datetime(value: Any) -> bool:
    """RFC 3339 without fractions of a second, which Pipedrive refuses; years at the calendar's ends too."""
    return (
        isinstance(value, str) and bool(_DATETIME.fullmatch(value)) and _parses(datetime.fromisoformat, value)
    )


def _is_v1_datetime(value: Any) -> bool:
    return (
        isinstance(value, str)
        and bool(_V1_DATETIME.fullmatch(value))
        and _parses(datetime.fromisoformat, value)
    )


def type_complaint(key: str, value: Any, expected: str) -> str | None:
    """Compare a value with a type as the fact table writes it."""
    name = expected.removeprefix("?")
    if "|" in name or name not in _TYPES:  # a choice, be it of one
        return (
            None
            if str(value) in name.split("|")
            else f"Parameter '{key}' must be one of: {name.replace('|', ', ')}"
        )
    return None if is_type(value, name) else f"Parameter '{key}' must be {_ARTICLES.get(name, 'a ' + name)}"


def form_complaint(key: str, value: Any) -> str | None:
    """Dates and times are told by their names, the same in every entity; what is no text has another type."""
    if not isinstance(value, str):
        return None
    if key in ("due_time", "duration"):
        return None if is_time(value) else f"Parameter '{key}' is not a valid time"
    if key.endswith("_date") or key == "birthday":
        return None if is_date(value) else f"Parameter '{key}' is not a valid date"
    if key.endswith("_time"):
        return (
            None
            if is_datetime(value) or _is_v1_datetime(value)
            else f"Parameter '{key}' is not a valid datetime"
        )
    return None


def _parses(parse: Callable[[str], object], value: str) -> bool:
    try:
        parse(value)
    except ValueError:
        return False
    return True
