"""DELETE on the callback: what is odd about a call changes nothing in the store, and is told once."""

import base64
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from redis import Redis

from tests.integration.person import Person
from tests.integration.town import Town, running_town

CONNECT = 'id="connect"'
CANARY = "canary-of-a-guess"


@pytest.fixture(scope="module", params=["granian", "uvicorn"])
def doors(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp(f"doors-{request.param}")
    with running_town(folder, server=request.param, parts=("valkey", "emulator", "serve")) as town:
        yield town


def basic(client_id: str, secret: str) -> bytes:
    return b"Basic " + base64.b64encode(f"{client_id}:{secret}".encode())


def good(town: Town) -> bytes:
    return basic(town.stack.identity.client_id, town.stack.identity.client_secret)


def documented(town: Town, person: Person, **changes: Any) -> bytes:
    company_id, user_id = person.ids
    body = {"client_id": town.stack.identity.client_id, "company_id": company_id, "user_id": user_id}
    return json.dumps(body | {"timestamp": "2026-11-23T10:00:00.000Z"} | changes).encode()


def sends(town: Town, headers: list[bytes], body: bytes, *, host: bytes = b"x") -> int | None:
    """Byte for byte, as no HTTP client would; the status, or None when the line was cut."""
    address = urlsplit(town.stack.app_url)
    lines = [b"DELETE /oauth/callback HTTP/1.1", b"Host: " + host, b"Connection: close"]
    lines += [b"Content-Length: %d" % len(body), *headers]
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=10) as line:
        try:
            line.sendall(b"\r\n".join(lines) + b"\r\n\r\n" + body)
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        except OSError:
            return None
    return int(answer.split(b" ", 2)[1]) if answer else None


def stored(town: Town) -> dict[bytes, bytes | None]:
    """Everything that rests, but what is kept for minutes only."""
    with Redis.from_url(town.stack.local.redis_url) as raw:
        return {key: raw.dump(key) for key in raw.keys("*") if b"picture" not in key and b"kept" not in key}


def refusals(town: Town) -> list[dict[str, Any]]:
    lines = (json.loads(line) for line in town.stack.log_of("serve").splitlines() if line.startswith("{"))
    return [line for line in lines if line.get("event") == "refused" and line.get("room") == "oauth"]


def headers_of(town: Town) -> dict[str, list[bytes]]:
    identity, right = town.stack.identity, good(town)
    pair = f"{identity.client_id}:{identity.client_secret}".encode()
    encoded = base64.b64encode(pair)
    forms: dict[str, list[bytes]] = {
        "none": [],
        "empty": [b""],
        "blank": [b"   "],
        "scheme alone": [b"Basic"],
        "nothing encoded": [b"Basic "],
        "bad base64": [b"Basic !!!!"],
        "padding alone": [b"Basic ===="],
        "bad padding": [right.rstrip(b"=") + b"="],
        "inner blank": [right[:20] + b" " + right[20:]],
        "url-safe": [b"Basic " + base64.urlsafe_b64encode(b"\xff\xfe" + pair)],
        "raw": [b"Basic " + pair],
        "non-ASCII": ["Basic ü\u0661".encode()],
        "latin-1": ["Basic ü".encode("latin-1")],
        "bytes above 127": [b"Basic \xff\xfe\x80"],
        "non-ASCII secret": [basic(identity.client_id, CANARY + "ü\u0661")],
        "octets for a secret": [b"Basic " + base64.b64encode(identity.client_id.encode() + b":\xff\xfe")],
        "no colon": [b"Basic " + base64.b64encode(identity.client_id.encode())],
        "wrong secret": [basic(identity.client_id, CANARY)],
        "wrong id": [basic(CANARY, identity.client_secret)],
        "swapped": [basic(identity.client_secret, identity.client_id)],
        "secret cut short": [basic(identity.client_id, identity.client_secret[:-1])],
        "secret and more": [basic(identity.client_id, identity.client_secret + "x")],
        "NUL behind": [b"Basic " + base64.b64encode(pair + b"\0")],
        "line break behind": [b"Basic " + base64.b64encode(pair + b"\n")],
        "other scheme": [b"Bearer " + encoded],
        "digest": [b'Digest username="x"'],
        "scheme twice": [b"Basic " + right],
        "two values in one": [right + b", " + right],
        "the right one twice": [right, right],
        "right, then wrong": [right, basic(identity.client_id, CANARY)],
        "wrong, then right": [basic(identity.client_id, CANARY), right],
        "right, then empty": [right, b""],
        "long": [b"Basic " + b"A" * 30_000],
    }
    return {name: [b"Authorization: " + value for value in values] for name, values in forms.items()}


def test_no_odd_header_is_taken_for_ours(doors: Town) -> None:
    jack = doors.jack.installed()
    jack.picture(2)
    body = documented(doors, jack)
    for name, headers in headers_of(doors).items():
        before, since, told = stored(doors), doors.now(), len(refusals(doors))
        status = sends(doors, headers, body)
        assert status in (401, 400), (name, status)
        assert stored(doors) == before, name
        assert doors.calls(since) == [], name
        lines = refusals(doors)[told:]
        if status == 401:
            assert [line["reason"] for line in lines] == ["credentials_rejected"], name
    assert jack.opens(2).headers["surface-state"] == "complete"
    log = doors.stack.log_of("serve")
    assert CANARY not in log
    assert doors.stack.identity.client_secret not in log


@pytest.mark.parametrize("megabytes", [1, 4])
def test_a_header_of_a_megabyte_does_no_harm(doors: Town, megabytes: int) -> None:
    jack = doors.jack.installed()
    before = stored(doors)
    headers = [b"Authorization: Basic " + b"A" * (megabytes << 20)]
    assert sends(doors, headers, documented(doors, jack)) in (400, 401, 413, 431, None)
    assert stored(doors) == before
    assert doors.http.get(f"{doors.stack.app_url}/healthz").status_code == 200


@pytest.mark.parametrize("scheme", [b"Basic", b"basic", b"BASIC", b"bAsIc"])
def test_the_scheme_may_be_written_in_any_case(doors: Town, scheme: bytes) -> None:
    header = b"Authorization: " + scheme + good(doors)[5:]
    assert sends(doors, [header], documented(doors, doors.victor)) == 200


def test_a_body_that_is_too_large_or_odd_is_told_once(doors: Town) -> None:
    jack = doors.jack.installed()
    jack.picture(2)
    right = b"Authorization: " + good(doors)
    company_id, user_id = jack.ids
    twice = documented(doors, jack)[:-1] + b', "user_id": 5}'
    odd = {
        b"": "request_rejected",
        b"\xff" * 10: "request_rejected",
        b"[" * 60_000: "request_rejected",
        twice: "request_rejected",
        documented(doors, jack, client_id="another"): "request_rejected",
        documented(doors, jack, company_id=str(company_id)): "request_rejected",
        documented(doors, jack, user_id=float(user_id) + 0.5): "request_rejected",
        b"x" * 70_000: "body_too_large",
        b"x" * 1_000_000: "body_too_large",
    }
    for body, reason in odd.items():
        before, told = stored(doors), len(refusals(doors))
        status = sends(doors, [right], body)
        assert status in ((413, None) if reason == "body_too_large" else (400,)), body[:40]
        assert stored(doors) == before, body[:40]
        assert [line["reason"] for line in refusals(doors)[told:]] == [reason], body[:40]
    assert jack.opens(2).headers["surface-state"] == "complete"


def test_a_thousand_forgeries_with_our_own_credentials_cost_nobody_anything(doors: Town) -> None:
    """Somebody has the secret; what Pipedrive's API says of the tokens is what counts."""
    people = [doors.marta.installed(), doors.jack.installed(), doors.huy.installed()]
    right = b"Authorization: " + good(doors)
    for number in range(1000):
        assert sends(doors, [right], documented(doors, people[number % 3])) == 200
    for person in people:
        assert person.refreshes(1, fresh=True).status_code == 200
        assert CONNECT not in person.opens(1).text
