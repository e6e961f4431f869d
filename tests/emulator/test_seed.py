"""The small world: what its stories promise, and that it is the same each time."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipedrive_emulator.store import MemoryStore
from pipedrive_emulator.world import World
from pipedrive_emulator.world.seed import plant
from tests.emulator.client import ACME, JACK, LINH, MARTA, SAIGON, VICTOR

NOW = datetime.fromisoformat("2026-11-23T21:40:00+00:00").timestamp()


def planted(now: float = NOW) -> World:
    world = World(MemoryStore())
    plant(world, "small", now)
    return world


def rows(world: World, table: str, company_id: int = ACME) -> list[dict[str, Any]]:
    return list(world.records(company_id).all(table))


def deal(number: int) -> dict[str, Any]:
    record = planted().records(ACME).find("deals", number)
    assert record is not None
    return record


def test_the_same_moment_gives_the_same_world() -> None:
    one, other = planted(), planted()
    for company in (ACME, SAIGON):
        for table in ("deals", "persons", "organizations", "activities", "stages", "dealFields"):
            assert rows(one, table, company) == rows(other, table, company)


def test_another_moment_moves_the_dates_and_nothing_else() -> None:
    titles = [[row["title"] for row in rows(planted(now), "deals")] for now in (NOW, NOW + 86_400)]
    assert titles[0] == titles[1]
    later = planted(NOW + 86_400).records(ACME).find("deals", 1)
    assert later is not None
    moved = date.fromisoformat(later["expected_close_date"]) - date.fromisoformat(
        deal(1)["expected_close_date"]
    )
    assert moved == timedelta(days=1)


def test_its_size_and_currencies() -> None:
    world = planted()
    assert (len(rows(world, "deals")), len(rows(world, "deals", SAIGON))) == (40, 20)
    assert {row["currency"] for row in rows(world, "deals")} == {"EUR", "USD"}
    assert "VND" in {row["currency"] for row in rows(world, "deals", SAIGON)}
    states = {row["status"] for row in rows(world, "deals")}
    assert states == {"open", "won", "lost"}


def test_every_link_leads_somewhere_in_the_same_company() -> None:
    world = planted()
    links = {"person_id": "persons", "org_id": "organizations", "deal_id": "deals", "stage_id": "stages"}
    for company in (ACME, SAIGON):
        users = {user.id for user in world.users(company)}
        for table in ("deals", "persons", "activities"):
            for row in rows(world, table, company):
                assert row["owner_id"] in users
                for key, target in links.items():
                    if row.get(key) is not None:
                        assert world.records(company).find(target, row[key]) is not None


def test_the_showcase_deal() -> None:
    world = planted()
    shown = deal(1)
    assert date.fromisoformat(shown["expected_close_date"]) == date(2026, 11, 23) - timedelta(days=6)
    siblings = [row for row in rows(world, "deals") if row["org_id"] == shown["org_id"] and row["id"] != 1]
    assert {row["status"] for row in siblings} == {"open"}
    assert {row["owner_id"] for row in siblings} == {MARTA, JACK}
    twins = [row for row in siblings if row["person_id"] == 1 and row["pipeline_id"] == shown["pipeline_id"]]
    assert [row["id"] for row in twins] == [6]
    people = {row["person_id"] for row in rows(world, "deal_participants") if row["deal_id"] == 1}
    assert people == {1, 2, 3}
    silence = NOW - datetime.fromisoformat(shown["last_outgoing_mail_time"]).timestamp()
    assert silence // 86_400 == 9
    assert shown["last_incoming_mail_time"] < shown["last_outgoing_mail_time"]


@pytest.mark.parametrize("now", [NOW, NOW + 6 * 3600, NOW + 12 * 3600])
def test_the_next_step_is_tomorrow_at_nine_on_the_owners_wall(now: float) -> None:
    (step,) = [row for row in rows(planted(now), "activities") if row["deal_id"] == 1 and not row["done"]]
    due = datetime.fromisoformat(f"{step['due_date']}T{step['due_time']}+00:00").astimezone(
        ZoneInfo("Europe/Tallinn")
    )
    today = datetime.fromtimestamp(now, ZoneInfo("Europe/Tallinn")).date()
    assert (due.date() - today, due.strftime("%H:%M")) == (timedelta(days=1), "09:00")


def test_the_other_told_deals() -> None:
    world = planted()
    steps = [row for row in rows(world, "activities") if not row["done"]]
    overdue = next(row for row in steps if row["deal_id"] == 2)
    assert overdue["due_date"] < "2026-11-22"
    bare = deal(3)
    assert (bare["org_id"], bare["expected_close_date"], bare["owner_id"]) == (None, None, LINH)
    assert [row for row in rows(world, "activities") if row["deal_id"] == 3] == []
    healthy = [row for row in steps if row["deal_id"] == 4]
    assert healthy[0]["due_date"] > "2026-11-24"
    assert deal(4)["expected_close_date"] > "2026-12-20"
    assert deal(7)["owner_id"] == deal(8)["owner_id"] == VICTOR
    assert len(deal(10)["title"]) == 300


def test_one_name_is_markup() -> None:
    assert "<img src=x onerror=alert(1)>" in {row["name"] for row in rows(planted(), "persons")}
