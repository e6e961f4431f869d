"""What a JSON modal sends, read into the dataclass of its form: a sentence for each field that is wrong."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

import msgspec

from marketplace_app.domain.message import Message, say
from marketplace_app.kit.forms import MISSING, Form, converted, made_of, sentence_of
from marketplace_app.kit.json_blocks import HOLDING
from marketplace_app.kit.json_forms import alternatives
from marketplace_app.kit.json_limits import FormField

_NO_CHOICE = say("Choose one of the list.")


class _Wrong(Exception):
    """A value that cannot be read as its field's type."""


def read_form(
    form: type[Form], fields: Sequence[FormField], values: Mapping[str, Any]
) -> tuple[Form, dict[str, Message]]:
    """The form, and what is wrong by key; with something wrong it is the form as it was declared.

    Pipedrive leaves out the blocks that are not seen: they have their defaults. A key that is no block of
    the form means nothing. Raises FormRejected when the values break a rule of the dataclass's own.
    """
    found, wrong = {}, {}
    for field in fields:
        if not isinstance(field.row, HOLDING):
            continue
        if _is_missing(field, values):
            wrong[field.key] = MISSING
        elif field.key in values:
            try:
                found[field.key] = _read(field, values[field.key])
            except _Wrong as refusal:
                wrong[field.key] = _sentence(field, str(refusal))
    if wrong:
        return form(), wrong
    return made_of(form, found), {}


def _is_missing(field: FormField, values: Mapping[str, Any]) -> bool:
    row = field.row
    if not getattr(row, "is_required", False) or getattr(row, "visible_on", "never") == "never":
        return False
    if field.key in values:
        return _is_empty(values[field.key])
    return getattr(row, "visible_on", "never") == "always"


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [])


def _read(field: FormField, value: Any) -> Any:
    if _is_empty(value):
        return _nothing(field)
    try:
        return converted(value, field.hint)
    except (ValueError, OverflowError) as error:
        raise _Wrong(str(error)) from None


def _nothing(field: FormField) -> Any:
    """What an empty block means in the field's type. Raises _Wrong when it has no word for it."""
    kinds = alternatives(field.hint)
    if type(None) in kinds:
        return None
    nothings: tuple[str | list[str], ...] = ("", [])
    for nothing in nothings:
        with suppress(msgspec.ValidationError):
            return msgspec.convert(nothing, field.hint)
    raise _Wrong


def _sentence(field: FormField, said: str) -> Message:
    return _NO_CHOICE if hasattr(field.row, "items") else sentence_of(field.hint, said)


def written(value: Any) -> Any:
    """A field's value as a block has it; None and what is empty are told by `is_blank`."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [msgspec.to_builtins(part) for part in value]
    return msgspec.to_builtins(value)


def is_blank(value: Any) -> bool:
    return value is None or value in ("", (), [])
