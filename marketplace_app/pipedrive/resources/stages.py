"""Stages and pipelines, API v2. https://developers.pipedrive.com/docs/api/v1/Stages"""

import msgspec

from marketplace_app.pipedrive.client import PipedriveReader


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """`days_to_rotten` counts only where `is_deal_rot_enabled`."""

    id: int
    name: str
    pipeline_id: int
    order_nr: int = 0
    is_deleted: bool = False
    is_deal_rot_enabled: bool = False
    days_to_rotten: int | None = None


class Pipeline(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    order_nr: int = 0
    is_deleted: bool = False


async def stages(client: PipedriveReader) -> list[Stage]:
    return await client.get("/api/v2/stages", list[Stage], limit=500)


async def pipelines(client: PipedriveReader) -> list[Pipeline]:
    return await client.get("/api/v2/pipelines", list[Pipeline], limit=500)
