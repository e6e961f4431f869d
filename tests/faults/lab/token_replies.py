"""What a token endpoint may answer instead of what it has just committed: the forms of run F8, as data."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_HTML = {"Content-Type": "text/html"}
_PAGE = b"<!doctype html><title>Pipedrive</title><h1>Whoops! Something broke in our servers</h1>"
_TEN_MEGABYTES = 10 * 2**20
ABSENT = object()


@dataclass(frozen=True, slots=True)
class Reply:
    """`cut_at`: bytes of the body, then the connection ends. `drip_seconds`: between two bytes."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=lambda: _JSON)
    stall_seconds: float = 0.0  # before the first byte
    cut_at: int | None = None
    drip_seconds: float = 0.0
    is_endless: bool = False  # chunked, spaces for ever


Form = Callable[[dict[str, Any]], Reply]  # given the object that the endpoint answered


def changed(**changes: Any) -> Form:
    """What the endpoint answered with these values instead; ABSENT takes one away."""

    def form(good: dict[str, Any]) -> Reply:
        said = {name: value for name, value in (good | changes).items() if value is not ABSENT}
        return Reply(body=json.dumps(said).encode())

    return form


def _says(status: int, body: bytes = b"", **headers: str) -> Form:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = _HTML if body.startswith(b"<") else _JSON
    return lambda _: Reply(status, body, {**kind, **named})


def _refusal(error: str) -> bytes:
    return json.dumps({"success": False, "message": "Invalid", "error": error}).encode()


def _twice(good: dict[str, Any]) -> Reply:
    first = json.dumps({"access_token": "v1u:of-somebody-else", "refresh_token": "1:1:" + "0" * 40})
    return Reply(body=(first[:-1] + "," + json.dumps(good)[1:]).encode())


def _padded(good: dict[str, Any]) -> Reply:
    return Reply(body=json.dumps(good | {"padding": "x" * _TEN_MEGABYTES}).encode())


def _partial(good: dict[str, Any]) -> Reply:
    body = json.dumps(good).encode()
    return Reply(body=body, cut_at=len(body) // 2)


def _not_utf8(good: dict[str, Any]) -> Reply:
    return Reply(body=json.dumps(good).encode()[:-1] + b',"note":"\xff\xfe\xc3"}')


# Each still carries the access token that was made: what it says may be odd, the grant is real.
WITH_GRANT: Mapping[str, Form] = {
    "refresh_token missing": changed(refresh_token=ABSENT),
    "refresh_token null": changed(refresh_token=None),
    "refresh_token empty": changed(refresh_token=""),
    "refresh_token a number": changed(refresh_token=42),
    "expires_in 0": changed(expires_in=0),
    "expires_in negative": changed(expires_in=-3600),
    "expires_in a text": changed(expires_in="soon"),
    "expires_in 1e9": changed(expires_in=1e9),
    "expires_in true": changed(expires_in=True),
    "expires_in missing": changed(expires_in=ABSENT),
    "api_domain of another company": changed(api_domain="https://another-company.pipedrive.com"),
    "api_domain of a stranger": changed(api_domain="https://pipedrive.com.evil.example"),
    "api_domain javascript": changed(api_domain="javascript:alert(1)"),
    "api_domain missing": changed(api_domain=ABSENT),
    "duplicate keys": _twice,  # a reader takes the last of them, which is the real one
}
WITHOUT_GRANT: Mapping[str, Form] = {
    "access_token missing": changed(access_token=ABSENT),
    "access_token empty": changed(access_token=""),
    "access_token a list": changed(access_token=["v1u:a"]),
    "access_token with a line break": changed(access_token="v1u:a\r\nX-Evil: 1"),
    "empty 200": _says(200),
    "HTML 200": _says(200, _PAGE),
    "JSON array": lambda good: Reply(body=json.dumps([good]).encode()),
    "not UTF-8": _not_utf8,
    "10 MB": _padded,
    "endless": lambda _: Reply(is_endless=True),
    "partial body": _partial,
    "400 without error": _says(400, b"{}"),
    "400 of HTML": _says(400, _PAGE),
    "403 of HTML": _says(403, _PAGE),
    "429": _says(429, b'{"error":"too many requests"}'),
    "429 with Retry-After": _says(429, b'{"error":"too many requests"}', Retry_After="2"),
    "500": _says(500, b'{"error":"server_error"}'),
    "502": _says(502, _PAGE),
    "503": _says(503, _PAGE),
    "302 to elsewhere": _says(302, b"", Location="https://evil.example/oauth/token"),
    "stall of 30 s": lambda good: Reply(body=json.dumps(good).encode(), stall_seconds=30),
    "drip": lambda good: Reply(body=json.dumps(good).encode(), drip_seconds=0.25),
}
# These name a cause that the app acts upon.
REFUSALS: Mapping[str, Form] = {
    "400 invalid_grant": _says(400, _refusal("invalid_grant")),
    "401 invalid_client": _says(401, _refusal("invalid_client"), WWW_Authenticate='Basic realm="Service"'),
}
FORMS: Mapping[str, Form] = {**WITH_GRANT, **WITHOUT_GRANT, **REFUSALS}
