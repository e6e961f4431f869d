"""Workers that are killed in the middle: a job is done at least once, and then nothing is left of it."""

from typing import Any

import pytest

from marketplace_app.cli.local.child import Child
from tests.harness.processes import wait_for
from tests.integration.jobs_app.jobs_town import JobsTown

LEASE_SECONDS = 60
LONGEST_PAUSE_SECONDS = 120  # after the first death, then twice as long each time
POINTS = ("job.taken", "job.done", "job.settled")


def puts_off_what_died(worker: Child) -> None:
    """What has died with a worker waits for its next attempt."""
    wait_for(lambda: '"reason":"killed"' in worker.output(), 20)


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_any_point_leaves_its_job_to_the_next(later: JobsTown, point: str) -> None:
    later.order(point, "kill")
    worker = later.worker()
    later.puts_off(later.marta, "make", f"killed at {point}", once=point)
    wait_for(lambda: not worker.is_alive)
    assert later.was_met(point)
    before = later.made(later.marta, f"killed at {point}")
    assert before == (0 if point == "job.taken" else 1)
    later.town.advance(LEASE_SECONDS + 1)
    is_begun = point == "job.done"
    worker = later.worker()
    if is_begun:
        puts_off_what_died(worker)
        later.town.advance(LONGEST_PAUSE_SECONDS)
    later.is_made(later.marta, f"killed at {point}")
    later.is_in_line(later.marta, 0, 0, 0)
    assert later.redis.hlen(later.records_key(later.marta)) == 0
    assert later.made(later.marta, f"killed at {point}") == (2 if is_begun else 1)


def test_what_died_together_does_not_begin_together(later: JobsTown) -> None:
    """One of them has killed the other one's worker, and would do so again."""
    later.puts_off(later.huy, "slow", "an innocent one 8")
    worker = later.worker()
    later.is_in_line(later.huy, 0, 1, 0)
    later.order("job.done", "kill")
    later.puts_off(later.marta, "make", "poison beside another")
    wait_for(lambda: not worker.is_alive)
    later.town.advance(LEASE_SECONDS + 1)
    worker = later.worker()
    wait_for(lambda: worker.output().count('"reason":"killed"') == 2, 20)
    later.is_in_line(later.huy, 1, 0, 0)
    later.is_in_line(later.marta, 1, 0, 0)
    due: Any = [
        later.redis.zrange(later.key(each, "waiting"), 0, 0, withscores=True)[0][1]
        for each in (later.marta, later.huy)
    ]
    assert due[0] != due[1]
    later.town.advance(LONGEST_PAUSE_SECONDS)
    later.is_made(later.huy, "an innocent one 8")


def test_nobody_else_begins_a_job_whose_lease_is_renewed(later: JobsTown) -> None:
    """It takes longer than a lease, by the clock that everybody goes by."""
    later.worker()
    later.puts_off(later.marta, "slow", "longer than a lease 30")
    later.is_in_line(later.marta, 0, 1, 0)
    other = later.worker()
    later.town.advance(LEASE_SECONDS - 25)  # then it ends in 25 s, and is renewed in 20
    later.is_made(later.marta, "longer than a lease 30", seconds=60)
    later.is_in_line(later.marta, 0, 0, 0)
    assert later.made(later.marta, "longer than a lease 30") == 1
    assert "job " not in other.output()


def test_a_job_that_kills_whoever_does_it_ends_as_a_dead_letter(later: JobsTown) -> None:
    later.puts_off(later.marta, "make", "poison", after_seconds=LONGEST_PAUSE_SECONDS // 2)
    for deaths in range(6):
        worker = later.worker()
        if deaths:
            puts_off_what_died(worker)
        later.order("job.done", "kill")
        later.town.advance(LONGEST_PAUSE_SECONDS * 2 ** (deaths - 1))
        wait_for(lambda: not worker.is_alive, 20)  # noqa: B023 (asked at once)
        later.town.advance(LEASE_SECONDS + 1)
    worker = later.worker()
    later.is_in_line(later.marta, 0, 0, 1)
    assert '"reason":"never_ended"' in worker.output()
    assert later.made(later.marta, "poison") == 6
