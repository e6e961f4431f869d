"""Products on deals, https://developers.pipedrive.com/docs/api/v1/DealProducts (version 2)."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pipedrive_emulator.api.body import read_strictly
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import invalid, not_found
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules.deal_parts import check_plan, number, of_deals, open_to_change, part
from pipedrive_emulator.api.rules.deal_value import installments, line_sum, lines, recurs, settle
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

TABLE, NOUN = "deal_products", "Deal product"
MOST_RECURRING, MOST_AT_ONCE, MOST_CYCLES = 20, 100, 208
_MOST_YEARS = 10
_BIGGEST, _ALL = 1e12, 100
_MAY_BE_NULL = ("product_variation_id", "billing_frequency_cycles", "billing_start_date")

Complaint = tuple[str, str]


def of_many(call: Call) -> Answer:
    return _page(call, of_deals(call, TABLE))


def of_one(call: Call) -> Answer:
    return _page(call, lines(call, parent(call, "deals")["id"]))


def add(call: Call) -> Answer:
    deal = open_to_change(call)
    made = _add(call, deal, _read(call))
    return Answer(_finished(call, deal, [made])[0])


def add_many(call: Call) -> Answer:
    """All or none."""
    deal = open_to_change(call)
    rows = read_strictly(call)["data"]
    if not 1 <= len(rows) <= MOST_AT_ONCE:
        raise invalid([("data", f"Parameter 'data' must hold 1 to {MOST_AT_ONCE} products")])
    return Answer(_finished(call, deal, [_add(call, deal, row) for row in rows]))


def change(call: Call) -> Answer:
    deal = open_to_change(call)
    before = part(call, TABLE, NOUN, deal, number(call, "product_attachment_id"))
    made = _keep(call, deal, before, _read(call))
    return Answer(_finished(call, deal, [made])[0])


def remove(call: Call) -> Answer:
    deal = open_to_change(call)
    row = part(call, TABLE, NOUN, deal, number(call, "product_attachment_id"))
    _remove(call, deal, [row])
    return Answer({"id": row["id"]})


def remove_many(call: Call) -> Answer:
    """The ones named by ``ids``, else the first hundred."""
    deal = open_to_change(call)
    rows, wanted = lines(call, deal["id"]), call.query.get("ids")
    gone = [row for row in rows if wanted is None or row["id"] in wanted][:MOST_AT_ONCE]
    if wanted is not None and not gone:
        raise not_found(NOUN)
    _remove(call, deal, gone)
    ids = [row["id"] for row in gone]
    return Answer({"ids": ids}, {"more_items_in_collection": wanted is None and len(rows) > len(gone)})


def _page(call: Call, rows: list[Record]) -> Answer:
    found, cursor = page(call, rows)
    return Answer(found, {"next_cursor": cursor})


def _read(call: Call) -> dict[str, Any]:
    return read_strictly(call, firm=call.operation.body.keys() - set(_MAY_BE_NULL))


def _add(call: Call, deal: Record, said: Mapping[str, Any]) -> Record:
    others = lines(call, deal["id"])
    blank = {
        **shapes.DEAL_PRODUCT,
        "deal_id": deal["id"],
        "currency": deal["currency"],
        "order_nr": max((row["order_nr"] for row in others), default=0) + 1,
        "add_time": call.time,
        "tax_method": others[0]["tax_method"] if others else shapes.DEAL_PRODUCT["tax_method"],
    }
    return _keep(call, deal, blank, said)


def _keep(call: Call, deal: Record, before: Record, said: Mapping[str, Any]) -> Record:
    """Check the line, and give all lines of the deal its way of taxing."""
    row = {**before, **said, "update_time": call.time}
    if complaints := [*_misfits(call, row), *_conflicts(call, deal, before, row)]:
        raise invalid(complaints)
    row["name"] = (call.records.find("products", row["product_id"]) or {}).get("name")
    kept = _put(call, row)
    for other in lines(call, deal["id"]):
        if other["tax_method"] != row["tax_method"]:
            _put(call, {**other, "tax_method": row["tax_method"]})
    return kept


def _put(call: Call, row: Record) -> Record:
    row = {**row, "sum": line_sum(row)}
    return call.records.put(TABLE, row["id"], row) if "id" in row else call.records.add(TABLE, row)


def _remove(call: Call, deal: Record, rows: list[Record]) -> None:
    gone = {row["id"] for row in rows}
    left = [row for row in lines(call, deal["id"]) if row["id"] not in gone]
    if installments(call, deal["id"]) and not any(row["is_enabled"] for row in left):
        raise invalid([("id", "The last enabled product of a deal with installments cannot be removed")])
    for row in rows:
        call.records.remove(TABLE, row["id"])
    settle(call, deal["id"])


def _finished(call: Call, deal: Record, rows: list[Record]) -> list[Record]:
    """The lines as they are in the end, after the deal was worth anew."""
    settle(call, deal["id"])
    return [call.records.find(TABLE, row["id"]) or row for row in rows]


def _misfits(call: Call, row: Record) -> Iterator[Complaint]:
    """What is wrong with the line alone."""
    product = visible(call, "products", row["product_id"])
    if product is None:
        yield "product_id", f"Product {row['product_id']} was not found"
    elif not product["is_linkable"] and "id" not in row:
        yield "product_id", f"Product {row['product_id']} cannot be added to deals"
    variations = call.records.where("product_variations", "product_id", row["product_id"])
    if row["product_variation_id"] not in (None, *(variation["id"] for variation in variations)):
        yield "product_variation_id", f"Product variation {row['product_variation_id']} was not found"
    for key in ("quantity", "discount", "tax"):
        if row[key] < 0:
            yield key, f"Parameter '{key}' cannot be negative"
    if row["discount_type"] == "percentage" and row["discount"] > _ALL:
        yield "discount", "Parameter 'discount' cannot be more than 100 percent"
    if max(abs(row[key]) for key in ("item_price", "quantity", "discount", "tax")) > _BIGGEST:
        yield "item_price", "The amounts of this product are too large"
    yield from _billing_misfits(call, row)


def _billing_misfits(call: Call, row: Record) -> Iterator[Complaint]:
    cycles, start, key = (
        row["billing_frequency_cycles"],
        row["billing_start_date"],
        "billing_frequency_cycles",
    )
    if recurs(row) or start is not None:
        check_plan(call, "Recurring products")
    if not recurs(row) and cycles is not None:
        yield key, f"Parameter '{key}' must be null when billing_frequency is one-time"
    elif row["billing_frequency"] == "weekly" and cycles is None:
        yield key, f"Parameter '{key}' cannot be null when billing_frequency is weekly"
    elif cycles is not None and not 1 <= cycles <= MOST_CYCLES:
        yield key, f"Parameter '{key}' must be between 1 and {MOST_CYCLES}"
    year = datetime.fromtimestamp(call.now, UTC).year
    if start is not None and abs(int(start[:4]) - year) > _MOST_YEARS:
        yield "billing_start_date", f"Parameter 'billing_start_date' must be within {_MOST_YEARS} years"


def _conflicts(call: Call, deal: Record, before: Record, row: Record) -> Iterator[Complaint]:
    """What the deal's other lines and its installments forbid."""
    others = [line for line in lines(call, deal["id"]) if line["id"] != row.get("id")]
    newly = recurs(row) and ("id" not in before or not recurs(before))
    if newly and sum(map(recurs, others)) >= MOST_RECURRING:
        yield "billing_frequency", f"A deal takes at most {MOST_RECURRING} recurring products"
    if not installments(call, deal["id"]):
        return
    if recurs(row) and (newly or (row["is_enabled"] and not before["is_enabled"])):
        yield "billing_frequency", "A deal with installments takes no recurring products"
    if not row["is_enabled"] and not any(line["is_enabled"] for line in others):
        yield "is_enabled", "The last enabled product of a deal with installments cannot be disabled"


OPERATIONS = {
    "GET v2/deals/products": of_many,
    "GET v2/deals/{id}/products": of_one,
    "POST v2/deals/{id}/products": add,
    "POST v2/deals/{id}/products/bulk": add_many,
    "PATCH v2/deals/{id}/products/{product_attachment_id}": change,
    "DELETE v2/deals/{id}/products/{product_attachment_id}": remove,
    "DELETE v2/deals/{id}/products": remove_many,
}
