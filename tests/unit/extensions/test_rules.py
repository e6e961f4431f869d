from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from marketplace_app.extensions.facts import DealFacts, Part, Trouble
from marketplace_app.extensions.gap import Fix, Gap, GapKind
from marketplace_app.extensions.rules import Level, gaps, level, score
from marketplace_app.pipedrive.resources.stages import Stage
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


def found(known: DealFacts, zone: str = HANOI) -> dict[GapKind, Gap]:
    here = stand(zone=zone)
    return {gap.kind: gap for gap in gaps(known, here.today, ZoneInfo(zone))}


def text(gap: Gap) -> str:
    return stand().tell(gap.message)


def of_deal(**values: Any) -> dict[GapKind, Gap]:
    return found(facts(deal=deal(**values)))


def test_a_deal_in_good_order_has_none() -> None:
    assert found(facts()) == {}


def test_no_open_activity_costs_25() -> None:
    gap = found(facts(activities=[]))[GapKind.NO_NEXT_STEP]
    assert (gap.points, gap.fix, text(gap)) == (25, Fix.PLAN, "No next step")


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (TODAY - 3 * DAY, "Overdue by 3 days"),
        (TODAY - DAY, "Overdue by 1 day"),
        (TODAY, None),
        (TODAY + DAY, None),
        (None, None),
    ],
)
def test_an_overdue_activity_costs_20(day: date | None, sentence: str | None) -> None:
    gap = found(facts(activities=[activity(due_date=day)])).get(GapKind.OVERDUE)
    assert (gap and (gap.points, text(gap))) == (sentence and (20, sentence))


def test_what_is_late_depends_on_where_one_is() -> None:
    """19:30 UTC of the 22nd is today in Hanoi and yesterday in New York."""
    known = facts(activities=[activity(due_date=date(2026, 11, 22), due_time="19:30:00")])
    assert GapKind.OVERDUE not in found(known, HANOI)
    assert text(found(known, NEW_YORK)[GapKind.OVERDUE]) == "Overdue by 1 day"


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        (None, "No expected close date"),
        (TODAY - 6 * DAY, "Close date passed 6 days ago"),
        (TODAY - DAY, "Close date passed 1 day ago"),
        (TODAY, None),
        (TODAY + DAY, None),
    ],
)
def test_a_close_date_that_is_missing_or_passed_costs_15(expected: date | None, sentence: str | None) -> None:
    gap = of_deal(expected_close_date=expected).get(GapKind.CLOSE_DATE)
    assert (gap and (gap.points, text(gap), gap.fix)) == (sentence and (15, sentence, Fix.SET_CLOSE_DATE))


@pytest.mark.parametrize(
    ("days", "sentence"), [(13, None), (14, "Quiet for 14 days"), (30, "Quiet for 30 days")]
)
def test_two_quiet_weeks_cost_15_where_nothing_rots(days: int, sentence: str | None) -> None:
    gap = of_deal(update_time=NOW - days * DAY).get(GapKind.QUIET)
    assert (gap and (gap.points, text(gap))) == (sentence and (15, sentence))


@pytest.mark.parametrize(
    ("days", "sentence"), [(6, None), (7, "Rotting: quiet for 7 days"), (8, "Rotting: quiet for 8 days")]
)
def test_a_rotten_deal_costs_15_by_the_days_of_its_stage(days: int, sentence: str | None) -> None:
    stage = msgspec.structs.replace(PROPOSAL, is_deal_rot_enabled=True, days_to_rotten=7)
    known = facts(deal=deal(update_time=NOW - days * DAY), stages=[stage])
    gap = found(known).get(GapKind.QUIET)
    assert (gap and (gap.points, text(gap))) == (sentence and (15, sentence))


def test_a_stage_that_rots_late_is_left_in_peace() -> None:
    stage = msgspec.structs.replace(PROPOSAL, is_deal_rot_enabled=True, days_to_rotten=60)
    assert found(facts(deal=deal(update_time=NOW - 30 * DAY), stages=[stage])) == {}


def test_required_fields_that_are_empty_cost_10_together() -> None:
    fields = [
        field("Budget", required=[PROPOSAL.id]),
        field("Source", required=[PROPOSAL.id]),
        field("Rival", important=[PROPOSAL.id]),
        field("Later", required=[3]),
    ]
    gap = found(facts(fields=fields))[GapKind.REQUIRED_FIELDS]
    assert (gap.points, text(gap)) == (10, "This stage asks for: Budget, Source")


def test_a_single_contact_costs_10_where_an_organization_buys() -> None:
    alone = facts(deal=deal(participants_count=1), persons=[person()])
    gap = found(alone)[GapKind.SINGLE_CONTACT]
    assert (gap.points, gap.fix, gap.record_id) == (10, Fix.OPEN_ORGANIZATION, 9)
    private = facts(deal=deal(participants_count=1, org_id=None), persons=[person()])
    assert GapKind.SINGLE_CONTACT not in found(private)


def test_participants_that_are_not_listed_count_as_contacts() -> None:
    assert found(facts(deal=deal(participants_count=2), persons=[person()])) == {}


@pytest.mark.parametrize(("days", "sentence"), [(6, None), (7, "They have not replied for 7 days")])
def test_no_reply_for_a_week_costs_10(days: int, sentence: str | None) -> None:
    gap = of_deal(last_outgoing_mail_time=NOW - days * DAY).get(GapKind.NO_REPLY)
    assert (gap and (gap.points, text(gap), gap.fix)) == (sentence and (10, sentence, Fix.CALL))


def test_a_reply_after_our_mail_counts_and_one_before_does_not() -> None:
    ours = NOW - 9 * DAY
    assert of_deal(last_outgoing_mail_time=ours, last_incoming_mail_time=ours + DAY) == {}
    before = of_deal(last_outgoing_mail_time=ours, last_incoming_mail_time=ours - DAY)
    assert set(before) == {GapKind.NO_REPLY}


def test_their_mail_alone_is_no_gap() -> None:
    assert of_deal(last_incoming_mail_time=NOW - 30 * DAY) == {}


@pytest.mark.parametrize(
    ("person_id", "org_id", "sentence"),
    [
        (None, None, "No contact person and no organization"),
        (None, 9, "No contact person"),
        (5, None, "No organization"),
    ],
)
def test_nobody_linked_costs_10_once(person_id: int | None, org_id: int | None, sentence: str) -> None:
    gap = of_deal(person_id=person_id, org_id=org_id)[GapKind.NOBODY_LINKED]
    assert (gap.points, text(gap), gap.fix) == (10, sentence, Fix.LINK)


def test_a_contact_without_phone_and_mail_costs_5_and_one_of_both_is_enough() -> None:
    unreachable = facts(persons=[person(phones=[], emails=[]), person(id=6)])
    gap = found(unreachable)[GapKind.NO_CONTACT_DETAILS]
    assert (gap.points, gap.record_id) == (5, 5)
    assert text(gap) == "Lan Trần has no phone and no e-mail"
    assert found(facts(persons=[person(phones=[]), person(id=6)])) == {}
    assert found(facts(persons=[person(), person(id=6, phones=[], emails=[])])) == {}


def test_hints_cost_nothing_and_come_last() -> None:
    others = [
        deal(id=13, title="Lan, Q4"),
        deal(id=14, person_id=8, owner_id=2, currency="VND"),
        deal(id=15, person_id=5, pipeline_id=2),
    ]
    known = facts(other_deals=others, activities=[])
    line = gaps(known, TODAY, ZoneInfo(HANOI))
    assert [(gap.kind, gap.points) for gap in line] == [
        (GapKind.NO_NEXT_STEP, 25),
        (GapKind.DUPLICATE, 0),
        (GapKind.OTHER_OWNER, 0),
        (GapKind.CURRENCIES, 0),
    ]
    assert [text(gap) for gap in line[1:]] == [
        "Possible duplicate: “Lan, Q4”",
        "1 other open deal here has another owner",
        "Open deals here are in EUR, VND",
    ]


def test_two_deals_without_a_person_are_no_duplicates() -> None:
    known = facts(deal=deal(person_id=None), other_deals=[deal(id=13, person_id=None)])
    assert GapKind.DUPLICATE not in found(known)


@pytest.mark.parametrize(
    "closed", [{"status": "won"}, {"status": "lost"}, {"is_archived": True}, {"is_deleted": True}]
)
def test_a_deal_that_is_not_open_has_no_gaps(closed: dict[str, Any]) -> None:
    known = facts(deal=deal(expected_close_date=None, **closed), activities=[])
    assert gaps(known, TODAY, ZoneInfo(HANOI)) == []


@pytest.mark.parametrize("trouble", Trouble)
def test_nothing_is_said_about_what_could_not_be_read(trouble: Trouble) -> None:
    nothing = DealFacts(deal=deal(participants_count=1, update_time=NOW - 90 * DAY))
    unread = replace(nothing, troubles=dict.fromkeys(Part, trouble))
    assert found(unread) == {}
    assert found(replace(nothing, stages=[Stage(id=2, name="", pipeline_id=1)])) != {}


def test_everything_wrong_scores_zero_and_never_less() -> None:
    worst = facts(
        deal=deal(
            expected_close_date=None,
            update_time=NOW - 90 * DAY,
            participants_count=1,
            last_outgoing_mail_time=NOW - 9 * DAY,
        ),
        activities=[],
        persons=[person(phones=[], emails=[])],
        fields=[field("Budget", required=[2])],
    )
    assert score(found(worst).values()) == 100 - 25 - 15 - 15 - 10 - 10 - 10 - 5
    assert score([Gap(GapKind.QUIET, 60, found(worst)[GapKind.QUIET].message)] * 2) == 0


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (100, Level.HEALTHY),
        (80, Level.HEALTHY),
        (79, Level.ATTENTION),
        (50, Level.ATTENTION),
        (49, Level.RISK),
        (0, Level.RISK),
    ],
)
def test_levels_at_their_limits(points: int, expected: Level) -> None:
    assert level(points) is expected
