"""Activities as API v1 shows them: flags, short times, and the location taken apart."""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.counts import smart_bcc
from pipedrive_emulator.api.v1 import refs
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

_SAME = (
    "id",
    "type",
    "done",
    "subject",
    "public_description",
    "due_date",
    "org_id",
    "person_id",
    "deal_id",
    "lead_id",
    "project_id",
    "note",
    "priority",
    "conference_meeting_client",
    "conference_meeting_url",
    "conference_meeting_id",
)
# What this world does not know of an activity: schedulers, reminders, calendars, recurrence.
_NEVER: dict[str, Any] = dict.fromkeys(
    (
        "reference_type",
        "reference_id",
        "last_notification_time",
        "last_notification_user_id",
        "notification_language_id",
        "calendar_sync_include_context",
        "gcal_event_id",
        "google_calendar_id",
        "google_calendar_etag",
        "source_timezone",
        "rec_rule",
        "rec_rule_extension",
        "rec_master_activity_id",
        "file",
    )
)


def activity(call: Call, record: Record) -> dict[str, Any]:
    """The v1 object of an activity; names of what it is linked to stand in it too."""
    return (
        {name: record.get(name) for name in _SAME}
        | _NEVER
        | {
            "company_id": call.company.id,
            "user_id": record["owner_id"],
            "assigned_to_user_id": record["owner_id"],
            "created_by_user_id": record["creator_user_id"],
            "update_user_id": None,
            "due_time": (record["due_time"] or "")[:5],
            "duration": (record["duration"] or "")[:5],
            "busy_flag": record["busy"],
            "active_flag": not record["is_deleted"],
            "add_time": v1_form(record["add_time"]),
            "update_time": v1_form(record["update_time"]),
            "marked_as_done_time": v1_form(record["marked_as_done_time"]) or "",
            "series": [],
        }
        | _location(record)
        | _guests(record)
        | _names(call, record)
    )


def _location(record: Record) -> dict[str, Any]:
    parts = record["location"] or {}
    shown: dict[str, Any] = {f"location_{part}": parts.get(part) for part in shapes.ADDRESS_PARTS[1:]}
    return {"location": parts.get("value")} | shown


def _guests(record: Record) -> dict[str, Any]:
    names = ("name", "status", "person_id", "user_id")
    return {
        "attendees": [
            {"email_address": row["email"], "is_organizer": int(row["is_organizer"])}
            | {name: row[name] for name in names}
            for row in record.get("attendees") or ()
        ],
        "participants": [
            {"person_id": row["person_id"], "primary_flag": row["primary"]} for row in record["participants"]
        ],
    }


def _names(call: Call, record: Record) -> dict[str, Any]:
    found = {table: refs.seen(call, table, record[key]) or {} for table, key in _LINKS}
    owner = call.colleague(record["owner_id"])
    deal = found["deals"]
    return {
        "org_name": found["organizations"].get("name"),
        "person_name": found["persons"].get("name"),
        "deal_title": deal.get("title"),
        "owner_name": owner.name if owner else None,
        "person_dropbox_bcc": f"{call.company.domain}@pipedrivemail.example",
        "deal_dropbox_bcc": smart_bcc("deal")(call, deal) if deal else None,
    }


_LINKS = (("organizations", "org_id"), ("persons", "person_id"), ("deals", "deal_id"))
