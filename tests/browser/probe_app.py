"""A tiny app for the host's tests: static pages with the official SDK, and an OAuth callback.

Run as ``python probe_app.py EMULATOR_URL CLIENT_ID CLIENT_SECRET``; prints its own origin when it listens.
"""

import json
import sys
import urllib.parse
import urllib.request
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).parent
SDK = HERE.parents[1] / "node_modules/@pipedrive/app-extensions-sdk/dist/index.umd.js"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript"}


class Probe(BaseHTTPRequestHandler):
    def __init__(self, emulator: str, client_id: str, client_secret: str, *args: object) -> None:
        self.emulator, self.client_id, self.client_secret = emulator, client_id, client_secret
        super().__init__(*args)  # type: ignore[arg-type]  # the server hands on what the base class takes

    def do_GET(self) -> None:
        address = urllib.parse.urlsplit(self.path)
        if address.path == "/oauth/callback":
            self._callback(dict(urllib.parse.parse_qsl(address.query)))
            return
        file = SDK if address.path == "/sdk.js" else HERE / "probe" / address.path.removeprefix("/")
        if file.is_file():
            self._answer(200, TYPES[file.suffix], file.read_bytes())
        else:
            self._answer(404, "text/plain", b"Not found")

    def do_POST(self) -> None:
        """Webhooks arrive at /hook and nowhere else."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200 if self.path == "/hook" else 404, "text/plain", b"")

    def do_DELETE(self) -> None:
        self._answer(200, "text/plain", b"")

    def _callback(self, query: dict[str, str]) -> None:
        text = self._exchange(query["code"]) if "code" in query else json.dumps(query)
        page = f"<!doctype html><title>Callback</title><p id=callback>{text}</p>"
        self._answer(200, TYPES[".html"], page.encode())

    def _exchange(self, code: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": f"http://{self.headers['Host']}/oauth/callback",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        body = urllib.parse.urlencode(form).encode()
        with urllib.request.urlopen(f"{self.emulator}/oauth/token", body) as answer:  # noqa: S310 - own loopback
            return "installed" if "access_token" in json.load(answer) else "refused"

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at the emulator's ledger instead."""


def main(emulator: str, client_id: str, client_secret: str) -> None:
    handler = partial(Probe, emulator, client_id, client_secret)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:4])
