"""Activities: the primary participant is the person, being done has a time.

https://developers.pipedrive.com/docs/api/v1/Activities (version 2). Linking a deal links neither its person
nor its organization: no page says that the API would.
"""

from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.rules.counts import stored
from pipedrive_emulator.api.rules.links import check_links, check_owner, primaries
from pipedrive_emulator.api.visibility import linked, visible
from pipedrive_emulator.world import shapes

_ATTENDEE = {
    "email": None,
    "name": None,
    "status": "noreply",
    "is_organizer": False,
    "person_id": None,
    "user_id": None,
}


def _prepare(draft: Draft) -> None:
    check_owner(draft)
    _settle_type(draft)
    _settle_participants(draft)
    check_links(draft, "deal_id", "org_id")
    _settle_times(draft)
    _fill_up(draft)
    if draft.before is None:
        draft.record["creator_user_id"] = draft.call.user.id


def _settle_type(draft: Draft) -> None:
    """Without a type it is a call, without a subject it is called like its type."""
    kinds = {kind["key_string"]: kind["name"] for kind in draft.call.records.all("activityTypes")}
    record = draft.record
    record["type"] = record["type"] or "call"
    if record["type"] not in kinds:
        raise invalid([("type", f"Parameter 'type' must be one of: {', '.join(kinds)}")])
    record["subject"] = record["subject"] or kinds[record["type"]]


def _settle_participants(draft: Draft) -> None:
    """``person_id`` is not writable: it follows the primary participant."""
    record = draft.record
    record["participants"] = primaries(record["participants"] or (), {"person_id": None, "primary": False})
    if "participants" in draft.changes:
        for row in record["participants"]:
            if visible(draft.call, "persons", row["person_id"]) is None:
                raise invalid([("participants", f"Person {row['person_id']} was not found")])
    primary = [row["person_id"] for row in record["participants"] if row["primary"]]
    record["person_id"] = primary[0] if primary else None


def _settle_times(draft: Draft) -> None:
    record = draft.record
    for key in ("due_time", "duration"):
        if record[key] is not None and len(record[key]) == len("09:00"):
            record[key] += ":00"
    if draft.changed("done"):
        record["marked_as_done_time"] = draft.call.time if record["done"] else None


def _fill_up(draft: Draft) -> None:
    """Answers have every part of a location and of an attendee, also those that nobody has said."""
    record = draft.record
    if record["location"] is not None:
        record["location"] = dict.fromkeys(shapes.ADDRESS_PARTS) | record["location"]
    record["attendees"] = [_ATTENDEE | row for row in record.get("attendees") or ()]


ACTIVITIES = Entity(
    table="activities",
    noun="Activity",
    blank=shapes.ACTIVITY,
    firm=("owner_id", "busy", "done", "type", "subject"),
    see=linked,
    prepare=_prepare,
    extras=stored("attendees"),
)

OPERATIONS = crud("v2/activities", ACTIVITIES)
