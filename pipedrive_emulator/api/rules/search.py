"""Looking for items by their texts, over all kinds or one: https://developers.pipedrive.com/docs/api/v1/ItemSearch.

Case is ignored; without exact_match every word of the term must be in the same text.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import ApiError, invalid, refused
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules.search_items import KINDS, texts
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.world.records import Record

MOST, MOST_OF_ALL, MOST_RELATED = 500, 100, 100
_LEAST = 2
# What a result is worth by where the term was found; a name counts most.
_WEIGHTS = {"name": 1.0, "title": 1.0, "email": 0.8, "phone": 0.8, "code": 0.8, "address": 0.6}
_PLAIN_WEIGHT = 0.4
_FILTERS = {
    "person_id": ("person_id", "person_ids"),
    "organization_id": ("org_id", "organization_id", "org_ids"),
}
_NO_NOTES = ("product", "file", "mail_attachment")
Row = dict[str, Any]


def item_search(call: Call) -> Answer:
    """Every kind, or those that item_types names; with related leads, deals and persons when asked."""
    wanted = call.query.get("item_types", KINDS.keys())
    found = [row for name in KINDS if name in wanted for row in _search(call, name)]
    rows, cursor = _page(call, _ranked(found), MOST_OF_ALL)
    related = _related(call, rows) if call.query.get("search_for_related_items") else []
    return Answer({"items": rows, "related_items": related}, {"next_cursor": cursor})


def search_one(name: str, call: Call) -> Answer:
    rows, cursor = _page(call, _ranked(_search(call, name)), MOST)
    return Answer({"items": rows}, {"next_cursor": cursor})


def search_leads_v1(call: Call) -> Answer:
    rows, marks = offset_page(call, _ranked(_search(call, "lead")))
    return Answer({"items": rows}, nested(marks))


def term_of(call: Call, *, is_exact: bool) -> str:
    """Raises ApiError 400 for a term that is missing or too short."""
    term = str(call.query.get("term", "")).strip()
    if len(term) < (1 if is_exact else _LEAST):
        raise _bad(call, "term", "Parameter 'term' must have 2 characters at least, or 1 for an exact match")
    return term


def _bad(call: Call, key: str, text: str) -> ApiError:
    return invalid([(key, text)]) if call.operation.version == "v2" else refused(400, f"Bad request: {text}.")


def _search(call: Call, name: str) -> list[Row]:
    kind, is_exact = KINDS[name], bool(call.query.get("exact_match"))
    term = term_of(call, is_exact=is_exact).casefold()
    fields = call.query.get("fields")
    rows = []
    for record in call.records.all(kind.table):
        hits = [
            (field, text, score)
            for field, text in texts(call, kind, record)
            if (fields is None or field in fields) and (score := _score(field, text, term, is_exact=is_exact))
        ]
        if hits and _is_asked(call, record) and kind.is_seen(call, record):
            rows.append(_row(call, name, record, hits))
    return rows


def _score(field: str, text: str, term: str, *, is_exact: bool) -> float:
    """0 for no hit; else the more, the larger a part of the text the term is."""
    plain = text.casefold()
    if plain == term:
        return _WEIGHTS.get(field, _PLAIN_WEIGHT)
    if is_exact or not (_has_words(plain, term) or (field == "phone" and _has_digits(plain, term))):
        return 0.0
    return round(_WEIGHTS.get(field, _PLAIN_WEIGHT) * (0.1 + 0.8 * min(1.0, len(term) / len(plain))), 6)


def _has_words(text: str, term: str) -> bool:
    return all(word in text for word in term.split())


def _has_digits(text: str, term: str) -> bool:
    """A telephone number is found however it is spaced."""
    wanted = "".join(filter(str.isdigit, term))
    return len(wanted) >= _LEAST and wanted in "".join(filter(str.isdigit, text))


def _is_asked(call: Call, record: Record) -> bool:
    """The narrower searches take a person, an organization and a status."""
    for name, keys in _FILTERS.items():
        value = call.query.get(name)
        if value is not None and not any(_points_at(record.get(key), value) for key in keys):
            return False
    return call.query.get("status") in (None, record.get("status"))


def _points_at(found: Any, value: int) -> bool:
    return value in found if isinstance(found, list) else bool(found == value)


def _row(call: Call, name: str, record: Record, hits: Iterable[tuple[str, str, float]] = ()) -> Row:
    """The item shows the notes and custom fields that were found."""
    kind = KINDS[name]
    extra: dict[str, Any] = {"custom_fields": []} if kind.fields_table else {}
    extra |= {"notes": []} if name not in _NO_NOTES else {}
    for field, text, _ in hits:
        if field in extra:
            extra[field].append(text)
    item = {"id": record["id"], "type": name, **kind.shape(call, record), **extra}
    return {"result_score": max((score for _, _, score in hits), default=0), "item": item}


def _ranked(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row["result_score"], row["item"]["type"], str(row["item"]["id"])))


def _page(call: Call, rows: list[Row], most: int) -> tuple[list[Row], str | None]:
    """The cursor marks a place in the ranking."""
    limit = call.query.get("limit", 100)
    if limit > most:
        if call.switches.get("limit_above_cap") == "reject":
            raise _bad(call, "limit", f"Parameter 'limit' must be between 1 and {most}")
        call = replace(call, query={**call.query, "limit": most})
    found, cursor = page(call, [{"id": place, "row": row} for place, row in enumerate(rows, 1)])
    return [entry["row"] for entry in found], cursor


def _related(call: Call, rows: list[Row]) -> list[Row]:
    """For each person and organization found: the newest leads and deals there, and people of the latter."""
    known = {(row["item"]["type"], row["item"]["id"]) for row in rows}
    found = []
    for item in [row["item"] for row in rows]:
        for name, key in _RELATED.get(item["type"], ()):
            kind = KINDS[name]
            linked = [
                row for row in call.records.where(kind.table, key, item["id"]) if kind.is_seen(call, row)
            ]
            linked.sort(key=lambda row: str(row["add_time"]), reverse=True)
            for record in linked[:MOST_RELATED]:
                if (name, record["id"]) not in known:
                    known.add((name, record["id"]))
                    found.append(_row(call, name, record))
    return found


_RELATED = {
    "person": (("lead", "person_id"), ("deal", "person_id")),
    "organization": (("lead", "organization_id"), ("deal", "org_id"), ("person", "org_id")),
}
_PATHS = {
    "deals": "deal",
    "persons": "person",
    "organizations": "organization",
    "products": "product",
    "leads": "lead",
    "projects": "project",
}
_V2: dict[str, Callable[[Call], Answer]] = {
    f"GET v2/{path}/search": partial(search_one, name) for path, name in _PATHS.items()
}
OPERATIONS = _V2 | {"GET v2/itemSearch": item_search, "GET v1/leads/search": search_leads_v1}
