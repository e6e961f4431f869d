"""What Pipedrive is told: one JSON answer for each call, whatever its handler does, and in time.

https://pipedrive.readme.io/docs/error-codes-and-troubleshooting-for-messaging-app-extension has the codes.
It has none for what is ours to mend: that is INTERNAL_ERROR here.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from starlette.responses import Response

from marketplace_app import errors
from marketplace_app.kit.messages import AnswerRejected, moment
from marketplace_app.kit.messaging import RateLimitExceeded, Refusal
from marketplace_app.logs import logger
from marketplace_app.web.errors import row_of

T = TypeVar("T")

LONGEST_SECONDS = 9.0  # of a handler; how long Pipedrive waits is not documented here, elsewhere it is ten
_INTERNAL = "INTERNAL_ERROR"
_FIRST_OF_OURS = 500
_log = logger("messaging")


class TooSlow(Exception):
    """The handler has no answer yet."""


@dataclass(frozen=True, slots=True)
class _Row:
    status: int
    code: str
    message: str


_NOT_FOUND = _Row(404, "NOT_FOUND", "There is no such channel.")
_SUSPENDED = _Row(401, "ACCOUNT_SUSPENDED", "The user has to connect the app again.")
_LIMITED = _Row(429, RateLimitExceeded.code, "Pipedrive's own limit is reached.")
_ROWS: dict[type[Exception], _Row] = {
    errors.CredentialsRejected: _Row(401, "UNAUTHORIZED", "The credentials do not fit."),
    errors.BodyTooLarge: _Row(400, "INVALID_BODY", "The message is too large."),
    errors.RequestRejected: _Row(400, "INVALID_BODY", "The request is not as documented."),
    errors.AdminsOnly: _Row(403, "FORBIDDEN", "This is for admins of the company."),
    errors.NotInstalled: _NOT_FOUND,
    errors.Disconnected: _SUSPENDED,
    errors.CompanyClosed: _SUSPENDED,
    errors.ScopeMissing: _Row(403, "FORBIDDEN", "The user has to allow the app more."),
    errors.RateLimited: _LIMITED,
    errors.BudgetSpent: _LIMITED,
    TooSlow: _Row(503, _INTERNAL, "There was no answer in time."),
}


async def in_time(work: Coroutine[Any, Any, T], seconds: float = LONGEST_SECONDS) -> T:
    """Its answer, or TooSlow after a time: also for work that does not let itself be cancelled."""
    task = asyncio.create_task(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    finally:
        task.cancel()
    if not done or task.cancelled():
        task.add_done_callback(lambda late: late.cancelled() or late.exception())
        raise TooSlow
    return task.result()


def success(**body: Any) -> Response:
    return bare({"success": True, **body})


def bare(body: Any) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")


def refused(error: Exception, now: float, reference: str, **facts: Any) -> Response:
    """Also the one line in the log that says why."""
    if isinstance(error, RateLimitExceeded) and error.retry_by.tzinfo is None:
        error = AnswerRejected("Expected `datetime` with a timezone component - at `retry_by`")
    facts |= {"reference": reference}
    if isinstance(error, Refusal):
        _log.info("refused by its handler", code=error.code, **facts)
        later = moment(error.retry_by) if isinstance(error, RateLimitExceeded) else ""
        return _refusal(_Row(error.status, error.code, str(error)), later)
    if isinstance(error, AnswerRejected):
        _log.error("not as documented", problem=str(error), **facts)
        return _refusal(_Row(500, _INTERNAL, f"The app's answer is not as documented ({reference})."))
    row = next((_ROWS[kind] for kind in type(error).__mro__ if kind in _ROWS), None)
    if row is not None:
        _log.info("refused", reason=getattr(error, "reason", "too_slow"), detail=str(error), **facts)
        return _refusal(row, _later(error, now))
    is_known = isinstance(error, errors.MarketplaceAppError)
    _log.error(
        "broken", reason=getattr(error, "reason", "broken"), exc_info=None if is_known else error, **facts
    )
    # A status of the 400s has a meaning of its own here, which is not that Pipedrive refused a handler.
    status = max(row_of(error).status, _FIRST_OF_OURS)
    return _refusal(_Row(status, _INTERNAL, f"Something went wrong ({reference})."))


def unsettled(error: Exception, now: float, reference: str, **facts: Any) -> Response:
    """As `refused`, once a message may be on its way: nothing may sound as if it could be sent again."""
    if isinstance(error, (Refusal, AnswerRejected)):
        return refused(error, now, reference, **facts)
    _log.error(
        "unsettled", reason=getattr(error, "reason", type(error).__name__), reference=reference, **facts
    )
    return _refusal(_Row(503, _INTERNAL, f"The message may or may not be sent ({reference})."))


def _refusal(row: _Row, retry_by: str = "") -> Response:
    data = {"message": row.message, "code": row.code} | ({"retry_by": retry_by} if retry_by else {})
    octets = msgspec.json.encode({"success": False, "data": data})
    return Response(octets, row.status, media_type="application/json")


def _later(error: Exception, now: float) -> str:
    until = error.until if isinstance(error, errors.BudgetSpent) else None
    if isinstance(error, errors.RateLimited):
        until = now + error.retry_after
    return "" if until is None else moment(datetime.fromtimestamp(until, UTC))
