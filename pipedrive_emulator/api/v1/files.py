"""A file as API v1 shows it, https://developers.pipedrive.com/docs/api/v1/Files."""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.related import LINKS, title_of
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record

_TITLES = {
    "deal_name": "deal_id",
    "person_name": "person_id",
    "org_name": "org_id",
    "product_name": "product_id",
    "lead_name": "lead_id",
    "project_name": "project_id",
}


def file(call: Call, record: Record) -> dict[str, Any]:
    """All keys; what it is not linked to is null, with an empty name."""
    return {
        "id": record["id"],
        "user_id": record["user_id"],
        **{key: record[key] for key in LINKS},
        "log_id": None,
        "add_time": v1_form(record["add_time"]),
        "update_time": v1_form(record["update_time"]),
        "file_name": record["file_name"],
        "file_type": record["file_type"],
        "file_size": record["file_size"],
        "active_flag": not record["is_deleted"],
        "inline_flag": False,
        "remote_location": record["remote_location"],
        "remote_id": record["remote_id"],
        "cid": "",
        "s3_bucket": "",
        "mail_message_id": record["mail_message_id"],
        "mail_template_id": "",
        **{name: title_of(call, key, record[key]) for name, key in _TITLES.items()},
        "people_name": title_of(call, "person_id", record["person_id"]),
        "url": f"{call.origin}/api/v1/files/{record['id']}/download",
        "name": record["name"],
        "description": record["description"],
    }
