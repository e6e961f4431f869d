"""Persons in API v1: counts in every answer, contacts as ``email`` and ``phone``.

https://developers.pipedrive.com/docs/api/v1/Persons (version 1).
"""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.persons import PERSONS
from pipedrive_emulator.api.rules.pictures import pictures
from pipedrive_emulator.api.v1 import contact, custom_fields, refs
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record

_SAME = ("id", "name", "first_name", "last_name", "owner_id", "org_id")


def person(call: Call, record: Record) -> dict[str, Any]:
    """One person with the ids of its links."""
    emails = refs.contacts(record["emails"])
    firm = refs.seen(call, "organizations", record["org_id"])
    return {
        **{name: record[name] for name in _SAME},
        **contact.common(call, PERSONS, record),
        "phone": refs.contacts(record["phones"]),
        "email": emails,
        "primary_email": next((row["value"] for row in emails if row["primary"]), None),
        "last_incoming_mail_time": v1_form(record.get("last_incoming_mail_time")),
        "last_outgoing_mail_time": v1_form(record.get("last_outgoing_mail_time")),
        "picture_id": _picture(call, record),
        "org_name": firm["name"] if firm else None,
        **custom_fields.flat(call, "personFields", record),
    }


def person_with_links(call: Call, record: Record) -> dict[str, Any]:
    """The same with owner and organization as objects, as single answers had it."""
    return person(call, record) | {
        "owner_id": refs.user(call, record["owner_id"]),
        "org_id": refs.organization(call, record["org_id"]),
    }


def related(call: Call, records: list[Record]) -> dict[str, Any]:
    """``related_objects`` of those persons."""
    return refs.related(
        call,
        users=[record["owner_id"] for record in records],
        organizations=[record["org_id"] for record in records],
    )


def _picture(call: Call, record: Record) -> dict[str, Any] | None:
    found = call.records.find("pictures", record.get("picture_id"))
    return None if found is None else pictures(call, found) | {"value": found["id"]}
