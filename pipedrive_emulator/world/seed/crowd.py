"""The many ordinary deals around the told ones, drawn with the planter's dice."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.seed.planter import Planter

_STEPS = (
    ("call", "Call about the offer"),
    ("meeting", "Meet at their office"),
    ("email", "Send the price list"),
    ("task", "Prepare the calculation"),
    ("lunch", "Lunch with the buyer"),
    ("deadline", "Tender closes"),
)


@dataclass(frozen=True, slots=True)
class Crowd:
    """What the ordinary deals of a company look like; ``values`` are whole units of ``currencies``."""

    owners: Sequence[User]
    subjects: Sequence[str]
    customers: Sequence[str]
    people: Sequence[str]
    currencies: Sequence[str]
    values: tuple[int, int]
    stage_ids: Sequence[int]


def plant_crowd(planter: Planter, crowd: Crowd, deals: int) -> None:
    """Grow the company to that many deals, each third with a next step, each with one done step."""
    chance = planter.chance
    customers = [planter.organization(name, chance.choice(crowd.owners)) for name in crowd.customers]
    people = [_person(planter, crowd, name, chance.choice(customers)) for name in crowd.people]
    for number in range(len(list(planter.records.all("deals"))), deals):
        _plant_deal(
            planter, crowd, chance.choice(customers), chance.choice(people), with_step=number % 3 != 0
        )


def _person(planter: Planter, crowd: Crowd, name: str, org_id: int) -> int:
    digits = planter.chance.randrange(1000, 9999)
    emails = [f"contact{digits}@customer.example"] if digits % 4 else []
    phones = [f"+372 55 {digits}"] if digits % 3 else []
    return planter.person(name, planter.chance.choice(crowd.owners), org_id, emails=emails, phones=phones)


def _plant_deal(planter: Planter, crowd: Crowd, org_id: int, person_id: int, *, with_step: bool) -> None:
    chance, owner = planter.chance, planter.chance.choice(crowd.owners)
    in_stage = chance.randrange(1, 30)
    closes = chance.choice((None, -10, 5, 18, 33, 75))
    low, high = crowd.values
    deal_id = planter.deal(
        f"{chance.choice(crowd.subjects)} {chance.randrange(100, 999)}",
        owner,
        chance.choice(crowd.stage_ids),
        value=chance.randrange(low, high) // 100 * 100,
        currency=chance.choice(crowd.currencies),
        person_id=person_id,
        org_id=chance.choice((org_id, org_id, None)),
        age=in_stage + chance.randrange(5, 90),
        in_stage=in_stage,
        touched=min(in_stage, chance.randrange(1, 25)),
        expected_close_date=None if closes is None else planter.date(owner, closes),
    )
    _plant_steps(planter, owner, deal_id, person_id, with_step=with_step)


def _plant_steps(planter: Planter, owner: User, deal_id: int, person_id: int, *, with_step: bool) -> None:
    chance = planter.chance
    links = {"deal_id": deal_id, "person_id": person_id}
    kind, subject = chance.choice(_STEPS)
    ago = chance.randrange(2, 20)
    planter.activity(subject, kind, owner, planter.at(owner, -ago, "10:00"), done_days=ago, **links)
    if with_step:
        kind, subject = chance.choice(_STEPS)
        planter.activity(subject, kind, owner, planter.at(owner, chance.randrange(-4, 12), "15:00"), **links)
