"""One line per request: route, status, duration. The query is left out, for it may hold a token."""

import random
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketplace_app.logs import write_line

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without letters that are read as digits


class AccessLog:
    """Gives each request a reference, in `scope["reference"]`, which error pages show and the log has.

    A route whose address holds more than ids puts `scope["logged_path"]` in its place.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reference = scope["reference"] = new_reference()
        started, status = time.perf_counter(), 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000, 2)
            write_line(
                room="web",
                event="request",
                reference=reference,
                method=scope["method"],
                path=scope.get("logged_path", scope["path"]),
                status=status,
                milliseconds=milliseconds,
            )


def new_reference() -> str:
    """Short enough to be read out on the telephone, such as E-7K2F9Q."""
    number = random.getrandbits(30)  # a name to find a line by, no secret
    return "E-" + "".join(_ALPHABET[number >> shift & 31] for shift in range(0, 30, 5))
