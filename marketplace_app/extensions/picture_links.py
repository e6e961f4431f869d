"""The next stage, the people and what else is linked, as the panel shows them."""

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import quote

from marketplace_app.extensions.controls import DEAL, ORGANIZATION, PERSON, Jump, Press, jump
from marketplace_app.extensions.facts import DealFacts, Part, Trouble
from marketplace_app.extensions.hints import is_possible_duplicate
from marketplace_app.extensions.next_stage import following_stage, slots
from marketplace_app.extensions.seen import seen_text
from marketplace_app.extensions.standpoint import Standpoint
from marketplace_app.extensions.view import DealRow, Linked, NextStage, People, PersonRow, Problem
from marketplace_app.pipedrive.resources.deals import Deal
from marketplace_app.pipedrive.resources.persons import Person
from marketplace_app.pipedrive.resources.stages import Stage

_PEOPLE_AT_ONCE = 4
_DEALS_AT_ONCE = 3
_INITIALS = 2


def problem(facts: DealFacts, part: Part, stand: Standpoint) -> Problem | None:
    """None when the part is known."""
    found = facts.troubles.get(part)
    if found is None:
        return None
    if found is Trouble.HIDDEN:
        return Problem(stand.say("You may not have access to some of these records."), can_retry=False)
    sentence = {
        Part.ACTIVITIES: stand.say("Couldn't load the activities."),
        Part.PEOPLE: stand.say("Couldn't load the people."),
        Part.STAGES: stand.say("Couldn't load the stages."),
        Part.PIPELINES: stand.say("Couldn't load the pipelines."),
        Part.FIELDS: stand.say("Couldn't load the fields."),
        Part.ORGANIZATION: stand.say("Couldn't load the organization."),
        Part.OTHER_DEALS: stand.say("Couldn't load the other deals."),
    }[part]
    return Problem(sentence, can_retry=True)


def next_stage(facts: DealFacts, stand: Standpoint) -> NextStage | None:
    unread = problem(facts, Part.STAGES, stand)
    if unread:
        return NextStage(problem=unread)
    following = following_stage(facts.deal, facts.stages)
    if following is None:
        return NextStage(note=_last_stage(facts, stand)) if facts.stage else None
    asked = slots(facts.deal, facts.fields, following.id)
    filled = sum(slot.is_filled for slot in asked)
    return NextStage(
        name=following.name,
        note=_readiness(filled, len(asked), facts, stand),
        filled=filled,
        total=len(asked),
        missing=tuple(slot.name for slot in asked if not slot.is_filled),
        control=_move(facts.deal, following, stand),
        problem=problem(facts, Part.FIELDS, stand),
    )


def people(facts: DealFacts, stand: Standpoint) -> People:
    rows = tuple(_person(person, facts, stand) for person in facts.persons)
    rest = len(rows) - _PEOPLE_AT_ONCE
    return People(
        total=len(rows),
        rows=rows[:_PEOPLE_AT_ONCE],
        more=rows[_PEOPLE_AT_ONCE:],
        more_label=stand.count("{number} more person", "{number} more people", rest) if rest > 0 else "",
        problem=problem(facts, Part.PEOPLE, stand),
    )


def linked(facts: DealFacts, stand: Standpoint) -> Linked | None:
    """None for a deal without anybody to have other deals."""
    if facts.deal.org_id is None and facts.deal.person_id is None:
        return None
    rows = tuple(_deal(other, facts, stand) for other in facts.other_deals)
    rest = len(rows) - _DEALS_AT_ONCE
    return Linked(
        organization=_organization(facts, stand),
        organization_problem=problem(facts, Part.ORGANIZATION, stand),
        summary=_summary(facts, stand),
        rows=rows[:_DEALS_AT_ONCE],
        more=rows[_DEALS_AT_ONCE:],
        more_label=stand.count("{number} more deal", "{number} more deals", rest) if rest > 0 else "",
        problem=problem(facts, Part.OTHER_DEALS, stand),
    )


def totals(deals: Iterable[Deal], stand: Standpoint) -> str:
    """Each currency for itself, the most frequent first: "€18,400 + ₫1,250,000,000"."""
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for deal in deals:
        sums[deal.currency] += deal.value
        counts[deal.currency] += 1
    order = sorted(sums, key=lambda currency: (-counts[currency], currency))
    return " + ".join(stand.words.money(sums[currency], currency) for currency in order)


def initials(name: str) -> str:
    words = name.split()
    ends = words if len(words) <= _INITIALS else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()


def _organization(facts: DealFacts, stand: Standpoint) -> Jump | None:
    found = facts.organization
    if found is None:
        return None
    return jump(stand.company_url, ORGANIZATION, found.id, found.name, name="organization")


def _last_stage(facts: DealFacts, stand: Standpoint) -> str:
    if facts.pipeline is None:
        return stand.say("This is the last stage.")
    return stand.say("This is the last stage of {pipeline}.", pipeline=facts.pipeline.name)


def _readiness(filled: int, total: int, facts: DealFacts, stand: Standpoint) -> str:
    if not facts.knows(Part.FIELDS):
        return ""
    if not total:
        return stand.say("It asks for no fields.")
    return stand.count(
        "{filled} of {number} field filled", "{filled} of {number} fields filled", total, filled=filled
    )


def _move(deal: Deal, following: Stage, stand: Standpoint) -> Press:
    form = {"stage_id": following.id, "seen": seen_text(deal.update_time)}
    name = stand.say("Move to {stage}", stage=following.name)
    return Press("move-stage", stand.say("Move"), "move-stage", form, hint=name, name=name)


def _person(person: Person, facts: DealFacts, stand: Standpoint) -> PersonRow:
    name = person.name or stand.say("Person without a name")
    return PersonRow(
        link=jump(stand.company_url, PERSON, person.id, name, name="person"),
        initials=initials(name),
        role=stand.say("Contact person") if person.id == facts.deal.person_id else "",
        phone=person.phone,
        phone_link=f"tel:{quote(person.phone, safe='+')}" if person.phone else "",
        email=person.email,
        email_link=f"mailto:{quote(person.email, safe='@')}" if person.email else "",
    )


def _deal(other: Deal, facts: DealFacts, stand: Standpoint) -> DealRow:
    stage = next((stage.name for stage in facts.stages if stage.id == other.stage_id), "")
    since = other.stage_change_time or other.add_time
    days = stand.count("{number} day", "{number} days", stand.days_since(since)) if since else ""
    value = stand.words.money(other.value, other.currency)
    return DealRow(
        jump(stand.company_url, DEAL, other.id, other.title, name="deal"),
        " · ".join(part for part in (stage, value, days) if part),
        stand.say("Possible duplicate") if is_possible_duplicate(facts.deal, other) else "",
    )


def _summary(facts: DealFacts, stand: Standpoint) -> str:
    others = facts.other_deals
    if not facts.knows(Part.OTHER_DEALS):
        return ""
    if not others:
        return stand.say("No other open deals.")
    total = totals(others, stand)
    return stand.count(
        "{number} other open deal · {total}", "{number} other open deals · {total}", len(others), total=total
    )
