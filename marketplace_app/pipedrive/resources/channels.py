"""Messaging channels, which only API v1 has. https://developers.pipedrive.com/docs/api/v1/Channels

A channel is named by the id that its app gave it.
"""

from typing import Any
from urllib.parse import quote

from marketplace_app.pipedrive.client import PipedriveClient

_ANYTHING: Any = Any  # nothing of the answer is needed


async def add(client: PipedriveClient, channel: dict[str, Any]) -> None:
    """Only admins may, Pipedrive says. Raises PipedriveRefused."""
    await client.post("/api/v1/channels", _ANYTHING, channel)


async def receive(client: PipedriveClient, message: dict[str, Any]) -> None:
    """Adds a message, or changes the one that has its id."""
    await client.post("/api/v1/channels/messages/receive", _ANYTHING, message)


async def delete(client: PipedriveClient, channel_id: str) -> None:
    """With its conversations and messages."""
    await client.delete(f"/api/v1/channels/{quote(channel_id, safe='')}")
