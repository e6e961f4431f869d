"""What becomes of a job after an attempt: it is done, put off, or a dead letter with its reason."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from marketplace_app.domain.job import MOST_ATTEMPTS, pause_after, pause_after_death
from marketplace_app.errors import (
    AdminsOnly,
    BudgetSpent,
    ClientRefused,
    CompanyClosed,
    FormRejected,
    InstallationError,
    MarketplaceAppError,
    NotInstalled,
    PipedriveUnavailable,
    RateLimited,
    StorageError,
)
from marketplace_app.kit.jobs import Again
from marketplace_app.storage.jobs import JobRecord

LONGEST_WAIT_SECONDS = 30 * 86_400.0
# What passes, or what its user or the company mends: nobody has failed, and it is asked for again.
_PASSING = (
    StorageError,
    PipedriveUnavailable,
    RateLimited,
    BudgetSpent,
    CompanyClosed,
    ClientRefused,
    InstallationError,
)
# What no repetition mends.
_FINAL = (NotInstalled, FormRejected, AdminsOnly)


class Kind(StrEnum):
    DONE = "done"
    PUT_OFF = "put off"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Ending:
    """`record` is what is left to say of it, None where none can be read. `at` is when it is due again."""

    kind: Kind
    record: JobRecord | None
    at: float = 0.0


def done(record: JobRecord | None) -> Ending:
    return Ending(Kind.DONE, record)


def dead(record: JobRecord, reason: str, now: float) -> Ending:
    buried = msgspec.structs.replace(record, reason=reason, ended_at=now)
    return Ending(Kind.DEAD, buried)


def after_death(record: JobRecord, now: float, chance: float) -> Ending | None:
    """Of an attempt that began and never ended, once, before the next one; None when that is not so."""
    if record.attempts == 0 or record.reason:
        return None
    if record.attempts >= MOST_ATTEMPTS:
        return dead(record, "never_ended", now)
    at = now + pause_after_death(record.attempts, chance)
    return Ending(Kind.PUT_OFF, msgspec.structs.replace(record, reason="killed"), at)


def after_error(
    record: JobRecord, error: Exception, now: float, chance: float, *, has_written: bool
) -> Ending:
    """Of an attempt that ended so. `has_written`: at Pipedrive or as a job, which a repeat does twice."""
    if isinstance(error, Again):
        at = now + max(0.0, error.after.total_seconds())
        anew = msgspec.structs.replace(record, attempts=0, waits=0, reason="again", due_at=at)
        return Ending(Kind.PUT_OFF, anew, at)
    reason = reason_of(error)
    if isinstance(error, _FINAL):
        return dead(record, reason, now)
    is_passing = isinstance(error, _PASSING) and not has_written
    if is_passing and now - record.due_at > LONGEST_WAIT_SECONDS:
        return dead(record, reason, now)
    if not is_passing and record.attempts >= MOST_ATTEMPTS:
        return dead(record, reason, now)
    waits = record.waits + 1
    at = max(now + pause_after(waits, chance), _told_until(error, now))
    return _put_off(record, reason, at, waits=waits, is_counted=not is_passing)


def reason_of(error: Exception) -> str:
    if isinstance(error, MarketplaceAppError):
        return error.reason
    return "took_too_long" if isinstance(error, TimeoutError) else "broken"


def _told_until(error: Exception, now: float) -> float:
    """When Pipedrive said that it would answer again."""
    if isinstance(error, RateLimited):
        return now + error.retry_after
    return error.until if isinstance(error, BudgetSpent) else now


def _put_off(record: JobRecord, reason: str, at: float, *, waits: int, is_counted: bool) -> Ending:
    attempts = record.attempts if is_counted else record.attempts - 1
    later = msgspec.structs.replace(record, attempts=attempts, waits=waits, reason=reason)
    return Ending(Kind.PUT_OFF, later, at)
