"""Pipelines in API v1, https://developers.pipedrive.com/docs/api/v1/Pipelines (version 1)."""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record


def pipeline(call: Call, record: Record) -> dict[str, Any]:
    """``selected``: the one that stands first, which is where a deal begins."""
    first = min(
        (row["order_nr"], row["id"])
        for row in call.records.all("pipelines")
        if not row["is_deleted"] or row == record
    )
    return {
        "id": record["id"],
        "name": record["name"],
        "url_title": "-".join(str(record["name"]).split()),
        "order_nr": record["order_nr"],
        "active": not record["is_deleted"],
        "deal_probability": record["is_deal_probability_enabled"],
        "add_time": v1_form(record["add_time"]),
        "update_time": v1_form(record["update_time"]),
        "selected": record["id"] == first[1],
    }
