"""What an action does not do: overtake a colleague, touch another deal, believe any day."""

from typing import Any

import pytest

from marketplace_app.errors import FormRejected, PipedriveRefused, PipedriveUnavailable
from marketplace_app.extensions.controls import Press
from tests.unit.extensions.examples import DAY, NOW, TODAY
from tests.unit.extensions.fake_pipedrive import World
from tests.unit.extensions.pressing import SEEN_ACTIVITY, SEEN_DEAL, STALE, activity_form, press, show

pytestmark = pytest.mark.anyio

CHANGED = "This was changed meanwhile; the panel shows how it stands now. Press again if you still want it."


@pytest.mark.parametrize("stage_id", [1, 2, 99])
async def test_no_other_stage_is_reached(world: World, stage_id: int) -> None:
    with pytest.raises(FormRejected, match="not the next stage"):
        await press(world, "move-stage", stage_id=stage_id, seen=SEEN_DEAL)
    assert world.pipedrive.writes() == []


@pytest.mark.parametrize(
    ("action", "form"),
    [
        ("done", activity_form(seen=STALE)),
        ("done", activity_form(seen="")),
        ("reopen", activity_form(seen=STALE)),
        ("move-date", activity_form(seen=STALE, due_date="2026-11-30")),
        ("set-close-date", {"expected_close_date": "2026-12-31", "seen": STALE}),
        ("move-stage", {"stage_id": 3, "seen": STALE}),
        ("move-stage", {"stage_id": 3, "seen": "yesterday"}),
        ("link-person", {"id": 6}),
        ("link-organization", {"id": 9}),
    ],
)
async def test_who_was_slower_writes_nothing_and_sees_how_it_stands(
    world: World, action: str, form: dict[str, Any]
) -> None:
    await show(world)
    world.pipedrive.tables["activities"][77]["subject"] = "Changed by a colleague"
    sentence, view = await press(world, action, **form)
    assert sentence == CHANGED
    assert world.pipedrive.writes() == []
    assert view.next_step is not None
    if "activity_id" in form:
        assert view.next_step.title == "Changed by a colleague"


async def test_pressing_again_after_a_change_succeeds(world: World) -> None:
    _, view = await press(world, "done", **activity_form(seen=STALE))
    assert view.next_step is not None
    again = view.next_step.controls[0]
    assert isinstance(again, Press)
    await press(world, again.action, **again.form)
    assert world.pipedrive.writes() == [("PATCH", "/api/v2/activities/77", {"done": True})]


async def test_an_activity_does_not_make_the_next_press_on_the_deal_look_late(world: World) -> None:
    """In Pipedrive a deal's own `update_time` moves with its activities."""
    await show(world)
    world.pipedrive.tables["deals"][12]["update_time"] = NOW.isoformat()
    _, view = await press(world, "done", **activity_form())
    assert view.next_stage is not None
    assert view.next_stage.control is not None
    sentence, _ = await press(world, "move-stage", **view.next_stage.control.form)
    assert sentence == "Moved to Negotiation"


@pytest.mark.parametrize("action", ["done", "reopen", "move-date"])
async def test_an_activity_of_another_deal_is_left_alone(world: World, action: str) -> None:
    form = {"activity_id": 78, "seen": SEEN_ACTIVITY}
    with pytest.raises(FormRejected, match="does not belong to this deal"):
        await press(world, action, **form | ({"due_date": "2026-11-30"} if action == "move-date" else {}))
    assert world.pipedrive.writes() == []


async def test_a_person_of_another_deal_is_not_called(world: World) -> None:
    with pytest.raises(FormRejected, match="does not belong to this deal"):
        await press(world, "plan-next-step", subject="Call", due_date="2026-11-24", person_id=8)
    assert world.pipedrive.writes() == []


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("", "Choose a date."),
        ("soon", "Choose a date."),
        ((TODAY - DAY).isoformat(), "That day has passed. Choose today or a later day."),
        ("2028-01-01", "That is too far away. Choose a day up to Wed, Nov 24, 2027."),
        ("9999-12-31", "That is too far away. Choose a day up to Wed, Nov 24, 2027."),
    ],
)
async def test_a_day_that_makes_no_sense_gets_a_sentence(world: World, day: str, sentence: str) -> None:
    for action, form in (("move-date", activity_form()), ("plan-next-step", {"subject": "Call"})):
        with pytest.raises(FormRejected) as rejection:
            await press(world, action, **form, due_date=day)
        assert rejection.value.fields == {"due_date": sentence}
    assert world.pipedrive.calls == []


async def test_a_close_date_years_away_is_refused(world: World) -> None:
    with pytest.raises(FormRejected, match="too far away"):
        await press(world, "set-close-date", expected_close_date="2036-01-01", seen=SEEN_DEAL)


async def test_the_sentences_are_in_the_viewers_language(world: World) -> None:
    world.language = "vi"
    with pytest.raises(FormRejected, match="Hãy chọn một ngày"):
        await press(world, "move-date", **activity_form())


async def test_a_step_needs_a_subject(world: World) -> None:
    with pytest.raises(FormRejected) as caught:
        await press(world, "plan-next-step", subject="  ", due_date="2026-11-24")
    assert set(caught.value.fields) == {"subject"}


@pytest.mark.parametrize("closed", [{"status": "won"}, {"is_archived": True}, {"is_deleted": True}])
async def test_a_deal_that_is_no_longer_open_is_not_changed(world: World, closed: dict[str, Any]) -> None:
    await show(world)
    world.pipedrive.tables["deals"][12] |= closed
    with pytest.raises(FormRejected, match="no longer open"):
        await press(world, "move-stage", stage_id=3, seen=SEEN_DEAL)
    assert world.pipedrive.writes() == []


async def test_a_record_that_the_viewer_may_not_see_is_not_linked(world: World) -> None:
    world.pipedrive.tables["deals"][12] |= {"person_id": None}
    with pytest.raises(PipedriveRefused):
        await press(world, "link-person", id=999)
    assert world.pipedrive.writes() == []


async def test_people_are_read_anew_when_the_deal_got_another_contact(world: World) -> None:
    await show(world)
    world.pipedrive.tables["deals"][12] |= {"person_id": 6}
    _, view = await press(world, "move-stage", stage_id=3, seen=SEEN_DEAL)
    assert view.people is not None
    assert view.people.rows[0].link.label == "Minh Đỗ"


async def test_a_refused_write_is_told_and_keeps_nothing(world: World) -> None:
    await show(world)
    kept = dict(world.keeping.values)
    world.pipedrive.failures["PATCH /api/v2/deals/12"] = 403
    with pytest.raises(PipedriveRefused):
        await press(world, "move-stage", stage_id=3, seen=SEEN_DEAL)
    assert world.keeping.values == kept


async def test_a_step_that_is_done_stays_done_when_the_deal_cannot_be_read_after_it(world: World) -> None:
    await show(world)
    world.pipedrive.failures["/api/v2/deals/12"] = 500
    _, view = await press(world, "done", **activity_form())
    assert view.finished is not None
    with pytest.raises(PipedriveUnavailable):
        await press(world, "set-close-date", expected_close_date="2026-12-31", seen=SEEN_DEAL)
