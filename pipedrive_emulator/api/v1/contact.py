"""What persons and organizations have in common in API v1."""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.v1 import refs
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record


def common(call: Call, entity: Entity, record: Record) -> dict[str, Any]:
    """Counts, activities, times, labels: the keys that both kinds of contact show."""
    extras = entity.extras
    ids = {name: extras[f"{name}_activity_id"](call, record) for name in ("next", "last")}
    coming = call.records.find("activities", ids["next"]) or {}
    past = call.records.find("activities", ids["last"]) or {}
    labels = record["label_ids"]
    return {
        "company_id": call.company.id,
        **{name: extras[name](call, record) for name in extras if name.endswith("_count")},
        "active_flag": not record["is_deleted"],
        "first_char": (record["name"] or "")[:1].lower(),
        "add_time": v1_form(record["add_time"]),
        "update_time": v1_form(record["update_time"]),
        "visible_to": str(record["visible_to"]),
        "next_activity_id": ids["next"],
        "next_activity_date": coming.get("due_date"),
        "next_activity_time": coming.get("due_time"),
        "last_activity_id": ids["last"],
        "last_activity_date": past.get("due_date"),
        "label": labels[0] if labels else None,
        "label_ids": list(labels),
        "owner_name": refs.owner_name(call, record["owner_id"]),
        "cc_email": extras["smart_bcc_email"](call, record),
    }
