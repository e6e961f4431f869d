"""The operators of filter conditions: from what a record holds and what a condition says to yes or no.

https://developers.pipedrive.com/docs/api/v1/Filters#getFilterHelpers lists them. Text is compared without
regard to case; an empty value is unlike every other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from pipedrive_emulator.api.filter_dates import day_of, span
from pipedrive_emulator.clock import local_date


@dataclass(frozen=True, slots=True)
class Asked:
    """The value of a condition, and on whose calendar its dates are meant."""

    text: str
    kind: str
    today: date
    zone: ZoneInfo


Check = Callable[[Any, Asked], bool]
_DATES = ("date", "daterange")


def asked(text: Any, kind: str, now: float, time_zone: str) -> Asked:
    return Asked(str(text), kind, date.fromisoformat(local_date(now, time_zone)), ZoneInfo(time_zone))


def holds(operator: str, values: Sequence[Any], end: Any, wanted: Asked) -> bool:
    """``values`` are what a field of the record holds, several for a list; ``end`` is the end of a range."""
    if operator in ("IS NULL", "IS NOT NULL"):
        return bool(values) is (operator == "IS NOT NULL")
    if operator in _NOT:
        return not holds(_NOT[operator], values, end, wanted)
    if operator in _OF_END:
        return end is not None and _CHECKS[_OF_END[operator]](end, wanted)
    if operator == "includes":
        return end is not None and _CHECKS["<="](values[0], wanted) and _CHECKS[">="](end, wanted)
    if wanted.kind == "set" and operator == "=":
        return {str(value) for value in values} == set(wanted.text.split(","))
    return any(_CHECKS[operator](value, wanted) for value in values)


def _order(check: Callable[[Any, Any], bool], *, to_first: bool) -> Check:
    """Compare dates with the near end of a span, numbers as numbers, the rest as text."""

    def compared(value: Any, wanted: Asked) -> bool:
        if wanted.kind in _DATES:
            day, days = day_of(value, wanted.zone), span(wanted.text, wanted.today)
            return day is not None and days is not None and check(day, days[0 if to_first else 1])
        numbers = _number(value), _number(wanted.text)
        if None not in numbers:
            return check(*numbers)
        return check(str(value).casefold(), wanted.text.casefold())

    return compared


def _same(value: Any, wanted: Asked) -> bool:
    if wanted.kind in _DATES:
        day, days = day_of(value, wanted.zone), span(wanted.text, wanted.today)
        return day is not None and days is not None and days[0] <= day <= days[1]
    numbers = _number(value), _number(wanted.text)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return str(value).casefold() == wanted.text.casefold()


def _number(value: Any) -> float | None:
    """Flags are 1 and 0."""
    try:
        return float({"true": "1", "false": "0"}.get(str(value).lower(), value))
    except (TypeError, ValueError):
        return None


def _contains(value: Any, wanted: Asked) -> bool:
    return wanted.text.casefold() in str(value).casefold()


def _starts(value: Any, wanted: Asked) -> bool:
    return str(value).casefold().startswith(wanted.text.casefold())


def _ends(value: Any, wanted: Asked) -> bool:
    return str(value).casefold().endswith(wanted.text.casefold())


_CHECKS: Mapping[str, Check] = {
    "=": _same,
    "<": _order(lambda one, other: one < other, to_first=True),
    ">=": _order(lambda one, other: one >= other, to_first=True),
    ">": _order(lambda one, other: one > other, to_first=False),
    "<=": _order(lambda one, other: one <= other, to_first=False),
    "LIKE '%$%'": _contains,
    "LIKE '$%'": _starts,
    "LIKE '%$'": _ends,
    "contains": _same,
}
_NOT = {
    "!=": "=",
    "NOT LIKE '$%'": "LIKE '$%'",
    "NOT LIKE '%$%'": "LIKE '%$%'",
    "NOT LIKE '%$'": "LIKE '%$'",
    "not_contains": "contains",
    "does_not_end_at": "ends_at",
}
_OF_END = {
    "ends_at": "=",
    "ends_before": "<",
    "ends_e_before": "<=",
    "ends_after": ">",
    "ends_e_after": ">=",
}
OPERATORS = frozenset({*_CHECKS, *_NOT, *_OF_END, "IS NULL", "IS NOT NULL", "includes", "has_been"}) | {
    "belongs_to_team"
}
