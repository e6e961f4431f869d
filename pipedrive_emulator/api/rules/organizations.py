"""Organizations, https://developers.pipedrive.com/docs/api/v1/Organizations (version 2)."""

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.rules.counts import (
    activity_extras,
    deal_counts,
    item_counts,
    linked_count,
    related_counts,
    smart_bcc,
)
from pipedrive_emulator.api.rules.links import check_labels, check_owner, check_visibility
from pipedrive_emulator.api.visibility import sees
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record


def _prepare(draft: Draft) -> None:
    check_owner(draft)
    check_visibility(draft, "org")
    check_labels(draft, "organizationFields")
    if draft.record["address"] is not None:
        draft.record["address"] = dict.fromkeys(shapes.ADDRESS_PARTS) | draft.record["address"]


def _relatives_deals(call: Call, record: Record) -> list[Record]:
    """Deals of the organizations that this one is in a relationship with."""
    others = {other for _, other in relations(call, record["id"])}
    return [deal for other in others for deal in call.records.where("deals", "org_id", other)]


def relations(call: Call, org_id: int) -> list[tuple[Record, int]]:
    """Each relationship of the organization, with the other one's number."""
    found = call.records.where("organizationRelationships", "rel_owner_org_id", org_id)
    other = call.records.where("organizationRelationships", "rel_linked_org_id", org_id)
    return [(row, row["rel_linked_org_id"]) for row in found] + [
        (row, row["rel_owner_org_id"]) for row in other
    ]


ORGANIZATIONS = Entity(
    table="organizations",
    noun="Organization",
    blank=shapes.ORGANIZATION,
    needed=("name",),
    firm=("owner_id", "visible_to"),
    fields_table="organizationFields",
    see=sees("organizations"),
    prepare=_prepare,
    extras={
        **activity_extras("org_id"),
        **deal_counts("org_id"),
        **related_counts(_relatives_deals),
        **item_counts("organizations", "org_id"),
        "people_count": linked_count("persons", "org_id"),
        "smart_bcc_email": smart_bcc("org"),
    },
)

OPERATIONS = crud("v2/organizations", ORGANIZATIONS)
