"""A server before the emulator that passes everything on, and alters some replies on their way back."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx2

from marketplace_app.cli.local.ports import LOOPBACK

Alter = Callable[[dict[str, Any]], object]
_HOP = {"connection", "content-length", "transfer-encoding", "host", "date", "server", "content-encoding"}


@dataclass(slots=True)
class Altering:
    """`alters` maps a path to what becomes of the JSON of its successful replies; `seen` has every path."""

    upstream: str
    port: int = 0
    alters: dict[str, Alter] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def altered(self, path: str, reply: httpx2.Response) -> bytes:
        alter = self.alters.get(path.partition("?")[0])
        if alter is None or not reply.is_success:
            return reply.content
        return json.dumps(alter(reply.json())).encode()


@contextmanager
def running_altering(upstream: str) -> Iterator[Altering]:
    altering = Altering(upstream)
    with httpx2.Client(trust_env=False, timeout=30) as http:
        server = ThreadingHTTPServer((LOOPBACK, 0), _handler(altering, http))
        server.daemon_threads = True
        altering.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield altering
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(altering: Altering, http: httpx2.Client) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet, or the other side waits for the second

        def _pass_on(self) -> None:
            altering.seen.append(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            reply = http.request(self.command, altering.upstream + self.path, content=body, headers=headers)
            content = altering.altered(self.path, reply)
            self.send_response(reply.status_code)
            for name, value in reply.headers.items():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _pass_on  # noqa: N815 (the base class's names)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler
