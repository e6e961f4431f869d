"""Participants of deals, https://developers.pipedrive.com/docs/api/v1/Deals (participants).

The contact person takes part as long as it is the contact person; the row that says so is made when somebody
first asks, and marked ``is_contact``.
"""

from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules.deal_parts import number, open_to_change, part
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.v1 import refs
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.persons import person_with_links
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.world.records import Record

TABLE, CHANGES, NOUN = "deal_participants", "deal_participant_changes", "Participant"


def of_one(call: Call) -> Answer:
    deal = parent(call, "deals")
    rows = [row for row in participants(call, deal) if visible(call, "persons", row["person_id"])]
    found, marks = offset_page(call, rows)
    return Answer([_shown(call, deal, row) for row in found], nested(marks), _related(call, found))


def add(call: Call) -> Answer:
    deal = open_to_change(call)
    person_id = read_leniently(call)["person_id"]
    if visible(call, "persons", person_id) is None:
        raise refused(400, f"Person {person_id} was not found.")
    if person_id in [row["person_id"] for row in participants(call, deal)]:
        raise refused(400, "This person is a participant of the deal already.")
    row = join(call, deal["id"], person_id)
    return Answer(_shown(call, deal, row), related_objects=_related(call, [row]))


def remove(call: Call) -> Answer:
    """Without its row the contact person is the contact person no longer."""
    deal = open_to_change(call)
    participants(call, deal)
    row = part(call, TABLE, NOUN, deal, number(call, "deal_participant_id"))
    leave(call, row)
    if row["person_id"] == deal["person_id"]:
        call.records.put("deals", deal["id"], {**deal, "person_id": None, "update_time": call.time})
    return Answer({"id": row["id"]})


def changes(call: Call) -> Answer:
    deal = parent(call, "deals")
    rows, cursor = page(call, call.records.where(CHANGES, "deal_id", deal["id"]))
    keys = ("actor_user_id", "person_id", "action")
    shown = [{**{key: row[key] for key in keys}, "time": v1_form(row["time"])} for row in rows]
    return Answer(shown, {"next_cursor": cursor})


def participants(call: Call, deal: Record) -> list[Record]:
    """The rows of the deal, its present contact person's among them, a former one's not."""
    for row in call.records.where(TABLE, "deal_id", deal["id"]):
        if row.get("is_contact") and row["person_id"] != deal["person_id"]:
            call.records.remove(TABLE, row["id"])
    rows = call.records.where(TABLE, "deal_id", deal["id"])
    if deal["person_id"] is None or deal["person_id"] in [row["person_id"] for row in rows]:
        return rows
    about = {"deal_id": deal["id"], "person_id": deal["person_id"], "is_contact": True}
    contact = about | {"add_time": deal["add_time"], "added_by_user_id": deal["creator_user_id"]}
    return [*rows, call.records.add(TABLE, contact)]


def join(call: Call, deal_id: int, person_id: int) -> Record:
    """Let the person take part, and remember who saw to it."""
    row = {"deal_id": deal_id, "person_id": person_id, "add_time": call.time}
    _note(call, row, "added")
    return call.records.add(TABLE, row | {"added_by_user_id": call.user.id})


def leave(call: Call, row: Record) -> None:
    call.records.remove(TABLE, row["id"])
    _note(call, row, "removed")


def _note(call: Call, row: Record, action: str) -> None:
    about = {"deal_id": row["deal_id"], "person_id": row["person_id"], "action": action}
    call.records.add(CHANGES, about | {"actor_user_id": call.user.id, "time": call.time})


def _shown(call: Call, deal: Record, row: Record) -> dict[str, Any]:
    record = call.records.find("persons", row["person_id"])
    if record is None:
        raise not_found("Person")
    return {
        "id": row["id"],
        "person_id": refs.person(call, record["id"]),
        "add_time": v1_form(row["add_time"]),
        "active_flag": True,
        "related_item_data": {"deal_id": deal["id"], "title": deal["title"]},
        "person": _person(call, record),
        "added_by_user_id": refs.user(call, _adder(call, row)),
        "related_item_type": "deal",
        "related_item_id": deal["id"],
    }


def _person(call: Call, record: Record) -> dict[str, Any]:
    """Here alone ``has_pic`` is a number."""
    shown = person_with_links(call, record)
    owner = shown["owner_id"] and {**shown["owner_id"], "has_pic": 0}
    return {**shown, "owner_id": owner, "sync_needed": False}


def _adder(call: Call, row: Record) -> int | None:
    """Seeded rows were added by whoever owns the deal."""
    deal = call.records.find("deals", row["deal_id"]) or {}
    adder: int | None = row.get("added_by_user_id", deal.get("owner_id"))
    return adder


def _related(call: Call, rows: list[Record]) -> dict[str, Any]:
    people = [row for row in (call.records.find("persons", row["person_id"]) for row in rows) if row]
    return refs.related(
        call,
        users=[*(row["owner_id"] for row in people), *(_adder(call, row) for row in rows)],
        persons=[row["id"] for row in people],
        organizations=[row["org_id"] for row in people],
    )


OPERATIONS = {
    "GET v1/deals/{id}/participants": of_one,
    "POST v1/deals/{id}/participants": add,
    "DELETE v1/deals/{id}/participants/{deal_participant_id}": remove,
    "GET v1/deals/{id}/participantsChangelog": changes,
}
