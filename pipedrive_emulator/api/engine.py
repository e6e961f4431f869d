"""Get, list, create, change and delete, the same for every kind of record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api.body import read_body
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.custom_fields import labels, merged, shown
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import not_found
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules import filtering
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Key, Record


def get_one(call: Call, entity: Entity) -> Answer:
    record = _find(call, entity)
    if record.get("is_deleted") and call.switches.get("deleted_record") == "not_found":
        raise not_found(entity.noun)
    return Answer(view(call, entity, record))


def list_page(call: Call, entity: Entity) -> Answer:
    """One page of what the caller sees and asked for; v2's lists all end with ``next_cursor``.

    A saved filter goes before everything else that the query asks for.
    """
    test = filtering.wanted(call, entity.table)
    if test is None:
        rows, cursor = page(call, _candidates(call, entity), lambda record: _wanted(call, entity, record))
    else:
        plain, every = replace(call, query={}), call.records.all(entity.table)
        rows, cursor = page(call, every, lambda record: _wanted(plain, entity, record) and test(record))
    return Answer([view(call, entity, row) for row in rows], {"next_cursor": cursor})


def create(call: Call, entity: Entity) -> Answer:
    changes = read_body(call, entity, is_new=True)
    record = {**entity.blank, "add_time": call.time, **changes}
    draft = _prepared(call, entity, Draft(call, None, changes, record))
    return Answer(view(call, entity, call.records.add(entity.table, draft.record)))


def change(call: Call, entity: Entity) -> Answer:
    before = _find_live(call, entity)
    changes = read_body(call, entity, is_new=False)
    draft = _prepared(call, entity, Draft(call, before, changes, {**before, **changes}))
    return Answer(view(call, entity, call.records.put(entity.table, before[entity.key], draft.record)))


def delete(call: Call, entity: Entity) -> Answer:
    """Soft: the record stays for thirty days, marked."""
    record = _find_live(call, entity)
    deleted = {**record, "is_deleted": True, "update_time": call.time}
    call.records.put(entity.table, record[entity.key], deleted)
    return Answer({entity.key: record[entity.key]})


def view(call: Call, entity: Entity, record: Record) -> dict[str, Any]:
    """The record as an answer shows it."""
    shape = {"id": record["id"]} if entity.key == "id" else {}
    shape |= {key: record.get(key) for key in entity.blank}
    for name in call.query.get("include_fields", ()):
        if name in entity.extras:
            shape[name] = entity.extras[name](call, record)
    if entity.fields_table is not None:
        shape["custom_fields"] = shown(call, entity, record)
    if call.query.get("include_labels"):
        shape["labels"] = labels(call, entity, record)
    return shape | dict(entity.more(call, record))


_KINDS: Mapping[str, tuple[str, str, Callable[[Call, Entity], Answer]]] = {
    "list": ("GET", "", list_page),
    "create": ("POST", "", create),
    "get": ("GET", "/{key}", get_one),
    "change": ("PATCH", "/{key}", change),
    "delete": ("DELETE", "/{key}", delete),
}


def crud(collection: str, entity: Entity, *kinds: str) -> dict[str, Callable[[Call], Answer]]:
    """Rows of OPERATIONS for these kinds, or for all five; ``collection`` such as ``v2/deals``."""
    rows = {}
    for kind in kinds or _KINDS:
        method, path, serve = _KINDS[kind]
        rows[f"{method} {collection}{path.format(key='{' + entity.key + '}')}"] = _bound(serve, entity)
    return rows


def _bound(serve: Callable[[Call, Entity], Answer], entity: Entity) -> Callable[[Call], Answer]:
    return lambda call: serve(call, entity)


def _prepared(call: Call, entity: Entity, draft: Draft) -> Draft:
    """Derive what follows from the change; the rules of the entity write into the draft."""
    if entity.fields_table is not None:
        before = (draft.before or {}).get("custom_fields", {})
        draft.record["custom_fields"] = merged(before, draft.changes.get("custom_fields") or {})
    for key in (key for key, blank in entity.blank.items() if blank == [] and draft.record[key] is None):
        draft.record[key] = []
    entity.prepare(draft)
    draft.record["update_time"] = call.time
    return draft


def _find(call: Call, entity: Entity) -> Record:
    record = call.records.find(entity.table, _key(call, entity))
    if record is None or not entity.see(call, record):
        raise not_found(entity.noun)
    return record


def _find_live(call: Call, entity: Entity) -> Record:
    record = _find(call, entity)
    if record.get("is_deleted"):
        raise not_found(entity.noun)
    return record


def _key(call: Call, entity: Entity) -> Key | None:
    text = next(iter(call.variables.values()))
    return whole_number(text) if entity.key == "id" else text


def _candidates(call: Call, entity: Entity) -> Iterable[Record]:
    """The few records that an id or a link in the query leaves to look at, else all of the table."""
    if "ids" in call.query:
        found = (call.records.find(entity.table, key) for key in sorted(call.query["ids"]))
        return [record for record in found if record is not None]
    for name, value in call.query.items():
        if name.endswith("_id") and name in entity.blank and name not in entity.filters:
            return call.records.where(entity.table, name, value)
    return call.records.all(entity.table)


def _wanted(call: Call, entity: Entity, record: Record) -> bool:
    if not entity.see(call, record) or not entity.listed(call, record):
        return False
    return all(_passes(call, entity, record, name, value) for name, value in call.query.items())


def _passes(call: Call, entity: Entity, record: Record, name: str, value: Any) -> bool:
    """Filters by name: the entity's own, then the ones that all lists share, then equality."""
    if name in entity.filters:
        return entity.filters[name](call, record, value)
    if name == "ids":
        return record["id"] in value
    if name == "updated_since":
        return bool(record["update_time"] >= value)
    if name == "updated_until":
        return bool(record["update_time"] < value)
    return name not in entity.blank or name == "custom_fields" or record.get(name) == value
