"""The one envelope in which sections and actions answer; surface.js carries out its commands in order."""

from collections.abc import Sequence

import msgspec
from starlette.responses import Response

from marketplace_app.domain.message import Message
from marketplace_app.kit import Words
from marketplace_app.surfaces.commands import Command
from marketplace_app.web.errors import row_of


def envelope(commands: list[Command], status: int = 200) -> bytes:
    return msgspec.json.encode({"status": status, "commands": commands})


def response(octets: bytes) -> Response:
    """The answer's own status stands in the envelope, so that a stored answer is given again as it was."""
    status = msgspec.json.decode(octets)["status"]
    return Response(octets, status, media_type="application/json")


def message(text: str) -> Command:
    """Shown in the panel when there is no picture, as a snackbar when there is one."""
    return {"kind": "message", "text": text}


def connect(markup: bytes) -> Command:
    """The panel shows how to connect, and nothing else any more."""
    return {"kind": "connect", "html": markup.decode()}


def consent(markup: bytes) -> Command:
    """A card that asks for permissions: above the picture where there is one, else in its place."""
    return {"kind": "consent", "html": markup.decode()}


def refusal(error: Exception, words: Words, reference: str, then: Sequence[Command] = ()) -> Response:
    """What went wrong and what to do, as a sentence for the viewer; `reason` for programs."""
    row = row_of(error)
    text = getattr(error, "told", "") or f"{words.say(row.title)}. {words.say(row.advice)}"
    body = {
        "status": row.status,
        "commands": [message(text), *then],
        "reason": getattr(error, "reason", "error"),
        "fields": {name: _said(text, words) for name, text in getattr(error, "fields", {}).items()},
        "reference": reference,
    }
    return Response(msgspec.json.encode(body), row.status, media_type="application/json")


def _said(text: object, words: Words) -> str:
    return words.say(text) if isinstance(text, Message) else str(text)
