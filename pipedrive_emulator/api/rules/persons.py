"""Persons: names split, contacts with one primary, and who belongs to a deal.

https://developers.pipedrive.com/docs/api/v1/Persons (version 2).
"""

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.rules.counts import activity_extras, deal_counts, smart_bcc, stored, zero
from pipedrive_emulator.api.rules.links import check_links, check_owner, check_visibility, primaries
from pipedrive_emulator.api.visibility import sees, visible
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record


def _prepare(draft: Draft) -> None:
    check_owner(draft)
    check_visibility(draft)
    check_links(draft, "org_id")
    record = draft.record
    first, _, last = record["name"].strip().partition(" ")
    record["first_name"], record["last_name"] = first, last.strip() or None
    for key in ("emails", "phones"):
        record[key] = primaries(record[key] or (), {"value": None, "primary": False, "label": "work"})


def _of_deal(call: Call, record: Record, deal_id: int) -> bool:
    """The contact person and, by the switch, the participants of a deal that the caller sees."""
    deal = visible(call, "deals", deal_id)
    if deal is None:
        return False
    if call.switches.get("persons_by_deal") == "main_only":
        return bool(deal["person_id"] == record["id"])
    links = [(row["deal_id"], row["person_id"]) for row in call.records.all("deal_participants")]
    return deal["person_id"] == record["id"] or (deal_id, record["id"]) in links


PERSONS = Entity(
    table="persons",
    noun="Person",
    blank=shapes.PERSON,
    needed=("name",),
    firm=("owner_id", "visible_to"),
    fields_table="personFields",
    see=sees("persons"),
    prepare=_prepare,
    filters={"deal_id": _of_deal},
    extras={
        **activity_extras("person_id"),
        **deal_counts("person_id"),
        **stored("last_incoming_mail_time", "last_outgoing_mail_time", "marketing_status", "doi_status"),
        **zero(
            "related_open_deals_count",
            "related_closed_deals_count",
            "related_won_deals_count",
            "related_lost_deals_count",
            "participant_open_deals_count",
            "participant_closed_deals_count",
            "email_messages_count",
            "files_count",
            "notes_count",
            "followers_count",
        ),
        "smart_bcc_email": smart_bcc("person"),
    },
)

OPERATIONS = crud("v2/persons", PERSONS)
