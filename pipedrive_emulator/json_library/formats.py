"""The formats that https://pipedrive.readme.io/docs/json-panels-adding-a-panel names for text values."""

import re
from datetime import date, datetime, time
from urllib.parse import urlsplit

from babel import Locale
from jsonschema import FormatChecker

FORMATS = FormatChecker(formats=())

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_ZONE = r"(?:Z|[+-]\d\d:\d\d)"
_TIME = re.compile(rf"\d\d:\d\d:\d\d{_ZONE}", re.ASCII)
_MOMENT = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{{1,6}})?{_ZONE}", re.ASCII)
_CURRENCIES = frozenset(Locale("en").currencies)


def is_web_address(value: object) -> bool:
    """An absolute http or https address; nothing else is ever made a link."""
    if not isinstance(value, str) or value != value.strip():
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


@FORMATS.checks("uri")
def _uri(value: object) -> bool:
    return not isinstance(value, str) or is_web_address(value)


@FORMATS.checks("date", raises=ValueError)
def _date(value: object) -> bool:
    return not isinstance(value, str) or bool(_DATE.fullmatch(value) and date.fromisoformat(value))


@FORMATS.checks("time", raises=ValueError)
def _time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if not _TIME.fullmatch(value):
        return False
    time.fromisoformat(value)
    return True


@FORMATS.checks("date-time", raises=ValueError)
def _moment(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return bool(_MOMENT.fullmatch(value) and datetime.fromisoformat(value))


@FORMATS.checks("currency")
def _currency(value: object) -> bool:
    return not isinstance(value, str) or value in _CURRENCIES
