"""What a browser sends of a form that a viewer filled in."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from marketplace_app.testing.markup import Pressable


def filled_in(pressable: Pressable, given: Mapping[str, Any]) -> dict[str, Any]:
    """Raises LookupError for a field that the form does not have.

    A button sends what it has in `data-form`, which is JSON; a form sends text, as HTML does.
    """
    if pressable.fields is None:
        return {**pressable.form, **given}
    unknown = sorted(set(given) - set(pressable.fields))
    if unknown:
        there = ", ".join(pressable.fields) or "none"
        raise LookupError(f"The form {pressable.action!r} has no field {unknown[0]!r}; it has: {there}.")
    written = {name: _written(value, pressable.ticked.get(name, "on")) for name, value in given.items()}
    sent = {**pressable.fields, **written}
    return {**pressable.form, **{name: value for name, value in sent.items() if value is not None}}


def _written(value: Any, ticked: str) -> str | None:
    """A box that is ticked says what its markup has as value, and one that is not says nothing."""
    if isinstance(value, bool):
        return ticked if value else None
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return None if value is None else str(value)
