"""Notes, which only API v1 has. https://developers.pipedrive.com/docs/api/v1/Notes"""

import html
from datetime import UTC, datetime
from typing import Any

import msgspec

from marketplace_app.pipedrive.client import PipedriveClient, PipedriveReader


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """`content` is HTML that somebody wrote; `add_time` is "YYYY-MM-DD HH:MM:SS" in UTC."""

    id: int
    content: str = ""
    add_time: str = ""

    @property
    def added_at(self) -> datetime:
        return datetime.fromisoformat(self.add_time).replace(tzinfo=UTC)


_FEW_OR_NONE: Any = list[Note] | None  # an empty list is null here


async def of_deal(client: PipedriveReader, deal_id: int) -> list[Note]:
    """The newest hundred."""
    found = await client.get("/api/v1/notes", _FEW_OR_NONE, deal_id=deal_id, sort="add_time DESC")
    return found or []


async def add_to_deal(client: PipedriveClient, deal_id: int, text: str) -> Note:
    """`text` is plain; what looks like markup in it stays text."""
    return await client.post("/api/v1/notes", Note, {"deal_id": deal_id, "content": html.escape(text)})
