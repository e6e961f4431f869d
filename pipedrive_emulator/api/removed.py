"""The v1 operations that left the published file in 2026, served as API v2 does, in the forms of v1.

Nothing is written here that v2 would not write: a body is translated, the v2 operation carries it out, and
the record is shown as v1 shows it. By the switch ``removed_v1`` they are gone instead, or were never there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pipedrive_emulator.api import catalogue, permissions
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.errors import ApiError, gone, not_served, unknown_path
from pipedrive_emulator.api.operations import Operation
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.removed_bodies import as_v2_body
from pipedrive_emulator.api.removed_lists import by_cursor, children, found
from pipedrive_emulator.api.removed_rows import line, search_body
from pipedrive_emulator.api.rules.activities import ACTIVITIES
from pipedrive_emulator.api.rules.deals import DEALS
from pipedrive_emulator.api.rules.organizations import ORGANIZATIONS
from pipedrive_emulator.api.rules.persons import PERSONS
from pipedrive_emulator.api.rules.pipelines import PIPELINES, STAGES
from pipedrive_emulator.api.rules.products import PRODUCTS
from pipedrive_emulator.api.v1 import activities, deals, organizations, persons, pipelines, products, stages
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.sorting import in_order
from pipedrive_emulator.api.v1.translated import as_v2
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

View = Callable[[Call, Record], dict[str, Any]]
Serve = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Noun:
    """``view`` shows ids of links, ``whole`` shows them as objects."""

    entity: Entity
    view: View
    whole: View


def _noun(entity: Entity, view: View, whole: View | None = None) -> Noun:
    return Noun(entity, view, whole or view)


def _counted(view: View) -> View:
    """Whether the owner has a picture was a number here, and is a truth value elsewhere."""

    def counted(call: Call, record: Record) -> dict[str, Any]:
        shown = view(call, record)
        owner = shown["owner_id"]
        return shown | {"owner_id": owner and owner | {"has_pic": int(owner["has_pic"])}}

    return counted


_NOUNS: Mapping[str, Noun] = {
    "activities": _noun(ACTIVITIES, activities.activity),
    "deals": _noun(DEALS, deals.deal, deals.deal_with_links),
    "organizations": _noun(
        ORGANIZATIONS, organizations.organization, _counted(organizations.organization_with_links)
    ),
    "persons": _noun(PERSONS, persons.person, _counted(persons.person_with_links)),
    "pipelines": _noun(PIPELINES, pipelines.pipeline),
    "products": _noun(PRODUCTS, products.product),
    "stages": _noun(STAGES, stages.stage),
}


def refusal(position: str) -> ApiError | None:
    """What the switch ``removed_v1`` answers to all of these; None when they are served."""
    return {"gone_410": gone, "not_found_404": unknown_path}[position]() if position != "served" else None


def handler(operation: Operation) -> Serve:
    """What serves one of the removed operations; the shape of its path says it."""
    steps = operation.segments
    noun = _NOUNS.get(steps[0])
    if steps[-1] == "search" or steps[0] == "itemSearch":
        return _search
    if noun is None:
        return _delete_types
    if "products" in steps[1:]:
        return _lines if operation.method == "GET" else _change_line
    if len(steps) > 2:  # noqa: PLR2004 - a noun, an id, and what is listed of it
        return lambda call: _children(call, steps[0], steps[2])
    return lambda call: _SERVE[operation.method, "".join(steps[1:])](call, noun)


def _ask(call: Call, name: str, body: Mapping[str, Any] | None = None, **query: Any) -> Answer:
    """Let the v2 operation of that name do it, as far as the user may."""
    asked = replace(as_v2(call, name, body or {}), query=query)
    permissions.check(asked)
    serve = catalogue.handler(asked.operation)
    if serve is None:
        raise not_served(asked.operation.method, asked.operation.path)
    answer = serve(asked)
    if not isinstance(answer, Answer):
        raise TypeError(f"{name} answers a file")
    return answer


def _name(noun: Noun, method: str) -> str:
    tail = "" if method == "POST" else "/{id}"
    return f"{method} v2/{noun.entity.table}{tail}"


def _one(call: Call, noun: Noun) -> Answer:
    return _shown(call, noun, _ask(call, _name(noun, "GET")))


def _create(call: Call, noun: Noun) -> Answer:
    return _write(call, noun, "POST", None)


def _change(call: Call, noun: Noun) -> Answer:
    before = call.records.find(noun.entity.table, whole_number(call.variables["id"]))
    return _write(call, noun, "PATCH", before)


def _write(call: Call, noun: Noun, method: str, before: Record | None) -> Answer:
    name = _name(noun, method)
    wanted = as_v2(call, name, {}).operation.body
    return _shown(call, noun, _ask(call, name, as_v2_body(call, noun.entity, before, wanted)))


def _shown(call: Call, noun: Noun, answer: Answer) -> Answer:
    record = call.records.find(noun.entity.table, answer.data["id"])
    return Answer(noun.whole(call, record or {}))


def _delete(call: Call, noun: Noun) -> Answer:
    return Answer({"id": _ask(call, _name(noun, "DELETE")).data["id"]})


def _delete_many(call: Call, noun: Noun) -> Answer:
    """Those that are there and may be deleted; the others are not spoken of."""
    call.marks.is_bulk = True
    gone_ids = []
    for one in sorted(call.query.get("ids", ())):
        record = call.records.find(noun.entity.table, one)
        if record and not record["is_deleted"] and noun.entity.see(call, record):
            _ask(replace(call, variables={"id": str(one)}), _name(noun, "DELETE"))
            gone_ids.append(one)
    return Answer({"id": gone_ids})


def _delete_types(call: Call) -> Answer:
    """Activity types never had a v2: the v1 deletion of one, for each."""
    wanted = sorted(call.query.get("ids", ()))
    known = [one for one in wanted if call.records.find("activityTypes", one) is not None]
    for one in known:
        catalogue.HANDLERS["DELETE v1/activityTypes/{id}"](replace(call, variables={"id": str(one)}))
    return Answer({"id": known})


def _list(call: Call, noun: Noun) -> Answer:
    rows = in_order(call, found(call, noun.entity), noun.entity.blank)
    if "limit" not in call.operation.query:
        return Answer([noun.whole(call, row) for row in rows])
    shown, marks = offset_page(call, rows)
    return Answer([noun.whole(call, row) for row in shown], nested(marks), {})


def _collection(call: Call, noun: Noun) -> Answer:
    rows, cursor = page(by_cursor(call), found(call, noun.entity))
    return Answer([noun.view(call, row) for row in rows], {"next_cursor": cursor})


def _children(call: Call, parent: str, child: str) -> Answer:
    noun = _NOUNS[child]
    rows = found(call, noun.entity, children(call, parent, child))
    shown, marks = offset_page(call, in_order(call, rows, noun.entity.blank))
    return Answer([noun.whole(call, row) for row in shown], nested(marks), {})


def _lines(call: Call) -> Answer:
    rows = _everything(call, "GET v2/deals/{id}/products")
    shown, marks = offset_page(call, rows)
    return Answer([line(call, row) for row in shown], nested(marks))


def _change_line(call: Call) -> Answer:
    method = {"PUT": "PATCH"}.get(call.operation.method, call.operation.method)
    name = f"{method} v2{call.operation.path}"
    if method == "DELETE":
        return Answer({"id": _ask(call, name).data["id"]})
    wanted = as_v2(call, name, {}).operation.body
    return Answer(line(call, _ask(call, name, as_v2_body(call, DEALS, None, wanted)).data))


def _search(call: Call) -> Answer:
    """v2's results, all of them, cut by offset."""
    name = f"GET v2{call.operation.path}"
    kept = as_v2(call, name, {}).operation.query
    query = {key: value for key, value in search_body(call).items() if key in kept}
    if call.operation.path.endswith("/field"):
        shown, marks = offset_page(call, _everything(call, name, **query))
        key = call.query["field_key"]
        return Answer([{"id": row["id"], key: row["name"]} for row in shown], nested(marks))
    first = _ask(call, name, **query, limit=100)
    shown, marks = offset_page(call, _everything(call, name, **query))
    return Answer({**first.data, "items": shown}, nested(marks))


def _everything(call: Call, name: str, **query: Any) -> list[Any]:
    """The rows of all pages by cursor."""
    rows: list[Any] = []
    cursor: dict[str, Any] = {}
    while True:
        answer = _ask(call, name, **query, **cursor, limit=100)
        rows += answer.data["items"] if isinstance(answer.data, dict) else answer.data
        following = (answer.additional_data or {}).get("next_cursor")
        if following is None:
            return rows
        cursor = {"cursor": following}


_SERVE: Mapping[tuple[str, str], Callable[[Call, Noun], Answer]] = {
    ("GET", ""): _list,
    ("GET", "collection"): _collection,
    ("POST", ""): _create,
    ("DELETE", ""): _delete_many,
    ("GET", "{id}"): _one,
    ("PUT", "{id}"): _change,
    ("DELETE", "{id}"): _delete,
}
