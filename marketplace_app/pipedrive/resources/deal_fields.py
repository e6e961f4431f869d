"""Definitions of deal fields, API v2. https://developers.pipedrive.com/docs/api/v1/DealFields"""

import msgspec

from marketplace_app.pipedrive.client import PipedriveReader


class FieldOption(msgspec.Struct, frozen=True):
    id: int | str
    label: str = ""


class StageRule(msgspec.Struct, frozen=True):
    """Stages in which a field is required or important; with `enabled` and nothing else, in all of them.

    `statuses` name outcomes instead: the field is asked for when a deal there is won or lost.
    """

    enabled: bool = False
    stage_ids: list[int] = []
    statuses: dict[str, list[str]] = {}

    def covers(self, stage_id: int) -> bool:
        everywhere = not self.stage_ids and not self.statuses
        return self.enabled and (everywhere or stage_id in self.stage_ids)


class DealField(msgspec.Struct, frozen=True, kw_only=True):
    """`field_code` is the attribute's name on a deal, or a custom field's 40-character key."""

    field_code: str
    field_name: str
    field_type: str
    is_custom_field: bool = False
    options: list[FieldOption] | None = None
    required_fields: StageRule | None = None
    important_fields: StageRule | None = None

    def is_required_in(self, stage_id: int) -> bool:
        return self.required_fields is not None and self.required_fields.covers(stage_id)

    def is_important_in(self, stage_id: int) -> bool:
        return self.important_fields is not None and self.important_fields.covers(stage_id)


async def deal_fields(client: PipedriveReader) -> list[DealField]:
    return await client.get(
        "/api/v2/dealFields", list[DealField], include_fields="important_fields,required_fields", limit=500
    )
