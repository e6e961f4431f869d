"""A process that stands still in the middle of a token request has its answer when it goes on."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from marketplace_app.errors import PipedriveUnavailable
from marketplace_app.pipedrive.authorization import AuthorizationServer

pytestmark = pytest.mark.anyio
LISTEN_SECONDS = 1.0
GRANT = json.dumps(
    {
        "access_token": "v1u:new",
        "refresh_token": "1:1:new",
        "expires_in": 3600,
        "api_domain": "https://acme.pipedrive.com",
        "scope": "base",
    }
).encode()


class Endpoint(BaseHTTPRequestHandler):
    """Answers after a moment; at `/drips` a byte at a time, at `/never` nothing."""

    def do_POST(self) -> None:
        if "never" in self.path:
            time.sleep(6 * LISTEN_SECONDS)
            return
        time.sleep(0.3)
        self.send_response(200)
        self.send_header("Content-Length", str(len(GRANT)))
        self.end_headers()
        step = 1 if "drips" in self.path else len(GRANT)
        for at in range(0, len(GRANT), step):
            self.wfile.write(GRANT[at : at + step])
            time.sleep(0.2 if step == 1 else 0)

    def log_message(self, *_: object) -> None:
        """Nothing: the test tells."""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def standing_still(after: float, seconds: float) -> Iterator[None]:
    """Nothing runs in this process's loop from then on for so long."""
    timer = asyncio.get_running_loop().call_later(after, time.sleep, seconds)
    yield
    assert timer.when() < asyncio.get_running_loop().time(), "it never stood still"


async def test_what_came_meanwhile_is_read(origin: str) -> None:
    server = AuthorizationServer(
        origin, "id", ["secret"], "https://app.example", listen_seconds=LISTEN_SECONDS
    )
    with standing_still(0.1, 3 * LISTEN_SECONDS):
        grant = await server.refresh("1:1:old")
    assert grant.access_token == "v1u:new"
    await server.close()


@pytest.mark.parametrize("path", ["/never", "/drips"])
async def test_what_does_not_come_as_a_whole_is_waited_for_no_longer(origin: str, path: str) -> None:
    server = AuthorizationServer(
        origin + path, "id", ["secret"], "https://app.example", listen_seconds=LISTEN_SECONDS
    )
    with pytest.raises(PipedriveUnavailable) as caught:
        await server.refresh("1:1:old")
    assert caught.value.was_sent
    await server.close()
