"""Every form of a token reply and every gate of the HTTP proxy seen, on an endpoint that grants all."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest

from tests.faults.lab.http_proxy import HttpProxy, Stage
from tests.faults.lab.loop_thread import LOOPBACK
from tests.faults.lab.token_replies import FORMS, REFUSALS, WITH_GRANT, WITHOUT_GRANT, Reply

GOOD = {
    "access_token": "v1u:a",
    "refresh_token": "1:2:b",
    "expires_in": 3599,
    "token_type": "Bearer",
    "scope": "base",
}
REFRESH = {"grant_type": "refresh_token", "refresh_token": "1:2:b"}


class Endpoint(ThreadingHTTPServer):
    """A token endpoint that grants everything, and remembers how often."""

    daemon_threads = True
    committed = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Endpoint

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.committed += 1
        here = f"http://{LOOPBACK}:{self.server.server_address[1]}"
        self._answer({**GOOD, "api_domain": here})

    def do_GET(self) -> None:
        self._answer({"path": self.path, "authorization": self.headers["Authorization"]})

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _answer(self, body: dict[str, Any]) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint((LOOPBACK, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join(5)


@pytest.fixture
def tokens(endpoint: Endpoint) -> Iterator[HttpProxy]:
    made = HttpProxy(endpoint.server_address[1])
    yield made
    made.close()


def refresh(tokens: HttpProxy, seconds: float = 5.0, **fields: str) -> httpx2.Response:
    return httpx2.post(f"{tokens.url}/oauth/token", data=REFRESH | fields, timeout=seconds)


def test_what_nobody_ordered_passes_and_api_calls_come_the_same_way(tokens: HttpProxy) -> None:
    assert refresh(tokens).json() == GOOD | {"api_domain": tokens.url}
    headers = {"Authorization": "Bearer v1u:a"}
    with httpx2.Client(base_url=tokens.url, headers=headers) as client:
        for path in ("/api/v2/deals?limit=1", "/v1/users/me"):  # on one connection
            assert client.get(path).json() == {"path": path, "authorization": "Bearer v1u:a"}
    assert tokens.counts == {"requests": 3, "token refresh_token": 1}


PROMPT = sorted(FORMS.keys() - {"endless", "partial body", "stall of 30 s", "drip"})


@pytest.mark.parametrize("form", PROMPT)
def test_a_form_takes_the_place_of_what_was_committed(
    form: str, tokens: HttpProxy, endpoint: Endpoint
) -> None:
    tokens.order(form)
    reply = refresh(tokens)
    assert endpoint.committed == 1
    assert tokens.counts[form] == 1
    expected = FORMS[form](GOOD | {"api_domain": tokens.url})
    assert (reply.status_code, reply.content) == (expected.status, expected.body)
    assert reply.content != refresh(tokens).content  # and the next one is as always
    assert refresh(tokens).status_code == 200


def test_what_is_sent_instead_was_never_committed(tokens: HttpProxy, endpoint: Endpoint) -> None:
    tokens.order("502", is_instead=True)
    assert refresh(tokens).status_code == 502
    assert endpoint.committed == 0
    assert refresh(tokens).json()["access_token"] == GOOD["access_token"]
    assert endpoint.committed == 1


def test_a_form_of_the_runs_own_is_sent_under_its_name(tokens: HttpProxy) -> None:
    tokens.order("ours", as_form=lambda good: Reply(418, json.dumps(sorted(good)).encode()))
    assert refresh(tokens).json() == sorted(GOOD | {"api_domain": tokens.url})
    assert tokens.counts["ours"] == 1


@pytest.mark.parametrize("form", sorted(WITH_GRANT))
def test_forms_with_a_grant_carry_the_real_access_token(form: str) -> None:
    assert json.loads(WITH_GRANT[form](GOOD).body)["access_token"] == GOOD["access_token"]


def test_forms_are_what_their_names_say() -> None:
    def body(name: str) -> Any:
        return json.loads(FORMS[name](GOOD | {"api_domain": "https://a.pipedrive.com"}).body)

    assert "refresh_token" not in body("refresh_token missing")
    assert body("refresh_token null")["refresh_token"] is None
    assert body("expires_in true")["expires_in"] is True
    assert "expires_in" not in body("expires_in missing")
    assert body("api_domain javascript")["api_domain"].startswith("javascript:")
    assert isinstance(body("JSON array"), list)
    assert FORMS["duplicate keys"](GOOD).body.count(b'"access_token"') == 2
    assert len(FORMS["10 MB"](GOOD).body) > 10 * 2**20
    assert FORMS["429 with Retry-After"](GOOD).headers["Retry-After"] == "2"
    assert "Retry-After" not in FORMS["429"](GOOD).headers
    assert FORMS["302 to elsewhere"](GOOD).headers["Location"] == "https://evil.example/oauth/token"
    assert FORMS["stall of 30 s"](GOOD).stall_seconds == 30
    with pytest.raises(UnicodeDecodeError):
        FORMS["not UTF-8"](GOOD).body.decode()
    assert len(FORMS) == len(WITH_GRANT) + len(WITHOUT_GRANT) + len(REFUSALS)


def test_a_partial_body_ends_in_the_middle(tokens: HttpProxy) -> None:
    tokens.order("partial body")
    with pytest.raises(httpx2.RemoteProtocolError):
        refresh(tokens)


@pytest.mark.parametrize("form", ["stall of 30 s", "drip"])
def test_slow_forms_outlast_a_deadline(form: str, tokens: HttpProxy, endpoint: Endpoint) -> None:
    tokens.order(form)
    request = b"POST /oauth/token HTTP/1.1\r\nContent-Length: 24\r\n\r\ngrant_type=refresh_token"
    with socket.create_connection((LOOPBACK, tokens.port), timeout=5) as line:
        line.sendall(request)
        got = heard_within(line, 1.0)
    assert b'"scope"' not in got  # the middle of the body: at four bytes a second it is far
    assert bool(got) == (form == "drip")
    assert endpoint.committed == 1


def heard_within(line: socket.socket, seconds: float) -> bytes:
    end, got = time.monotonic() + seconds, b""
    while (left := end - time.monotonic()) > 0:
        line.settimeout(left)
        try:
            got += line.recv(65_536)
        except TimeoutError:
            break
    return got


def test_an_endless_body_goes_on_for_as_long_as_somebody_reads(tokens: HttpProxy) -> None:
    tokens.order("endless")
    got = 0
    with httpx2.stream("POST", f"{tokens.url}/oauth/token", data=REFRESH, timeout=5) as reply:
        for chunk in reply.iter_raw():
            got += len(chunk)
            if got > 20 * 2**20:
                break
    assert got > 20 * 2**20


def test_orders_meet_only_requests_that_fit(tokens: HttpProxy) -> None:
    tokens.order("502", None, where=lambda fields: fields["refresh_token"].startswith("7:"))
    tokens.order("503", grant_type="authorization_code")
    assert refresh(tokens).status_code == 200
    assert refresh(tokens, refresh_token="7:1:c").status_code == 502
    assert refresh(tokens, refresh_token="7:2:c").status_code == 502
    assert refresh(tokens, grant_type="authorization_code").status_code == 503
    tokens.clear()
    assert refresh(tokens, refresh_token="7:1:c").status_code == 200


@pytest.mark.parametrize(
    ("stage", "committed"), [("before_send", 0), ("after_commit", 1), ("after_first_byte", 1)]
)
def test_a_request_waits_at_a_gate_until_it_is_released(
    stage: Stage, committed: int, tokens: HttpProxy, endpoint: Endpoint
) -> None:
    gate = tokens.hold(stage)
    replies: list[httpx2.Response] = []
    caller = threading.Thread(target=lambda: replies.append(refresh(tokens)))
    caller.start()
    gate.wait()
    assert endpoint.committed == committed
    assert not replies
    gate.release()
    caller.join(5)
    assert replies[0].json()["access_token"] == GOOD["access_token"]


def test_after_the_body_the_caller_has_its_answer_and_the_gate_knows(tokens: HttpProxy) -> None:
    gate = tokens.hold("after_body")
    assert refresh(tokens).status_code == 200
    gate.wait()
    with pytest.raises(TimeoutError, match="before_send"):
        tokens.hold("before_send").wait(0.05)
