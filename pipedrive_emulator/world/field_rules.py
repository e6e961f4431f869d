"""What a field says about its place in the web app, by the table it is in; nothing of it binds the API.

https://developers.pipedrive.com/docs/api/v1/DealFields (version 2), include_fields.
"""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.world import shapes

_VISIBLE = {"add_visible_flag": False, "details_visible_flag": True}
_DIALOG = {"show": False, "order": None}
_EVERYWHERE = {"show_in_all": True, "pipeline_ids": []}
_UNIMPORTANT = {"enabled": False, "stage_ids": []}
_OPTIONAL = {"enabled": False}

BLANK: Mapping[str, Mapping[str, Any]] = {
    "dealFields": {
        "ui_visibility": {
            **_VISIBLE,
            "projects_detail_visible_flag": False,
            "show_in_pipelines": _EVERYWHERE,
        },
        "important_fields": _UNIMPORTANT,
        "required_fields": {"enabled": False, "stage_ids": [], "statuses": {}},
    },
    "personFields": {
        "ui_visibility": {**_VISIBLE, "show_in_add_deal_dialog": _DIALOG},
        "important_fields": _UNIMPORTANT,
        "required_fields": _OPTIONAL,
    },
    "organizationFields": {
        "ui_visibility": {
            **_VISIBLE,
            "org_detail_visible_flag": True,
            "person_detail_visible_flag": False,
            "deal_detail_visible_flag": False,
            "show_in_add_deal_dialog": _DIALOG,
            "show_in_add_person_dialog": _DIALOG,
        },
        "important_fields": _UNIMPORTANT,
        "required_fields": _OPTIONAL,
    },
    "productFields": {"ui_visibility": _VISIBLE},
    "projectFields": {
        "ui_visibility": _VISIBLE,
        "important_fields": _UNIMPORTANT,
        "required_fields": _OPTIONAL,
    },
    "activityFields": {"ui_visibility": _VISIBLE},
    "leadFields": {},
    "noteFields": {},
}

_SUBFIELDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "monetary": (("value", "double"), ("currency", "varchar")),
    "daterange": (("value", "date"), ("until", "date")),
    "time": (("value", "time"), ("timezone_id", "int"), ("timezone_name", "varchar")),
    "timerange": (
        ("value", "time"),
        ("until", "time"),
        ("timezone_id", "int"),
        ("timezone_name", "varchar"),
    ),
    "address": tuple((part, "varchar") for part in shapes.ADDRESS_PARTS),
}
_PART_NAMES = {"value": "Value", "currency": "Currency", "until": "End", "timezone_id": "Time zone"}


def subfields(name: str, kind: str) -> list[dict[str, Any]] | None:
    """The parts that a value of that type has, or None."""
    parts = _SUBFIELDS.get(kind)
    if parts is None:
        return None
    return [
        {
            "field_code": part,
            "field_name": f"{_PART_NAMES.get(part, part.replace('_', ' ').capitalize())} of {name}",
            "field_type": part_kind,
        }
        for part, part_kind in parts
    ]
