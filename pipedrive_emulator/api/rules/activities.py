"""Activities: the primary participant is the person, being done has a time.

https://developers.pipedrive.com/docs/api/v1/Activities (version 2). Linking a deal links neither its person
nor its organization, unless the switch activity_links_deal_contacts says so: no page says that the API would.
"""

from collections.abc import Iterable

from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.rules.counts import stored
from pipedrive_emulator.api.rules.links import check_links, check_owner, primaries
from pipedrive_emulator.api.visibility import linked, visible
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

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
    check_links(draft, "deal_id", "org_id", "lead_id", "project_id")
    _link_deal_contacts(draft)
    _settle_participants(draft)
    _check_attendees(draft)
    _settle_times(draft)
    _fill_up(draft)
    if draft.before is None:
        draft.record["creator_user_id"] = draft.call.user.id


def _settle_type(draft: Draft) -> None:
    """Without a type it is a call (the first kind where calls were deleted), without a subject named so."""
    types = draft.call.records.all("activityTypes")
    kept = draft.before["type"] if draft.before else None
    kinds = {
        row["key_string"]: row["name"] for row in types if row["active_flag"] or row["key_string"] == kept
    }
    record = draft.record
    record["type"] = record["type"] or ("call" if "call" in kinds else next(iter(kinds)))
    if record["type"] not in kinds:
        raise invalid([("type", f"Parameter 'type' must be one of: {', '.join(kinds)}")])
    record["subject"] = record["subject"] or kinds[record["type"]]


def _link_deal_contacts(draft: Draft) -> None:
    record = draft.record
    if draft.call.switches.get("activity_links_deal_contacts") == "no" or not draft.changed("deal_id"):
        return
    deal = visible(draft.call, "deals", record["deal_id"]) or {}
    if record["org_id"] is None:
        record["org_id"] = deal.get("org_id")
    if not record["participants"] and deal.get("person_id") is not None:
        record["participants"] = [{"person_id": deal["person_id"], "primary": True}]


def _settle_participants(draft: Draft) -> None:
    """``person_id`` is not writable: it follows the primary participant."""
    record = draft.record
    rows = _once_each(record["participants"] or ())
    record["participants"] = primaries(rows, {"person_id": None, "primary": False})
    if "participants" in draft.changes:
        for row in record["participants"]:
            if visible(draft.call, "persons", row["person_id"]) is None:
                raise invalid([("participants", f"Person {row['person_id']} was not found")])
    primary = [row["person_id"] for row in record["participants"] if row["primary"]]
    record["person_id"] = primary[0] if primary else None


def _once_each(rows: Iterable[Record]) -> list[Record]:
    """Nobody takes part twice; who is named as primary once is it."""
    kept: dict[int, Record] = {}
    for row in rows:
        if row["person_id"] not in kept or row.get("primary"):
            kept[row["person_id"]] = row
    return list(kept.values())


def _check_attendees(draft: Draft) -> None:
    """Guests may be nobody that Pipedrive knows; who is named must be there for the caller."""
    for row in draft.changes.get("attendees") or ():
        person, user = row.get("person_id"), row.get("user_id")
        if person is not None and visible(draft.call, "persons", person) is None:
            raise invalid([("attendees", f"Person {person} was not found")])
        if user is not None and draft.call.colleague(user) is None:
            raise invalid([("attendees", f"User {user} was not found")])


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
