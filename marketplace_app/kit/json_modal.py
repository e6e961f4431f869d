"""A JSON modal: a form declared as a dataclass, drawn by Pipedrive itself.

    @dataclass(frozen=True, slots=True)
    class Document:
        kind: Annotated[str, Select("Document kind", KINDS, is_required=True)] = "offer"
        due: Annotated[date | None, DatePicker("Valid until", allow_clear=True)] = None
        create: Annotated[None, Primary("Create")] = None

`ModalShape` makes the schema file for Developer Hub of it, the answers that fill it in and change it, and
reads what it sends. https://pipedrive.readme.io/docs/app-extensions-json-modals
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from marketplace_app.domain.message import Message
from marketplace_app.kit.json_blocks import (
    BLOCKS,
    HOLDING,
    CheckboxGroup,
    DatePicker,
    Input,
    Item,
    Options,
    Primary,
    RadioGroup,
    Secondary,
    Select,
    Separator,
    Text,
    Textarea,
    declared_options,
    said_options,
    takes,
)
from marketplace_app.kit.json_checks import is_web_address
from marketplace_app.kit.json_forms import fields_of
from marketplace_app.kit.json_limits import FormField, is_crowded
from marketplace_app.kit.json_panel import UnfitAnswer
from marketplace_app.kit.json_reading import is_blank, read_form, written

__all__ = [
    "CheckboxGroup",
    "DatePicker",
    "Input",
    "Item",
    "JsonModal",
    "ModalShape",
    "Options",
    "Primary",
    "RadioGroup",
    "Secondary",
    "Select",
    "Separator",
    "Text",
    "Textarea",
]
Form = TypeVar("Form")


class JsonModal(Generic[Form]):
    """Values of the form, and by key what is different this time of its blocks and buttons.

    Options count for one answer: what `changed` leaves out is as declared again.
    """

    __slots__ = ("form", "options")

    def __init__(self, form: Form | None = None, /, **options: Options) -> None:
        self.form = form
        self.options = options


@dataclass(frozen=True, slots=True)
class ModalShape:
    """What a JSON modal may answer, and what it sends."""

    form: type[Any]
    fields: tuple[FormField, ...]

    @classmethod
    def of(cls, form: Any) -> "ModalShape":
        """Raises ConfigurationError with a sentence for each thing that Developer Hub would not take."""
        return cls(form, fields_of(form))

    @property
    def is_crowded(self) -> bool:
        """Eight blocks by one of Pipedrive's pages, ten by another: between them it may be refused."""
        return is_crowded(self.fields)

    def schema(self) -> dict[str, Any]:
        """The file for Developer Hub."""
        parts: dict[str, dict[str, Any]] = {"blocks": {}, "actions": {}}
        for field in self.fields:
            options = declared_options(field.row)
            if isinstance(field.row, BLOCKS) and not is_blank(field.default):
                options["value"] = written(field.default)
            row: dict[str, Any] = {"$ref": f"#/definitions/{field.row.name}"}
            parts[_part(field)][field.key] = row | ({"options": options} if options else {})
        properties = {part: {"type": "object", "properties": rows} for part, rows in parts.items()}
        return {"type": "object", "properties": properties}

    def opened(self, answer: Any) -> dict[str, Any]:
        """The first answer: what differs from the file. Raises UnfitAnswer."""
        return self._answer(answer, self.form())

    def changed(self, answer: Any, sent: Any) -> dict[str, Any]:
        """After a block with fetch_on_change: only what the handler changed, for the viewer types on.

        A day that was chosen can be replaced, not taken away: Pipedrive has no value for none.
        """
        return self._answer(answer, sent)

    def read(self, values: Mapping[str, Any]) -> tuple[Any, dict[str, Message]]:
        """The form as sent, and what is wrong in it by key."""
        return read_form(self.form, self.fields, values)

    def errors(self, wrong: Mapping[str, str]) -> dict[str, Any]:
        """A sentence beside each of these blocks."""
        return {"data": {"blocks": {key: {"error": sentence} for key, sentence in wrong.items()}}}

    def has_block(self, key: str) -> bool:
        return any(field.key == key and isinstance(field.row, HOLDING) for field in self.fields)

    def _answer(self, answer: Any, shown: Any) -> dict[str, Any]:
        modal = answer if isinstance(answer, JsonModal) else JsonModal(answer)
        if modal.form is not None and not isinstance(modal.form, self.form):
            raise UnfitAnswer(f"the handler gave a {type(modal.form).__name__}; give a {self.form.__name__}")
        data: dict[str, dict[str, Any]] = {"blocks": {}, "actions": {}}
        for key in modal.options:
            if all(field.key != key for field in self.fields):
                raise UnfitAnswer(f"{key!r} is no block or button of {self.form.__name__}")
        for field in self.fields:
            options = self._options(field, modal.options.get(field.key))
            if modal.form is not None:
                options |= _value(field, getattr(modal.form, field.key), getattr(shown, field.key))
            if options:
                data[_part(field)][field.key] = options
        return {"data": data}

    def _options(self, field: FormField, given: Options | None) -> dict[str, Any]:
        if given is None:
            return {}
        for each in fields(given):
            if getattr(given, each.name) is not None and not takes(field.row, each.name):
                raise UnfitAnswer(f"{field.key}: a {type(field.row).__name__} has no {each.name}")
        if given.url is not None and not is_web_address(given.url):
            raise UnfitAnswer(f"{field.key}: url is no absolute address of http or https")
        return said_options(given)


def _part(field: FormField) -> str:
    return "blocks" if isinstance(field.row, BLOCKS) else "actions"


def _value(field: FormField, value: Any, shown: Any) -> dict[str, Any]:
    if value == shown or not isinstance(field.row, BLOCKS) or isinstance(field.row, Separator):
        return {}
    if not is_blank(value):
        return {"value": written(value)}
    if isinstance(field.row, DatePicker):
        return {}
    return {"value": [] if isinstance(shown, (list, tuple)) else ""}
