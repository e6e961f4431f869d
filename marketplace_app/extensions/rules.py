"""Gaps of an open deal: what is missing, what it costs, what closes it. Pure functions of facts and a day.

A rule says nothing about what could not be read.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from marketplace_app.domain.message import count, say
from marketplace_app.extensions.due import steps
from marketplace_app.extensions.facts import DealFacts, Part
from marketplace_app.extensions.gap import Fix, Gap, GapKind, Rule, Situation
from marketplace_app.extensions.hints import HINTS
from marketplace_app.extensions.next_stage import missing_required

QUIET_DAYS = 14  # where the stage has no rotting of its own
REPLY_DAYS = 7
HEALTHY, ATTENTION = 80, 50


class Level(StrEnum):
    HEALTHY = "healthy"
    ATTENTION = "attention"
    RISK = "risk"


def gaps(facts: DealFacts, today: date, zone: ZoneInfo) -> list[Gap]:
    """The dearest first. None for a deal that is won, lost, archived or deleted."""
    if not facts.is_open:
        return []
    situation = Situation(facts, today, zone)
    found = [gap for rule in (*RULES, *HINTS) for gap in rule(situation)]
    return sorted(found, key=lambda gap: -gap.points)


def score(found: Iterable[Gap]) -> int:
    return max(100 - sum(gap.points for gap in found), 0)


def level(points: int) -> Level:
    if points >= HEALTHY:
        return Level.HEALTHY
    return Level.ATTENTION if points >= ATTENTION else Level.RISK


def no_next_step(situation: Situation) -> Iterable[Gap]:
    if situation.facts.knows(Part.ACTIVITIES) and not situation.facts.activities:
        yield Gap(GapKind.NO_NEXT_STEP, 25, say("No next step"), Fix.PLAN)


def overdue(situation: Situation) -> Iterable[Gap]:
    found = steps(situation.facts.activities, situation.zone)
    late = max((step.days_late(situation.today) for step in found), default=0)
    if late:
        yield Gap(GapKind.OVERDUE, 20, count("Overdue by {number} day", "Overdue by {number} days", late))


def close_date(situation: Situation) -> Iterable[Gap]:
    expected = situation.facts.deal.expected_close_date
    if expected is None:
        yield Gap(GapKind.CLOSE_DATE, 15, say("No expected close date"), Fix.SET_CLOSE_DATE)
    elif expected < situation.today:
        days = (situation.today - expected).days
        message = count("Close date passed {number} day ago", "Close date passed {number} days ago", days)
        yield Gap(GapKind.CLOSE_DATE, 15, message, Fix.SET_CLOSE_DATE)


def quiet(situation: Situation) -> Iterable[Gap]:
    changed_at, rots_in = situation.changed_at, situation.days_to_rot
    if changed_at is None or situation.facts.stage is None:
        return
    days = situation.days_since(changed_at)
    if rots_in is not None and rots_in <= 0:
        message = count("Rotting: quiet for {number} day", "Rotting: quiet for {number} days", days)
        yield Gap(GapKind.QUIET, 15, message, Fix.CALL)
    elif rots_in is None and days >= QUIET_DAYS:
        message = count("Quiet for {number} day", "Quiet for {number} days", days)
        yield Gap(GapKind.QUIET, 15, message, Fix.CALL)


def required_fields(situation: Situation) -> Iterable[Gap]:
    facts = situation.facts
    missing = missing_required(facts.deal, facts.fields, facts.deal.stage_id)
    if missing:
        message = say("This stage asks for: {fields}", fields=", ".join(missing))
        yield Gap(GapKind.REQUIRED_FIELDS, 10, message)


def single_contact(situation: Situation) -> Iterable[Gap]:
    """Only where an organization buys; `participants_count` knows of people who are not shown."""
    facts = situation.facts
    is_known = facts.deal.org_id is not None and facts.knows(Part.PEOPLE)
    if is_known and len(facts.persons) == 1 and facts.deal.participants_count <= 1:
        message = say("Only one person is involved")
        yield Gap(GapKind.SINGLE_CONTACT, 10, message, Fix.OPEN_ORGANIZATION, facts.deal.org_id)


def no_reply(situation: Situation) -> Iterable[Gap]:
    deal = situation.facts.deal
    sent, received = deal.last_outgoing_mail_time, deal.last_incoming_mail_time
    if sent is None or (received is not None and received >= sent):
        return
    days = situation.days_since(sent)
    if days >= REPLY_DAYS:
        message = count(
            "They have not replied for {number} day", "They have not replied for {number} days", days
        )
        yield Gap(GapKind.NO_REPLY, 10, message, Fix.CALL)


def nobody_linked(situation: Situation) -> Iterable[Gap]:
    deal = situation.facts.deal
    if deal.person_id is None and deal.org_id is None:
        yield Gap(GapKind.NOBODY_LINKED, 10, say("No contact person and no organization"), Fix.LINK)
    elif deal.person_id is None:
        yield Gap(GapKind.NOBODY_LINKED, 10, say("No contact person"), Fix.LINK)
    elif deal.org_id is None:
        yield Gap(GapKind.NOBODY_LINKED, 10, say("No organization"), Fix.LINK)


def no_contact_details(situation: Situation) -> Iterable[Gap]:
    contact = situation.facts.contact
    if contact is not None and not contact.phone and not contact.email:
        message = say("{person} has no phone and no e-mail", person=contact.name)
        yield Gap(GapKind.NO_CONTACT_DETAILS, 5, message, Fix.OPEN_PERSON, contact.id)


RULES: tuple[Rule, ...] = (
    no_next_step,
    overdue,
    close_date,
    quiet,
    required_fields,
    single_contact,
    no_reply,
    nobody_linked,
    no_contact_details,
)
