"""A dataclass read as the row of a JSON panel: one field per annotation, and the limits of Pipedrive.

https://pipedrive.readme.io/docs/json-panels-adding-a-panel
"""

import dataclasses
import types
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.json_values import KINDS, FieldKind

MOST_OBJECTS, MOST_FIELDS = 10, 20
_SILENT_KEY = "id"  # names the object to Pipedrive and says nothing to a reader


@dataclass(frozen=True, slots=True)
class Field:
    """`label` is empty where Pipedrive shows none; a required key is in every answer, if only with null."""

    key: str
    kind: FieldKind
    label: str
    is_required: bool

    def schema(self) -> dict[str, str]:
        label = {"label": self.label} if self.label else {}
        return {"$ref": f"#/definitions/{self.kind}", **label}


def fields_of(row: Any, *, is_list: bool) -> tuple[Field, ...]:
    """Raises ConfigurationError with a sentence for each thing that Developer Hub would not take."""
    if not (isinstance(row, type) and dataclasses.is_dataclass(row)):
        raise ConfigurationError([f"{row!r} is no dataclass, and a row of a JSON panel is one"])
    hints = get_type_hints(row, include_extras=True)
    found: list[Field] = []
    problems: list[str] = []
    for each in dataclasses.fields(row):
        try:
            found.append(_field(each, hints[each.name]))
        except ValueError as error:
            problems.append(f"{row.__name__}.{each.name} {error}")
    problems = problems or _limits(row.__name__, found, is_list=is_list)
    if problems:
        raise ConfigurationError(problems)
    return tuple(found)


def _limits(name: str, fields: Sequence[Field], *, is_list: bool) -> list[str]:
    headers = sum(field.kind is FieldKind.HEADER for field in fields)
    counted = len(fields) - headers
    problems = []
    if not fields:
        problems.append(f"{name} has no fields; a row has one at least")
    if counted > MOST_FIELDS:
        problems.append(
            f"{name} has {counted} fields beside its header; Pipedrive shows {MOST_FIELDS} at most"
        )
    if headers > 1:
        problems.append(f"{name} has {headers} fields of type Header; an object has one")
    if is_list and not headers:
        problems.append(f"{name} has no field of type Header, and each object of a list needs one")
    return problems


def _field(field: "dataclasses.Field[Any]", hint: Any) -> Field:
    kinds, labels, is_optional = _read(hint)
    if len(kinds) != 1:
        known = ", ".join(sorted(kind.__name__ for kind in KINDS))
        raise ValueError(
            f"is of no type that a JSON panel shows; there are {known}, Header, Email, Phone, ..."
        )
    kind = kinds.pop()
    is_silent = field.name == _SILENT_KEY or kind is FieldKind.HEADER
    label = labels[-1] if labels else "" if is_silent else sentence_case(field.name)
    if labels and not label.strip():
        raise ValueError("has an empty label; write one, or none at all")
    has_default = not (field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING)
    return Field(field.name, kind, label, is_required=not (is_optional or has_default))


def _read(hint: Any) -> tuple[set[FieldKind], list[str], bool]:
    """The kinds that an annotation may mean, the labels in it, and whether it may be None."""
    if get_origin(hint) is Annotated:
        inner, *extras = get_args(hint)
        kinds, labels, is_optional = _read(inner)
        own = {extra for extra in extras if isinstance(extra, FieldKind)}
        said = [extra for extra in extras if isinstance(extra, str) and not isinstance(extra, FieldKind)]
        return own or kinds, labels + said, is_optional
    if get_origin(hint) in (Union, types.UnionType):
        parts = [_read(part) for part in get_args(hint) if part is not type(None)]
        kinds = set().union(*(each for each, _, _ in parts))
        is_optional = type(None) in get_args(hint) or any(optional for _, _, optional in parts)
        return kinds, [label for _, labels, _ in parts for label in labels], is_optional
    if hint in (list[str], tuple[str, ...]):
        return {FieldKind.TAGS}, [], False
    kind = KINDS.get(hint) if isinstance(hint, type) else None
    return ({kind} if kind else set()), [], False


def sentence_case(name: str) -> str:
    """`signed_on` reads "Signed on"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
