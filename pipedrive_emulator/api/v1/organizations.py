"""Organizations in API v1: counts in every answer, the address taken apart.

https://developers.pipedrive.com/docs/api/v1/Organizations (version 1).
"""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.organizations import ORGANIZATIONS
from pipedrive_emulator.api.v1 import contact, custom_fields, refs
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

_SAME = (
    "id",
    "name",
    "owner_id",
    "website",
    "linkedin",
    "industry",
    "annual_revenue",
    "employee_count",
)


def organization(call: Call, record: Record) -> dict[str, Any]:
    """One organization with the ids of its links."""
    return {
        **{name: record[name] for name in _SAME},
        **contact.common(call, ORGANIZATIONS, record),
        "picture_id": None,
        "country_code": None,
        **_address(record),
        **custom_fields.flat(call, "organizationFields", record),
    }


def organization_with_links(call: Call, record: Record) -> dict[str, Any]:
    """The same with its owner as an object, as single answers had it."""
    return organization(call, record) | {"owner_id": refs.user(call, record["owner_id"])}


def related(call: Call, records: list[Record]) -> dict[str, Any]:
    """``related_objects`` of those organizations."""
    return refs.related(
        call,
        users=[record["owner_id"] for record in records],
        organizations=[record["id"] for record in records],
    )


def _address(record: Record) -> dict[str, Any]:
    parts = record["address"] or {}
    shown: dict[str, Any] = {f"address_{part}": parts.get(part) for part in shapes.ADDRESS_PARTS[1:]}
    return {"address": parts.get("value")} | shown
