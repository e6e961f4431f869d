"""Security headers, made of settings alone."""

from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from marketplace_app.web.headers import SecurityHeaders, framed_policy

pytestmark = pytest.mark.anyio


def answering(*headers: tuple[bytes, bytes]) -> Any:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        await send({"type": "http.response.body", "body": b""})

    return app


async def headers_of(app: Any, *, over_https: bool = True) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}

    async def send(message: Message) -> None:
        for name, value in message.get("headers", []):
            found.setdefault(name.decode(), []).append(value.decode())

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    await SecurityHeaders(app, over_https=over_https)(scope, receive, send)
    return found


async def test_every_answer_has_them_once() -> None:
    found = await headers_of(answering())
    assert found["cache-control"] == ["no-store"]
    assert found["referrer-policy"] == ["no-referrer"]
    assert found["x-content-type-options"] == ["nosniff"]
    (policy,) = found["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy


async def test_a_routes_own_header_stands() -> None:
    found = await headers_of(answering((b"content-security-policy", b"own"), (b"cache-control", b"public")))
    assert found["content-security-policy"] == ["own"]
    assert found["cache-control"] == ["public"]
    assert found["referrer-policy"] == ["no-referrer"]


@pytest.mark.parametrize(("over_https", "expected"), [(True, ["max-age=31536000"]), (False, None)])
async def test_transport_security_is_demanded_where_there_is_any(over_https: bool, expected: Any) -> None:
    found = await headers_of(answering(), over_https=over_https)
    assert found.get("strict-transport-security") == expected


async def test_a_framed_page_names_its_frames_and_is_as_strict_otherwise() -> None:
    policy = framed_policy(("https://*.pipedrive.com", "https://app.pipedrive.com"), "abc")
    assert policy.endswith("frame-ancestors https://*.pipedrive.com https://app.pipedrive.com")
    (plain,) = (await headers_of(answering()))["content-security-policy"]
    strict = policy.partition("frame-ancestors")[0]
    assert strict.replace("'nonce-abc'", "'self'") == plain.partition("frame-ancestors")[0]


async def test_what_is_no_request_is_passed_on() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def nothing(*_: Any) -> Any:
        return {}

    await SecurityHeaders(app, over_https=True)({"type": "lifespan"}, nothing, nothing)
    assert seen == ["lifespan"]
