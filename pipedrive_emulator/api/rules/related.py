"""What files, mails, calls and projects can be linked to: which key names which record, and who sees it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import not_found
from pipedrive_emulator.api.visibility import linked, visible
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Key, Record


@dataclass(frozen=True, slots=True)
class Link:
    """``title`` is the key under which the linked record keeps its name."""

    table: str
    noun: str
    title: str


LINKS: Mapping[str, Link] = {
    "deal_id": Link("deals", "Deal", "title"),
    "person_id": Link("persons", "Person", "name"),
    "org_id": Link("organizations", "Organization", "name"),
    "product_id": Link("products", "Product", "name"),
    "activity_id": Link("activities", "Activity", "subject"),
    "lead_id": Link("leads", "Lead", "title"),
    "project_id": Link("projects", "Project", "title"),
}
_NOUNS = {link.table: link.noun for link in LINKS.values()}


def seen(call: Call, key: str, value: Key | None) -> Record | None:
    """The record behind a link when the caller may see it and it is not deleted; everyone sees projects."""
    link = LINKS[key]
    if link.table not in ("activities", "projects"):
        return visible(call, link.table, value)
    record = call.records.find(link.table, value)
    if record is None or record.get("is_deleted"):
        return None
    return record if link.table == "projects" or linked(call, record) else None


def title_of(call: Call, key: str, value: Key | None) -> str:
    """The name of what is linked; empty when there is nothing that the caller sees."""
    record = seen(call, key, value)
    return str(record[LINKS[key].title]) if record is not None else ""


def parent(call: Call, table: str) -> Record:
    """The record that ``{id}`` in the path names.

    Raises:
        ApiError: 404 when it is not there for the caller.
    """
    record = visible(call, table, whole_number(call.variables["id"]))
    if record is None:
        raise not_found(_NOUNS[table])
    return record
