"""What a viewer filled in, made into the dataclass that a handler takes: every error, each at its field."""

import dataclasses
import typing
from collections.abc import Mapping
from datetime import date, datetime, time
from types import NoneType
from typing import Any

import msgspec

from marketplace_app.domain.message import Message, say
from marketplace_app.errors import FormRejected

_MISSING = say("Fill this in.")
_WRONG = say("This does not fit here.")
_BY_KIND: dict[type, Message] = {
    int: say("Write a whole number."),
    float: say("Write a number."),
    datetime: say("Choose a date and a time."),
    date: say("Choose a date."),
    time: say("Choose a time."),
    bool: say("Choose yes or no."),
}
_LEAST, _MOST = say("At least {bound}."), say("At most {bound}.")
_SHORTEST = say("At least {bound} characters.")
_LONGEST = say("At most {bound} characters.")
_MORE, _LESS = say("More than {bound}."), say("Less than {bound}.")
_BOUNDS = (("ge", _LEAST), ("le", _MOST), ("gt", _MORE), ("lt", _LESS))


def parse_form(form: type[Any], values: Mapping[str, Any]) -> Any:
    """Numbers and dates may come as text, as HTML sends them, and an empty field is one left out.

    Raises FormRejected with a Message for each field that does not fit; fields that nobody asked for
    are ignored, as a form may carry more than a handler wants.
    """
    hints = typing.get_type_hints(form, include_extras=True)
    found: dict[str, Any] = {}
    wrong: dict[str, Message] = {}
    for field in dataclasses.fields(form):
        if not field.init:
            continue
        given = values.get(field.name)
        if hints[field.name] is bool:
            given = _ticked(given)
        if given is None or (isinstance(given, str) and not given.strip()):
            if _is_required(field) and not _takes_none(hints[field.name]):
                wrong[field.name] = _MISSING
            elif _is_required(field):
                found[field.name] = None
            continue
        try:
            found[field.name] = msgspec.convert(given, hints[field.name], strict=False)
        except msgspec.ValidationError:
            wrong[field.name] = sentence_of(hints[field.name])
    if not wrong:
        try:
            return form(**found)
        except ValueError as error:  # a rule of the dataclass's own, over several fields
            raise FormRejected(str(error), told=str(error)) from None
    raise FormRejected(f"of {form.__name__}: {', '.join(wrong)}", wrong)


def _ticked(given: Any) -> Any:
    """A box that is not ticked is left out by HTML, and one that is says `on`."""
    return {None: False, "on": True}.get(given, given) if isinstance(given, str | None) else given


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _takes_none(hint: Any) -> bool:
    return NoneType in typing.get_args(hint)


def sentence_of(hint: Any) -> Message:
    """What would fit, from the annotation: its bounds where it has some, else its type."""
    bare, meta = hint, None
    while typing.get_args(bare):
        meta = meta or next((one for one in typing.get_args(bare) if isinstance(one, msgspec.Meta)), None)
        bare = typing.get_args(bare)[0]
    if meta is not None:
        for name, sentence in _BOUNDS:
            if (bound := getattr(meta, name)) is not None and bare in (int, float):
                return _with(sentence, bound)
        if meta.min_length is not None and meta.max_length is None:
            return _with(_SHORTEST, meta.min_length)
        if meta.max_length is not None:
            return _with(_LONGEST, meta.max_length)
    return _BY_KIND.get(bare, _WRONG)


def _with(sentence: Message, bound: float) -> Message:
    return dataclasses.replace(sentence, values={"bound": bound})
