"""Stages in API v1, https://developers.pipedrive.com/docs/api/v1/Stages (version 1)."""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record


def stage(call: Call, record: Record) -> dict[str, Any]:
    pipeline = call.records.find("pipelines", record["pipeline_id"]) or {}
    return {
        "id": record["id"],
        "order_nr": record["order_nr"],
        "name": record["name"],
        "active_flag": not record["is_deleted"],
        "deal_probability": record["deal_probability"],
        "pipeline_id": record["pipeline_id"],
        "rotten_flag": record["is_deal_rot_enabled"],
        "rotten_days": record["days_to_rotten"],
        "add_time": v1_form(record["add_time"]),
        "update_time": v1_form(record["update_time"]),
        "pipeline_name": pipeline.get("name"),
        "pipeline_deal_probability": bool(pipeline.get("is_deal_probability_enabled")),
    }
