"""Checks that several entities share: does what a body points at exist, and may the caller see it?"""

from collections.abc import Iterable

from pipedrive_emulator.api.entity import Draft
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.world.records import Record

_LINKS = {
    "deal_id": ("deals", "Deal"),
    "person_id": ("persons", "Person"),
    "org_id": ("organizations", "Organization"),
    "lead_id": ("leads", "Lead"),
    "project_id": ("projects", "Project"),
}


def check_links(draft: Draft, *keys: str) -> None:
    """Raises ApiError 400 for a link to a record that the caller cannot see, whatever the reason."""
    for key in keys:
        table, noun = _LINKS[key]
        value = draft.record[key]
        if value is not None and draft.changed(key) and visible(draft.call, table, value) is None:
            raise invalid([(key, f"{noun} {value} was not found")])


def check_owner(draft: Draft) -> None:
    """A new record belongs to its creator unless the body says otherwise."""
    if draft.record["owner_id"] is None:
        draft.record["owner_id"] = draft.call.user.id
    owner = draft.call.colleague(draft.record["owner_id"])
    if draft.changed("owner_id") and (owner is None or not owner.active):
        raise invalid([("owner_id", f"User {draft.record['owner_id']} was not found")])


def check_visibility(draft: Draft, noun: str) -> None:
    """A new record that says nothing is seen as ``<noun>_default_visibility`` of the caller's role has it."""
    if draft.before is None and "visible_to" not in draft.changes:
        role = draft.call.records.find("roles", draft.call.user.visibility_group) or {}
        settings = role.get("settings") or {}
        draft.record["visible_to"] = settings.get(f"{noun}_default_visibility", draft.record["visible_to"])
    if draft.record["visible_to"] not in (1, 3, 5, 7):
        raise invalid([("visible_to", "Parameter 'visible_to' must be one of: 1, 3, 5, 7")])


def check_labels(draft: Draft, fields_table: str) -> None:
    """Raises ApiError 400 for a new label that is no option of the company's label field."""
    field = draft.call.records.find(fields_table, "label_ids") or {}
    known = {option["id"] for option in field.get("options") or ()}
    known.update((draft.before or {}).get("label_ids") or ())
    for label in draft.changes.get("label_ids") or ():
        if label not in known:
            raise invalid([("label_ids", f"Label {label} was not found")])


def primaries(rows: Iterable[Record], defaults: Record) -> list[Record]:
    """Fill rows up, and make sure that exactly one is primary: the first that says so, else the first."""
    filled = [{**defaults, **row} for row in rows]
    chosen = next((place for place, row in enumerate(filled) if row.get("primary")), 0)
    return [{**row, "primary": place == chosen} for place, row in enumerate(filled)]
