"""What a form is: drawn from data by one template, saved through the API as the user."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.host.as_user import AsUser, Record
from pipedrive_emulator.host.wording import Wording
from pipedrive_emulator.numbers import whole_number

Values = Mapping[str, str]


class Invalid(Exception):
    """One field holds what cannot be saved; the text says what to do about it."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """``kind`` is an input type of HTML, or select, textarea, choice, suggest (text with proposals)."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    width: str = "full"
    options: tuple[Option, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    title: str
    fields: tuple[Field, ...]
    submit: str = "Save"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whoever fills the form in, and the record that it changes (None for a new one)."""

    api: AsUser
    wording: Wording
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class FormKind:
    """``draw`` takes the SDK's prefill keys; ``save`` answers the saved record.

    Both may raise Refused, ``save`` also Invalid.
    """

    draw: Callable[[Asked, Mapping[str, Any]], Form]
    save: Callable[[Asked, Values], Record]


def needed(values: Values, field: str, label: str) -> str:
    text = values.get(field, "").strip()
    if not text:
        raise Invalid(field, f"{label} is missing. Fill it in and save again.")
    return text


def number(values: Values, field: str) -> int | None:
    """The id chosen in a select, None for its empty first line."""
    return whole_number(values.get(field, ""))


def choices(records: list[Record], name: str) -> tuple[Option, ...]:
    """The records as lines of a select, under an empty one, in the order of the alphabet."""
    ordered = sorted(records, key=lambda record: str(record[name]).casefold())
    return (Option("", "None"), *(Option(str(record["id"]), str(record[name])) for record in ordered))


def create_or_change(asked: Asked, entity: str, body: Record) -> Record:
    """A new record is sent only what is filled in; an existing one also what was emptied."""
    if asked.record_id is None:
        filled = {key: value for key, value in body.items() if value is not None}
        return asked.api.write("POST", f"/api/v2/{entity}", filled)
    return asked.api.write("PATCH", f"/api/v2/{entity}/{asked.record_id}", body)
