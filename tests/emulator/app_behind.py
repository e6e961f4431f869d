"""A small app behind the callback URL: it answers, and remembers what came."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

MANIFEST: dict[str, Any] = {
    "format": "marketplace-app/1",
    "name": "Testing app",
    "version": "1.0.0",
    "description": "Says hello.",
    "install_path": "/oauth/install",
    "callback_path": "/oauth/callback",
    "scopes": [
        {"name": "base", "reason": "Know you."},
        {"name": "deals:full", "reason": "Change deals."},
        {"name": "contacts:full", "reason": "Show people."},
        {"name": "activities:full", "reason": "Plan."},
    ],
    "surfaces": [
        {
            "name": "deal-panel",
            "kind": "custom_panel",
            "title": "Panel",
            "description": "",
            "view": "deal",
            "path": "/surfaces/deal-panel",
            "jwt_secret": "deal-panel",
        }
    ],
}
CLIENT_ID = "b4d083d9216986345b32"
SECRETS = ("newest-secret-0123456789abcdef0123456789", "older-secret-0123456789abcdef01234567890")
SURFACE_SECRET = "surface-secret-0123456789abcdef012345678"


@dataclass(frozen=True, slots=True)
class Arrival:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class AppBehind:
    url: str
    arrivals: list[Arrival] = field(default_factory=list)
    status: int = 200
    authorize_url: str | None = None
    came: threading.Event = field(default_factory=threading.Event)

    @property
    def callback(self) -> str:
        return f"{self.url}{MANIFEST['callback_path']}"

    def registration(self, **more: Any) -> dict[str, Any]:
        return {
            "manifest": MANIFEST,
            "base_url": self.url,
            "client_id": CLIENT_ID,
            "client_secret": ",".join(SECRETS),
            "surface_secrets": {"deal-panel": SURFACE_SECRET},
            **more,
        }


@contextmanager
def running_app() -> Iterator[AppBehind]:
    """Every request is answered and kept; ``/oauth/install`` leads on to ``authorize_url`` when it is set."""
    app = AppBehind("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            arrival = Arrival(
                self.command, parts.path, dict(parse_qsl(parts.query)), headers, self.rfile.read(length)
            )
            app.arrivals.append(arrival)
            app.came.set()
            if parts.path == MANIFEST["install_path"] and app.authorize_url:
                self.send_response(302)
                self.send_header("location", app.authorize_url)
            else:
                self.send_response(app.status)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_DELETE = do_POST = do_GET  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    app.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield app
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
