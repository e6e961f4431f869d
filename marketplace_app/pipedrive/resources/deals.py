"""Deals, API v2. https://developers.pipedrive.com/docs/api/v1/Deals"""

from datetime import date, datetime
from typing import Any

import msgspec

from marketplace_app.pipedrive.client import PipedriveClient, PipedriveReader

# Counts and mail times cost nothing extra; mail times need no mail scope.
_EXTRA = (
    "notes_count",
    "files_count",
    "followers_count",
    "participants_count",
    "products_count",
    "done_activities_count",
    "last_incoming_mail_time",
    "last_outgoing_mail_time",
)


class Deal(msgspec.Struct, frozen=True, kw_only=True):
    """`value` is in `currency`'s main unit; `custom_fields` is keyed by the fields' 40-character codes."""

    id: int
    title: str
    owner_id: int
    pipeline_id: int
    stage_id: int
    status: str
    currency: str
    value: float = 0
    person_id: int | None = None
    org_id: int | None = None
    add_time: datetime | None = None
    update_time: datetime | None = None
    stage_change_time: datetime | None = None
    expected_close_date: date | None = None
    won_time: datetime | None = None
    lost_time: datetime | None = None
    lost_reason: str | None = None
    probability: float | None = None
    label_ids: list[int] = []
    is_archived: bool = False
    is_deleted: bool = False
    notes_count: int = 0
    files_count: int = 0
    followers_count: int = 0
    participants_count: int = 0
    products_count: int = 0
    done_activities_count: int = 0
    last_incoming_mail_time: datetime | None = None
    last_outgoing_mail_time: datetime | None = None
    custom_fields: dict[str, Any] = {}

    def with_extras_of(self, other: "Deal") -> "Deal":
        """An answer to a write lacks what only `include_fields` brings; `other` was read with it."""
        return msgspec.structs.replace(self, **{name: getattr(other, name) for name in _EXTRA})


async def get(client: PipedriveReader, deal_id: int) -> Deal:
    return await client.get(f"/api/v2/deals/{deal_id:d}", Deal, include_fields=",".join(_EXTRA))


async def open_of_organization(client: PipedriveReader, org_id: int) -> list[Deal]:
    """The first hundred, newest first: more is a list, not a glance."""
    return await client.get(
        "/api/v2/deals", list[Deal], org_id=org_id, status="open", sort_by="add_time", sort_direction="desc"
    )


async def open_of_person(client: PipedriveReader, person_id: int) -> list[Deal]:
    return await client.get(
        "/api/v2/deals",
        list[Deal],
        person_id=person_id,
        status="open",
        sort_by="add_time",
        sort_direction="desc",
    )


async def update(client: PipedriveClient, deal_id: int, **changes: Any) -> Deal:
    """Only the given keys change."""
    return await client.patch(f"/api/v2/deals/{deal_id:d}", Deal, changes)
