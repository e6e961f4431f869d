"""Dates in the conditions of filters, plain or relative: each is a span of days on the caller's calendar.

The names are those of https://developers.pipedrive.com/docs/api/v1/Filters#getFilterHelpers.
"""

import calendar
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pipedrive_emulator.api.formats import is_date

Span = tuple[date, date]
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_AGO, _AHEAD = re.compile(r"(\d)_(week|month)s?_ago"), re.compile(r"in_(\d)_(week|month)s?")


def span(text: str, today: date) -> Span | None:
    """First and last day of what the text means; None for what means no date."""
    if is_date(text):
        day = date.fromisoformat(text)
        return day, day
    if text in _NAMED:
        return _NAMED[text](today)
    for pattern, sign in ((_AGO, -1), (_AHEAD, 1)):
        if found := pattern.fullmatch(text):
            day = _moved(today, sign * int(found[1]), found[2])
            return day, day
    return None


def day_of(value: object, zone: ZoneInfo) -> date | None:
    """The day of a date, or of a moment in UTC on that zone's calendar."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.astimezone(zone).date() if moment.tzinfo else moment.date()


def _moved(day: date, count: int, unit: str) -> date:
    """A month later is the same day of the next month, or its last."""
    if unit == "week":
        return day + count * _WEEK
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _week(count: int) -> Callable[[date], Span]:
    def found(today: date) -> Span:
        monday = today - today.weekday() * _DAY + count * _WEEK
        return monday, monday + 6 * _DAY

    return found


def _months(count: int, length: int = 1) -> Callable[[date], Span]:
    """So many months from the start of this month, or of this quarter when ``length`` is 3."""

    def found(today: date) -> Span:
        start = today.replace(day=1, month=today.month - (today.month - 1) % length)
        first = _moved(start, count, "month")
        return first, _moved(first, length, "month") - _DAY

    return found


def _days(first: int, last: int) -> Callable[[date], Span]:
    return lambda today: (today + first * _DAY, today + last * _DAY)


_NAMED: Mapping[str, Callable[[date], Span]] = {
    "yesterday": _days(-1, -1),
    "today": _days(0, 0),
    "now": _days(0, 0),
    "tomorrow": _days(1, 1),
    "before_today": lambda today: (date.min, today - _DAY),
    "before_tomorrow": lambda today: (date.min, today),
    "later_or_today": lambda today: (today, date.max),
    "later_or_tomorrow": lambda today: (today + _DAY, date.max),
    "last_week": _week(-1),
    "this_week": _week(0),
    "next_week": _week(1),
    "last_month": _months(-1),
    "this_month": _months(0),
    "next_month": _months(1),
    "last_quarter": _months(-3, 3),
    "this_quarter": _months(0, 3),
}
