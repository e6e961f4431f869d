"""The messaging manifest, read as strictly as Developer Hub does.

``{"version": "v202101", "endpoints": {name: URL}}``; https://pipedrive.readme.io/docs/implementing-messaging-app-extension
An app's own manifest.json lists the names alone, whose URLs then lie below its base URL.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

VERSION = "v202101"
SCOPE = "messengers-integration"
_CHANNEL = ":providerChannelId"
# What each URL must hold, and where it lies in the page's template.
VARIABLES = {
    "getConversations": (_CHANNEL,),
    "getConversationById": (_CHANNEL, ":sourceConversationId"),
    "postMessage": (_CHANNEL,),
    "getSenderById": (_CHANNEL, ":senderId"),
    "deleteChannelById": (_CHANNEL,),
    "getTemplates": (_CHANNEL,),
    "getMessageById": (_CHANNEL, ":sourceConversationId", ":sourceMessageId"),
}
_TEMPLATE = {
    "getConversations": "/conversations",
    "getConversationById": "/conversations/:sourceConversationId",
    "postMessage": "/messages",
    "getSenderById": "/senders/:senderId",
    "deleteChannelById": "",
    "getTemplates": "/templates",
    "getMessageById": "/conversations/:sourceConversationId/messages/:sourceMessageId",
}
_REQUIRED = ("getConversations", "getConversationById", "postMessage")
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def read(given: Any, base_url: str) -> dict[str, str]:
    """The URLs by name. Raises ValueError with a sentence."""
    if isinstance(given, list):
        unknown = [name for name in given if name not in _TEMPLATE]
        if unknown:
            raise ValueError(f"/messaging: {unknown[0]!r} is none of {', '.join(_TEMPLATE)}.")
        below = f"{base_url}/pd/channels/{_CHANNEL}"
        given = {"version": VERSION, "endpoints": {name: below + _TEMPLATE[name] for name in given}}
    for problem in problems(given):
        raise ValueError(f"{problem}.")
    return dict(given["endpoints"])


def problems(manifest: Any) -> Iterator[str]:
    if not isinstance(manifest, Mapping) or set(manifest) != {"version", "endpoints"}:
        yield "/messaging: a messaging manifest has version and endpoints, and no other key"
        return
    if manifest["version"] != VERSION:
        yield f"/messaging/version: {manifest['version']!r} is not {VERSION}"
    endpoints = manifest["endpoints"]
    if not isinstance(endpoints, Mapping):
        yield "/messaging/endpoints: an object of URLs"
        return
    yield from (f"/messaging/endpoints: {name} is required" for name in _REQUIRED if name not in endpoints)
    for name, url in endpoints.items():
        if name not in VARIABLES:
            yield f"/messaging/endpoints/{name}: there are {', '.join(VARIABLES)}"
        elif problem := _problem(url, VARIABLES[name]):
            yield f"/messaging/endpoints/{name}: {problem}"


def _problem(url: Any, variables: tuple[str, ...]) -> str:
    parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not is_safe or not parts.hostname:
        return "an https URL, or http on this machine"
    segments = parts.path.split("/")
    missing = [each for each in variables if each not in segments]
    return f"the URL lacks {', '.join(missing)}" if missing else ""
