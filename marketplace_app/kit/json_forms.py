"""A dataclass read as the form of a JSON modal: a block or a button per field, and the limits of Pipedrive.

https://pipedrive.readme.io/docs/app-extensions-json-modals
"""

import dataclasses
import types
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.json_blocks import (
    BLOCKS,
    BUTTONS,
    Block,
    Button,
    CheckboxGroup,
    DatePicker,
    Input,
    RadioGroup,
    Select,
    Text,
    Textarea,
)
from marketplace_app.kit.json_limits import FormField, limits

_NUMBERS = (int, float, Decimal)
_SCALARS = (str, int, float, bool)
_ONLY: dict[type, list[list[Any]]] = {
    **{key: [[str]] for key in (Input, Textarea, Text)},
    DatePicker: [[date]],
    CheckboxGroup: [[list[str]], [tuple[str, ...]]],
}


def fields_of(form: Any) -> tuple[FormField, ...]:
    """Raises ConfigurationError with a sentence for each thing that Developer Hub would not take."""
    if not (isinstance(form, type) and dataclasses.is_dataclass(form)):
        raise ConfigurationError([f"{form!r} is no dataclass, and the form of a JSON modal is one"])
    hints = get_type_hints(form, include_extras=True)
    found: list[FormField] = []
    problems: list[str] = []
    for each in dataclasses.fields(form):
        try:
            found.append(_field(each, hints[each.name]))
        except ValueError as error:
            problems.append(f"{form.__name__}.{each.name} {error}")
    problems = problems or [f"{form.__name__}{problem}" for problem in limits(found)] or _own_rule(form)
    if problems:
        raise ConfigurationError(problems)
    return tuple(found)


def _own_rule(form: type[Any]) -> list[str]:
    try:
        form()
    except ValueError as error:
        return [f"{form.__name__} refuses its own defaults ({error}), and they are what it shows first"]
    return []


def _field(field: "dataclasses.Field[Any]", hint: Any) -> FormField:
    inner, *extras = get_args(hint) if get_origin(hint) is Annotated else (hint,)
    rows = [extra for extra in extras if isinstance(extra, (*BLOCKS, *BUTTONS))]
    if len(rows) != 1:
        raise ValueError('has no block; write Annotated[str, Input("Name")] or another one')
    row = rows[0]
    default = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    if default is dataclasses.MISSING:
        raise ValueError(
            "has no default; it is what the block shows first, and what it means while it is hidden"
        )
    if not _fits(row, inner):
        raise ValueError(f"is {_wanted(row)} for {type(row).__name__}")
    bounds = [extra for extra in extras if isinstance(extra, msgspec.Meta)]
    return FormField(field.name, row, Annotated[inner, *bounds] if bounds else inner, default)


def alternatives(hint: Any) -> list[Any]:
    """The types that a value may have, None among them."""
    if get_origin(hint) is Annotated:
        return alternatives(get_args(hint)[0])
    return list(get_args(hint)) if get_origin(hint) in (Union, types.UnionType) else [hint]


def _fits(row: Block | Button, hint: Any) -> bool:
    kinds = [kind for kind in alternatives(hint) if kind is not type(None)]
    if isinstance(row, Input) and row.type == "number":
        return bool(kinds) and all(kind in _NUMBERS for kind in kinds)
    if isinstance(row, (Select, RadioGroup)):
        may_be_several = isinstance(row, Select)
        return bool(kinds) and all(
            _is_scalar(kind) or (may_be_several and _is_scalars(kind)) for kind in kinds
        )
    return kinds in _ONLY.get(type(row), [[]])


def _is_scalar(kind: Any) -> bool:
    is_choice = get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, Enum))
    return kind in _SCALARS or is_choice


def _is_scalars(kind: Any) -> bool:
    parts = get_args(kind)
    return get_origin(kind) in (list, tuple) and parts[1:] in ((), (...,)) and _is_scalar(parts[0])


def _wanted(row: Block | Button) -> str:
    """As the beginning of a sentence on what the annotation ought to be."""
    if isinstance(row, Input) and row.type == "number":
        return "no number; write int, float or Decimal, each with | None if it may stay empty,"
    return {
        DatePicker: "no day; write date | None",
        CheckboxGroup: "no list of texts; write tuple[str, ...]",
        Select: "no choice; write str, int, a Literal, an Enum or a tuple of one of them",
        RadioGroup: "no choice; write str, int, a Literal or an Enum",
    }.get(
        type(row), "no text; write str" if isinstance(row, (Input, Textarea, Text)) else "no None; write None"
    )
