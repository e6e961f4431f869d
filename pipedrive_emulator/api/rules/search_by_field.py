"""Items by the value of one field: https://developers.pipedrive.com/docs/api/v1/ItemSearch#searchItemByField."""

from collections.abc import Callable, Mapping

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules.search import term_of
from pipedrive_emulator.api.rules.search_items import KINDS, SEARCHABLE, Searched, name_of
from pipedrive_emulator.world.records import Record

# Fields are compared with regard to case here, unlike in the other searches.
_MATCHES: Mapping[str, Callable[[str, str], bool]] = {
    "exact": lambda text, term: text == term,
    "beginning": lambda text, term: text.startswith(term),
    "middle": lambda text, term: term in text,
}


def search_by_field(call: Call) -> Answer:
    """``[{id, name}]``, in the order of ids; ``match`` is exact unless the query says otherwise."""
    match = call.query.get("match", "exact")
    term = term_of(call, is_exact=match == "exact")
    kind = _kind(call)
    field = _field(call, kind)
    rows = [
        record
        for record in call.records.all(kind.table)
        if any(_MATCHES[match](text, term) for text in _texts(field, record)) and kind.is_seen(call, record)
    ]
    found, cursor = page(call, rows)
    return Answer([{"id": row["id"], "name": name_of(row)} for row in found], {"next_cursor": cursor})


def _kind(call: Call) -> Searched:
    name = call.query.get("entity_type")
    if name is None:
        raise invalid([("entity_type", "Parameter 'entity_type' is required for this request")])
    return KINDS[name]


def _field(call: Call, kind: Searched) -> Record:
    code = call.query.get("field")
    if code is None:
        raise invalid([("field", "Parameter 'field' is required for this request")])
    field = call.records.find(kind.fields_table, code)
    if field is None or field["field_type"] not in SEARCHABLE:
        raise invalid([("field", f"Parameter 'field' names no searchable field: {code}")])
    return field


def _texts(field: Record, record: Record) -> list[str]:
    code = field["field_code"]
    value = (record.get("custom_fields") or {}).get(code) if field["is_custom_field"] else record.get(code)
    rows = value if isinstance(value, list) else [value]
    plain = [row.get("value") if isinstance(row, dict) else row for row in rows]
    return [str(text) for text in plain if text is not None]


OPERATIONS = {"GET v2/itemSearch/field": search_by_field}
