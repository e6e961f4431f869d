"""What a filter lets through: its conditions, asked of a record and of what the record is linked to.

https://developers.pipedrive.com/docs/api/v1/Filters; a condition names a field by its number in API v1.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import invalid, not_found, refused
from pipedrive_emulator.api.filter_operators import Asked, asked, holds
from pipedrive_emulator.api.rules.related import seen
from pipedrive_emulator.world.records import Record

Test = Callable[[Record], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """``table`` is what a condition on this object looks at; ``fields`` define what it can ask."""

    table: str
    fields: str


OBJECTS: Mapping[str, Kind] = {
    "deal": Kind("deals", "dealFields"),
    "lead": Kind("leads", "leadFields"),
    "person": Kind("persons", "personFields"),
    "organization": Kind("organizations", "organizationFields"),
    "product": Kind("products", "productFields"),
    "activity": Kind("activities", "activityFields"),
    "project": Kind("projects", "projectFields"),
}
# Type of a filter -> the object that it lists.
TYPES: Mapping[str, str] = {
    "deals": "deal",
    "leads": "lead",
    "people": "person",
    "org": "organization",
    "products": "product",
    "activity": "activity",
    "projects": "project",
}
_LINKS = {
    "deal": ("deal_id", "deal_ids"),
    "lead": ("lead_id",),
    "person": ("person_id", "person_ids"),
    "organization": ("org_id", "organization_id", "org_ids"),
    "project": ("project_id",),
}
_EVERYONES = 3


def sees(call: Call, filter_row: Record) -> bool:
    """Its maker, admins, and everyone where it is shared."""
    if filter_row["is_deleted"]:
        return False
    is_own = filter_row["user_id"] == call.user.id or call.user.is_admin
    return is_own or bool(filter_row["visible_to"] >= _EVERYONES)


def wanted(call: Call, table: str) -> Test | None:
    """The test of the filter that ``filter_id`` of the query names; None when it names none.

    Raises:
        ApiError: 404 for a filter that the caller does not have, 400 for one of other records.
    """
    number = call.query.get("filter_id")
    if number is None:
        return None
    row = call.records.find("filters", number)
    if row is None or not sees(call, row):
        raise not_found("Filter")
    if OBJECTS[TYPES[row["type"]]].table != table:
        text = f"Filter {number} is one of {row['type']}"
        raise (
            invalid([("filter_id", text)])
            if call.operation.version == "v2"
            else refused(400, f"Bad request: {text}.")
        )
    return _test(call, row)


def field_of(call: Call, kind: str, number: Any) -> Record | None:
    """The field that a condition names; leads have the custom fields of deals too."""
    if not str(number).isascii() or not str(number).isdecimal() or len(str(number)) > len("1000000000"):
        return None
    tables = (OBJECTS[kind].fields, "dealFields") if kind == "lead" else (OBJECTS[kind].fields,)
    for place, table in enumerate(tables):
        for field in call.records.where(table, "id", int(number)):
            if place == 0 or field["is_custom_field"]:
                return field
    return None


def _test(call: Call, row: Record) -> Test:
    """Every condition of the one group, and some of the other unless that is empty."""
    groups = {group["glue"]: group["conditions"] for group in row["conditions"]["conditions"]}
    own = TYPES[row["type"]]
    every = [_condition(call, own, condition) for condition in groups.get("and", ())]
    some = [_condition(call, own, condition) for condition in groups.get("or", ())]
    return lambda record: (
        all(test(record) for test in every) and (not some or any(test(record) for test in some))
    )


def _condition(call: Call, own: str, condition: Record) -> Test:
    """On another object it holds when it holds for something linked; "is empty" also when nothing is."""
    kind, operator = condition["object"], condition["operator"]
    field = field_of(call, kind, condition["field_id"])
    if field is None:
        return lambda _: False
    question = asked(condition["value"], field["field_type"], call.now, call.user.time_zone)

    def test(record: Record) -> bool:
        linked = [record] if kind == own else list(_linked(call, own, kind, record))
        if not linked:
            return bool(operator == "IS NULL")
        return any(_holds(call, field, row, condition, question) for row in linked)

    return test


def _holds(call: Call, field: Record, record: Record, condition: Record, question: Asked) -> bool:
    operator, value = condition["operator"], _value(field, record)
    if operator == "has_been":
        return _has_been(call, field, record, question)
    if operator == "belongs_to_team":
        team = call.records.find("teams", int(question.text) if question.text.isdecimal() else None)
        return bool(value in (team or {}).get("users", ()))
    end: Any = value.get("until") if isinstance(value, dict) else None
    part = condition.get("extra_value") if field["field_type"] == "address" else None
    return holds(operator, list(_values(value, part or "value")), end, question)


def _value(field: Record, record: Record) -> Any:
    code = field["field_code"]
    return (record.get("custom_fields") or {}).get(code) if field["is_custom_field"] else record.get(code)


def _values(value: Any, part: str) -> Iterator[Any]:
    """What can be compared in a value: of money the amount, of an address one part, of contacts each."""
    if isinstance(value, dict):
        yield from _values(value.get(part, value.get("amount")), part)
    elif isinstance(value, list):
        for row in value:
            yield from _values(row, part)
    elif value not in (None, ""):
        yield value


def _has_been(call: Call, field: Record, record: Record, question: Asked) -> bool:
    """Now, or by its changelog."""
    rows = call.records.where("changelog", "subject", f"deals/{record['id']}")
    code = field["field_code"]
    told = [row[name] for row in rows if row["field_key"] == code for name in ("old_value", "new_value")]
    return any(
        holds("=", [value], None, question) for value in (record.get(code), *told) if value is not None
    )


def _linked(call: Call, own: str, kind: str, record: Record) -> Iterator[Record]:
    """Records of that kind which the record names, or which name it, as far as the caller sees them."""
    for key in _linked_keys(call, own, kind, record):
        found = seen(call, "org_id" if kind == "organization" else f"{kind}_id", key)
        if found is not None:
            yield found


def _linked_keys(call: Call, own: str, kind: str, record: Record) -> Iterator[Any]:
    for name in _LINKS.get(kind, ()):
        keys = record.get(name)
        yield from keys if isinstance(keys, list) else (keys,)
    if {own, kind} == {"deal", "product"}:
        here, there = f"{own}_id", f"{kind}_id"
        yield from {row[there] for row in call.records.where("deal_products", here, record["id"])}
        return
    for name in _LINKS.get(own, ()):
        if not name.endswith("_ids"):
            yield from (row["id"] for row in call.records.where(OBJECTS[kind].table, name, record["id"]))
