"""Surfaces as our own shell draws them, each page at an address of its own: to look at, and for axe."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from marketplace_app.cli.local.ports import LOOPBACK
from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import Disconnected, MarketplaceAppError, ScopeMissing
from marketplace_app.surfaces.shell import Frame, Page, Shell
from marketplace_app.web.templates import STATIC, Templates

MANIFEST = Path(__file__).parents[2] / "manifest.json"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def page_of(error: MarketplaceAppError, language: str, theme: str) -> Page:
    """What a panel shows to whom this happened."""
    manifest = Manifest.load(MANIFEST)
    shell = Shell(Templates(), manifest, ["'none'"], {})
    surface = manifest.surfaces[0]
    if isinstance(error, Disconnected):
        return shell.connect(Frame(surface, language, theme, "connect"), error)
    if isinstance(error, ScopeMissing):
        return shell.consent(Frame(surface, language, theme, "consent"), error.scopes)
    return shell.refusal(Frame(surface, language, theme, "message"), error, "E-7K2F9Q")


@contextmanager
def serving(pages: Mapping[str, Page]) -> Iterator[str]:
    """The origin at which these pages and our style sheets are; scripts are left out."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            file = STATIC / path.removeprefix("/static/")
            if path in pages:
                self._answer(pages[path].body, "text/html; charset=utf-8")
            elif path.startswith("/static/") and file.suffix == ".css":
                self._answer(file.read_bytes(), _TYPES[file.suffix])
            else:
                self._answer(b"", "text/javascript")

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer((LOOPBACK, 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
