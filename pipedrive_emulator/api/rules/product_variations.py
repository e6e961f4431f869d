"""Variations of a product, each with prices of its own: API v2."""

from typing import Any

from pipedrive_emulator.api.body import read_strictly
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import invalid, not_found
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules import product_prices as prices
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

LONGEST = 255
_TABLE = "product_variations"


def list_page(call: Call) -> Answer:
    rows, cursor = page(call, call.records.where(_TABLE, "product_id", parent(call, "products")["id"]))
    return Answer([_shown(row) for row in rows], {"next_cursor": cursor})


def create(call: Call) -> Answer:
    product = parent(call, "products")
    body = read_strictly(call, needed=("name",), firm=("prices",))
    row = {"name": _name(body), "product_id": product["id"], "prices": _prices(call, body)}
    return Answer(_shown(call.records.add(_TABLE, row)))


def change(call: Call) -> Answer:
    before = _find(call)
    body = read_strictly(call, firm=("name", "prices"))
    changes = {"name": _name(before | body)} | ({"prices": _prices(call, body)} if "prices" in body else {})
    return Answer(_shown(call.records.put(_TABLE, before["id"], {**before, **changes})))


def delete(call: Call) -> Answer:
    row = _find(call)
    call.records.remove(_TABLE, row["id"])
    return Answer({"id": row["id"]})


def _prices(call: Call, body: dict[str, Any]) -> list[Record]:
    return prices.settled(call, body.get("prices"), direct_cost=0)


def _name(body: dict[str, Any]) -> str:
    name = str(body["name"])
    if not 0 < len(name.strip()) <= LONGEST:
        raise invalid([("name", f"A name has 1 to {LONGEST} characters")])
    return name


def _find(call: Call) -> Record:
    product = parent(call, "products")
    row = call.records.find(_TABLE, whole_number(call.variables["product_variation_id"]))
    if row is None or row["product_id"] != product["id"]:
        raise not_found("Product variation")
    return row


def _shown(row: Record) -> dict[str, Any]:
    return {**row, "prices": prices.shown(row["prices"], "product_variation_id", row["id"])}


OPERATIONS = {
    "GET v2/products/{id}/variations": list_page,
    "POST v2/products/{id}/variations": create,
    "PATCH v2/products/{id}/variations/{product_variation_id}": change,
    "DELETE v2/products/{id}/variations/{product_variation_id}": delete,
}
