"""PipedriveClient: when it asks again, as whom, and when it does not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import pytest

from marketplace_app.domain.principal import Principal
from marketplace_app.errors import (
    BudgetSpent,
    CompanyClosed,
    Disconnected,
    MarketplaceAppError,
    PipedriveRefused,
    PipedriveUnavailable,
    RateLimited,
    ScopeMissing,
    UnexpectedPayload,
)
from marketplace_app.pipedrive.client import Access, PipedriveClient, together
from marketplace_app.pipedrive.protocol import ApiAnswer
from tests.makers import NOW, StoppedClock, principal

pytestmark = pytest.mark.anyio
OK = ApiAnswer(200, {}, b'{"success":true,"data":{"id":1}}')
REFUSED = ApiAnswer(401, {}, b'{"success":false,"error":"Invalid token"}')
BUSY = ApiAnswer(429, {"retry-after": "1"}, b"{}")
VERY_BUSY = ApiAnswer(429, {"retry-after": "20"}, b"{}")
DAILY = ApiAnswer(429, {"retry-after": "3939"}, b'{"error":"daily request budget exceeded"}')
BROKEN = ApiAnswer(503, {}, b"")
OUT_OF_SCOPE = ApiAnswer(403, {}, b'{"success":false,"error":"Scope and URL mismatch","errorCode":403}')
CLOSED = ApiAnswer(402, {}, b'{"success":false,"error":"Company account is not open"}')
BLOCKED = ApiAnswer(403, {"content-type": "text/html"}, b"<html>")
LOST = PipedriveUnavailable("no answer")


@dataclass(slots=True)
class Line:
    """The line to Pipedrive: gives these answers in turn and notes what was sent."""

    answers: list[ApiAnswer | PipedriveUnavailable]
    sent: list[tuple[str, str, str, bytes | None]] = field(default_factory=list)

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None
    ) -> ApiAnswer:
        self.sent.append((method, url, headers["Authorization"], body))
        answer = self.answers.pop(0)
        if isinstance(answer, PipedriveUnavailable):
            raise answer
        return answer


@dataclass(slots=True)
class Source:
    tokens: list[str] = field(default_factory=lambda: ["first", "second"])
    confirmed_times: int = 0
    refused: list[str] = field(default_factory=list)
    principal: Principal = field(default_factory=principal)

    async def access(self) -> Access:
        return Access(self.tokens[0], "https://acme.pipedrive.com")

    async def renewed(self, refused: Access) -> Access:
        self.refused.append(refused.access_token)
        self.tokens.pop(0)
        if not self.tokens:
            raise Disconnected("refused for good")
        return await self.access()

    async def confirmed(self) -> None:
        self.confirmed_times += 1

    def missing_scopes(self) -> tuple[str, ...]:
        return ("leads:full",)


async def asked(method: str, *answers: ApiAnswer | PipedriveUnavailable) -> tuple[Any, Line, Source, float]:
    """What came of it, what was sent, what was asked of the source, how long it waited."""
    line, source, clock = Line([*answers, LOST, LOST, LOST]), Source(), StoppedClock()
    client = PipedriveClient(source, line, clock)
    try:
        if method == "GET":
            result: Any = await client.get("/api/v2/deals/1", dict[str, int])
        elif method == "POST":
            result = await client.post("/api/v2/deals", dict[str, int], {"title": "x"})
        else:
            result = await client.patch("/api/v2/deals/1", dict[str, int], {"title": "x"})
    except MarketplaceAppError as error:
        result = error
    return result, line, source, clock.time - NOW


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
async def test_an_answer_is_asked_for_once(method: str) -> None:
    result, line, source, waited = await asked(method, OK)
    assert result == {"id": 1}
    assert len(line.sent) == 1
    assert line.sent[0][0] == method
    assert line.sent[0][2] == "Bearer first"
    assert (source.confirmed_times, waited) == (1, 0)


@pytest.mark.parametrize("lost", [LOST, BROKEN])
async def test_a_read_without_an_answer_is_tried_once_more(lost: ApiAnswer | PipedriveUnavailable) -> None:
    result, line, _, _ = await asked("GET", lost, OK)
    assert result == {"id": 1}
    assert len(line.sent) == 2
    result, line, _, _ = await asked("GET", lost, lost, OK)
    assert isinstance(result, PipedriveUnavailable)
    assert len(line.sent) == 2


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("lost", [LOST, BROKEN])
async def test_a_write_without_an_answer_is_never_sent_again(
    method: str, lost: ApiAnswer | PipedriveUnavailable
) -> None:
    result, line, _, _ = await asked(method, lost, OK)
    assert isinstance(result, PipedriveUnavailable)
    assert len(line.sent) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
async def test_a_short_burst_is_waited_out_because_nothing_was_done(method: str) -> None:
    result, line, _, waited = await asked(method, BUSY, OK)
    assert result == {"id": 1}
    assert len(line.sent) == 2
    assert waited == 1


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("answers", "error", "calls"),
    [
        ((BUSY, BUSY, OK), RateLimited, 2),
        ((VERY_BUSY, OK), RateLimited, 1),
        ((DAILY, OK), BudgetSpent, 1),
        ((BLOCKED, OK), PipedriveRefused, 1),
        ((ApiAnswer(404, {}, b"{}"), OK), PipedriveRefused, 1),
        ((ApiAnswer(200, {}, b"<html>"), OK), UnexpectedPayload, 1),
    ],
)
async def test_what_is_told_instead_of_tried_again(
    method: str, answers: tuple[ApiAnswer, ...], error: type[Exception], calls: int
) -> None:
    result, line, _, waited = await asked(method, *answers)
    assert isinstance(result, error)
    assert len(line.sent) == calls
    assert waited <= 2.5


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
async def test_a_refused_token_is_renewed_once(method: str) -> None:
    result, line, source, _ = await asked(method, REFUSED, OK)
    assert result == {"id": 1}
    assert [call[2] for call in line.sent] == ["Bearer first", "Bearer second"]
    assert source.refused == ["first"]


async def test_a_token_that_is_refused_twice_is_a_refusal_and_confirms_nothing() -> None:
    result, line, source, _ = await asked("GET", REFUSED, REFUSED, OK)
    assert isinstance(result, PipedriveRefused)
    assert result.status == 401
    assert len(line.sent) == 2
    assert source.confirmed_times == 0


async def test_a_grant_that_is_refused_ends_the_call() -> None:
    line, source = Line([REFUSED, OK]), Source(tokens=["first"])
    client = PipedriveClient(source, line, StoppedClock())
    with pytest.raises(Disconnected):
        await client.get("/", dict[str, int])
    assert len(line.sent) == 1


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
async def test_a_missing_scope_is_named_by_whoever_knows_the_grant(method: str) -> None:
    result, line, source, waited = await asked(method, OUT_OF_SCOPE, OK)
    assert isinstance(result, ScopeMissing)
    assert result.scopes == ("leads:full",)
    assert (len(line.sent), waited, source.refused, source.confirmed_times) == (1, 0, [], 0)


async def test_a_write_out_of_scope_has_written_nothing() -> None:
    client = PipedriveClient(Source(), Line([OUT_OF_SCOPE]), StoppedClock())
    with pytest.raises(ScopeMissing):
        await client.post("/api/v2/leads", dict[str, int], {"title": "x"})
    assert not client.has_written


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH"])
async def test_a_closed_company_is_asked_once_and_keeps_its_grant(method: str) -> None:
    result, line, source, _ = await asked(method, CLOSED, OK)
    assert isinstance(result, CompanyClosed)
    assert (len(line.sent), source.refused) == (1, [])


async def test_queries_are_spelt_as_pipedrive_reads_them() -> None:
    line = Line([OK])
    client = PipedriveClient(Source(), line, StoppedClock())
    query: dict[str, Any] = {"done": False, "limit": 5, "ids": [1, 2], "absent": None, "term": "a&b=ü"}
    await client.page("/api/v2/x", dict[str, int], **query)
    assert (
        line.sent[0][1]
        == "https://acme.pipedrive.com/api/v2/x?done=false&limit=5&ids=1%2C2&term=a%26b%3D%C3%BC"
    )


async def test_a_body_is_json() -> None:
    _, line, _, _ = await asked("PATCH", OK)
    assert msgspec.json.decode(line.sent[0][3] or b"") == {"title": "x"}


async def test_together_hears_every_call_out() -> None:
    async def give(what: object) -> object:
        if isinstance(what, Exception):
            raise what
        return what

    error = LOST
    assert await together(give(1), give(error), give(3)) == [1, error, 3]


def test_an_access_shows_no_token() -> None:
    assert "secret" not in repr(Access("secret", "https://acme.pipedrive.com"))
