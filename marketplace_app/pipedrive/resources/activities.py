"""Activities, API v2. https://developers.pipedrive.com/docs/api/v1/Activities"""

from datetime import date, datetime
from typing import Any

import msgspec

from marketplace_app.pipedrive.client import PipedriveClient, PipedriveReader


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """`due_time` is "HH:MM:SS" or "HH:MM" in UTC, null or empty for the whole day of `due_date`."""

    id: int
    subject: str = ""
    type: str = ""
    owner_id: int | None = None
    deal_id: int | None = None
    person_id: int | None = None
    org_id: int | None = None
    due_date: date | None = None
    due_time: str | None = None
    duration: str | None = None
    done: bool = False
    is_deleted: bool = False
    update_time: datetime | None = None
    marked_as_done_time: datetime | None = None


async def open_of_deal(client: PipedriveReader, deal_id: int) -> list[Activity]:
    return await _open(client, deal_id=deal_id)


async def open_of_person(client: PipedriveReader, person_id: int) -> list[Activity]:
    return await _open(client, person_id=person_id)


async def open_of_organization(client: PipedriveReader, org_id: int) -> list[Activity]:
    return await _open(client, org_id=org_id)


async def get(client: PipedriveReader, activity_id: int) -> Activity:
    return await client.get(f"/api/v2/activities/{activity_id:d}", Activity)


async def update(client: PipedriveClient, activity_id: int, **changes: Any) -> Activity:
    return await client.patch(f"/api/v2/activities/{activity_id:d}", Activity, changes)


async def create(client: PipedriveClient, **values: Any) -> Activity:
    """The API fills in nobody: the deal's organization and people are given explicitly."""
    return await client.post("/api/v2/activities", Activity, values)


async def plan(client: PipedriveClient, subject: str, due_date: date, **about: int) -> Activity:
    """A task for that day about one of `deal_id`, `person_id` and `org_id`.

    The API takes no person_id of an activity that is made: people are its participants.
    """
    person_id = about.pop("person_id", None)
    people = [] if person_id is None else [{"person_id": person_id, "primary": True}]
    values = {**about, **({"participants": people} if people else {})}
    return await create(client, subject=subject, type="task", due_date=due_date.isoformat(), **values)


async def _open(client: PipedriveReader, **about: int) -> list[Activity]:
    return await client.get(
        "/api/v2/activities",
        list[Activity],
        **about,
        done=False,
        sort_by="due_date",
        sort_direction="asc",
    )
