"""Deal fields, labels and activity types of a new company; which stage demands which field."""

from collections.abc import Mapping, Sequence
from typing import Any

from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record
from pipedrive_emulator.world.seed.planter import Planter

ACTIVITY_TYPES = ("call", "meeting", "task", "deadline", "email", "lunch")
_LABELS = ({"id": 1, "label": "Hot", "color": "red"}, {"id": 2, "label": "Key account", "color": "green"})

_STANDARD = {
    "id": ("ID", "int"),
    "title": ("Title", "varchar"),
    "value": ("Value", "monetary"),
    "currency": ("Currency", "varchar"),
    "owner_id": ("Owner", "user"),
    "creator_user_id": ("Creator", "user"),
    "person_id": ("Contact person", "people"),
    "org_id": ("Organization", "org"),
    "pipeline_id": ("Pipeline", "double"),
    "stage_id": ("Stage", "stage"),
    "status": ("Status", "status"),
    "label_ids": ("Label", "set"),
    "probability": ("Probability", "double"),
    "lost_reason": ("Lost reason", "varchar"),
    "visible_to": ("Visible to", "visible_to"),
    "expected_close_date": ("Expected close date", "date"),
    "add_time": ("Deal created", "date"),
    "update_time": ("Update time", "date"),
    "stage_change_time": ("Last stage change", "date"),
    "close_time": ("Deal closed on", "date"),
    "won_time": ("Won time", "date"),
    "lost_time": ("Lost time", "date"),
}
_SUBFIELDS = {
    "monetary": (("value", "double"), ("currency", "varchar")),
    "daterange": (("value", "date"), ("until", "date")),
    "address": tuple((part, "varchar") for part in shapes.ADDRESS_PARTS),
}


def plant_activity_types(planter: Planter) -> None:
    for order_nr, kind in enumerate(ACTIVITY_TYPES, 1):
        row = {"name": kind.capitalize(), "key_string": kind, "icon_key": kind, "order_nr": order_nr}
        planter.records.add("activityTypes", row | {"active_flag": True, "is_custom_flag": False})


def plant_standard_fields(planter: Planter, required: Mapping[str, Sequence[int]]) -> None:
    """``required``: field code -> the stages in which it must be filled."""
    for code, (name, kind) in _STANDARD.items():
        labels = list(_LABELS) if code == "label_ids" else None
        row = _field(code, name, kind, labels) | {"is_custom_field": False}
        _plant(planter, row, required.get(code, ()), ())


def plant_custom_field(
    planter: Planter,
    name: str,
    kind: str,
    options: Sequence[str] = (),
    *,
    required: Sequence[int] = (),
    important: Sequence[int] = (),
) -> None:
    numbered = [{"id": number, "label": label} for number, label in enumerate(options, 1)]
    _plant(planter, _field(planter.code(name), name, kind, numbered or None), required, important)


def _field(code: str, name: str, kind: str, options: list[Record] | None) -> Record:
    parts = [{"field_code": part, "field_type": part_kind} for part, part_kind in _SUBFIELDS.get(kind, ())]
    said: dict[str, Any] = {"field_name": name, "field_code": code, "field_type": kind}
    return {**shapes.FIELD, **said, "options": options, "subfields": parts or None}


def _plant(planter: Planter, field: Record, required: Sequence[int], important: Sequence[int]) -> None:
    everywhere = {"show_in_all": True, "pipeline_ids": []}
    rules = {
        "ui_visibility": {
            "add_visible_flag": bool(required),
            "details_visible_flag": True,
            "projects_detail_visible_flag": False,
            "show_in_pipelines": everywhere,
        },
        "important_fields": {"enabled": bool(important), "stage_ids": list(important)},
        "required_fields": {"enabled": bool(required), "stage_ids": list(required), "statuses": {}},
    }
    number = {"id": 1 + len(list(planter.records.all("dealFields")))}
    planter.records.put("dealFields", field["field_code"], number | field | rules)
