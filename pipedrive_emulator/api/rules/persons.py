"""Persons: names split, contacts with one primary, and who belongs to a deal.

https://developers.pipedrive.com/docs/api/v1/Persons (version 2).
"""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.rules.counts import (
    Extra,
    activity_extras,
    deal_counts,
    item_counts,
    participant_counts,
    related_counts,
    smart_bcc,
    stored,
)
from pipedrive_emulator.api.rules.links import (
    check_labels,
    check_links,
    check_owner,
    check_visibility,
    primaries,
)
from pipedrive_emulator.api.visibility import sees, visible
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

_MULTIPLE = {"value": None, "primary": False, "label": "work"}
# What only companies with contact sync have.
SYNCED: Mapping[str, Any] = {
    "notes": None,
    "im": [],
    "birthday": None,
    "job_title": None,
    "postal_address": None,
}


def _prepare(draft: Draft) -> None:
    check_owner(draft)
    check_visibility(draft, "person")
    check_labels(draft, "personFields")
    check_links(draft, "org_id")
    record = draft.record
    first, _, last = record["name"].strip().partition(" ")
    record["first_name"], record["last_name"] = first, last.strip() or None
    for key in ("emails", "phones"):
        record[key] = primaries(record[key] or (), _MULTIPLE)
    _settle_contact_sync(draft)
    _settle_marketing(draft)


def _settle_contact_sync(draft: Draft) -> None:
    if not SYNCED.keys() & draft.changes.keys():
        return
    if draft.call.switches.get("contact_sync") == "off":
        raise refused(403, "Contact sync is not enabled for this company.")
    record = draft.record
    record["im"] = primaries(record.get("im") or (), _MULTIPLE | {"label": "other"})
    if record.get("postal_address") is not None:
        record["postal_address"] = dict.fromkeys(shapes.ADDRESS_PARTS) | record["postal_address"]


def _settle_marketing(draft: Draft) -> None:
    """The status changes once, and only of who can be written to; what is forbidden changes nothing.

    https://developers.pipedrive.com/docs/api/v1/Persons#updatePerson
    """
    wanted, before = draft.changes.get("marketing_status"), draft.before or {}
    draft.record.pop("marketing_status", None)
    kept = before.get("marketing_status")
    if wanted is not None and draft.call.switches.get("campaigns") == "off":
        raise refused(403, "This company does not use Campaigns.")
    if kept is None and wanted not in (None, "no_consent") and draft.record["emails"]:
        kept = wanted
    if kept is not None:
        draft.record["marketing_status"] = kept


def _marketing(name: str, default: str | None) -> Extra:
    """Answered to companies with Campaigns; others get null."""

    def shown(call: Call, record: Record) -> Any:
        return record.get(name, default) if call.switches.get("campaigns") == "on" else None

    return shown


def _synced(call: Call, record: Record) -> Mapping[str, Any]:
    if call.switches.get("contact_sync") == "off":
        return {}
    return {key: record.get(key, value) for key, value in SYNCED.items()}


def _colleagues_deals(call: Call, record: Record) -> list[Record]:
    """Deals of the same organization with somebody else."""
    if record["org_id"] is None:
        return []
    deals = call.records.where("deals", "org_id", record["org_id"])
    return [deal for deal in deals if deal["person_id"] != record["id"]]


def _of_deal(call: Call, record: Record, deal_id: int) -> bool:
    """The contact person and, by the switch, the participants of a deal that the caller sees."""
    deal = visible(call, "deals", deal_id)
    if deal is None:
        return False
    if call.switches.get("persons_by_deal") == "main_only":
        return bool(deal["person_id"] == record["id"])
    others = {row["person_id"] for row in call.records.where("deal_participants", "deal_id", deal_id)}
    return deal["person_id"] == record["id"] or record["id"] in others


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
        **participant_counts(),
        **related_counts(_colleagues_deals),
        **item_counts("persons", "person_id"),
        **stored("last_incoming_mail_time", "last_outgoing_mail_time"),
        "marketing_status": _marketing("marketing_status", "no_consent"),
        "doi_status": _marketing("doi_status", None),
        "smart_bcc_email": smart_bcc("person"),
    },
    more=_synced,
)

OPERATIONS = crud("v2/persons", PERSONS)
