"""Pages of somebody else, on a port of their own, whatever host name a browser asks them by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from marketplace_app.cli.local.ports import LOOPBACK


@dataclass(slots=True)
class HostilePages:
    port: int = 0
    pages: dict[str, str] = field(default_factory=dict)

    def put(self, html: str, host: str = LOOPBACK) -> str:
        """The address of a page with that in its body."""
        path = f"/{len(self.pages)}"
        self.pages[path] = f"<!doctype html><meta charset=utf-8><title>Win a bicycle</title><body>{html}"
        return f"http://{host}:{self.port}{path}"


@contextmanager
def hostile_pages() -> Iterator[HostilePages]:
    made = HostilePages()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = made.pages.get(urlsplit(self.path).path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    made.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
