"""Goals: whose they are, when they are active, and how far they have come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.emulator.client import ACME, JACK, LINH, MAI, MARTA
from tests.emulator.direct import Direct, direct
from tests.emulator.process import EmulatorProcess


@pytest.fixture
def admin(emulator: EmulatorProcess) -> Direct:
    return direct(emulator, MARTA)


def day(emulator: EmulatorProcess, days: int) -> str:
    now = datetime.fromtimestamp(emulator.control("clock")["now"], UTC)
    return f"{now + timedelta(days=days):%Y-%m-%d}"


def wish(emulator: EmulatorProcess, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Sell",
        "assignee": {"id": str(LINH), "type": "person"},
        "type": {"name": "deals_started", "params": {"pipeline_id": [1]}},
        "expected_outcome": {"target": "5", "tracking_metric": "quantity"},
        "duration": {"start": day(emulator, 0), "end": day(emulator, 30)},
        "interval": "monthly",
    } | changes


def progress(admin: Direct, emulator: EmulatorProcess, goal_id: str) -> int:
    period = {"period.start": day(emulator, 0), "period.end": day(emulator, 0)}
    found: int = admin.get(f"/v1/goals/{goal_id}/results", **period)["progress"]
    return found


def made(admin: Direct, emulator: EmulatorProcess, **changes: Any) -> str:
    key: str = admin.write("POST", "/v1/goals", **wish(emulator, **changes))["goal"]["id"]
    return key


def test_a_goal_counts_what_its_assignee_does_in_its_pipelines(
    emulator: EmulatorProcess, admin: Direct
) -> None:
    persons, company = made(admin, emulator), made(admin, emulator, assignee={"id": ACME, "type": "company"})
    before = progress(admin, emulator, persons), progress(admin, emulator, company)
    admin.write("POST", "/api/v2/deals", title="Hers", owner_id=LINH, stage_id=1)
    admin.write("POST", "/api/v2/deals", title="Elsewhere", owner_id=LINH, stage_id=7)
    admin.write("POST", "/api/v2/deals", title="His", owner_id=JACK, stage_id=1)
    after = progress(admin, emulator, persons), progress(admin, emulator, company)
    assert (after[0] - before[0], after[1] - before[1]) == (1, 2)


def test_only_the_period_counts(emulator: EmulatorProcess, admin: Direct) -> None:
    company = {"id": ACME, "type": "company"}
    since = {"start": day(emulator, -400), "end": None}
    goal = made(admin, emulator, assignee=company, duration=since)
    path = f"/v1/goals/{goal}/results"
    whole = admin.get(path, **{"period.start": day(emulator, -400), "period.end": day(emulator, 0)})
    past = admin.get(path, **{"period.start": day(emulator, -400), "period.end": day(emulator, -1)})
    assert progress(admin, emulator, goal) + past["progress"] == whole["progress"]
    admin.write("POST", "/api/v2/deals", title="Now", owner_id=LINH, stage_id=1)
    again = admin.get(path, **{"period.start": day(emulator, -400), "period.end": day(emulator, -1)})
    assert again["progress"] == past["progress"] > 0


def test_a_team_counts_its_members(emulator: EmulatorProcess, admin: Direct) -> None:
    team = admin.write("POST", "/v1/legacyTeams", name="Two", manager_id=LINH, users=[JACK])
    goal = made(admin, emulator, assignee={"id": team["id"], "type": "team"})
    before = progress(admin, emulator, goal)
    for owner in (JACK, LINH):
        admin.write("POST", "/api/v2/deals", title="New", owner_id=owner, stage_id=1)
    assert progress(admin, emulator, goal) == before + 1


def test_won_deals_are_summed_in_the_goals_currency(emulator: EmulatorProcess, admin: Direct) -> None:
    outcome = {"target": 1000, "tracking_metric": "sum", "currency_id": 0}
    goal = made(
        admin, emulator, type={"name": "deals_won", "params": {"pipeline_id": None}}, expected_outcome=outcome
    )
    before = progress(admin, emulator, goal)
    for currency in ("EUR", "USD"):
        deal = {"title": "Won", "owner_id": LINH, "value": 250, "currency": currency, "status": "won"}
        admin.write("POST", "/api/v2/deals", **deal)
    assert progress(admin, emulator, goal) - before in range(400, 500)  # a dollar is less than a euro


def test_a_deal_progresses_when_it_enters_the_stage(emulator: EmulatorProcess, admin: Direct) -> None:
    goal = made(admin, emulator, type={"name": "deals_progressed", "params": {"stage_id": 3}})
    before = progress(admin, emulator, goal)
    deal = admin.write("POST", "/api/v2/deals", title="Moves", owner_id=LINH, stage_id=1)["id"]
    assert progress(admin, emulator, goal) == before
    admin.write("PATCH", f"/api/v2/deals/{deal}", stage_id=3)
    admin.write("PATCH", f"/api/v2/deals/{deal}", stage_id=4)
    assert progress(admin, emulator, goal) == before + 1


def test_activities_count_by_type_once_done(emulator: EmulatorProcess, admin: Direct) -> None:
    kind = {"name": "activities_completed", "params": {"activity_type_id": [1]}}
    goal = made(admin, emulator, type=kind)
    before = progress(admin, emulator, goal)
    for name, done in (("call", True), ("call", False), ("meeting", True)):
        admin.write("POST", "/api/v2/activities", subject="x", type=name, owner_id=LINH, done=done)
    assert progress(admin, emulator, goal) == before + 1


def test_find_shows_ones_own_active_goals_unless_asked(emulator: EmulatorProcess, admin: Direct) -> None:
    own = made(admin, emulator, title="Own", assignee={"id": MARTA, "type": "person"})
    hers = made(admin, emulator)
    mine = [goal["id"] for goal in admin.get("/v1/goals/find")["goals"]]
    assert own in mine
    assert hers not in mine
    asked = [goal["id"] for goal in admin.get("/v1/goals/find", **{"assignee.id": LINH})["goals"]]
    assert hers in asked
    assert own not in asked
    started = admin.get("/v1/goals/find", **{"type.name": "deals_started"})["goals"]
    assert {own, hers} <= {goal["id"] for goal in started}
    pipelines = admin.get("/v1/goals/find", **{"type.params.pipeline_id": "1,2"})["goals"]
    assert own not in {goal["id"] for goal in pipelines}
    emulator.advance(40 * 86_400)
    assert own not in [goal["id"] for goal in admin.get("/v1/goals/find")["goals"]]
    ended = admin.get("/v1/goals/find", is_active="false")["goals"]
    assert [goal["is_active"] for goal in ended if goal["id"] == own] == [False]


def test_a_deleted_goal_is_gone(emulator: EmulatorProcess, admin: Direct) -> None:
    goal = made(admin, emulator)
    body = admin.request("DELETE", f"/v1/goals/{goal}").json()
    assert (body["success"], body["service"]) == (True, "statistics-goals-api")
    admin.refused("PUT", f"/v1/goals/{goal}", 404, json={"title": "x"})


def test_a_change_leaves_the_rest_of_a_goal(emulator: EmulatorProcess, admin: Direct) -> None:
    goal = made(admin, emulator)
    changed = admin.write("PUT", f"/v1/goals/{goal}", duration={"start": day(emulator, -3), "end": None})[
        "goal"
    ]
    assert (changed["title"], changed["duration"]["end"]) == ("Sell", None)
    assert changed["expected_outcome"] == {"target": 5, "tracking_metric": "quantity"}


@pytest.mark.parametrize(
    "changes",
    [
        {"assignee": {"id": MAI, "type": "person"}},
        {"assignee": {"id": LINH, "type": "cat"}},
        {"type": {"name": "naps"}},
        {"type": {"name": "deals_won", "params": {"pipeline_id": ["one"]}}},
        {"expected_outcome": {"target": "many", "tracking_metric": "quantity"}},
        {"expected_outcome": {"target": 1, "tracking_metric": "feeling"}},
        {"duration": {"start": "2026-13-01", "end": None}},
        {"duration": {"start": "2026-02-01", "end": "2026-01-01"}},
        {"interval": "hourly"},
        {"duration": None},
    ],
)
def test_a_goal_that_makes_no_sense_is_refused(
    emulator: EmulatorProcess, admin: Direct, changes: dict[str, Any]
) -> None:
    admin.refused("POST", "/v1/goals", 400, json=wish(emulator, **changes))


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (0, 31), (None, 0), (None, None)])
def test_results_stay_within_the_goals_duration(
    emulator: EmulatorProcess, admin: Direct, start: int | None, end: int | None
) -> None:
    goal = made(admin, emulator)
    said = {"period.start": start, "period.end": end}
    period = {name: day(emulator, days) for name, days in said.items() if days is not None}
    admin.refused("GET", f"/v1/goals/{goal}/results", 400, params=period)
