"""From the text of a query string to values, by the operation's row in the fact table."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.formats import is_datetime
from pipedrive_emulator.api.operations import Operation
from pipedrive_emulator.clock import rfc3339

MOST_IDS = 100
MOST_CUSTOM_FIELDS = 15


def read_query(operation: Operation, query: Mapping[str, str]) -> dict[str, Any]:
    """Values of the parameters that the operation knows; others are ignored, as are empty ones.

    Raises:
        ApiError: 400 with every complaint at once.
    """
    values: dict[str, Any] = {}
    complaints = []
    for name, text in query.items():
        kind = operation.query.get(name)
        if kind is None or text == "":
            continue
        try:
            values[name] = _reader(name, kind)(text)
        except ValueError as error:
            complaints.append((name, f"Parameter '{name}' {error}"))
    if complaints:
        raise invalid(complaints)
    return values


def _reader(name: str, kind: str) -> Callable[[str], Any]:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name in _LISTS and kind != "string":
        return lambda text: _choices(text, set(kind.replace("|", ",").split(",")))
    if "|" in kind:
        return lambda text: _choice(text, kind.split("|"))
    return _BY_TYPE.get(kind, str)


def _integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError("must be an integer") from None


def _boolean(text: str) -> bool:
    if text not in ("true", "false", "1", "0"):
        raise ValueError("must be a boolean")
    return text in ("true", "1")


def _choice(text: str, allowed: list[str]) -> str:
    if text not in allowed:
        raise ValueError(f"must be one of: {', '.join(allowed)}")
    return text


def _choices(text: str, allowed: set[str]) -> set[str]:
    asked = set(text.split(","))
    if asked - allowed:
        raise ValueError(f"must be among: {', '.join(sorted(allowed))}")
    return asked


def _ids(text: str) -> set[int]:
    ids = {_integer(part) for part in text.split(",")}
    if len(ids) > MOST_IDS:
        raise ValueError(f"takes at most {MOST_IDS} ids")
    return ids


def _codes(text: str) -> set[str]:
    codes = set(text.split(","))
    if len(codes) > MOST_CUSTOM_FIELDS:
        raise ValueError(f"takes at most {MOST_CUSTOM_FIELDS} keys")
    return codes


def _moment(text: str) -> str:
    """In UTC, so that it can be compared with a record's times as text."""
    if not is_datetime(text):
        raise ValueError("is not a valid datetime")
    return rfc3339(datetime.fromisoformat(text).timestamp())


# Names whose value is a list of choices, joined by commas.
_LISTS = ("include_fields", "fields", "item_types", "items")
_BY_TYPE: Mapping[str, Callable[[str], Any]] = {"integer": _integer, "number": float, "boolean": _boolean}
_BY_NAME: Mapping[str, Callable[[str], Any]] = {
    "ids": _ids,
    "deal_ids": _ids,
    "sort": str,  # names with ASC or DESC, checked where the list is sorted
    "custom_fields": _codes,
    "updated_since": _moment,
    "updated_until": _moment,
}
