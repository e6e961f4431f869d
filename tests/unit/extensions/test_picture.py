from typing import Any

import msgspec
import pytest

from marketplace_app.extensions.facts import Part, Trouble
from marketplace_app.extensions.picture_links import initials, totals
from marketplace_app.extensions.view import DealView, Header, PersonRow
from tests.unit.extensions.examples import (
    DAY,
    NOW,
    PROPOSAL,
    deal,
    drawn,
    facts,
    field,
    person,
    stand,
)


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
    assert linked.rows[0].link.target == {"view": "deals", "id": 13}


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
