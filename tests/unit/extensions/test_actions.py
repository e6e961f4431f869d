from datetime import date

import pytest

from marketplace_app.extensions.controls import Press
from marketplace_app.extensions.facts import DealFacts
from tests.unit.extensions.examples import TODAY
from tests.unit.extensions.fake_pipedrive import World
from tests.unit.extensions.pressing import SEEN_DEAL, activity_form, press, show

pytestmark = pytest.mark.anyio


async def test_done_finishes_the_step_and_asks_for_the_next(world: World) -> None:
    await show(world)
    sentence, view = await press(world, "done", **activity_form())
    assert world.pipedrive.writes() == [("PATCH", "/api/v2/activities/77", {"done": True})]
    assert sentence == "Done: Call Lan about pricing"
    assert view.finished is not None
    assert view.next_step is not None
    assert (view.next_step.title, view.next_step.cost) == ("No next step", "\N{MINUS SIGN}25")


async def test_an_action_draws_the_panel_without_reading_it_all_again(world: World) -> None:
    await show(world)
    await press(world, "done", **activity_form())
    assert world.pipedrive.cost == 1 + 5 + 1


async def test_an_action_without_kept_facts_reads_them(world: World) -> None:
    _, view = await press(world, "done", **activity_form())
    assert view.people is not None
    assert view.people.total == 2


async def test_undo_opens_the_step_again(world: World) -> None:
    await show(world)
    _, view = await press(world, "done", **activity_form())
    assert view.finished is not None
    undo = view.finished.undo
    _, after = await press(world, undo.action, **undo.form)
    assert world.pipedrive.writes()[-1] == ("PATCH", "/api/v2/activities/77", {"done": False})
    assert after.finished is None
    assert after.next_step is not None
    assert after.next_step.title == "Call Lan about pricing"


async def test_moving_a_step_sends_the_date_and_keeps_the_time_of_day(world: World) -> None:
    world.pipedrive.tables["activities"][77] |= {"due_date": "2026-11-23", "due_time": "19:00:00"}
    sentence, view = await press(world, "move-date", **activity_form(due_date="2026-11-30"))
    changes = {"due_date": "2026-11-29", "due_time": "19:00:00"}
    assert world.pipedrive.writes() == [("PATCH", "/api/v2/activities/77", changes)]
    assert sentence == "Moved to Mon, Nov 30"
    assert view.next_step is not None
    assert view.next_step.when == "Mon, Nov 30 2:00\N{NARROW NO-BREAK SPACE}AM"


async def test_planning_links_the_deal_its_organization_and_the_person(world: World) -> None:
    sentence, view = await press(
        world, "plan-next-step", subject=" Call Lan ", due_date="2026-11-24", person_id=5
    )
    body = {
        "deal_id": 12,
        "org_id": 9,
        "participants": [{"person_id": 5, "primary": True}],
        "subject": "Call Lan",
        "type": "call",
        "due_date": "2026-11-24",
    }
    assert world.pipedrive.writes() == [("POST", "/api/v2/activities", body)]
    assert sentence == "Planned: Call Lan"
    assert view.next_step is not None


async def test_planning_without_a_person_makes_a_task(world: World) -> None:
    world.pipedrive.tables["deals"][12] |= {"org_id": None, "person_id": None}
    await press(world, "plan-next-step", subject="Follow up", due_date="2026-11-24")
    body = {"deal_id": 12, "subject": "Follow up", "type": "task", "due_date": "2026-11-24"}
    assert world.pipedrive.writes() == [("POST", "/api/v2/activities", body)]


async def test_the_quick_step_that_the_panel_offers_is_accepted(world: World) -> None:
    world.pipedrive.tables["activities"].clear()
    view = await show(world)
    assert view.next_step is not None
    quick = view.next_step.controls[1]
    assert isinstance(quick, Press)
    assert quick.label == "Call Lan Trần tomorrow"
    await press(world, quick.action, **quick.form)
    assert world.pipedrive.writes()[0][2]["due_date"] == "2026-11-24"


async def test_the_close_date_is_set_and_the_counts_stay(world: World) -> None:
    sentence, view = await press(world, "set-close-date", expected_close_date="2026-12-31", seen=SEEN_DEAL)
    change = {"expected_close_date": "2026-12-31"}
    assert world.pipedrive.writes() == [("PATCH", "/api/v2/deals/12", change)]
    assert sentence == "Expected to close Thu, Dec 31"
    assert view.header.closing == "Closes Thu, Dec 31"
    assert view.counts[0] == "5 notes"


async def test_the_deal_moves_to_the_stage_that_follows(world: World) -> None:
    sentence, view = await press(world, "move-stage", stage_id=3, seen=SEEN_DEAL)
    assert world.pipedrive.writes() == [("PATCH", "/api/v2/deals/12", {"stage_id": 3})]
    assert sentence == "Moved to Negotiation"
    assert view.next_stage is not None
    assert view.next_stage.note == "This is the last stage of Sales."


async def test_today_is_a_day_to_choose(world: World) -> None:
    await press(world, "move-date", **activity_form(due_date=TODAY.isoformat()))
    assert world.pipedrive.writes()


async def test_a_new_person_becomes_the_contact_of_a_deal_without_one(world: World) -> None:
    world.pipedrive.tables["deals"][12] |= {"person_id": None}
    await show(world)
    sentence, view = await press(world, "link-person", id=6)
    assert world.pipedrive.writes() == [("PATCH", "/api/v2/deals/12", {"person_id": 6})]
    assert sentence == "Linked: Minh Đỗ"
    assert view.people is not None
    assert view.people.rows[0].role == "Contact person"


async def test_a_new_organization_becomes_the_one_of_a_deal_without_one(world: World) -> None:
    world.pipedrive.tables["deals"][12] |= {"org_id": None}
    await show(world)
    _, view = await press(world, "link-organization", id=9)
    assert world.pipedrive.writes() == [("PATCH", "/api/v2/deals/12", {"org_id": 9})]
    assert view.linked is not None
    assert view.linked.organization is not None
    assert view.linked.organization.label == "Saigon Foods"


async def test_every_action_keeps_what_it_shows(world: World) -> None:
    await press(world, "set-close-date", expected_close_date="2026-12-31", seen=SEEN_DEAL)
    kept = await world.any().kept("facts", DealFacts)
    assert kept is not None
    assert kept.deal.expected_close_date == date(2026, 12, 31)
