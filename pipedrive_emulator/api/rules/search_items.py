"""What can be searched: by kind, the texts of a record and how a result shows it.

https://developers.pipedrive.com/docs/api/v1/ItemSearch (version 2).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.custom_fields import current
from pipedrive_emulator.api.rules.counts import smart_bcc
from pipedrive_emulator.api.rules.related import LINKS, seen
from pipedrive_emulator.api.visibility import everyone, sees
from pipedrive_emulator.world.records import Record

SEARCHABLE = ("address", "varchar", "text", "varchar_auto", "double", "monetary", "phone")
See = Callable[[Call, Record], bool]


@dataclass(frozen=True, slots=True)
class Searched:
    """``texts``: what ``fields`` of a query calls them, and their keys; ``note_key`` is how notes name it."""

    table: str
    texts: Mapping[str, str]
    shape: Callable[[Call, Record], dict[str, Any]]
    fields_table: str = ""
    note_key: str = ""
    see: See | None = None

    def is_seen(self, call: Call, record: Record) -> bool:
        see = self.see or sees(self.table)
        return not record.get("is_deleted") and see(call, record)


def texts(call: Call, kind: Searched, record: Record) -> Iterator[tuple[str, str]]:
    """Every text that the record can be found by, with the name of its field."""
    for name, key in kind.texts.items():
        for text in _written(record.get(key)):
            yield name, text
    for text in custom_texts(call, kind, record):
        yield "custom_fields", text
    if kind.note_key:
        for note in call.records.where("notes", kind.note_key, record["id"]):
            if not note["is_deleted"]:
                yield "notes", note["content"]


def custom_texts(call: Call, kind: Searched, record: Record) -> Iterator[str]:
    values = record.get("custom_fields") or {}
    for field in call.records.all(kind.fields_table) if values else ():
        if field["is_custom_field"] and field["field_type"] in SEARCHABLE:
            yield from _written(current(field, values.get(field["field_code"])))


def _written(value: Any) -> Iterator[str]:
    """Text of a text, a number, or a value with parts; of contacts each."""
    if isinstance(value, dict):
        yield from _written(value.get("value"))
    elif isinstance(value, list):
        for row in value:
            yield from _written(row)
    elif value not in (None, ""):
        yield f"{value:g}" if isinstance(value, float) else str(value)


def name_of(record: Record) -> str:
    return str(record.get("title") or record.get("name"))


def _deal(call: Call, record: Record) -> dict[str, Any]:
    stage = call.records.find("stages", record["stage_id"]) or {}
    return {
        **{key: record[key] for key in ("id", "title", "value", "currency", "status", "visible_to")},
        "owner": {"id": record["owner_id"]},
        "stage": {"id": stage.get("id"), "name": stage.get("name")},
        "person": _person_ref(call, record["person_id"]),
        "organization": _organization_ref(call, record["org_id"]),
        "is_archived": record["is_archived"],
    } | _asked(call, "deal.cc_email", "cc_email", smart_bcc("deal")(call, record))


def _person(call: Call, record: Record) -> dict[str, Any]:
    return {
        **{key: record[key] for key in ("id", "name", "visible_to")},
        "phones": list(_written(record["phones"])),
        "emails": list(_written(record["emails"])),
        "owner": {"id": record["owner_id"]},
        "organization": _organization_ref(call, record["org_id"]),
    } | _asked(call, "person.picture", "picture", _picture(call, record))


def _picture(call: Call, record: Record) -> dict[str, Any] | None:
    found = call.records.find("pictures", record.get("picture_id"))
    return None if found is None else {"id": found["id"]}


def _organization(_: Call, record: Record) -> dict[str, Any]:
    return {
        **{key: record[key] for key in ("id", "name", "visible_to")},
        "address": (record["address"] or {}).get("value"),
        "owner": {"id": record["owner_id"]},
    }


def _product(call: Call, record: Record) -> dict[str, Any]:
    own = next(
        (row["price"] for row in record["prices"] if row["currency"] == call.user.default_currency), None
    )
    return {
        **{key: record[key] for key in ("id", "name", "code", "visible_to")},
        "owner": {"id": record["owner_id"]},
    } | _asked(call, "product.price", "price", own)


def _lead(call: Call, record: Record) -> dict[str, Any]:
    person = seen(call, "person_id", record["person_id"]) or {}
    value = record["value"] or {}
    return {
        **{key: record[key] for key in ("id", "title", "visible_to", "is_archived")},
        "owner": {"id": record["owner_id"]},
        "person": _person_ref(call, record["person_id"]),
        "organization": _organization_ref(call, record["organization_id"]),
        "phones": list(_written(person.get("phones"))),
        "emails": list(_written(person.get("emails"))),
        "value": value.get("amount"),
        "currency": value.get("currency"),
    } | _asked(call, "lead.was_seen", "was_seen", record["was_seen"])


def _project(call: Call, record: Record) -> dict[str, Any]:
    phase = call.records.find("phases", record["phase_id"]) or {}
    deal = seen(call, "deal_id", _first(record["deal_ids"]))
    return {
        **{key: record[key] for key in ("id", "title", "status", "board_id", "description", "end_date")},
        "owner": {"id": record["owner_id"]},
        "phase": {"id": phase["id"], "name": phase["name"]} if phase else None,
        "person": _person_ref(call, _first(record["person_ids"])),
        "organization": _organization_ref(call, _first(record["org_ids"])),
        "deal": {"id": deal["id"], "title": deal["title"]} if deal else None,
        "deal_count": len(record["deal_ids"]),
    }


def _file(call: Call, record: Record) -> dict[str, Any]:
    deal = seen(call, "deal_id", record["deal_id"])
    return {
        "id": record["id"],
        "name": record["name"],
        "url": f"/files/{record['id']}/download",
        "deal": {"id": deal["id"], "title": deal["title"]} if deal else None,
        "person": _person_ref(call, record["person_id"]),
        "organization": _organization_ref(call, record["org_id"]),
    }


def _first(keys: list[int]) -> int | None:
    return keys[0] if keys else None


def _person_ref(call: Call, key: int | None) -> dict[str, Any] | None:
    person = seen(call, "person_id", key)
    return None if person is None else {"id": person["id"], "name": person["name"]}


def _organization_ref(call: Call, key: int | None) -> dict[str, Any] | None:
    found = seen(call, "org_id", key)
    if found is None:
        return None
    return {"id": found["id"], "name": found["name"], "address": (found["address"] or {}).get("value")}


def _asked(call: Call, name: str, key: str, value: Any) -> dict[str, Any]:
    return {key: value} if name in call.query.get("include_fields", ()) else {}


def sees_file(call: Call, record: Record) -> bool:
    if call.user.is_admin or record["user_id"] == call.user.id:
        return True
    return any(record[key] is not None and seen(call, key, record[key]) is not None for key in LINKS)


def _is_attached(call: Call, record: Record) -> bool:
    return bool(record["mail_message_id"]) and sees_file(call, record)


def _is_uploaded(call: Call, record: Record) -> bool:
    return not record["mail_message_id"] and sees_file(call, record)


KINDS: Mapping[str, Searched] = {
    "deal": Searched("deals", {"title": "title"}, _deal, "dealFields", "deal_id"),
    "person": Searched(
        "persons",
        {"name": "name", "email": "emails", "phone": "phones"},
        _person,
        "personFields",
        "person_id",
    ),
    "organization": Searched(
        "organizations", {"name": "name", "address": "address"}, _organization, "organizationFields", "org_id"
    ),
    "product": Searched("products", {"name": "name", "code": "code"}, _product, "productFields"),
    "lead": Searched("leads", {"title": "title"}, _lead, "dealFields", "lead_id"),
    "file": Searched("files", {"name": "name"}, _file, see=_is_uploaded),
    "mail_attachment": Searched("files", {"name": "name"}, _file, see=_is_attached),
    "project": Searched(
        "projects",
        {"title": "title", "description": "description"},
        _project,
        "projectFields",
        "project_id",
        everyone,
    ),
}
