"""Leads: bound to a person or an organization, labelled, and told where they come from.

https://developers.pipedrive.com/docs/api/v1/Leads. They have the custom fields of deals.
"""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.custom_fields import merged
from pipedrive_emulator.api.errors import ApiError, refused
from pipedrive_emulator.api.rules import filtering
from pipedrive_emulator.api.rules.currencies import has_currency
from pipedrive_emulator.api.v1 import custom_fields
from pipedrive_emulator.api.v1.leads import lead
from pipedrive_emulator.api.v1.pages import offset_page
from pipedrive_emulator.api.v1.sorting import in_order
from pipedrive_emulator.api.visibility import permitted, sees, visible
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

SOURCES = (
    "Manually created",
    "Deal",
    "Web forms",
    "Prospector",
    "Leadbooster",
    "Live chat",
    "Import",
    "Website visitors",
    "Workflow automation",
    "API",
)
_FIRM = ("title", "owner_id", "visible_to", "label_ids", "was_seen", "is_archived")
_EQUALITY = ("owner_id", "person_id", "organization_id")
_LINKS = {"person_id": ("persons", "Person"), "organization_id": ("organizations", "Organization")}


def all_leads(call: Call) -> Answer:
    return _page(call, is_archived=False)


def archived(call: Call) -> Answer:
    return _page(call, is_archived=True)


def one(call: Call) -> Answer:
    return Answer(lead(call, find(call)))


def add(call: Call) -> Answer:
    changes = _read(call, {})
    blank = {**shapes.LEAD, "is_deleted": False, "custom_fields": {}, "creator_id": call.user.id}
    record = {"id": str(uuid4()), **blank, "owner_id": call.user.id, "add_time": call.time, **changes}
    return Answer(lead(call, _kept(call, record)))


def change(call: Call) -> Answer:
    """Only what is sent changes; an archived lead must be brought back first, or by the same request."""
    before = find(call)
    changes = _read(call, before)
    if before["is_archived"] and changes.get("is_archived", True):
        raise refused(403, "Archived leads cannot be changed.")
    return Answer(lead(call, _kept(call, {**before, **changes})))


def remove(call: Call) -> Answer:
    record = find(call)
    call.records.put("leads", record["id"], {**record, "is_deleted": True, "update_time": call.time})
    return Answer({"id": record["id"]})


def permitted_users(call: Call) -> Answer:
    return Answer(permitted(call, sees("leads"), find(call)))


def sources(_: Call) -> Answer:
    return Answer([{"name": name} for name in SOURCES])


def find(call: Call) -> Record:
    """The lead that the path names; ApiError 404 when the caller has none of that id."""
    record = visible(call, "leads", call.variables["id"])
    if record is None:
        raise not_found()
    return record


def not_found() -> ApiError:
    error = refused(404, "requested lead not found")
    error.body["error_info"] = "Object was not found."
    return error


def _page(call: Call, *, is_archived: bool) -> Answer:
    test = filtering.wanted(call, "leads")
    rows = [
        row
        for row in call.records.all("leads")
        if row["is_archived"] == is_archived and _wanted(call, row) and (test is None or test(row))
    ]
    names = call.operation.query["sort"].split("|")
    page, marks = offset_page(call, in_order(call, rows, names, default="add_time"))
    return Answer([lead(call, row) for row in page], marks)


def _wanted(call: Call, row: Record) -> bool:
    """A filter goes before owner, person and organization."""
    if row["is_deleted"] or not sees("leads")(call, row):
        return False
    since = call.query.get("updated_since")
    if since is not None and row["update_time"] < since:
        return False
    return "filter_id" in call.query or all(call.query.get(key) in (None, row[key]) for key in _EQUALITY)


def _read(call: Call, before: Record) -> dict[str, Any]:
    """The body as keys of the record.

    Raises:
        ApiError: 400 for what a lead cannot be.
    """
    changes = read_leniently(call)
    own = custom_fields.nested(call, "dealFields", call.body or {}, before.get("custom_fields"))
    changes["custom_fields"] = merged(before.get("custom_fields", {}), own)
    if missing := next((key for key in _FIRM if key in changes and changes[key] in (None, "")), None):
        raise refused(400, f"Bad request: {missing} cannot be empty.")
    _check_links(call, before, changes)
    _check_visibility(changes)
    _check_labels(call, changes)
    _check_value(call, changes.get("value"))
    return changes


def _check_links(call: Call, before: Record, changes: Mapping[str, Any]) -> None:
    after = {**dict.fromkeys(_LINKS), **before, **changes}
    if all(after[key] is None for key in _LINKS):
        raise refused(400, "A lead must be linked to a person or an organization.")
    for key, (table, noun) in _LINKS.items():
        value = changes.get(key)
        if value is not None and value != before.get(key) and visible(call, table, value) is None:
            raise refused(400, f"{noun} {value} was not found.")
    owner = changes.get("owner_id")
    found = call.colleague(owner)
    if owner is not None and owner != before.get("owner_id") and (found is None or not found.active):
        raise refused(400, f"User {owner} was not found.")


def _check_visibility(changes: dict[str, Any]) -> None:
    if "visible_to" in changes:
        if changes["visible_to"] not in ("1", "3", "5", "7"):
            raise refused(400, "Bad request: visible_to must be one of: 1, 3, 5, 7.")
        changes["visible_to"] = int(changes["visible_to"])


def _check_labels(call: Call, changes: Mapping[str, Any]) -> None:
    for label in changes.get("label_ids", ()):
        if call.records.find("leadLabels", label) is None:
            raise refused(400, f"Lead label {label} was not found.")


def _check_value(call: Call, value: Mapping[str, Any] | None) -> None:
    if value is not None and not has_currency(call, value["currency"]):
        raise refused(400, f"Currency {value['currency']} was not found.")


def _kept(call: Call, record: Record) -> Record:
    archive_time = (record.get("archive_time") or call.time) if record["is_archived"] else None
    kept = {**record, "archive_time": archive_time, "update_time": call.time}
    return call.records.put("leads", record["id"], kept)


OPERATIONS = {
    "GET v1/leads": all_leads,
    "GET v1/leads/archived": archived,
    "POST v1/leads": add,
    "GET v1/leads/{id}": one,
    "PATCH v1/leads/{id}": change,
    "DELETE v1/leads/{id}": remove,
    "GET v1/leads/{id}/permittedUsers": permitted_users,
    "GET v1/leadSources": sources,
}
