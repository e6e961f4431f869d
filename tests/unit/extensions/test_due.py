from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace_app.extensions.due import (
    due_of,
    monday_after,
    month_end,
    moved,
    steps,
    working_day_after,
)
from tests.unit.extensions.examples import BERLIN, DAY, HANOI, NEW_YORK, TODAY, activity

ZONES = st.sampled_from([HANOI, NEW_YORK, BERLIN, "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])


def test_a_due_time_falls_on_another_day_elsewhere() -> None:
    late_evening_utc = activity(due_date=date(2026, 11, 22), due_time="20:30:00")
    hanoi = due_of(late_evening_utc, ZoneInfo(HANOI))
    new_york = due_of(late_evening_utc, ZoneInfo(NEW_YORK))
    assert hanoi is not None
    assert new_york is not None
    assert hanoi.day == date(2026, 11, 23)
    assert new_york.day == date(2026, 11, 22)
    assert hanoi.moment == new_york.moment == datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("due_time", [None, "", "soon", "25:00"])
@pytest.mark.parametrize("zone", [HANOI, NEW_YORK])
def test_without_a_time_it_is_the_date_itself_everywhere(due_time: str | None, zone: str) -> None:
    due = due_of(activity(due_date=TODAY, due_time=due_time), ZoneInfo(zone))
    assert due is not None
    assert (due.day, due.moment) == (TODAY, None)


def test_without_a_date_it_is_not_due() -> None:
    assert due_of(activity(due_date=None, due_time="09:00"), ZoneInfo(HANOI)) is None


def test_the_earliest_comes_first_and_whole_days_after_timed_ones() -> None:
    line = [
        activity(id=1, due_date=None),
        activity(id=2, due_date=TODAY),
        activity(id=3, due_date=TODAY, due_time="09:00"),
        activity(id=4, due_date=TODAY, due_time="08:00:00"),
        activity(id=5, due_date=TODAY - DAY),
    ]
    assert [step.activity.id for step in steps(line, ZoneInfo("UTC"))] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("day", "late"), [(TODAY - 2 * DAY, 2), (TODAY - DAY, 1), (TODAY, 0), (TODAY + DAY, 0)]
)
def test_lateness_is_counted_in_days(day: date, late: int) -> None:
    (step,) = steps([activity(due_date=day)], ZoneInfo(HANOI))
    assert step.days_late(TODAY) == late


def test_a_whole_day_is_moved_by_its_date_alone() -> None:
    assert moved(activity(due_time=None), date(2026, 12, 1), ZoneInfo(HANOI)) == {"due_date": "2026-12-01"}


def test_moving_keeps_the_viewers_time_of_day() -> None:
    """08:00 in Hanoi is 01:00 UTC of the same day, and 02:00 in Hanoi 19:00 UTC of the day before."""
    morning = activity(due_date=date(2026, 11, 24), due_time="01:00:00")
    night = activity(due_date=date(2026, 11, 23), due_time="19:00:00")
    hanoi = ZoneInfo(HANOI)
    assert moved(morning, date(2026, 11, 30), hanoi) == {"due_date": "2026-11-30", "due_time": "01:00:00"}
    assert moved(night, date(2026, 11, 30), hanoi) == {"due_date": "2026-11-29", "due_time": "19:00:00"}


def test_moving_over_a_change_of_clocks_changes_the_utc_time() -> None:
    """In Berlin clocks go back on 25 October 2026: 10:00 is 08:00 UTC before and 09:00 UTC after."""
    before = activity(due_date=date(2026, 10, 23), due_time="08:00")
    assert moved(before, date(2026, 10, 26), ZoneInfo(BERLIN)) == {
        "due_date": "2026-10-26",
        "due_time": "09:00:00",
    }


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    to=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    minutes=st.integers(0, 24 * 60 - 1),
    zone=ZONES,
)
def test_a_moved_activity_is_due_on_the_day_it_was_moved_to(
    day: date, to: date, minutes: int, zone: str
) -> None:
    at = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)).strftime("%H:%M:%S")
    changes = moved(activity(due_date=day, due_time=at), to, ZoneInfo(zone))
    due = due_of(
        activity(due_date=date.fromisoformat(changes["due_date"]), due_time=changes["due_time"]),
        ZoneInfo(zone),
    )
    assert due is not None
    assert due.day == to


@pytest.mark.parametrize(
    ("day", "working", "monday"),
    [
        (date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 30)),  # a Monday
        (date(2026, 11, 27), date(2026, 11, 30), date(2026, 11, 30)),  # a Friday
        (date(2026, 11, 28), date(2026, 11, 30), date(2026, 11, 30)),  # a Saturday
        (date(2026, 11, 29), date(2026, 11, 30), date(2026, 11, 30)),  # a Sunday
    ],
)
def test_the_next_working_day_and_monday(day: date, working: date, monday: date) -> None:
    assert working_day_after(day) == working
    assert monday_after(day) == monday


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 11, 30), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_the_month_end_is_never_today(day: date, end: date) -> None:
    assert month_end(day) == end
