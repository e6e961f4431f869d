"""The blocks of a JSON modal and their options, as Pipedrive names them, in Python's spelling.

A block stands in the annotation of a dataclass's field; the field's default is what it shows first.
https://pipedrive.readme.io/docs/json-modals-component-library
"""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields
from typing import Any, ClassVar, Literal

Scalar = str | bool | int | float
Condition = Literal["not_empty"] | Mapping[str, Scalar]  # {"equals": value} or {"includes": text}
VisibleOn = Literal["always", "never"] | Mapping[str, Condition]  # conditions by the keys of other blocks
InputType = Literal["text", "email", "number", "password", "search", "url"]


@dataclass(frozen=True, slots=True)
class Item:
    """One choice of a select, a radio group or a checkbox group."""

    label: str
    value: Scalar
    is_disabled: bool = False
    visible_on: VisibleOn = "always"


@dataclass(frozen=True, slots=True)
class Input:
    name: ClassVar[str] = "element-input"
    label: str
    _: KW_ONLY
    type: InputType = "text"
    placeholder: str = ""
    message: str = ""
    allow_clear: bool = False
    is_required: bool = False
    visible_on: VisibleOn = "always"
    fetch_on_change: bool = False


@dataclass(frozen=True, slots=True)
class Textarea:
    name: ClassVar[str] = "element-textarea"
    label: str
    _: KW_ONLY
    placeholder: str = ""
    message: str = ""
    resize: bool = False
    is_required: bool = False
    visible_on: VisibleOn = "always"
    fetch_on_change: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """One choice, or several where the field is a tuple."""

    name: ClassVar[str] = "element-select"
    label: str
    items: Sequence[Item] = ()
    _: KW_ONLY
    placeholder: str = ""
    message: str = ""
    allow_clear: bool = False
    is_required: bool = False
    filter: bool = False
    visible_on: VisibleOn = "always"
    fetch_on_change: bool = False


@dataclass(frozen=True, slots=True)
class DatePicker:
    name: ClassVar[str] = "element-datepicker"
    label: str
    _: KW_ONLY
    placeholder: str = ""
    message: str = ""
    allow_clear: bool = False
    is_required: bool = False
    visible_on: VisibleOn = "always"
    fetch_on_change: bool = False


@dataclass(frozen=True, slots=True)
class RadioGroup:
    name: ClassVar[str] = "element-radio-group"
    label: str
    items: Sequence[Item] = ()
    _: KW_ONLY
    message: str = ""
    is_required: bool = False
    visible_on: VisibleOn = "always"
    fetch_on_change: bool = False


@dataclass(frozen=True, slots=True)
class CheckboxGroup:
    name: ClassVar[str] = "element-checkbox-group"
    label: str = ""
    items: Sequence[Item] = ()
    _: KW_ONLY
    message: str = ""
    is_required: bool = False
    visible_on: VisibleOn = "always"
    fetch_on_change: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Words to read; the field's default is the text."""

    name: ClassVar[str] = "element-text"
    _: KW_ONLY
    markdown: bool = True
    visible_on: VisibleOn = "always"


@dataclass(frozen=True, slots=True)
class Separator:
    name: ClassVar[str] = "element-separator"


@dataclass(frozen=True, slots=True)
class Primary:
    """The button that sends the form, to `url` if not to where it came from, or opens `url` with it."""

    name: ClassVar[str] = "action-primary"
    label: str
    _: KW_ONLY
    handler: Literal["request", "open-url"] = "request"
    url: str = ""
    visible_on: VisibleOn = "always"


@dataclass(frozen=True, slots=True)
class Secondary:
    name: ClassVar[str] = "action-secondary"
    label: str
    _: KW_ONLY
    handler: Literal["cancel", "reset"] = "cancel"
    visible_on: VisibleOn = "always"


Button = Primary | Secondary
Holding = Input | Textarea | Select | DatePicker | RadioGroup | CheckboxGroup  # what the form sends
Block = Holding | Text | Separator
BLOCKS = (Input, Textarea, Select, DatePicker, RadioGroup, CheckboxGroup, Text, Separator)
BUTTONS = (Primary, Secondary)
HOLDING = (Input, Textarea, Select, DatePicker, RadioGroup, CheckboxGroup)
_ALWAYS_SAID = ("label", "handler")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What an answer changes of a block or a button for this one time; None leaves it as declared."""

    label: str | None = None
    items: Sequence[Item] | None = None
    placeholder: str | None = None
    message: str | None = None
    error: str | None = None
    allow_clear: bool | None = None
    is_required: bool | None = None
    fetch_on_change: bool | None = None
    visible_on: VisibleOn | None = None
    url: str | None = None


def declared_options(row: Block | Button) -> dict[str, Any]:
    """What differs from Pipedrive's own defaults, in its spelling."""
    found = {}
    for field in fields(row):
        value = getattr(row, field.name)
        if value != field.default or (field.name in _ALWAYS_SAID and value):
            found[_spelt(field.name)] = as_option(value)
    return found


def said_options(options: Options) -> dict[str, Any]:
    given = {field.name: getattr(options, field.name) for field in fields(options)}
    return {_spelt(name): as_option(value) for name, value in given.items() if value is not None}


def takes(row: Block | Button, option: str) -> bool:
    """Whether an answer may say this option of `Options` about it."""
    known = {field.name for field in fields(row)}
    return option in known or (option == "error" and isinstance(row, HOLDING))


def as_option(value: Any) -> Any:
    if isinstance(value, Item):
        item: dict[str, Any] = {"label": value.label, "value": value.value}
        item |= {"isDisabled": True} if value.is_disabled else {}
        return item | ({} if value.visible_on == "always" else {"visibleOn": as_option(value.visible_on)})
    if isinstance(value, Mapping):
        return {key: as_option(part) for key, part in value.items()}
    return [as_option(part) for part in value] if isinstance(value, (list, tuple)) else value


def _spelt(name: str) -> str:
    """`fetch_on_change` is fetchOnChange."""
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)
