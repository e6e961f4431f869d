"""What an answer of the API means, read without any network."""

from typing import Any

import msgspec
import pytest

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
from marketplace_app.pipedrive.protocol import ApiAnswer, ApiRequest, decode, failure
from tests.makers import NOW

HTML = b"<!doctype html><title>Attention Required! | Cloudflare</title>"
BURST = b'{"success":false,"error":"Request over limit"}'
DAILY = b'{"success":false,"error":"daily request budget exceeded","errorCode":429}'


def answer(status: int = 200, body: bytes = b"", **headers: str) -> ApiAnswer:
    return ApiAnswer(status, {name.replace("_", "-"): text for name, text in headers.items()}, body)


def meaning(given: ApiAnswer, payload: Any = dict[str, Any]) -> MarketplaceAppError:
    with pytest.raises(MarketplaceAppError) as caught:
        decode(given, payload, NOW)
    return caught.value


def test_an_envelope_is_read() -> None:
    body = b'{"success":true,"data":[{"id":1}],"additional_data":{"next_cursor":"abc"},"new":1}'
    envelope = decode(answer(200, body), list[dict[str, int]], NOW)
    assert envelope.data == [{"id": 1}]
    assert envelope.next_cursor == "abc"


@pytest.mark.parametrize(
    "more",
    ["", ',"additional_data":null', ',"additional_data":{}', ',"additional_data":{"next_cursor":null}'],
)
def test_the_last_page_has_no_cursor(more: str) -> None:
    assert decode(answer(201, f'{{"data":{{}}{more}}}'.encode()), dict[str, Any], NOW).next_cursor is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b'{"data":[]}',
        b'{"data":{"id":"x"}}',
        b'{"success":true}',
        b'{"success":"yes","data":{"id":1}}',
        b"\xff",
        b"[" * 10_000,
        b'{"data":' + b"[" * 100_000,
        b'{"new":' + b"[" * 100_000,
        HTML,
    ],
)
def test_an_answer_that_does_not_read_as_documented_is_unexpected(body: bytes) -> None:
    class Deal(msgspec.Struct):
        id: int

    assert isinstance(meaning(answer(200, body), Deal), UnexpectedPayload)


def test_success_that_says_no_is_a_refusal() -> None:
    error = meaning(answer(200, b'{"success":false,"data":{}}'))
    assert isinstance(error, PipedriveRefused)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 415, 422])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        HTML,
        b'{"success":false,"error":"No"}',
        b'{"error":{"a":1}}',
        b"[]",
        b"\xff\xfe",
        b'{"x":' + b"[" * 99_999,
    ],
)
def test_a_refusal_has_its_status_and_no_text_of_the_answer(status: int, body: bytes) -> None:
    error = meaning(answer(status, body))
    assert isinstance(error, PipedriveRefused)
    assert error.status == status
    assert "Cloudflare" not in str(error)


@pytest.mark.parametrize("code", ["", ',"code":"scope"', ',"code":403,"errorCode":403'])
def test_a_missing_scope_is_told_from_all_else_that_is_forbidden(code: str) -> None:
    for text in ("Scope and URL mismatch", "scope and URL mismatch."):
        body = f'{{"success":false,"error":"{text}"{code}}}'.encode()
        assert isinstance(meaning(answer(403, body)), ScopeMissing)
    assert isinstance(meaning(answer(404, body)), PipedriveRefused)
    refused = meaning(answer(403, f'{{"success":false,"error":"Not allowed"{code}}}'.encode()))
    assert isinstance(refused, PipedriveRefused)


@pytest.mark.parametrize("body", [b"", HTML, b'{"success":false,"error":"Company account is not open"}'])
def test_402_is_a_company_that_is_closed(body: bytes) -> None:
    assert isinstance(meaning(answer(402, body)), CompanyClosed)


@pytest.mark.parametrize("status", [301, 302, 307, 100, 304])
def test_what_is_neither_done_nor_refused_is_no_success(status: int) -> None:
    assert isinstance(meaning(answer(status, b'{"success":true,"data":{}}')), PipedriveError)


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520, 599])
def test_the_500s_are_unavailable(status: int) -> None:
    assert isinstance(meaning(answer(status, HTML)), PipedriveUnavailable)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 2.0),
        ({"x_ratelimit_reset": "1"}, 1.0),
        ({"retry_after": "1", "x_ratelimit_reset": "9"}, 1.0),
        ({"retry_after": "2"}, 2.0),
        ({"retry_after": "0"}, 2.0),
        ({"retry_after": "-1"}, 2.0),
        ({"retry_after": "soon"}, 2.0),
        ({"retry_after": "\u0662"}, 2.0),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, 2.0),
        ({"x_ratelimit_reset": str(NOW + 1)}, 2.0),
        ({"retry_after": "9" * 400}, 2.0),
        ({"x_daily_ratelimit_token_remaining": "5000"}, 2.0),
    ],
)
@pytest.mark.parametrize("body", [BURST, b"", HTML])
def test_a_burst_is_waited_out(headers: dict[str, str], seconds: float, body: bytes) -> None:
    error = failure(answer(429, body, **headers), NOW)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    ("headers", "body", "until"),
    [
        ({"retry_after": "3939"}, DAILY, NOW + 3939),
        ({"retry_after": "3939"}, BURST, NOW + 3939),
        ({}, DAILY, NOW + 3600),
        ({"retry_after": "1"}, DAILY, NOW + 1),
        ({"x_daily_ratelimit_token_remaining": "0"}, BURST, NOW + 3600),
    ],
)
def test_a_spent_day_is_not_waited_out(headers: dict[str, str], body: bytes, until: float) -> None:
    error = failure(answer(429, body, **headers), NOW)
    assert isinstance(error, BudgetSpent)
    assert error.until == until


def test_only_reading_may_be_repeated_blindly() -> None:
    assert ApiRequest("GET", "/").is_repeatable
    for method in ("POST", "PATCH", "PUT", "DELETE"):
        assert not ApiRequest(method, "/").is_repeatable


def test_an_answers_body_is_in_no_repr() -> None:
    assert "secret" not in repr(answer(200, b"secret"))
