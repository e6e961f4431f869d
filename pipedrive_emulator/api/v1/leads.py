"""Leads, which API v1 alone reads and writes, https://developers.pipedrive.com/docs/api/v1/Leads."""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.counts import activity_extras
from pipedrive_emulator.api.v1 import custom_fields
from pipedrive_emulator.api.v1.times import with_milliseconds
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

_NEXT_ACTIVITY = activity_extras("lead_id")["next_activity_id"]


def lead(call: Call, record: Record) -> dict[str, Any]:
    """Custom fields of deals stand at the root, only those that have a value."""
    own = custom_fields.flat(call, "dealFields", record)
    return {
        "id": record["id"],
        **{key: record.get(key) for key in shapes.LEAD},
        "next_activity_id": _NEXT_ACTIVITY(call, record),
        "add_time": with_milliseconds(record["add_time"]),
        "update_time": with_milliseconds(record["update_time"]),
        "visible_to": str(record["visible_to"]),
        "cc_email": _mail_address(call, record),
        **{key: value for key, value in own.items() if value is not None},
    }


def _mail_address(call: Call, record: Record) -> str:
    return (
        f"{call.company.domain}+{call.company.id}+lead{record['id'].replace('-', '')}@pipedrivemail.example"
    )
