"""What an API call looks like and what an answer means; no I/O here.

https://pipedrive.readme.io/docs/core-api-concepts-http-status-codes
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from marketplace_app.errors import (
    BudgetSpent,
    CompanyClosed,
    MarketplaceAppError,
    PipedriveError,
    PipedriveRefused,
    PipedriveUnavailable,
    RateLimited,
    ScopeMissing,
    UnexpectedPayload,
)

T = TypeVar("T")

_OK = range(200, 300)
_SERVER_ERRORS = range(500, 600)
_UNAUTHORIZED = 401
_CLOSED = 402
_FORBIDDEN = 403
_TOO_MANY = 429
_SCOPE_MISMATCH = "scope and url mismatch"  # tells a missing scope from all else that is forbidden
_BURST_SECONDS = 2.0  # Pipedrive's rolling window
_DAILY_WAIT_SECONDS = 30.0  # a longer wait than this is the daily budget, not a burst


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """`path` begins below the company's `api_domain`, such as /api/v2/deals/1."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def is_repeatable(self) -> bool:
        """Only a GET may be sent again when nobody knows whether the first one arrived."""
        return self.method == "GET"


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_success(self) -> bool:
        return self.status in _OK

    @property
    def is_unauthorized(self) -> bool:
        return self.status == _UNAUTHORIZED


class _More(msgspec.Struct, frozen=True):
    next_cursor: str | None = None


class Envelope(msgspec.Struct, Generic[T], frozen=True):
    """`additional_data` carries the next page's cursor, null at the end."""

    data: T
    success: bool = True
    additional_data: _More | None = None

    @property
    def next_cursor(self) -> str | None:
        return self.additional_data.next_cursor if self.additional_data else None


class _Failure(msgspec.Struct, frozen=True):
    error: str = ""
    code: str | int = ""


def decode(answer: ApiAnswer, payload: type[T], now: float) -> Envelope[T]:
    """The envelope around `payload`; raises what the answer means otherwise."""
    if answer.status not in _OK:
        raise failure(answer, now)
    try:
        envelope = msgspec.json.decode(answer.body, type=Envelope[payload])  # type: ignore[valid-type]  # a run-time generic
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UnexpectedPayload(f"Pipedrive's answer does not read as documented: {error}") from None
    if not envelope.success:
        raise PipedriveRefused(answer.status, "not_successful")
    return envelope


def failure(answer: ApiAnswer, now: float) -> MarketplaceAppError:
    if answer.status == _TOO_MANY:
        return _over_limit(answer, now)
    if answer.status in _SERVER_ERRORS:
        return PipedriveUnavailable(f"Pipedrive answered {answer.status}")
    if answer.status == _CLOSED:
        return CompanyClosed("the company's account is not open")
    told = _read_failure(answer.body)
    if answer.status == _FORBIDDEN and _SCOPE_MISMATCH in told.error.lower():
        return ScopeMissing(())
    return PipedriveRefused(answer.status, str(told.code))


def _over_limit(answer: ApiAnswer, now: float) -> PipedriveError:
    """Burst and daily budget share one status; the rest, the wait and the text tell them apart."""
    wait = _seconds(answer.headers.get("retry-after")) or _seconds(answer.headers.get("x-ratelimit-reset"))
    is_spent = answer.headers.get("x-daily-ratelimit-token-remaining") == "0"
    if is_spent or "daily" in _read_failure(answer.body).error or (wait or 0) > _DAILY_WAIT_SECONDS:
        return BudgetSpent(until=now + (wait or 3600.0))
    return RateLimited(retry_after=wait or _BURST_SECONDS)


def _seconds(text: str | None) -> float | None:
    """A header's number of seconds; an epoch time, as some versions send, is no wait we know."""
    if not text or not text.isascii() or not text.isdigit():
        return None
    value = float(text)
    return value if 0 < value <= 86_400 else None  # noqa: PLR2004 (a day)


def _read_failure(body: bytes) -> _Failure:
    try:
        return msgspec.json.decode(body, type=_Failure)
    except (msgspec.MsgspecError, RecursionError):
        return _Failure()
