"""Products in API v1: https://developers.pipedrive.com/docs/api/v1/Products (version 1)."""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.v1 import refs
from pipedrive_emulator.api.v1.custom_fields import flat
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record

_SAME = ("id", "name", "unit", "tax", "billing_frequency", "billing_frequency_cycles")


def product(call: Call, record: Record) -> dict[str, Any]:
    """``category`` is the text of an option's id; the direct cost is called overhead here."""
    category = record["category"]
    return {
        **{key: record[key] for key in _SAME},
        **{key: record[key] or None for key in ("code", "description")},
        "category": None if category is None else str(category),
        "active_flag": not record["is_deleted"],
        "selectable": record["is_linkable"],
        "first_char": record["name"][:1].lower(),
        "visible_to": str(record["visible_to"]),
        "owner_id": refs.user(call, record["owner_id"]),
        "files_count": len(call.records.where("files", "product_id", record["id"])) or None,
        "add_time": v1_form(record["add_time"]),
        "update_time": v1_form(record["update_time"]),
        "prices": [_price(record, place, row) for place, row in enumerate(record["prices"], 1)],
        **flat(call, "productFields", record),
    }


def _price(record: Record, place: int, row: Record) -> dict[str, Any]:
    same = {name: row[name] for name in ("price", "currency", "cost", "notes")}
    return {"id": place, "product_id": record["id"], **same, "overhead_cost": row["direct_cost"]}
