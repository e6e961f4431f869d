"""Short forms of users, persons and organizations inside other records of API v1, and ``related_objects``."""

from collections.abc import Iterable
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.visibility import sees
from pipedrive_emulator.world.records import Key, Record

Ref = dict[str, Any]


def user(call: Call, user_id: int | None) -> Ref | None:
    """``{id, name, email, has_pic, pic_hash, active_flag, value}``; null for nobody of this company."""
    found = call.colleague(user_id)
    return None if found is None else {**_user(call, found.id), "value": found.id}


def person(call: Call, person_id: int | None) -> Ref | None:
    """Null for one that the caller may not see; a deleted one is shown, not active."""
    found = seen(call, "persons", person_id)
    return None if found is None else {**_person(found), "value": found["id"]}


def organization(call: Call, org_id: int | None) -> Ref | None:
    """Null for one that the caller may not see; a deleted one is shown, not active."""
    found = seen(call, "organizations", org_id)
    return None if found is None else {**_organization(call, found), "value": found["id"]}


def seen(call: Call, table: str, key: Key | None) -> Record | None:
    """The record, deleted or not, that the caller may see; else None."""
    found = call.records.find(table, key)
    return found if found is not None and sees(table)(call, found) else None


def related(
    call: Call,
    *,
    users: Iterable[int | None] = (),
    persons: Iterable[int | None] = (),
    organizations: Iterable[int | None] = (),
) -> dict[str, dict[str, Ref]]:
    """``related_objects``: each kind by id, kinds without a record left out."""
    people = [seen(call, "persons", key) for key in persons]
    firms = [seen(call, "organizations", key) for key in organizations]
    kinds = {
        "user": {str(key): _user(call, key) for key in users if key is not None and call.colleague(key)},
        "person": {str(row["id"]): {"id": row["id"], **_person(row)} for row in people if row},
        "organization": {
            str(row["id"]): {"id": row["id"], **_organization(call, row)} for row in firms if row
        },
    }
    return {kind: rows for kind, rows in kinds.items() if rows}


def owner_name(call: Call, owner_id: int | None) -> str | None:
    owner = call.colleague(owner_id)
    return None if owner is None else owner.name


def _user(call: Call, user_id: int) -> Ref:
    found = call.colleague(user_id)
    return {
        "id": user_id,
        "name": found.name if found else None,
        "email": found.email if found else None,
        "has_pic": False,
        "pic_hash": None,
        "active_flag": bool(found and found.active),
    }


def _person(record: Record) -> Ref:
    return {
        "active_flag": not record["is_deleted"],
        "name": record["name"],
        "email": contacts(record["emails"]),
        "phone": contacts(record["phones"]),
        "owner_id": record["owner_id"],
    }


def contacts(rows: list[Record]) -> list[Record]:
    """v1 shows one empty row for a person without any."""
    return [dict(row) for row in rows] or [{"value": "", "primary": True, "label": "work"}]


def _organization(call: Call, record: Record) -> Ref:
    people = call.records.where("persons", "org_id", record["id"])
    return {
        "name": record["name"],
        "people_count": sum(not row["is_deleted"] for row in people),
        "owner_id": record["owner_id"],
        "address": (record["address"] or {}).get("value"),
        "active_flag": not record["is_deleted"],
        "cc_email": f"{call.company.domain}@pipedrivemail.example",
    }
