import pytest

from marketplace_app.errors import BudgetSpent, Disconnected, PipedriveRefused, StoreUnavailable
from marketplace_app.extensions.facts import DealFacts, Part, Trouble
from marketplace_app.extensions.reading import gather, keep, kept_or_gathered
from tests.unit.extensions.examples import deal, facts, person
from tests.unit.extensions.fake_pipedrive import World

pytestmark = pytest.mark.anyio


async def test_a_first_visit_costs_at_most_60_tokens_and_35_with_the_look_ups_kept(world: World) -> None:
    await gather(world.any())
    assert world.pipedrive.cost == 52
    world.pipedrive.calls.clear()
    await gather(world.any())
    assert world.pipedrive.cost == 32


async def test_it_reads_what_belongs_to_the_deal(world: World) -> None:
    found = await gather(world.any())
    assert found.deal.id == 12
    assert [each.id for each in found.persons] == [5, 6]
    assert [other.id for other in found.other_deals] == [13]
    assert found.organization is not None
    assert found.knows(*Part)


async def test_a_contact_that_is_not_listed_is_asked_for_by_id(world: World) -> None:
    world.pipedrive.tables["deals"][12]["person_id"] = 7
    world.pipedrive.tables["persons"] = {6: world.pipedrive.tables["persons"][6]}
    contact = {"id": 7, "name": "Hoa"}
    world.pipedrive.failures["/api/v2/persons/7"] = 404
    hidden = await gather(world.any())
    assert hidden.troubles == {Part.PEOPLE: Trouble.HIDDEN}
    assert [each.id for each in hidden.persons] == [6]
    world.pipedrive.failures.clear()
    world.pipedrive.tables["persons"][7] = contact
    assert [each.id for each in (await gather(world.any())).persons] == [7, 6]


async def test_without_an_organization_the_persons_other_deals_are_read(world: World) -> None:
    world.pipedrive.tables["deals"][12]["org_id"] = None
    await gather(world.any())
    (call,) = [call for call in world.pipedrive.calls if call.path == "/api/v2/deals"]
    assert call.query["person_id"] == "5"
    assert "org_id" not in call.query


async def test_a_deal_with_nobody_needs_no_second_wave(world: World) -> None:
    world.pipedrive.tables["deals"][12] |= {"org_id": None, "person_id": None}
    found = await gather(world.any())
    assert found.other_deals == []
    assert {call.path for call in world.pipedrive.calls}.isdisjoint(
        {"/api/v2/deals", "/api/v2/organizations/9"}
    )


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/api/v2/activities", Part.ACTIVITIES),
        ("/api/v2/persons", Part.PEOPLE),
        ("/api/v2/stages", Part.STAGES),
        ("/api/v2/pipelines", Part.PIPELINES),
        ("/api/v2/dealFields", Part.FIELDS),
        ("/api/v2/organizations/9", Part.ORGANIZATION),
        ("/api/v2/deals", Part.OTHER_DEALS),
    ],
)
@pytest.mark.parametrize(("status", "trouble"), [(500, Trouble.FAILED), (403, Trouble.HIDDEN)])
async def test_every_part_fails_alone(
    world: World, path: str, part: Part, status: int, trouble: Trouble
) -> None:
    world.pipedrive.failures[path] = status
    assert (await gather(world.any())).troubles == {part: trouble}


async def test_a_look_up_that_failed_is_not_kept(world: World) -> None:
    world.pipedrive.failures["/api/v2/stages"] = 500
    await gather(world.any())
    world.pipedrive.failures.clear()
    assert (await gather(world.any())).knows(Part.STAGES)


@pytest.mark.parametrize("status", [403, 404])
async def test_a_deal_that_the_viewer_may_not_see_is_refused(world: World, status: int) -> None:
    world.pipedrive.failures["/api/v2/deals/12"] = status
    with pytest.raises(PipedriveRefused) as refusal:
        await gather(world.any())
    assert refusal.value.status == status


async def test_without_an_installation_nothing_is_shown(world: World) -> None:
    world.access.trouble = Disconnected("the grant is refused")
    with pytest.raises(Disconnected):
        await gather(world.any())


async def test_a_store_that_is_away_is_not_hidden(world: World) -> None:
    world.look_ups.trouble = StoreUnavailable("Redis does not answer")
    with pytest.raises(StoreUnavailable):
        await gather(world.any())


async def test_a_spent_budget_is_not_hidden(world: World) -> None:
    world.pipedrive.failures["/api/v2/activities"] = 429
    with pytest.raises(BudgetSpent):
        await gather(world.any())


async def test_kept_facts_come_back_as_they_were(world: World) -> None:
    known = facts(
        other_deals=[deal(id=13, custom_fields={"x": {"value": 1}})],
        troubles={Part.FIELDS: Trouble.FAILED},
        persons=[person(name="Đỗ <b>")],
    )
    await keep(world.any(), known)
    assert await kept_or_gathered(world.any()) == known
    assert world.pipedrive.calls == []


async def test_what_was_kept_in_an_older_form_is_read_anew(world: World) -> None:
    world.keeping.values["facts"] = b'{"deal": 12}'
    assert isinstance(await kept_or_gathered(world.any()), DealFacts)
    assert world.pipedrive.calls
