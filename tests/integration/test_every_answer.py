"""Every answer of either server carries the security headers, whatever was asked."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.integration.person import PANEL, button_in
from tests.integration.town import Town, running_town

KILOBYTE = 1024
ASKED: list[tuple[str, str]] = [
    ("GET", "/"),
    ("GET", "/nothing"),
    ("GET", "/surfaces"),
    ("GET", "/surfaces/nothing"),
    ("GET", PANEL),
    ("HEAD", PANEL),
    ("GET", f"{PANEL}/"),
    ("GET", f"{PANEL}?token=x"),
    ("GET", f"{PANEL}?" + "&".join(f"k{n}=v" for n in range(200))),
    ("GET", f"{PANEL}?%ff=%fe&\x80"),
    ("POST", PANEL),
    ("GET", f"{PANEL}/sections/all"),
    ("POST", f"{PANEL}/sections/all"),
    ("POST", f"{PANEL}/actions/done"),
    ("GET", f"{PANEL}/actions/done"),
    ("GET", f"{PANEL}/stream"),
    ("GET", "/oauth/install"),
    ("POST", "/oauth/install"),
    ("GET", "/oauth/callback"),
    ("GET", "/oauth/callback?error=user_denied"),
    ("GET", "/oauth/callback?code=x"),
    ("DELETE", "/oauth/callback"),
    ("PUT", "/oauth/callback"),
    ("GET", "/oauth/nothing"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/static/"),
    ("GET", "/static/nothing.js"),
    ("GET", "/static/surface.js"),
    ("GET", "/static/sdk/index.umd.js"),
    ("POST", "/static/surface.js"),
    ("GET", "/docs"),
    ("GET", "/openapi.json"),
    ("GET", "/metrics"),
    ("GET", "/.env"),
    ("OPTIONS", "/"),
]


@pytest.fixture(scope="module", params=["granian", "uvicorn"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp(request.param), server=request.param) as town:
        yield town


def assert_guarded(reply: httpx2.Response) -> None:
    headers = reply.headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "cache-control" in headers
    assert "access-control-allow-origin" not in headers
    assert "x-powered-by" not in headers
    assert "Traceback" not in reply.text


def test_every_answer_is_guarded(served: Town) -> None:
    for method, path in ASKED:
        reply = served.http.request(method, served.stack.app_url + path)
        assert_guarded(reply)
        assert reply.status_code < 500, (method, path)
        assert reply.headers["cache-control"] == "no-store", (method, path)
        assert ("set-cookie" in reply.headers) is (path == "/oauth/install" and reply.status_code == 302)
        framed = "frame-ancestors 'none'" not in reply.headers["content-security-policy"]
        assert framed is (path.partition("?")[0] == PANEL and method in ("GET", "HEAD")), (method, path)


def test_static_files_are_kept_for_ever_under_their_own_version_only(served: Town) -> None:
    page = served.http.get(served.stack.app_url + PANEL).text
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(found) == 3
    for path in found:
        kept = served.http.get(served.stack.app_url + path)
        assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert_guarded(kept)
        for other in (path.partition("?")[0], path[:-1] + "x"):
            assert served.http.get(served.stack.app_url + other).headers["cache-control"] == "no-store"


def test_nothing_redirects_but_the_door_to_pipedrive(served: Town) -> None:
    for method, path in ASKED:
        reply = served.http.request(method, served.stack.app_url + path, headers={"Host": "evil.example"})
        if "location" in reply.headers:
            target = urlsplit(reply.headers["location"])
            assert f"{target.scheme}://{target.netloc}" == served.stack.emulator_url, (method, path)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../manifest.json",
        "/static/..%2f..%2fmanifest.json",
        "/static/%2e%2e/manifest.json",
        "/static/sdk/../../../../manifest.json",
        "/static/..\\manifest.json",
        "/static//manifest.json",
        "/static/sdk",
        "/static/%00",
    ],
)
def test_static_files_are_the_two_folders_and_no_more(served: Town, path: str) -> None:
    address = urlsplit(served.stack.app_url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=5) as line:
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert int(answer.split(b" ", 2)[1]) in (400, 404, 405, 307)
    assert b"marketplace-app/1" not in answer


@pytest.mark.parametrize("size", [70, 200])
def test_a_large_body_is_refused_where_one_is_read(served: Town, size: int) -> None:
    """With its length told, and without."""
    body = b"x" * size * KILOBYTE
    headers = {"Content-Type": "application/json", **served.marta.bearer()}
    url = f"{served.stack.app_url}{PANEL}/actions/done?selectedIds=1"
    for content in (body, iter([body[:1000], body[1000:]])):
        try:
            reply = served.http.post(url, content=content, headers=headers)
        except httpx2.TransportError:
            continue  # the line was cut while the rest was still on its way, which is an answer too
        assert reply.status_code == 413
        assert_guarded(reply)


def test_a_large_header_does_no_harm(served: Town) -> None:
    for size in (8, 48, 2000):
        try:
            reply = served.http.get(
                f"{served.stack.app_url}/healthz", headers={"X-Large": "x" * size * KILOBYTE}
            )
        except httpx2.TransportError:
            continue  # the line was cut, which is an answer too
        assert reply.status_code in (200, 400, 413, 431)
    assert served.http.get(f"{served.stack.app_url}/healthz").status_code == 200


def test_the_whole_story_on_this_server(served: Town) -> None:
    jack = served.jack
    assert 'id="connect"' in jack.opens(2).text
    jack.installed()
    deal = jack.calls("POST", "/api/v2/deals", title="The whole story")["id"]
    jack.calls("POST", "/api/v2/activities", deal_id=deal, subject="Call", type="call", due_date="2030-01-15")
    button = button_in(jack.picture(deal), "done")
    assert jack.presses(deal, button).status_code == 200
    assert "reopen" in jack.opens(deal).text
    jack.uninstalls()
    assert 'id="connect"' in jack.opens(deal).text
