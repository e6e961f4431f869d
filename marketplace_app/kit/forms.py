"""What a viewer filled in, made into the dataclass that a handler takes: every error, each at its field."""

import dataclasses
import inspect
import math
import re
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from types import NoneType
from typing import Any, TypeVar

import msgspec

from marketplace_app.domain.message import Message, say
from marketplace_app.errors import ConfigurationError, FormRejected

Form = TypeVar("Form")

MISSING = say("Fill this in.")
_WRONG = say("This does not fit here.")
_BY_KIND: dict[type, Message] = {
    int: say("Write a whole number."),
    float: say("Write a number."),
    datetime: say("Choose a date and a time."),
    date: say("Choose a date."),
    time: say("Choose a time."),
    bool: say("Choose yes or no."),
}
# As msgspec says it: "Expected `int` <= 1000", "Expected `str` of length <= 20".
_BOUND = re.compile(r"(length )?(>=|<=|>|<) ([0-9.]+)")
_BY_BOUND = {
    ("", ">="): say("At least {bound}."),
    ("", "<="): say("At most {bound}."),
    ("", ">"): say("More than {bound}."),
    ("", "<"): say("Less than {bound}."),
    ("length ", ">="): say("At least {bound} characters."),
    ("length ", "<="): say("At most {bound} characters."),
}


def form_of(extension: str, what: str, handler: Callable[..., Any]) -> type[Any] | None:
    """The dataclass of a handler's second argument, if it takes one. Raises ConfigurationError."""
    names = list(inspect.signature(handler).parameters)
    if len(names) == 1:
        return None
    form = typing.get_type_hints(handler).get(names[1]) if names else None
    if not (isinstance(form, type) and dataclasses.is_dataclass(form)):
        raise ConfigurationError([f"extension {extension}: the form of {what} is no dataclass"])
    return form


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
                wrong[field.name] = MISSING
            elif _is_required(field):
                found[field.name] = None
            continue
        try:
            found[field.name] = _read(given, hints[field.name])
        except (ValueError, OverflowError) as error:
            wrong[field.name] = sentence_of(hints[field.name], str(error))
    if wrong:
        raise FormRejected(f"of {form.__name__}: {', '.join(wrong)}", wrong)
    return made_of(form, found)


def made_of(form: type[Form], found: Mapping[str, Any]) -> Form:
    """Raises FormRejected when the values break a rule of the dataclass's own, over several fields."""
    try:
        return form(**found)
    except ValueError as error:
        raise FormRejected(str(error), told=str(error)) from None


def _ticked(given: Any) -> Any:
    """A box that is not ticked is left out by HTML, and one that is says `on`."""
    return {None: False, "on": True}.get(given, given) if isinstance(given, str | None) else given


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _takes_none(hint: Any) -> bool:
    return NoneType in typing.get_args(hint)


def sentence_of(hint: Any, said: str) -> Message:
    """What would fit: the bound that was crossed, as msgspec said, else what the annotation's type takes."""
    crossed = _BOUND.search(said)
    if crossed is not None:
        return dataclasses.replace(_BY_BOUND[crossed[1] or "", crossed[2]], values={"bound": crossed[3]})
    return _BY_KIND.get(_bare(hint), _WRONG)


def _bare(hint: Any) -> Any:
    """The type itself, of `Annotated[int, ...] | None` too."""
    while typing.get_args(hint):
        hint = typing.get_args(hint)[0]
    return hint


def _read(given: Any, hint: Any) -> Any:
    bare = _bare(hint)
    if isinstance(given, str) and bare in (time, datetime):
        given = bare.fromisoformat(given.strip())  # HTML leaves out the seconds
    return converted(given, hint)


def converted(given: Any, hint: Any) -> Any:
    """As the annotation says. Raises ValueError, which msgspec's own errors are, or OverflowError."""
    found = msgspec.convert(given, hint, strict=False)
    if isinstance(found, float) and not math.isfinite(found):
        raise ValueError("not finite")
    return found
