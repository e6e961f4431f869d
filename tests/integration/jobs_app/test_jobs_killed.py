"""Workers that are killed in the middle: a job is done at least once, and then nothing is left of it."""

import pytest

from tests.harness.processes import wait_for
from tests.integration.jobs_app.jobs_town import JobsTown

LEASE_SECONDS = 60
POINTS = ("job.taken", "job.done", "job.settled")


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
    later.worker()
    later.is_made(later.marta, f"killed at {point}")
    later.is_in_line(later.marta, 0, 0, 0)
    assert later.redis.hlen(later.records_key(later.marta)) == 0
    assert later.made(later.marta, f"killed at {point}") == (2 if point == "job.done" else 1)


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
    later.puts_off(later.marta, "make", "poison")
    for _ in range(6):
        later.order("job.done", "kill")
        worker = later.worker()
        wait_for(lambda: not worker.is_alive, 20)  # noqa: B023 (asked at once)
        later.town.advance(LEASE_SECONDS + 1)
    worker = later.worker()
    later.is_in_line(later.marta, 0, 0, 1)
    assert '"reason":"never_ended"' in worker.output()
    assert later.made(later.marta, "poison") == 6
