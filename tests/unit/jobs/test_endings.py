"""What becomes of a job: counted, waited for, or over."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from marketplace_app.errors import (
    AdminsOnly,
    BudgetSpent,
    CompanyClosed,
    Disconnected,
    FormRejected,
    NotInstalled,
    PipedriveRefused,
    PipedriveUnavailable,
    RateLimited,
    RequestRejected,
    StoreUnavailable,
    UnexpectedPayload,
)
from marketplace_app.jobs.endings import LONGEST_WAIT_SECONDS, Ending, Kind, after_death, after_error
from marketplace_app.kit import Again
from marketplace_app.storage.jobs import JobRecord
from tests.makers import NOW

PASSING = [
    StoreUnavailable("away"),
    PipedriveUnavailable("away"),
    Disconnected("refused"),
    CompanyClosed("closed"),
    RateLimited(1),
]
FAILURES = [
    KeyError("x"),
    PipedriveRefused(404),
    UnexpectedPayload("x"),
    TimeoutError(),
    RequestRejected("no such channel"),
]
FINAL = [NotInstalled("gone"), FormRejected("wrong"), AdminsOnly("not you")]


def record(**changes: Any) -> JobRecord:
    made = JobRecord(
        company_id=1,
        user_id=11,
        id="1-11-0123456789abcdef",
        extension="deal-panel",
        name="remind",
        form=msgspec.Raw(b"null"),
        generation=1,
        due_at=NOW,
        attempts=1,
    )
    return msgspec.structs.replace(made, **changes)


def ended(error: Exception, *, has_written: bool = False, now: float = NOW, **changes: Any) -> Ending:
    return after_error(record(**changes), error, now, 0.0, has_written=has_written)


def kept(ending: Ending) -> JobRecord:
    assert ending.record is not None
    return ending.record


@pytest.mark.parametrize("error", FAILURES, ids=repr)
def test_a_failure_counts_and_the_sixth_is_the_last(error: Exception) -> None:
    pauses = []
    for attempts in range(1, 6):
        ending = ended(error, attempts=attempts, waits=attempts - 1)
        assert (ending.kind, kept(ending).attempts) == (Kind.PUT_OFF, attempts)
        pauses.append(ending.at - NOW)
    assert pauses == [10, 60, 300, 1800, 7200]
    last = ended(error, attempts=6, waits=5)
    assert (last.kind, kept(last).ended_at) == (Kind.DEAD, NOW)
    assert kept(last).reason


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_passes_uses_up_no_attempt(error: Exception) -> None:
    ending = ended(error, attempts=6, waits=20)
    assert (ending.kind, kept(ending).attempts, kept(ending).waits) == (Kind.PUT_OFF, 5, 21)
    assert ending.at == NOW + 7200


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_passes_counts_once_something_was_written(error: Exception) -> None:
    assert ended(error, attempts=6, has_written=True).kind is Kind.DEAD
    assert kept(ended(error, attempts=3, has_written=True)).attempts == 3


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_nothing_is_waited_for_longer_than_a_month(error: Exception) -> None:
    assert ended(error, now=NOW + LONGEST_WAIT_SECONDS).kind is Kind.PUT_OFF
    late = ended(error, now=NOW + LONGEST_WAIT_SECONDS + 1)
    assert late.kind is Kind.DEAD


@pytest.mark.parametrize("error", FINAL, ids=repr)
def test_what_no_repetition_mends_is_over_at_once(error: Exception) -> None:
    ending = ended(error)
    assert (ending.kind, kept(ending).reason) == (Kind.DEAD, getattr(error, "reason", ""))


def test_pipedrive_says_when_to_ask_again() -> None:
    assert ended(RateLimited(3600)).at == NOW + 3600
    assert ended(BudgetSpent(NOW + 40_000)).at == NOW + 40_000
    assert ended(BudgetSpent(NOW - 5)).at == NOW + 10


def test_whoever_asks_for_it_again_has_not_failed() -> None:
    ending = ended(Again(timedelta(minutes=3)), attempts=2, waits=4)
    assert (ending.kind, ending.at) == (Kind.PUT_OFF, NOW + 180)
    assert (kept(ending).attempts, kept(ending).waits) == (0, 0)


def test_whoever_asks_for_it_again_has_a_month_and_six_attempts_anew() -> None:
    """A job that is done once a day would else die of the first hiccup of its second month."""
    again = kept(ended(Again(timedelta(days=40)), attempts=6))
    due = NOW + 40 * 86_400
    hiccup = after_error(
        msgspec.structs.replace(again, attempts=1), StoreUnavailable("away"), due + 5, 0.0, has_written=False
    )
    assert (hiccup.kind, hiccup.at) == (Kind.PUT_OFF, due + 15)


def test_what_never_ended_waits_once_before_it_begins_again() -> None:
    """The attempt is used up; whoever failed, or has waited already, does not wait for this."""
    died = after_death(record(attempts=2), NOW, 0.5)
    assert died is not None
    assert (died.kind, died.at) == (Kind.PUT_OFF, NOW + 120)
    assert (kept(died).attempts, kept(died).reason) == (2, "killed")
    assert after_death(kept(died), NOW, 0.5) is None
    assert after_death(record(attempts=2, reason="broken"), NOW, 0.5) is None
    assert after_death(record(attempts=0), NOW, 0.5) is None


def test_what_never_ended_for_the_sixth_time_is_over() -> None:
    died = after_death(record(attempts=6), NOW, 0.5)
    assert died is not None
    assert (died.kind, kept(died).reason) == (Kind.DEAD, "never_ended")
