"""Organizations, https://developers.pipedrive.com/docs/api/v1/Organizations (version 2)."""

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.rules.counts import activity_extras, deal_counts, smart_bcc, zero
from pipedrive_emulator.api.rules.links import check_owner, check_visibility
from pipedrive_emulator.api.visibility import sees
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record


def _prepare(draft: Draft) -> None:
    check_owner(draft)
    check_visibility(draft)
    if draft.record["address"] is not None:
        draft.record["address"] = dict.fromkeys(shapes.ADDRESS_PARTS) | draft.record["address"]


def _people(call: Call, record: Record) -> int:
    persons = call.records.all("persons")
    return sum(person["org_id"] == record["id"] and not person["is_deleted"] for person in persons)


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
        **zero(
            "related_open_deals_count",
            "related_closed_deals_count",
            "related_won_deals_count",
            "related_lost_deals_count",
            "email_messages_count",
            "files_count",
            "notes_count",
            "followers_count",
        ),
        "people_count": _people,
        "smart_bcc_email": smart_bcc("org"),
    },
)

OPERATIONS = crud("v2/organizations", ORGANIZATIONS)
