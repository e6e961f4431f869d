"""What may stand in a field of a JSON panel: as a Python value, and as Pipedrive wants it.

A field's type is told by its annotation: `str`, `int`, `float`, `Decimal`, `date`, `time`, `datetime`,
`tuple[str, ...]` and `list[str]` mean what they say; the rest stands here.
https://pipedrive.readme.io/docs/json-panels-adding-a-panel
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

Colour = Literal["green", "red", "blue", "yellow", "purple", "grey"]


class FieldKind(StrEnum):
    """The names under `#/definitions/` of Pipedrive's schema files."""

    TEXT = "text"
    NUMERICAL = "numerical"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date-time"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"
    LINK = "link"
    CURRENCY = "currency"
    LABEL = "label"
    TAGS = "tags"
    HEADER = "header"


Header = Annotated[str, FieldKind.HEADER]
Email = Annotated[str, FieldKind.EMAIL]
Phone = Annotated[str, FieldKind.PHONE]
Address = Annotated[str, FieldKind.ADDRESS]


@dataclass(frozen=True, slots=True)
class Markdown:
    """Text with links, bold and lists. Pipedrive cuts it at 255 characters, marks included."""

    text: str


@dataclass(frozen=True, slots=True)
class Currency:
    """`code` is one of ISO 4217."""

    value: float | Decimal
    code: str


@dataclass(frozen=True, slots=True)
class Label:
    """A coloured word or two; Pipedrive cuts it at 40 characters."""

    text: str
    colour: Colour = "grey"


@dataclass(frozen=True, slots=True)
class Link:
    """`url` is an address of http or https; an external one opens a new tab."""

    url: str
    label: str = ""
    is_external: bool = True


KINDS: dict[type, FieldKind] = {
    str: FieldKind.TEXT,
    Markdown: FieldKind.TEXT,
    int: FieldKind.NUMERICAL,
    float: FieldKind.NUMERICAL,
    Decimal: FieldKind.NUMERICAL,
    date: FieldKind.DATE,
    time: FieldKind.TIME,
    datetime: FieldKind.DATE_TIME,
    Currency: FieldKind.CURRENCY,
    Label: FieldKind.LABEL,
    Link: FieldKind.LINK,
}


def as_json(value: Any) -> Any:
    """In Pipedrive's form. What is of that form already, or of none that is known, stays as it is."""
    if isinstance(value, (Markdown, Currency, Label, Link)):
        return _as_object(value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, (datetime, time)):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _as_object(value: Markdown | Currency | Label | Link) -> dict[str, Any]:
    if isinstance(value, Markdown):
        return {"markdown": True, "value": value.text}
    if isinstance(value, Currency):
        return {"code": value.code, "value": as_json(value.value)}
    if isinstance(value, Label):
        return {"color": value.colour, "label": value.text}
    label = {"label": value.label} if value.label else {}
    return {"value": value.url, "external": value.is_external, **label}


def _number(value: Decimal) -> float:
    """A whole one stays whole, however long it is."""
    return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)
