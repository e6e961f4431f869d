from datetime import date
from typing import Any

import msgspec
import pytest

from marketplace_app.extensions.controls import Dialog, Picker, Press
from marketplace_app.extensions.facts import DealFacts, Part, Trouble
from marketplace_app.extensions.picture import picture
from marketplace_app.extensions.picture_links import initials, totals
from marketplace_app.extensions.view import DealView, Header, PersonRow
from tests.unit.extensions.examples import (
    DAY,
    HANOI,
    NEW_YORK,
    NOW,
    PROPOSAL,
    TODAY,
    activity,
    deal,
    facts,
    field,
    person,
    stand,
)

MINUS = "\N{MINUS SIGN}"


def drawn(known: DealFacts, language: str = "en", zone: str = HANOI) -> DealView:
    return picture(known, stand(language, zone))


def test_the_header_of_a_deal_in_good_order() -> None:
    stage = msgspec.structs.replace(PROPOSAL, is_deal_rot_enabled=True, days_to_rotten=14)
    assert drawn(facts(stages=[stage])).header == Header(
        level="healthy",
        verdict="Healthy",
        tally="no gaps",
        score=100,
        spoken="100 of 100, Healthy, no gaps",
        stage="Proposal",
        stage_age="12 days",
        rotting="Rots in 11 days",
        closing="Closes Fri, Dec 11",
    )


def test_the_header_of_a_deal_at_risk_speaks_vietnamese() -> None:
    stage = msgspec.structs.replace(PROPOSAL, is_deal_rot_enabled=True, days_to_rotten=3)
    known = facts(deal=deal(expected_close_date=None), activities=[], stages=[stage])
    assert drawn(known, "vi").header == Header(
        level="risk",
        verdict="Có rủi ro",
        tally="3 thiếu sót",
        score=45,
        spoken="45 trên 100, Có rủi ro, 3 thiếu sót",
        stage="Proposal",
        stage_age="12 ngày",
        rotting="Đang nguội",
        is_rotten=True,
    )


def test_a_score_is_not_claimed_when_something_failed() -> None:
    failed = drawn(facts(activities=[], troubles={Part.ACTIVITIES: Trouble.FAILED})).header
    assert (failed.level, failed.score, failed.spoken, failed.tally) == ("unknown", None, "", "")
    hidden = drawn(facts(persons=[], troubles={Part.PEOPLE: Trouble.HIDDEN})).header
    assert hidden.score == 100


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
    assert msgspec.json.decode(later.form)["due_date"] == (TODAY + next_day * DAY).isoformat()


def test_without_a_step_pipedrives_form_comes_filled_in() -> None:
    step = drawn(facts(activities=[])).next_step
    assert step is not None
    plan, quick = step.controls
    assert isinstance(plan, Dialog)
    assert isinstance(quick, Press)
    assert msgspec.json.decode(plan.modal) == {
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
    days = [msgspec.json.decode(each.form)["expected_close_date"] for each in (fortnight, *other.choices)]
    assert days == ["2026-12-07", "2026-11-30", "2026-11-30"]
    assert (other.least, other.value) == ("2026-11-23", "2026-12-07")


def test_a_new_deal_gets_three_starters_instead() -> None:
    view = drawn(facts(deal=deal(person_id=None, org_id=None), activities=[], persons=[], organization=None))
    assert [starter.control.then for starter in view.starters] == ["", "link-person", "link-organization"]
    assert (view.next_step, view.gaps, view.people, view.linked) == (None, None, None, None)


def test_the_next_stage_names_what_is_empty_and_never_blocks() -> None:
    fields = [field("Budget", required=[3]), field("Rival", important=[3]), field("Source", required=[3])]
    stage = drawn(facts(deal=deal(custom_fields={"Source": "web"}), fields=fields)).next_stage
    assert stage is not None
    assert (stage.name, stage.note, stage.missing) == (
        "Negotiation",
        "1 of 3 fields filled",
        ("Budget", "Rival"),
    )
    assert stage.control is not None
    assert stage.control.name == "Move to Negotiation"


def test_a_stage_without_fields_and_the_last_stage_say_so() -> None:
    free = drawn(facts()).next_stage
    last = drawn(facts(deal=deal(stage_id=3))).next_stage
    assert free is not None
    assert last is not None
    assert free.note == "It asks for no fields."
    assert (last.note, last.control) == ("This is the last stage of Sales.", None)


def test_people_begin_with_the_contact_and_show_what_is_missing() -> None:
    others = [person(id=20 + number, name=f"N{number}", phones=[], emails=[]) for number in range(4)]
    people = drawn(facts(persons=[person(), *others])).people
    assert people is not None
    assert people.total == 5
    assert people.more_label == "1 more person"
    assert people.rows[0] == PersonRow(
        link=people.rows[0].link,
        initials="LT",
        role="Contact person",
        phone="+84 28 3822 1234",
        phone_link="tel:+84%2028%203822%201234",
        email="lan@saigonfoods.example",
        email_link="mailto:lan@saigonfoods.example",
    )
    assert (people.rows[1].role, people.rows[1].phone, people.rows[1].email) == ("", "", "")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Lan", "L"), ("Lan Trần", "LT"), ("Nguyễn Thị Minh Khai", "NK"), ("đỗ an", "ĐA"), ("", "")],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_other_deals_with_their_stage_value_and_days() -> None:
    others = [
        deal(id=13, title="Q4", value=5200.5),
        deal(id=14, title="Storage", person_id=8, currency="VND", value=1_250_000_000, stage_id=1),
    ]
    linked = drawn(facts(other_deals=others)).linked
    assert linked is not None
    assert linked.summary == "2 other open deals · €5,200.50 + ₫1,250,000,000"
    assert [(row.detail, row.mark) for row in linked.rows] == [
        ("Proposal · €5,200.50 · 12 days", "Possible duplicate"),
        ("Qualified · ₫1,250,000,000 · 12 days", ""),
    ]
    assert linked.rows[0].link.href == "https://acme.pipedrive.com/deal/13"
    assert msgspec.json.decode(linked.rows[0].link.target) == {"view": "deals", "id": 13}


def test_each_currency_is_summed_for_itself() -> None:
    deals = [deal(value=1, currency="USD"), deal(value=2, currency="EUR"), deal(value=3, currency="USD")]
    assert totals(deals, stand()) == "$4 + €2"


@pytest.mark.parametrize(
    ("closed", "verdict", "sentence", "points"),
    [
        (
            {"status": "won", "won_time": NOW - 2 * DAY, "done_activities_count": 7},
            "Won",
            "€18,400 on Nov 21, after 38 days",
            ("7 steps done", "2 people involved"),
        ),
        (
            {"status": "lost", "lost_time": NOW, "lost_reason": "Too dear"},
            "Lost",
            "€18,400 on Nov 23, after 40 days",
            ("0 steps done", "2 people involved", "Reason: Too dear"),
        ),
    ],
)
def test_a_closed_deal_gets_a_recap_without_gaps(
    closed: dict[str, Any], verdict: str, sentence: str, points: tuple[str, ...]
) -> None:
    view = drawn(facts(deal=deal(expected_close_date=None, **closed), activities=[]))
    assert view.header.verdict == verdict
    assert view.recap is not None
    assert (view.recap.sentence, view.recap.points) == (sentence, points)
    assert (view.gaps, view.next_step, view.next_stage) == (None, None, None)


@pytest.mark.parametrize(
    ("gone", "sentence"),
    [
        ({"is_deleted": True}, "This deal was deleted."),
        ({"is_archived": True}, "This deal is archived. Restore it in Pipedrive to work on it."),
    ],
)
def test_a_deal_that_is_gone_is_one_line(gone: dict[str, Any], sentence: str) -> None:
    view = drawn(facts(deal=deal(**gone)))
    assert view == DealView(header=Header(level="gone", verdict=sentence))


def test_every_trouble_has_its_sentence_and_what_failed_another_try() -> None:
    view = drawn(
        facts(
            activities=[],
            persons=[],
            organization=None,
            troubles={
                Part.ACTIVITIES: Trouble.FAILED,
                Part.PEOPLE: Trouble.HIDDEN,
                Part.FIELDS: Trouble.FAILED,
                Part.ORGANIZATION: Trouble.FAILED,
                Part.OTHER_DEALS: Trouble.FAILED,
            },
        )
    )
    assert view.step_problem is not None
    assert view.people is not None
    assert view.people.problem is not None
    assert view.next_stage is not None
    assert view.linked is not None
    assert view.step_problem.sentence == "Couldn't load the activities."
    assert view.step_problem.can_retry
    assert view.people.problem.sentence == "You may not have access to some of these records."
    assert not view.people.problem.can_retry
    assert view.next_stage.problem is not None
    assert view.next_stage.note == ""
    assert view.linked.organization_problem is not None
    assert view.linked.problem is not None
