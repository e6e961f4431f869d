"""Products: the list, and the page of one with its prices, variations and the deals that it is sold in."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pipedrive_emulator.host.as_user import Record, Refused
from pipedrive_emulator.host.blocks import Block, Link, row
from pipedrive_emulator.host.list_pages import Cell
from pipedrive_emulator.host.timeline import Moment, history, notes_and_files
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.host.wording import Wording


@dataclass(frozen=True, slots=True)
class Price:
    """Whose it is (the product's own, or a variation's), and the amounts in words."""

    name: str
    price: str
    cost: str


@dataclass(frozen=True, slots=True)
class Product:
    id: int
    name: str
    code: str
    blocks: tuple[Block, ...]
    prices: tuple[Price, ...]
    history: tuple[Moment, ...]


async def products(visit: Visit) -> Response:
    names, wording = visit.names(), visit.wording
    rows = [
        (
            product["id"],
            [
                Cell(product["name"], f"/product/{product['id']}"),
                Cell(product.get("code") or ""),
                Cell(_category(product)),
                Cell(product.get("unit") or ""),
                Cell(_own_price(visit, product["prices"], wording), tone="number"),
                Cell(names.get(product["owner_id"], "")),
            ],
        )
        for product in visit.api.many("products")
    ]
    return visit.page(
        "list.html",
        section="products",
        title="Products",
        columns=("Name", "Code", "Category", "Unit", "Price", "Owner"),
        rows=[cells for _, cells in rows],
        row_ids=[record_id for record_id, _ in rows],
        choices=[],
        form="product",
        actions=[],
    )


async def product(visit: Visit) -> Response:
    try:
        record = visit.api.one("products", visit.record_id)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return visit.missing("product")
    return visit.page("product.html", section="products", product=_product(visit, record))


def _product(visit: Visit, record: Record) -> Product:
    key, names, wording = record["id"], visit.names(), visit.wording
    files = visit.api.v1(f"products/{key}/files")
    created = (Moment("products", "Product created", wording.moment(record["add_time"]), "event"),)
    return Product(
        id=key,
        name=record["name"],
        code=record.get("code") or "",
        blocks=(_details(record, names), _deals(visit, key, wording)),
        prices=tuple(_prices(visit, record, wording)),
        history=(*history((), notes_and_files((), files, names), wording, names), *created),
    )


def _details(record: Record, names: dict[int, str]) -> Block:
    tax = record.get("tax")
    rows = (
        row("Code", record.get("code")),
        row("Category", _category(record)),
        row("Unit", record.get("unit")),
        row("Tax", f"{tax:g}%" if tax else None),
        row("Billing", _billing(record)),
        row("Description", record.get("description")),
        row("Owner", names.get(record["owner_id"])),
    )
    return Block("Details", rows, form="product", record=record["id"])


def _deals(visit: Visit, product_id: int, wording: Wording) -> Block:
    links = [
        Link(deal["title"], f"/deal/{deal['id']}", wording.money(deal.get("value"), deal.get("currency")))
        for deal in visit.api.v1(f"products/{product_id}/deals")
    ]
    return Block("Deals", links=tuple(links))


def _prices(visit: Visit, record: Record, wording: Wording) -> list[Price]:
    found = [_price("", one, wording) for one in record["prices"]]
    for variation in visit.api.many(f"products/{record['id']}/variations"):
        found += [_price(variation["name"], one, wording) for one in variation["prices"]]
    return found


def _price(name: str, price: Record, wording: Wording) -> Price:
    cost = price.get("cost")
    return Price(
        name,
        wording.money(price["price"], price["currency"]),
        wording.money(cost, price["currency"]) if cost else "",
    )


def _own_price(visit: Visit, prices: list[Record], wording: Wording) -> str:
    """In the user's currency where there is one, else the first."""
    currency = visit.user.default_currency
    price = next((one for one in prices if one["currency"] == currency), prices[0] if prices else None)
    return wording.money(price["price"], price["currency"]) if price else ""


def _category(record: Record) -> str:
    category: Any = record.get("category")
    return str(category or "")


def _billing(record: Record) -> str | None:
    frequency = record.get("billing_frequency")
    if frequency in (None, "one-time"):
        return None
    cycles = record.get("billing_frequency_cycles")
    return f"{str(frequency).capitalize()}, {cycles} times" if cycles else str(frequency).capitalize()
