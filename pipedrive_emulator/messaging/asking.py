"""What Pipedrive's server asks of a messaging app: one request by the manifest, and what came of it.

Basic credentials of the app, ten seconds (no page names a time), no redirects followed. The answer is looked
at as the page documents it; what does not fit is noted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import aiohttp

from pipedrive_emulator.apps import App
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.messaging.answers import complaints
from pipedrive_emulator.world.records import Record

DEADLINE_SECONDS = 10
_METHODS = {"postMessage": "POST", "deleteChannelById": "DELETE"}


class NoSuchEndpoint(ValueError):
    """The app's messaging manifest does not name it."""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """``variables`` are those of the URL beside the channel."""

    endpoint: str
    variables: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """``status`` None: nobody answered. ``complaints`` say what is not as documented; empty is fine."""

    status: int | None
    body: Any
    complaints: tuple[str, ...]


async def ask(ledger: Ledger, app: App, channel: Record, question: Question) -> Reply:
    """Never raises for what an app does. Raises NoSuchEndpoint."""
    url = _url(app, channel, question)
    status, body = await _sent(app, url, question)
    found = complaints(question.endpoint, status, body) if status is not None else ("there was no answer",)
    ledger.append(
        "messaging_request",
        company_id=channel["pd_company_id"],
        user_id=channel["pd_user_id"],
        client_id=app.client_id,
        endpoint=question.endpoint,
        channel=channel["provider_channel_id"],
        status=status,
        complaints=list(found),
    )
    return Reply(status, body, found)


def _url(app: App, channel: Record, question: Question) -> str:
    url = (app.messaging or {}).get(question.endpoint)
    if url is None:
        raise NoSuchEndpoint(f"{app.name} has no {question.endpoint} in its messaging manifest.")
    values = {"providerChannelId": channel["provider_channel_id"], **question.variables}
    for name in sorted(values, key=len, reverse=True):
        url = url.replace(f":{name}", quote(values[name], safe=""))
    return url


async def _sent(app: App, url: str, question: Question) -> tuple[int | None, Any]:
    credentials = aiohttp.encode_basic_auth(app.client_id, app.client_secrets[0])
    data = _form(question) if question.endpoint == "postMessage" else None
    try:
        async with (
            aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=DEADLINE_SECONDS),
            ) as session,
            session.request(
                _METHODS.get(question.endpoint, "GET"),
                url,
                params=dict(question.query),
                data=data,
                headers={"Authorization": credentials, "Accept": "application/json"},
                allow_redirects=False,
            ) as response,
        ):
            return response.status, _parsed(await response.read())
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError):
        return None, None


def _form(question: Question) -> aiohttp.MultipartWriter:
    writer = aiohttp.MultipartWriter("form-data")
    for name, value in question.form.items():
        writer.append(value).set_content_disposition("form-data", name=name)
    for file in question.files:
        part = writer.append(file.content, {"Content-Type": file.media_type})
        part.set_content_disposition("form-data", name="files", filename=file.name)
    return writer


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
