"""Reads what the panel shows, as the viewer: two waves of calls, each side by side.

A visit costs 1 + 10 + 10 API tokens, then 11 or 12, and 20 more for the look-ups that a company keeps
for an hour. https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting
"""

from collections.abc import Awaitable, Iterable, Mapping
from typing import Any

from marketplace_app.extensions.facts import DealFacts, Part, Trouble, contact_first
from marketplace_app.kit import BudgetSpent, PipedriveError, PipedriveRefused, SurfaceContext, together
from marketplace_app.pipedrive.resources import (
    activities,
    deal_fields,
    deals,
    organizations,
    persons,
    stages,
)
from marketplace_app.pipedrive.resources.deal_fields import DealField
from marketplace_app.pipedrive.resources.deals import Deal
from marketplace_app.pipedrive.resources.persons import Person
from marketplace_app.pipedrive.resources.stages import Pipeline, Stage

Calls = dict[Part, Awaitable[Any]]
Found = dict[Part, Any]
Troubles = dict[Part, Trouble]

_NOT_SHOWN = (403, 404)
_KEPT_AS = "facts"


async def gather(context: SurfaceContext) -> DealFacts:
    """Raises what the deal's own call raises, and what makes every call vain; the rest is a Trouble."""
    first = _first_wave(context)
    deal, *outcomes = await together(deals.get(context.pipedrive, context.record_id), *first.values())
    if isinstance(deal, BaseException):
        raise deal
    found, troubles = _heard(first, outcomes)
    second = _second_wave(context, deal, found.get(Part.PEOPLE))
    more, more_troubles = _heard(second, await together(*second.values()))
    return _facts(deal, found, more, troubles | more_troubles)


async def kept_or_gathered(context: SurfaceContext) -> DealFacts:
    """What the picture on the screen was drawn from, unless that was too long ago."""
    return await context.kept(_KEPT_AS, DealFacts) or await gather(context)


async def keep(context: SurfaceContext, facts: DealFacts) -> None:
    await context.keep(_KEPT_AS, facts)


def _first_wave(context: SurfaceContext) -> Calls:
    api = context.pipedrive
    return {
        Part.ACTIVITIES: activities.open_of_deal(api, context.record_id),
        Part.PEOPLE: persons.of_deal(api, context.record_id),
        Part.STAGES: context.look_up("stages", list[Stage], lambda: stages.stages(api)),
        Part.PIPELINES: context.look_up("pipelines", list[Pipeline], lambda: stages.pipelines(api)),
        Part.FIELDS: context.look_up("deal-fields", list[DealField], lambda: deal_fields.deal_fields(api)),
    }


def _second_wave(context: SurfaceContext, deal: Deal, people: list[Person] | None) -> Calls:
    """What only the deal names. `people` is None when they could not be read."""
    api, calls = context.pipedrive, Calls()
    if deal.org_id is not None:
        calls[Part.ORGANIZATION] = organizations.get(api, deal.org_id)
        calls[Part.OTHER_DEALS] = deals.open_of_organization(api, deal.org_id)
    elif deal.person_id is not None:
        calls[Part.OTHER_DEALS] = deals.open_of_person(api, deal.person_id)
    is_listed = people is None or any(person.id == deal.person_id for person in people)
    if deal.person_id is not None and not is_listed:
        calls[Part.PEOPLE] = persons.get(api, deal.person_id)
    return calls


def _heard(calls: Calls, outcomes: Iterable[Any]) -> tuple[Found, Troubles]:
    found, troubles = Found(), Troubles()
    for part, outcome in zip(calls, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            troubles[part] = _trouble(outcome)
        else:
            found[part] = outcome
    return found, troubles


def _trouble(error: BaseException) -> Trouble:
    """Raises what is no trouble of one part: no installation, no budget, no store, a fault of our own."""
    if isinstance(error, PipedriveRefused) and error.status in _NOT_SHOWN:
        return Trouble.HIDDEN
    if isinstance(error, PipedriveError) and not isinstance(error, BudgetSpent):
        return Trouble.FAILED
    raise error


def _facts(deal: Deal, found: Mapping[Part, Any], more: Mapping[Part, Any], troubles: Troubles) -> DealFacts:
    people = [*found.get(Part.PEOPLE, []), *([more[Part.PEOPLE]] if Part.PEOPLE in more else [])]
    return DealFacts(
        deal=deal,
        activities=[each for each in found.get(Part.ACTIVITIES, []) if not each.done and not each.is_deleted],
        persons=contact_first((person for person in people if not person.is_deleted), deal),
        stages=found.get(Part.STAGES, []),
        pipelines=found.get(Part.PIPELINES, []),
        fields=found.get(Part.FIELDS, []),
        organization=more.get(Part.ORGANIZATION),
        other_deals=[other for other in more.get(Part.OTHER_DEALS, []) if other.id != deal.id],
        troubles=troubles,
    )
