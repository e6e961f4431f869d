"""Notes and their comments in API v1, their only version.

https://developers.pipedrive.com/docs/api/v1/Notes.
"""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.related import seen
from pipedrive_emulator.api.v1.times import v1_form, with_milliseconds
from pipedrive_emulator.world.records import Record

# The link of a note -> under which key, from which table, by which name its answer tells of it.
LINKED = {
    "deal_id": ("deal", "deals", "title"),
    "org_id": ("organization", "organizations", "name"),
    "person_id": ("person", "persons", "name"),
    "project_id": ("project", "projects", "title"),
    "task_id": ("task", "tasks", "title"),
}
PINS = {
    "pinned_to_lead_flag": "lead_id",
    "pinned_to_deal_flag": "deal_id",
    "pinned_to_organization_flag": "org_id",
    "pinned_to_person_flag": "person_id",
    "pinned_to_project_flag": "project_id",
    "pinned_to_task_flag": "task_id",
}


def note(call: Call, record: Record) -> dict[str, Any]:
    """The object of a note; what it is linked to stands in it by name."""
    return {
        "id": record["id"],
        "active_flag": not record["is_deleted"],
        "add_time": v1_form(record["add_time"]),
        "update_time": v1_form(record["update_time"]),
        "content": record["content"],
        "lead_id": record["lead_id"],
        **{link: record[link] for link in LINKED},
        **{key: _name(call, record, link) for link, (key, _, _) in LINKED.items()},
        **{pin: record[pin] for pin in PINS},
        "user_id": record["user_id"],
        "last_update_user_id": record["last_update_user_id"],
        "user": _author(call, record["user_id"]),
    }


def comment(call: Call, record: Record) -> dict[str, Any]:
    return {
        "uuid": record["uuid"],
        "active_flag": True,
        "add_time": with_milliseconds(record["add_time"]),
        "update_time": with_milliseconds(record["update_time"]),
        "company_id": call.company.id,
        "content": record["content"],
        "object_id": str(record["note_id"]),
        "object_type": "note",
        "updater_id": record["updater_id"],
        "user_id": record["user_id"],
    }


def _name(call: Call, record: Record, link: str) -> dict[str, Any] | None:
    """Only of what the reader sees: a note is read by whoever sees one of its links."""
    _, table, name = LINKED[link]
    found = call.records.find(table, record[link]) if link == "task_id" else seen(call, link, record[link])
    return None if found is None else {name: found[name]}


def _author(call: Call, user_id: int) -> dict[str, Any] | None:
    user = call.colleague(user_id)
    if user is None:
        return None
    return {"email": user.email, "icon_url": None, "is_you": user.id == call.user.id, "name": user.name}
