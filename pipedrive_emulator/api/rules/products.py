"""Products, and what hangs on them in API v1: https://developers.pipedrive.com/docs/api/v1/Products."""

from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import crud, view
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.rules import product_prices as prices
from pipedrive_emulator.api.rules.deal_parts import check_plan
from pipedrive_emulator.api.rules.links import check_owner, check_visibility
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.v1 import deals, refs
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.pipelines import pipeline
from pipedrive_emulator.api.v1.stages import stage
from pipedrive_emulator.api.visibility import owned, permitted
from pipedrive_emulator.world.product_shapes import PRODUCT
from pipedrive_emulator.world.records import Record

MOST_CYCLES = 208
_ONCE, _WEEKLY = "one-time", "weekly"


def _prepare(draft: Draft) -> None:
    check_owner(draft)
    check_visibility(draft, "product")
    _check_category(draft)
    _settle_billing(draft)
    if draft.before is None or "prices" in draft.changes:
        draft.record["prices"] = prices.settled(draft.call, draft.changes.get("prices"))


def _check_category(draft: Draft) -> None:
    """An option of the product field of that name."""
    category = draft.record["category"]
    if "category" in draft.changes and category is not None and category not in _categories(draft.call):
        raise invalid([("category", f"Category {category} was not found")])


def _categories(call: Call) -> dict[Any, str]:
    field = call.records.find("productFields", "category") or {}
    return {option["id"]: option["label"] for option in field.get("options") or ()}


def _settle_billing(draft: Draft) -> None:
    """Cycles belong to what recurs: none for one-time, some for weekly, else as the body says."""
    record, frequency = draft.record, draft.record["billing_frequency"]
    if frequency != _ONCE and draft.changed("billing_frequency"):
        check_plan(draft.call, "Recurring products")
    if frequency == _ONCE and "billing_frequency_cycles" not in draft.changes:
        record["billing_frequency_cycles"] = None
    cycles = record["billing_frequency_cycles"]
    if frequency == _ONCE and cycles is not None:
        raise invalid([("billing_frequency_cycles", "A one-time product has no billing cycles")])
    if frequency == _WEEKLY and cycles is None:
        raise invalid([("billing_frequency_cycles", "A weekly product needs billing cycles")])
    if cycles is not None and not 0 < cycles <= MOST_CYCLES:
        raise invalid([("billing_frequency_cycles", f"Billing cycles are between 1 and {MOST_CYCLES}")])


def _named(call: Call, record: Record) -> dict[str, Any]:
    """Answers have the name of the category, and whose prices they are."""
    label = _categories(call).get(record["category"])
    return {"category": label, "prices": prices.shown(record["prices"], "product_id", record["id"])}


PRODUCTS = Entity(
    table="products",
    noun="Product",
    blank=PRODUCT,
    needed=("name",),
    firm=("owner_id", "visible_to", "is_linkable", "prices", "unit", "tax", "billing_frequency"),
    fields_table="productFields",
    see=owned,
    prepare=_prepare,
    more=_named,
)


def duplicate(call: Call) -> Answer:
    """A second product with the same prices, variations and custom fields."""
    original = parent(call, "products")
    times = {"add_time": call.time, "update_time": call.time}
    copy = call.records.add("products", {**original, **times})
    for row in call.records.where("product_variations", "product_id", original["id"]):
        call.records.add("product_variations", {**row, "product_id": copy["id"]})
    return Answer(view(call, PRODUCTS, copy))


def deals_of(call: Call) -> Answer:
    """The deals that the product is attached to, as far as the caller sees them; v1."""
    rows = call.records.where("deal_products", "product_id", parent(call, "products")["id"])
    found = [call.records.find("deals", key) for key in sorted({row["deal_id"] for row in rows})]
    wanted = [deal for deal in found if deal and owned(call, deal) and _has_status(call, deal)]
    page, marks = offset_page(call, wanted)
    return Answer([deals.deal_with_links(call, deal) for deal in page], nested(marks), _related(call, page))


def _related(call: Call, page: list[Record]) -> dict[str, Any]:
    """What the deals are linked to, by kind and id."""
    found = refs.related(
        call,
        users=[deal["owner_id"] for deal in page],
        persons=[deal["person_id"] for deal in page],
        organizations=[deal["org_id"] for deal in page],
    )
    places = (("stage", "stages", stage), ("pipeline", "pipelines", pipeline))
    for name, table, shown in places:
        rows = [call.records.find(table, key) for key in {deal[f"{name}_id"] for deal in page}]
        found[name] = {str(row["id"]): shown(call, row) for row in rows if row}
    return {kind: rows for kind, rows in found.items() if rows}


def _has_status(call: Call, deal: Record) -> bool:
    status = call.query.get("status", "all_not_deleted")
    if deal["is_deleted"] or status == "deleted":
        return bool(deal["is_deleted"] and status == "deleted")
    return status in ("all_not_deleted", deal["status"])


def users_of(call: Call) -> Answer:
    """Ids of the active users who see it; v1."""
    return Answer(permitted(call, owned, parent(call, "products")))


OPERATIONS = crud("v2/products", PRODUCTS) | {
    "POST v2/products/{id}/duplicate": duplicate,
    "GET v1/products/{id}/deals": deals_of,
    "GET v1/products/{id}/permittedUsers": users_of,
}
