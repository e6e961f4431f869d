"""When activities are due, for the one who looks.

Pipedrive writes a due moment as a UTC date and a UTC time; an activity without a time is due on its
date, wherever one is. https://developers.pipedrive.com/docs/api/v1/Activities
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from marketplace_app.pipedrive.resources.activities import Activity

_MONDAY, _SATURDAY = 0, 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """`day` is the viewer's; `moment` is aware, None for the whole day."""

    day: date
    moment: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """An open activity; `due` is None when it has no date."""

    activity: Activity
    due: Due | None

    def days_late(self, today: date) -> int:
        """Zero when it is due today, later or never."""
        return max((today - self.due.day).days, 0) if self.due else 0


def due_of(activity: Activity, zone: ZoneInfo) -> Due | None:
    if activity.due_date is None:
        return None
    at = _clock_time(activity.due_time)
    if at is None:
        return Due(activity.due_date)
    moment = datetime.combine(activity.due_date, at, UTC)
    return Due(moment.astimezone(zone).date(), moment)


def steps(activities: Iterable[Activity], zone: ZoneInfo) -> list[Step]:
    """Earliest first: timed ones before whole days, those without a date last."""
    return sorted((Step(each, due_of(each, zone)) for each in activities), key=_order)


def moved(activity: Activity, day: date, zone: ZoneInfo) -> dict[str, str]:
    """What to change so that it is due on the viewer's `day`, at the same time of the viewer's day.

    The UTC time may differ afterwards, since clocks change between the two days.
    """
    due = due_of(activity, zone)
    if due is None or due.moment is None:
        return {"due_date": day.isoformat()}
    local_time = due.moment.astimezone(zone).time()
    moment = datetime.combine(day, local_time, zone).astimezone(UTC)
    return {"due_date": moment.date().isoformat(), "due_time": moment.strftime("%H:%M:%S")}


def working_day_after(day: date) -> date:
    following = day + _DAY
    while following.weekday() >= _SATURDAY:
        following += _DAY
    return following


def monday_after(day: date) -> date:
    following = day + _DAY
    while following.weekday() != _MONDAY:
        following += _DAY
    return following


def month_end(day: date) -> date:
    """The last day of its month, or of the next month when it is that day already."""
    last = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY
    return last if last > day else month_end(day + _DAY)


def _order(step: Step) -> tuple[date, bool, datetime, int]:
    if step.due is None:
        return date.max, True, datetime.max.replace(tzinfo=UTC), step.activity.id
    moment = step.due.moment or datetime.max.replace(tzinfo=UTC)
    return step.due.day, step.due.moment is None, moment, step.activity.id


def _clock_time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        return None
