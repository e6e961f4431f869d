"""METRICS_PORT: /readyz with reasons and /healthz, by one of the processes of a `serve`.

Whoever binds the port first has it; the others try again each second, so that another one takes over when
that one ends; when it is none of ours, each says so once. It answers a scraper's short GETs and nothing else.
"""

import asyncio
import os
from contextlib import suppress

import msgspec

from marketplace_app.logs import logger
from marketplace_app.web.readiness import Readiness

_HOST = "0.0.0.0"  # noqa: S104 (scrapers come from other machines; docs/configuration.md says to keep it inside)
_AGAIN_SECONDS = 1.0
_ASKED_AFTER = 5  # tries
_DEADLINE_SECONDS = 5.0
_HEARD_SECONDS = 5.0
_MOST_BYTES = 8 * 1024
_PHRASES = {200: "OK", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed", 503: "Unavailable"}


async def own_port(port: int, readiness: Readiness) -> None:
    """Until it is cancelled; at once when the port is 0."""
    if not port:
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(_DEADLINE_SECONDS):
                writer.write(await _reply(reader, readiness))
                await writer.drain()
        writer.close()

    tries, is_told = 0, False
    while True:
        try:
            server = await asyncio.start_server(answer, _HOST, port, limit=_MOST_BYTES)
        except OSError as error:  # another process has it
            tries += 1
            if tries % _ASKED_AFTER == 0 and not is_told and not await _is_one_of_ours(port):
                is_told = True
                logger("operator").error("METRICS_PORT is not to be had", port=port, detail=error.strerror)
            await asyncio.sleep(_AGAIN_SECONDS)
            continue
        logger("operator").info("owns METRICS_PORT", port=port, pid=os.getpid())
        async with server:
            await server.serve_forever()


async def _is_one_of_ours(port: int) -> bool:
    """Whether whoever has the port answers as we do."""
    try:
        async with asyncio.timeout(_HEARD_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(b"GET /healthz HTTP/1.1\r\n\r\n")
                return await reader.read(_MOST_BYTES) == _ALIVE
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False


async def _reply(reader: asyncio.StreamReader, readiness: Readiness) -> bytes:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.partition(b"\r\n")[0].split(b" ")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
        return _written(400, b"this is no request\n")
    if method not in (b"GET", b"HEAD"):
        return _written(405, b"GET only\n", b"allow: GET, HEAD\r\n")
    match target.partition(b"?")[0]:
        case b"/healthz":
            found = _ALIVE
        case b"/readyz":
            report = await readiness.report()
            body = msgspec.json.encode(report) + b"\n"
            found = _written(200 if report.ready else 503, body, b"content-type: application/json\r\n")
        case _:
            found = _written(404, b"there are /healthz and /readyz\n")
    return found if method == b"GET" else found.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _written(status: int, body: bytes, more: bytes = b"") -> bytes:
    kind = b"" if b"content-type" in more else b"content-type: text/plain; charset=utf-8\r\n"
    lines = f"HTTP/1.1 {status} {_PHRASES[status]}\r\ncontent-length: {len(body)}\r\n".encode()
    return lines + kind + more + b"cache-control: no-store\r\nconnection: close\r\n\r\n" + body


_ALIVE = _written(200, b"alive\n")
