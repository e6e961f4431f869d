"""Which stage follows, and which fields it asks for. Pure.

Pipedrive asks for required and important fields on its own screens only; the API never refuses for them.
https://developers.pipedrive.com/docs/api/v1/DealFields
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace_app.pipedrive.resources.deal_fields import DealField
from marketplace_app.pipedrive.resources.deals import Deal
from marketplace_app.pipedrive.resources.stages import Stage

_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Slot:
    """A field that a stage asks for."""

    name: str
    is_required: bool
    is_filled: bool


def following_stage(deal: Deal, stages: Iterable[Stage]) -> Stage | None:
    """The next one of the same pipeline, None when the deal is in the last."""
    line = _pipeline_order(deal, stages)
    ids = [stage.id for stage in line]
    if deal.stage_id not in ids:
        return None
    rest = line[ids.index(deal.stage_id) + 1 :]
    return rest[0] if rest else None


def slots(deal: Deal, fields: Iterable[DealField], stage_id: int) -> list[Slot]:
    """Required ones first."""
    asked = [
        Slot(field.field_name, field.is_required_in(stage_id), is_filled(deal, field))
        for field in fields
        if field.is_required_in(stage_id) or field.is_important_in(stage_id)
    ]
    return sorted(asked, key=lambda slot: not slot.is_required)


def missing_required(deal: Deal, fields: Iterable[DealField], stage_id: int) -> list[str]:
    return [slot.name for slot in slots(deal, fields, stage_id) if slot.is_required and not slot.is_filled]


def is_filled(deal: Deal, field: DealField) -> bool:
    """A field that we do not read counts as filled: better silent than wrong."""
    if field.is_custom_field:
        return _has_content(deal.custom_fields.get(field.field_code))
    if field.field_code == "value":
        return deal.value != 0
    return _has_content(getattr(deal, field.field_code, True))


def _has_content(value: Any) -> bool:
    """Money, times and addresses are objects whose `value` is what counts."""
    if isinstance(value, dict):
        return _has_content(value.get("value"))
    return value not in _EMPTY


def _pipeline_order(deal: Deal, stages: Iterable[Stage]) -> Sequence[Stage]:
    own = [stage for stage in stages if stage.pipeline_id == deal.pipeline_id and not stage.is_deleted]
    return sorted(own, key=lambda stage: (stage.order_nr, stage.id))
