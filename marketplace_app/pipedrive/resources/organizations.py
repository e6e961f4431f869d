"""Organizations, API v2. https://developers.pipedrive.com/docs/api/v1/Organizations"""

import msgspec

from marketplace_app.pipedrive.client import PipedriveReader


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str = ""
    owner_id: int | None = None
    is_deleted: bool = False


async def get(client: PipedriveReader, org_id: int) -> Organization:
    return await client.get(f"/api/v2/organizations/{org_id:d}", Organization)
