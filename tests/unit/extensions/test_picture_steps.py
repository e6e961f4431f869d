from datetime import date
from typing import Any

import pytest

from marketplace_app.extensions.controls import Dialog, Picker, Press
from marketplace_app.extensions.facts import Part, Trouble
from marketplace_app.extensions.picture import picture
from tests.unit.extensions.examples import (
    DAY,
    HANOI,
    NEW_YORK,
    NOW,
    TODAY,
    activity,
    deal,
    drawn,
    facts,
    stand,
)

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("values", "zone", "tone", "when"),
    [
        ({"due_date": TODAY - 3 * DAY}, HANOI, "late", "Overdue by 3 days · Fri, Nov 20"),
        ({"due_date": TODAY - DAY}, HANOI, "late", "Overdue by 1 day · yesterday"),
        ({"due_date": TODAY}, HANOI, "today", "Today"),
        ({"due_date": TODAY + DAY}, HANOI, "ahead", "Tomorrow"),
        ({"due_date": TODAY + 8 * DAY}, HANOI, "ahead", "Tue, Dec 1"),
        ({"due_date": date(2027, 1, 4)}, HANOI, "ahead", "Mon, Jan 4, 2027"),
        ({"due_date": None}, HANOI, "someday", "No date"),
        ({"due_date": TODAY, "due_time": "02:00"}, HANOI, "today", "Today 9:00 AM"),
        ({"due_date": TODAY, "due_time": "20:00"}, HANOI, "ahead", "Tomorrow 3:00 AM"),
        ({"due_date": TODAY, "due_time": "02:00"}, NEW_YORK, "late", "Overdue by 1 day · yesterday 9:00 PM"),
    ],
)
def test_when_the_next_step_is_due(values: dict[str, Any], zone: str, tone: str, when: str) -> None:
    step = drawn(facts(activities=[activity(**values)]), zone=zone).next_step
    assert step is not None
    assert (step.tone, step.when.replace("\N{NARROW NO-BREAK SPACE}", " ")) == (tone, when)


def test_what_can_be_done_with_the_next_step() -> None:
    step = drawn(facts(activities=[activity(), activity(id=78, due_date=TODAY + 9 * DAY)])).next_step
    assert step is not None
    assert [control.label for control in step.controls] == ["Done", "+1 d", "Mon", "Pick date", "Open"]
    assert [control.id for control in step.controls[:4]] == [
        "done-77",
        "move-77-day",
        "move-77-monday",
        "move-77-pick",
    ]
    assert step.more == "1 more planned"


@pytest.mark.parametrize(("due", "next_day"), [(-3, 1), (0, 1), (5, 6)])
def test_one_day_later_counts_from_today_when_it_is_late(due: int, next_day: int) -> None:
    step = drawn(facts(activities=[activity(due_date=TODAY + due * DAY)])).next_step
    assert step is not None
    later = step.controls[1]
    assert isinstance(later, Press)
    assert later.form["due_date"] == (TODAY + next_day * DAY).isoformat()


def test_without_a_step_pipedrives_form_comes_filled_in() -> None:
    step = drawn(facts(activities=[])).next_step
    assert step is not None
    plan, quick = step.controls
    assert isinstance(plan, Dialog)
    assert isinstance(quick, Press)
    assert plan.modal == {
        "type": "activity",
        "prefill": {"subject": "Call Lan Trần", "dueDate": "2026-11-24", "deal": 12, "organization": 9},
    }
    assert (step.title, step.tone, step.cost) == ("No next step", "none", f"{MINUS}25")
    assert quick.label == "Call Lan Trần tomorrow"


def test_before_a_weekend_the_quick_step_names_the_day() -> None:
    friday = stand(now=NOW + 4 * DAY)
    step = picture(facts(activities=[], persons=[]), friday).next_step
    assert step is not None
    assert step.controls[1].label == "Follow up on Mon, Nov 30"


@pytest.mark.parametrize(
    ("due", "sentence"),
    [
        (TODAY, "All clear. Next step today."),
        (TODAY + DAY, "All clear. Next step tomorrow."),
        (TODAY + 2 * DAY, "All clear. Next step in 2 days."),
        (None, "All clear."),
    ],
)
def test_all_clear(due: date | None, sentence: str) -> None:
    gaps = drawn(facts(activities=[activity(due_date=due)])).gaps
    assert gaps is not None
    assert gaps.all_clear == sentence
    assert gaps.rows == ()


def test_all_is_not_clear_when_something_could_not_be_read() -> None:
    assert drawn(facts(troubles={Part.OTHER_DEALS: Trouble.HIDDEN})).gaps is None


def test_three_gaps_are_shown_and_the_rest_counted() -> None:
    known = facts(
        deal=deal(expected_close_date=TODAY - 6 * DAY, update_time=NOW - 20 * DAY, org_id=None),
        other_deals=[deal(id=13), deal(id=14, currency="VND")],
    )
    gaps = drawn(known).gaps
    assert gaps is not None
    assert [(row.sentence, row.cost) for row in gaps.rows] == [
        ("Close date passed 6 days ago", f"{MINUS}15"),
        ("Quiet for 20 days", f"{MINUS}15"),
        ("No organization", f"{MINUS}10"),
    ]
    assert gaps.more_label == "and 3 more"
    assert len(gaps.more) == 3


def test_what_the_next_step_says_is_not_said_twice() -> None:
    assert drawn(facts(activities=[])).gaps is None
    assert drawn(facts(activities=[activity(due_date=TODAY - DAY)])).gaps is None


def test_the_close_date_has_one_click_and_other_ways() -> None:
    gaps = drawn(facts(deal=deal(expected_close_date=None))).gaps
    assert gaps is not None
    fortnight, other = gaps.rows[0].controls
    assert isinstance(fortnight, Press)
    assert isinstance(other, Picker)
    days = [each.form["expected_close_date"] for each in (fortnight, *other.choices)]
    assert days == ["2026-12-07", "2026-11-30", "2026-11-30"]
    assert (other.least, other.value) == ("2026-11-23", "2026-12-07")


def test_a_new_deal_gets_three_starters_instead() -> None:
    view = drawn(facts(deal=deal(person_id=None, org_id=None), activities=[], persons=[], organization=None))
    assert [starter.control.then for starter in view.starters] == ["", "link-person", "link-organization"]
    assert (view.next_step, view.gaps, view.people, view.linked) == (None, None, None, None)
