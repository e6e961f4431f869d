"""Forms filled in by a stranger: something plausible in every field, or ids of somebody else."""

import dataclasses
import enum
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal

_DAY = date(2030, 1, 15)
_BY_TYPE: dict[type, Any] = {
    bool: True,
    int: 1,
    float: 1.5,
    str: "Something",
    date: _DAY.isoformat(),
    datetime: f"{_DAY.isoformat()}T09:00:00Z",
    time: "09:00",
}


def filling(form: type[Any] | None, shown: Mapping[str, str | None] | None = None) -> dict[str, Any]:
    """A value for each field; what is filled in already stays."""
    filled = {name: _plausible(hint) for name, hint in fields_of(form).items()}
    kept = {name: value for name, value in (shown or {}).items() if value}
    return {name: value for name, value in {**filled, **kept}.items() if value is not None}


def fields_of(form: type[Any] | None) -> dict[str, Any]:
    """Their types by name; empty for a handler that takes no form."""
    if form is None:
        return {}
    hints = typing.get_type_hints(form)
    return {each.name: hints[each.name] for each in dataclasses.fields(form) if each.init}


def takes_ids(hint: Any) -> bool:
    """Whether the field may hold a number or a text, and so an id."""
    return any(each in (int, str) for each in (hint, *typing.get_args(hint)))


def _plausible(hint: Any) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return inner[0]
    if origin in (typing.Union, types.UnionType):
        return next((_plausible(each) for each in inner if each is not type(None)), None)
    if origin in (list, tuple, set, frozenset):
        return []
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return next(iter(hint)).value
    return _BY_TYPE.get(hint)
