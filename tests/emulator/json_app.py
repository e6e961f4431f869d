"""The app's endpoints for JSON extensions: a test says what each path answers, and reads what came."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.emulator.app_behind import AppBehind, Arrival


@dataclass
class Said:
    """``body`` is JSON, or bytes as they are; ``held`` keeps the answer back until it is set."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    held: threading.Event | None = None

    @property
    def octets(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class JsonApp(AppBehind):
    """``says`` by method and path such as ``GET /offers``; 404 otherwise."""

    says: dict[str, Said] = field(default_factory=dict)

    def say(self, where: str, body: Any, status: int = 200, **more: Any) -> None:
        self.says[where] = Said(body, status, **more)

    def last(self, path: str, method: str = "GET") -> Arrival:
        return next(one for one in reversed(self.arrivals) if (one.method, one.path) == (method, path))


class Handler(BaseHTTPRequestHandler):
    app: JsonApp

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.app.arrivals.append(Arrival(self.command, parts.path, query, headers, body))
        said = self.app.says.get(f"{self.command} {parts.path}", Said({}, 404))
        if said.held:
            said.held.wait(30)
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(said.octets)))
        self.end_headers()
        self.wfile.write(said.octets)

    do_POST = do_GET  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """The emulator leaves before an answer that comes too late."""


@contextmanager
def running_json_app() -> Iterator[JsonApp]:
    app = JsonApp("")
    handler = type("Own", (Handler,), {"app": app})
    server = Server(("127.0.0.1", 0), handler)
    app.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield app
    finally:
        for said in app.says.values():
            if said.held:
                said.held.set()
        server.shutdown()
        server.server_close()
        thread.join()
