"""Hints: worth a look, but nothing is lost by them. Pure, as the rules are."""

from collections.abc import Iterable

from marketplace_app.domain.message import count, say
from marketplace_app.extensions.gap import Fix, Gap, GapKind, Rule, Situation
from marketplace_app.pipedrive.resources.deals import Deal


def is_possible_duplicate(deal: Deal, other: Deal) -> bool:
    """Both are open, for the same person, in the same pipeline."""
    same_person = deal.person_id is not None and deal.person_id == other.person_id
    return same_person and deal.pipeline_id == other.pipeline_id


def possible_duplicates(situation: Situation) -> Iterable[Gap]:
    facts = situation.facts
    for other in facts.other_deals:
        if is_possible_duplicate(facts.deal, other):
            message = say("Possible duplicate: “{title}”", title=other.title)
            yield Gap(GapKind.DUPLICATE, 0, message, Fix.OPEN_DEAL, other.id)


def other_owners(situation: Situation) -> Iterable[Gap]:
    facts = situation.facts
    theirs = sum(other.owner_id != facts.deal.owner_id for other in facts.other_deals)
    if theirs:
        message = count(
            "{number} other open deal here has another owner",
            "{number} other open deals here have another owner",
            theirs,
        )
        yield Gap(GapKind.OTHER_OWNER, 0, message)


def several_currencies(situation: Situation) -> Iterable[Gap]:
    facts = situation.facts
    currencies = {facts.deal.currency, *(other.currency for other in facts.other_deals)}
    if len(currencies) > 1:
        message = say("Open deals here are in {currencies}", currencies=", ".join(sorted(currencies)))
        yield Gap(GapKind.CURRENCIES, 0, message)


HINTS: tuple[Rule, ...] = (possible_duplicates, other_owners, several_currencies)
