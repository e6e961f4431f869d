"""A few saved filters, shared and private, in each company."""

from typing import Any

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.filter_shapes import FILTER
from pipedrive_emulator.world.records import Record
from pipedrive_emulator.world.seed.people import HUY, JACK, MARTA
from pipedrive_emulator.world.seed.planter import Planter

_SHARED, _PRIVATE = 7, 1
_Row = tuple[str, str, User, int, str, str, str, Any]
_ACME: tuple[_Row, ...] = (
    ("All open deals", "deals", MARTA, _SHARED, "deal", "status", "=", "open"),
    ("Big deals", "deals", JACK, _PRIVATE, "deal", "value", ">=", "50000"),
    ("People without phone", "people", MARTA, _SHARED, "person", "phones", "IS NULL", None),
    ("To do this week", "activity", MARTA, _SHARED, "activity", "due_date", "=", "this_week"),
)
_SAIGON: tuple[_Row, ...] = (
    ("Giao dịch đang mở", "deals", HUY, _SHARED, "deal", "status", "=", "open"),
    ("Giao dịch lớn", "deals", HUY, _PRIVATE, "deal", "value", ">=", "500000000"),
)
_FIELDS = {"deal": "dealFields", "person": "personFields", "activity": "activityFields"}


def plant_filters(planter: Planter) -> None:
    """After the fields, whose numbers the conditions name."""
    for name, kind, owner, visible_to, thing, code, operator, value in (
        _ACME if planter.company.domain == "acme" else _SAIGON
    ):
        field = planter.records.find(_FIELDS[thing], code) or {}
        condition = {
            "object": thing,
            "field_id": str(field["id"]),
            "operator": operator,
            "value": value,
            "extra_value": None,
            "json_value_flag": False,
        }
        times = {"add_time": planter.time(-90), "update_time": planter.time(-90)}
        said = {"name": name, "type": kind, "user_id": owner.id, "visible_to": visible_to}
        planter.add("filters", FILTER, **times, **said, conditions=_groups([condition]))


def _groups(conditions: list[Record]) -> Record:
    every, some = {"glue": "and", "conditions": conditions}, {"glue": "or", "conditions": []}
    return {"glue": "and", "conditions": [every, some]}
