"""A JSON panel: rows declared as a dataclass, drawn by Pipedrive itself.

    @dataclass(frozen=True, slots=True)
    class Offer:
        header: Header
        state: Label
        total: Annotated[Currency, "Total value"]
        signed_on: date | None = None

`PanelShape` makes the schema file for Developer Hub of it, and checks each answer against it: an
undeclared key or a value of a wrong type would blank the whole panel.
https://pipedrive.readme.io/docs/json-panels-adding-a-panel
"""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.json_checks import MOST_LABEL, cut, cut_text, is_web_address, problem_of
from marketplace_app.kit.json_rows import MOST_OBJECTS, Field, fields_of
from marketplace_app.kit.json_values import (
    Address,
    Currency,
    Email,
    Header,
    Label,
    Link,
    Markdown,
    Phone,
    as_json,
)

__all__ = [
    "Address",
    "Currency",
    "Email",
    "ErrorCard",
    "Header",
    "JsonPanel",
    "Label",
    "Link",
    "Markdown",
    "PanelShape",
    "Phone",
    "UnfitAnswer",
    "WebLink",
    "is_list_of",
]
MOST_TITLE = 30  # characters of an error card
Data = TypeVar("Data")


class UnfitAnswer(ValueError):
    """A handler's answer is not as it was declared; the text says which field, and what to give instead."""


@dataclass(frozen=True, slots=True)
class WebLink:
    """An address of http or https under a label."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class JsonPanel(Generic[Data]):
    """Rows, and what stands around them: a link among the panel's actions, and the app's settings.

    `Data` is `list[Row]` or `Row`; None shows "Nothing to show".
    """

    data: Data | None
    external_link: WebLink | None = None
    settings_url: str = ""


@dataclass(frozen=True, slots=True)
class ErrorCard:
    """Instead of rows: what went wrong and what to do. Pipedrive takes a title of 30 characters at most."""

    title: str
    subtitle: str = ""  # Markdown
    action: WebLink | None = None

    def encode(self) -> dict[str, Any]:
        card: dict[str, Any] = {"title": cut_text(self.title.strip(), MOST_TITLE)}
        if self.subtitle:
            card["subtitle"] = self.subtitle
        if self.action is not None and is_web_address(self.action.url):
            card["action"] = {"url": self.action.url, "label": self.action.label}
        return {"error": card}


@dataclass(frozen=True, slots=True)
class PanelShape:
    """What a JSON panel may answer."""

    row: type[Any]
    is_list: bool
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, row: Any, *, is_list: bool) -> "PanelShape":
        """Raises ConfigurationError with a sentence for each thing that Developer Hub would not take."""
        return cls(row, is_list, fields_of(row, is_list=is_list))

    def schema(self) -> dict[str, Any]:
        """The file for Developer Hub."""
        thing = {
            "type": "object",
            "required": [field.key for field in self.fields if field.is_required],
            "properties": {field.key: field.schema() for field in self.fields},
        }
        return {"type": "array", "items": thing} if self.is_list else thing

    def encode(self, answer: Any) -> dict[str, Any]:
        """The body of a successful answer. Raises UnfitAnswer."""
        panel = answer if isinstance(answer, JsonPanel) else JsonPanel(answer)
        body: dict[str, Any] = {"data": self._data(panel.data)}
        if panel.external_link is not None:
            url = _checked_url("external_link", panel.external_link.url)
            body["external_link"] = {"url": url, "label": cut_text(panel.external_link.label, MOST_LABEL)}
        if panel.settings_url:
            body["settings"] = {"url": _checked_url("settings_url", panel.settings_url)}
        return body

    def _data(self, data: Any) -> Any:
        if not self.is_list:
            is_nothing = data is None or data == {}
            return {} if is_nothing else self._object(data, self.row.__name__)
        rows = [] if data is None else data
        if not isinstance(rows, (list, tuple)):
            raise UnfitAnswer(f"the panel lists several objects; give a list of {self.row.__name__}")
        if len(rows) > MOST_OBJECTS:
            raise UnfitAnswer(
                f"there are {len(rows)} objects, and Pipedrive shows {MOST_OBJECTS}: give the first ones, "
                "and an external_link to the rest"
            )
        return [self._object(row, f"{self.row.__name__} {number}") for number, row in enumerate(rows, 1)]

    def _object(self, row: Any, where: str) -> dict[str, Any]:
        """In the order of the schema, which is the order in which it is shown."""
        values = self._values(row, where)
        found = {}
        for field in self.fields:
            if field.key in values:
                value = as_json(values[field.key])
                problem = problem_of(field.kind, value)
                if problem:
                    raise UnfitAnswer(f"{where}: {field.key} is no {field.kind}: {problem}")
                found[field.key] = cut(field.kind, value)
        return found

    def _values(self, row: Any, where: str) -> Mapping[str, Any]:
        if isinstance(row, self.row):
            return {field.key: getattr(row, field.key) for field in self.fields}
        if not isinstance(row, Mapping):
            raise UnfitAnswer(f"{where}: is a {type(row).__name__}; give a {self.row.__name__}")
        known = {field.key for field in self.fields}
        for key in row:
            if key not in known:
                advice = f"add it to {self.row.__name__} or leave it out"
                raise UnfitAnswer(f"{where}: {key!r} is not declared; {advice}")
        for field in self.fields:
            if field.is_required and field.key not in row:
                raise UnfitAnswer(f"{where}: {field.key} is missing; give it, if only None")
        return row


def _checked_url(what: str, url: str) -> str:
    if not is_web_address(url):
        raise UnfitAnswer(f"{what} is no address; give an absolute one of http or https")
    return url


def is_list_of(row: type[Any], answer: Any) -> bool:
    """Whether a handler that is annotated to return `answer` lists several objects.

    Raises ConfigurationError when the annotation says neither `list[row]` nor `row`.
    """
    found = set(_shapes(row, answer))
    if len(found) != 1:
        name = getattr(row, "__name__", repr(row))
        ways = f"list[{name}], {name}, JsonPanel[list[{name}]] or JsonPanel[{name}]"
        raise ConfigurationError([f"the handler's annotation must say what it returns: {ways}"])
    return found.pop()


def _shapes(row: type[Any], answer: Any) -> list[bool]:
    if answer is row:
        return [False]
    origin, parts = get_origin(answer), get_args(answer)
    if origin in (list, tuple):
        return [True] if parts[0] is row else []
    if origin in (JsonPanel, Union, types.UnionType):
        return [shape for part in parts for shape in _shapes(row, part)]
    return []
