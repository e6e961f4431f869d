"""What Pipedrive's server asks of an app's endpoint for JSON panels and JSON modals.

Ten seconds on the wall clock, Basic credentials when the extension has some, no redirects followed.
Pages: https://pipedrive.readme.io/docs/app-extensions-json-panels, /docs/app-extensions-json-modals
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.control.walk import BrowserResolver
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.json_library.complaints import Complaint
from pipedrive_emulator.world import User

DEADLINE_SECONDS = 10
MOST_BYTES = 1_000_000
_DEEPEST = 50
_ERRORS_KEPT = 10


@dataclass(frozen=True, slots=True)
class Request:
    """``purpose`` is panel, open, change or submit."""

    app: App
    surface: Surface
    user: User
    purpose: str
    url: str
    form: dict[str, Any] | None = None

    @property
    def method(self) -> str:
        return "GET" if self.form is None else "POST"


@dataclass(frozen=True, slots=True)
class Reply:
    """``failure`` says in one sentence why there is no JSON to look at; empty when there is."""

    status: int | None
    body: Any
    failure: str
    milliseconds: int

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own borders


async def ask(request: Request) -> Reply:
    """Never raises for what an app does: every failure is a Reply."""
    clock = asyncio.get_running_loop().time
    start = clock()
    status, body, failure = await _ask(request)
    return Reply(status, body, failure, round((clock() - start) * 1000))


def note(
    emulator: Emulator, request: Request, reply: Reply, outcome: str, errors: Sequence[Complaint]
) -> None:
    """Keep what was asked and what came of it; of the query the names only, because a token is in it."""
    parts = urlsplit(request.url)
    emulator.ledger.append(
        "json_request",
        company_id=request.user.company_id,
        user_id=request.user.id,
        client_id=request.app.client_id,
        surface=request.surface.name,
        purpose=request.purpose,
        method=request.method,
        url=parts._replace(query="").geturl(),
        query=[name for name, _ in parse_qsl(parts.query, keep_blank_values=True)],
        status=reply.status,
        milliseconds=reply.milliseconds,
        outcome=outcome,
        failure=reply.failure,
        errors=[{key: one[key] for key in ("dataPath", "message")} for one in errors[:_ERRORS_KEPT]],
    )


async def _ask(request: Request) -> tuple[int | None, Any, str]:
    basic = request.surface.basic
    auth = aiohttp.encode_basic_auth(*basic) if basic else None
    headers = {"Accept": "application/json"} | ({"Authorization": auth} if auth else {})
    try:
        async with (
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=BrowserResolver()),
                timeout=aiohttp.ClientTimeout(total=DEADLINE_SECONDS),
            ) as session,
            session.request(
                request.method, request.url, json=request.form, headers=headers, allow_redirects=False
            ) as response,
        ):
            text = await _read(response)
            return response.status, *_parsed(text)
    except TimeoutError:
        return None, None, f"no answer within {DEADLINE_SECONDS} seconds"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return None, None, f"the endpoint cannot be reached ({type(error).__name__})"


async def _read(response: aiohttp.ClientResponse) -> bytes:
    """At most one byte more than is allowed."""
    text = b""
    async for part in response.content.iter_chunked(65536):
        text += part
        if len(text) > MOST_BYTES:
            break
    return text


def _parsed(text: bytes) -> tuple[Any, str]:
    if len(text) > MOST_BYTES:
        return None, f"the answer is longer than {MOST_BYTES} bytes"
    try:
        body = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None, "the answer is no JSON"
    return (None, "the answer is nested too deeply") if _is_deep(body) else (body, "")


def _no_number(word: str) -> None:
    raise ValueError(word)


def _is_deep(body: Any) -> bool:
    level = [body]
    for _ in range(_DEEPEST):
        level = [
            child
            for one in level
            for child in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
        ]
        if not level:
            return False
    return True
