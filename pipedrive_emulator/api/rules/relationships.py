"""Relationships of organizations, https://developers.pipedrive.com/docs/api/v1/OrganizationRelationships.

Of a ``parent`` relationship the owner is the parent. What an answer calculates is said from the side of one
of the two: the parent has a daughter, the daughter a parent, and related ones are related.
"""

from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.rules.organizations import relations
from pipedrive_emulator.api.v1 import refs
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

_TABLE = "organizationRelationships"
_SIDES = ("rel_owner_org_id", "rel_linked_org_id")


def list_of(call: Call) -> Answer:
    """Those of one organization, which must be named."""
    org_id = call.query.get("org_id")
    if org_id is None:
        raise refused(400, "Bad request: org_id is required.")
    if visible(call, "organizations", org_id) is None:
        raise not_found("Organization")
    rows = [row for row, _ in relations(call, org_id) if _is_seen(call, row)]
    page, marks = offset_page(call, sorted(rows, key=lambda row: row["id"]))
    shown = [_shape(call, row) | _calculated(call, row, org_id, with_name=True) for row in page]
    return Answer(shown, nested(marks), _related(call, page))


def get(call: Call) -> Answer:
    """``org_id`` says from whose side to calculate; without it, from the owner's."""
    row = _find(call)
    base = call.query.get("org_id", row["rel_owner_org_id"])
    if base not in (row["rel_owner_org_id"], row["rel_linked_org_id"]):
        raise refused(400, "Bad request: org_id takes no part in this relationship.")
    return Answer(_shape(call, row) | _calculated(call, row, base), related_objects=_related(call, [row]))


def add(call: Call) -> Answer:
    values = _read(call)
    record = {name: values[name] for name in ("type", *_SIDES)}
    _check(call, record, None)
    row = call.records.add(_TABLE, record | {"add_time": call.time, "update_time": call.time})
    return Answer(_shape(call, row), related_objects=_related(call, [row]))


def change(call: Call) -> Answer:
    before = _find(call)
    values = _read(call)
    values = {name: value for name, value in values.items() if name != "org_id" and value is not None}
    record = before | values | {"update_time": call.time}
    _check(call, record, before)
    row = call.records.put(_TABLE, before["id"], record)
    return Answer(_shape(call, row), related_objects=_related(call, [row]))


def delete(call: Call) -> Answer:
    row = _find(call)
    call.records.remove(_TABLE, row["id"])
    return Answer({"id": row["id"]})


def _read(call: Call) -> dict[str, Any]:
    """Earlier answers of this API may be sent back: organizations as objects with ``value``."""
    if isinstance(call.body, dict):
        for side in _SIDES:
            if isinstance(call.body.get(side), dict):
                call.body[side] = call.body[side].get("value")
    return read_leniently(call)


def _check(call: Call, record: Record, itself: Record | None) -> None:
    owner, linked = (record[side] for side in _SIDES)
    for org_id in (owner, linked):
        if visible(call, "organizations", org_id) is None:
            raise refused(400, f"Bad request: Organization {org_id} was not found.")
    if owner == linked:
        raise refused(400, "Bad request: an organization cannot be related to itself.")
    if any(other == linked for row, other in relations(call, owner) if row is not itself):
        raise refused(400, "Bad request: these organizations are in a relationship already.")


def _find(call: Call) -> Record:
    row = call.records.find(_TABLE, whole_number(call.variables["id"]))
    if row is None or not _is_seen(call, row):
        raise not_found("Relationship")
    return row


def _is_seen(call: Call, row: Record) -> bool:
    return all(visible(call, "organizations", row[side]) is not None for side in _SIDES)


def _shape(call: Call, row: Record) -> dict[str, Any]:
    return {
        "id": row["id"],
        "type": row["type"],
        **{side: refs.organization(call, row[side]) for side in _SIDES},
        "add_time": v1_form(row["add_time"]),
        "update_time": v1_form(row["update_time"]),
        "active_flag": "true",
    }


def _calculated(call: Call, row: Record, org_id: int, *, with_name: bool = False) -> dict[str, Any]:
    is_owner = row["rel_owner_org_id"] == org_id
    other = row["rel_linked_org_id" if is_owner else "rel_owner_org_id"]
    kind = row["type"] if row["type"] == "related" else "daughter" if is_owner else "parent"
    shown = {"calculated_type": kind, "calculated_related_org_id": other}
    name = (call.records.find("organizations", other) or {}).get("name")
    return shown | ({"related_organization_name": name} if with_name else {})


def _related(call: Call, rows: list[Record]) -> dict[str, Any]:
    return refs.related(call, organizations=sorted({row[side] for row in rows for side in _SIDES}))


OPERATIONS = {
    "GET v1/organizationRelationships": list_of,
    "POST v1/organizationRelationships": add,
    "GET v1/organizationRelationships/{id}": get,
    "PUT v1/organizationRelationships/{id}": change,
    "DELETE v1/organizationRelationships/{id}": delete,
}
