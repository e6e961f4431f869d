"""The schedule: each entry is one worker's at a time, and no end of a visit undoes what came meanwhile."""

import asyncio

import pytest

from marketplace_app.storage import keys
from marketplace_app.storage.schedule import Due, Schedule
from tests.integration.storage.conftest import Process
from tests.integration.storage.life import scores
from tests.makers import NOW, principal

pytestmark = pytest.mark.anyio


@pytest.fixture
def schedule(process: Process) -> Schedule:
    return Schedule(process.connection)


@pytest.fixture
def elsewhere(other: Process) -> Schedule:
    return Schedule(other.connection)


async def as_it_is(process: Process) -> dict[str, float]:
    return {member: at async for member, at in scores(process)}


async def test_what_is_due_is_taken_oldest_first_and_what_is_not_stays(schedule: Schedule) -> None:
    await schedule.put(principal(1, 11), NOW)
    await schedule.put(principal(2, 21), NOW - 5)
    await schedule.put(principal(3, 31), NOW + 0.5)
    await schedule.put(principal(1, 11), NOW - 1, told=2)
    due = await schedule.take(NOW, 10)
    assert [(each.company_id, each.user_id, each.told) for each in due] == [
        (2, 21, 0),
        (1, 11, 2),
        (1, 11, 0),
    ]
    assert await schedule.take(NOW, 10) == []


async def test_no_more_than_asked_for_is_taken(schedule: Schedule) -> None:
    for company_id in range(1, 6):
        await schedule.put(principal(company_id, 1), NOW)
    assert [len(await schedule.take(NOW, 2)) for _ in range(4)] == [2, 2, 1, 0]


async def test_workers_at_once_take_each_entry_once(schedule: Schedule, elsewhere: Schedule) -> None:
    for company_id in range(1, 101):
        await schedule.put(principal(company_id, 1), NOW)
    taken = await asyncio.gather(*((schedule, elsewhere)[n % 2].take(NOW, 7) for n in range(20)))
    members = [each.member for due in taken for each in due]
    assert len(members) == len(set(members)) == 100


async def test_who_dies_with_an_entry_leaves_it_to_the_next(schedule: Schedule, elsewhere: Schedule) -> None:
    await schedule.put(principal(), NOW)
    assert len(await schedule.take(NOW, 1)) == 1
    assert await elsewhere.take(NOW + 179, 1) == []
    assert len(await elsewhere.take(NOW + 180, 1)) == 1


@pytest.mark.parametrize("member", ["nonsense", "1:x", "1:2:told-x", ""])
async def test_what_nobody_of_ours_wrote_is_in_nobodys_way(
    schedule: Schedule, process: Process, member: str
) -> None:
    await process.connection.schedule(keys.SCHEDULE, member, NOW - 10)
    await schedule.put(principal(), NOW)
    (due,) = await schedule.take(NOW, 10)
    assert due.company_id == 1


async def test_a_visit_ends_with_the_next_time_or_with_none(schedule: Schedule, process: Process) -> None:
    for company_id in (1, 2):
        await schedule.put(principal(company_id, 1), NOW)
    first, second = await schedule.take(NOW, 2)
    await schedule.settle(first, NOW + 1000.25)
    await schedule.settle(second, None)
    assert await as_it_is(process) == {"1:1": NOW + 1000.25}


@pytest.mark.parametrize("at", [NOW + 86_400, None])
async def test_what_was_put_during_a_visit_outlives_its_end(
    schedule: Schedule, elsewhere: Schedule, process: Process, at: float | None
) -> None:
    """A notice of uninstall that comes while the worker asks about somebody."""
    await schedule.put(principal(), NOW)
    (due,) = await schedule.take(NOW, 1)
    await elsewhere.put(principal(), NOW + 1)
    await schedule.settle(due, at)
    assert await as_it_is(process) == {"1:11": NOW + 1}


async def test_a_visit_that_outlived_its_lease_changes_nothing(
    schedule: Schedule, elsewhere: Schedule, process: Process
) -> None:
    await schedule.put(principal(), NOW)
    (late,) = await schedule.take(NOW, 1)
    (taken,) = await elsewhere.take(NOW + 200, 1)
    await schedule.settle(late, None)
    assert await as_it_is(process) == {"1:11": NOW + 380}
    await elsewhere.settle(taken, NOW + 500)
    assert await as_it_is(process) == {"1:11": NOW + 500}


async def test_the_lease_of_any_time_is_told_from_another(schedule: Schedule, process: Process) -> None:
    """Times have fractions, and are compared by a script that reads them as text."""
    for fraction in (0.0, 0.1, 0.123456789, 0.999, 1 / 3):
        await schedule.put(principal(), NOW)
        (due,) = await schedule.take(NOW + fraction, 1)
        await schedule.settle(due, None)
        assert await as_it_is(process) == {}


async def test_an_end_for_who_is_not_there_puts_nobody_on_the_schedule(
    schedule: Schedule, process: Process
) -> None:
    gone = Due(
        "1:2", principal().company_id, principal().user_id, 0, is_renewal=False, due_at=NOW, leased_until=NOW
    )
    await schedule.settle(gone, NOW + 5)
    assert await as_it_is(process) == {}
