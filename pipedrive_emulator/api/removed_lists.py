"""Lists among the removed v1 operations: what v1's own filters let through, in pages by offset or cursor."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.errors import not_found
from pipedrive_emulator.api.rules import filtering
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

Test = Callable[[Call, Record, Any], bool]

_NOUNS = {"deals": "Deal", "persons": "Person", "organizations": "Organization"}


def _owner(_: Call, record: Record, value: int) -> bool:
    """0 is everyone."""
    return value == 0 or record.get("owner_id") == value


def _moment(value: str) -> str:
    return f"{value[:10]}T{value[11:19]}Z"


# A query name -> the test of a record; names that are not here order or cut, or are equal to a key.
_TESTS: Mapping[str, Test] = {
    "user_id": _owner,
    "owner_id": _owner,
    "owned_by_you": lambda call, row, value: str(value) != "1" or row["owner_id"] == call.user.id,
    "status": lambda _, row, value: value in ("all_not_deleted", row["status"]),
    "type": lambda _, row, value: row["type"] in str(value).split(","),
    "done": lambda _, row, value: row["done"] == (str(value) in ("1", "True")),
    "start_date": lambda _, row, value: (row["due_date"] or "") >= value,
    "end_date": lambda _, row, value: (row["due_date"] or "") <= value,
    "first_char": lambda _, row, value: row["name"][:1].lower() == value.lower(),
    "since": lambda _, row, value: row["update_time"] >= _moment(value),
    "until": lambda _, row, value: row["update_time"] < _moment(value),
    "exclude": lambda _, row, value: str(row["id"]) not in str(value).split(","),
    "ids": lambda _, row, value: row["id"] in value,
    "stage_id": lambda _, row, value: row["stage_id"] == value,
    "pipeline_id": lambda _, row, value: row["pipeline_id"] == value,
}


def found(call: Call, entity: Entity, rows: Iterable[Record] | None = None) -> list[Record]:
    """The records, of all or of ``rows``, that the caller sees and asked for."""
    candidates = call.records.all(entity.table) if rows is None else rows
    tests = [(_TESTS[name], value) for name, value in call.query.items() if name in _TESTS]
    if entity.table == "activities" and rows is None and "user_id" not in call.query:
        tests.append((_owner, call.user.id))
    matches = filtering.wanted(call, entity.table)
    wants_deleted = call.query.get("status") == "deleted"
    seen = [row for row in candidates if entity.see(call, row) and (matches is None or matches(row))]
    if wants_deleted:
        return [row for row in seen if row["is_deleted"]]
    return [
        row
        for row in seen
        if entity.listed(call, row) and all(test(call, row, value) for test, value in tests)
    ]


def children(call: Call, parent: str, child: str) -> list[Record]:
    """The records of table ``child`` that belong to the one that the path names.

    Raises:
        ApiError: 404 when that cannot be seen.
    """
    number = whole_number(call.variables["id"])
    if number is None or visible(call, parent, number) is None:
        raise not_found(_NOUNS[parent])
    key = {"deals": "deal_id", "persons": "person_id", "organizations": "org_id"}[parent]
    if {parent, child} != {"deals", "persons"}:
        return call.records.where(child, key, number)
    return _participations(call, child, key, number)


def _participations(call: Call, child: str, key: str, number: int) -> list[Record]:
    """Deals of a person, or persons of a deal: the main one, and participants."""
    other = "deal_id" if child == "deals" else "person_id"
    links = {row[other] for row in call.records.where("deal_participants", key, number)}
    if child == "deals":
        links |= {deal["id"] for deal in call.records.where("deals", "person_id", number)}
    else:
        links.add((call.records.find("deals", number) or {}).get("person_id"))
    rows = (call.records.find(child, one) for one in sorted(one for one in links if one is not None))
    return [row for row in rows if row is not None]


def by_cursor(call: Call) -> Call:
    """The call with what a page by cursor reads of its query."""
    kept = {name: value for name, value in call.query.items() if name in ("cursor", "limit")}
    return replace(call, query=kept)
