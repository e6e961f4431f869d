"""Whether a value is of its field's type, and how much of it Pipedrive shows.

One value of a wrong type blanks the whole panel, so it is found before the answer is sent.
https://pipedrive.readme.io/docs/json-panels-adding-a-panel
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, get_args
from urllib.parse import urlsplit

from babel import Locale

from marketplace_app.kit.json_values import Colour, FieldKind

MOST_TEXT, MOST_LABEL = 255, 40
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ZONE = r"(?:Z|[+-]\d\d:\d\d)"
_TIME = re.compile(rf"\d\d:\d\d:\d\d{_ZONE}", re.ASCII)
_MOMENT = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{{1,6}})?{_ZONE}", re.ASCII)
_COLOURS = get_args(Colour)
_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST = 2**63 - 1  # of an integer that every reader of JSON takes


def problem_of(kind: FieldKind, value: Any) -> str:
    """What to give instead of `value`, which is in Pipedrive's form; empty when it is right. None is."""
    if value is None or _CHECKS[kind](value):
        return ""
    return _ADVICE[kind]


def cut(kind: FieldKind, value: Any) -> Any:
    """As much as is shown, so that what is left out is not even sent."""
    if kind is FieldKind.TEXT and isinstance(value, str):
        return cut_text(value, MOST_TEXT)
    if kind is FieldKind.TEXT and value:
        return {**value, "value": cut_text(value["value"], MOST_TEXT)}
    if kind is FieldKind.LABEL and value:
        return {**value, "label": cut_text(value["label"], MOST_LABEL)}
    return value


def cut_text(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"


def is_web_address(value: Any) -> bool:
    """An absolute one of http or https, and no other: a browser would run `javascript:`."""
    if not _is_text(value) or value != value.strip():
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _is_text(value: Any) -> bool:
    """Half of a surrogate pair is no text that could be sent."""
    return isinstance(value, str) and not _SURROGATE.search(value)


def _is_number(value: Any) -> bool:
    if isinstance(value, int):
        return not isinstance(value, bool) and -_LARGEST <= value <= _LARGEST
    return isinstance(value, float) and math.isfinite(value)


def _is_object(
    value: Any, required: Mapping[str, Callable[[Any], bool]], **more: Callable[[Any], bool]
) -> bool:
    known = {**required, **more}
    return (
        isinstance(value, Mapping)
        and required.keys() <= value.keys() <= known.keys()
        and all(known[key](part) for key, part in value.items())
    )


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _reads(pattern: re.Pattern[str], read: Callable[[str], object]) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        if not (isinstance(value, str) and pattern.fullmatch(value)):
            return False
        try:
            read(value)
        except ValueError:
            return False
        return True

    return check


def _is_text_field(value: Any) -> bool:
    return _is_text(value) or _is_object(value, {"markdown": _is_flag, "value": _is_text})


def _is_link(value: Any) -> bool:
    required = {"value": is_web_address, "external": _is_flag}
    return is_web_address(value) or _is_object(value, required, label=_is_text)


def _is_currency(value: Any) -> bool:
    return _is_object(value, {"code": _is_code, "value": _is_number})


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and value in _currencies()


@lru_cache
def _currencies() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


def _is_label(value: Any) -> bool:
    return _is_object(
        value, {"color": lambda colour: _is_text(colour) and colour in _COLOURS, "label": _is_text}
    )


def _is_tags(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_CHECKS: dict[FieldKind, Callable[[Any], bool]] = {
    FieldKind.TEXT: _is_text_field,
    FieldKind.NUMERICAL: _is_number,
    FieldKind.DATE: _reads(_DATE, date.fromisoformat),
    FieldKind.TIME: _reads(_TIME, time.fromisoformat),
    FieldKind.DATE_TIME: _reads(_MOMENT, datetime.fromisoformat),
    **dict.fromkeys((FieldKind.EMAIL, FieldKind.PHONE, FieldKind.ADDRESS, FieldKind.HEADER), _is_text),
    FieldKind.LINK: _is_link,
    FieldKind.CURRENCY: _is_currency,
    FieldKind.LABEL: _is_label,
    FieldKind.TAGS: _is_tags,
}
_ADVICE: dict[FieldKind, str] = {
    FieldKind.TEXT: "give a str or a Markdown",
    FieldKind.NUMERICAL: "give a finite number",
    FieldKind.DATE: "give a date",
    FieldKind.TIME: "give a time with a time zone of whole minutes",
    FieldKind.DATE_TIME: "give a datetime with a time zone of whole minutes, such as UTC",
    **dict.fromkeys((FieldKind.EMAIL, FieldKind.PHONE, FieldKind.ADDRESS, FieldKind.HEADER), "give a str"),
    FieldKind.LINK: "give a Link with an absolute address of http or https",
    FieldKind.CURRENCY: "give a Currency of a finite number and a code of ISO 4217, or declare it as str",
    FieldKind.LABEL: f"give a Label of one of the colours {', '.join(_COLOURS)}",
    FieldKind.TAGS: "give a tuple or a list of str",
}
