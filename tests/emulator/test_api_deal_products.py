"""Products, discounts and installments of deals: what they add up to, and what forbids what."""

from typing import Any

import pytest

from tests.emulator.client import LINH, MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

DEALS = "/api/v2/deals"
GRINDER, BOX = 6, 11


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, MARTA)


@pytest.fixture
def deal(marta: ApiAs) -> int:
    """A new deal in euros, without a product."""
    return int(marta.write("POST", DEALS, title="Grinders", value=77, currency="EUR")["id"])


def add(api: ApiAs, deal: int, **body: Any) -> dict[str, Any]:
    row = {"product_id": GRINDER, "item_price": 100, "quantity": 2} | body
    reply = api.request("POST", f"{DEALS}/{deal}/products", json=row)
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json()["data"]
    return made


def discount(api: ApiAs, deal: int, **body: Any) -> Any:
    reply = api.request("POST", f"{DEALS}/{deal}/discounts", json={"description": "D"} | body)
    assert reply.status_code == 201, reply.text
    return reply.json()["data"]


def worth(api: ApiAs, deal: int) -> tuple[Any, ...]:
    found = api.get(f"{DEALS}/{deal}")
    return tuple(found[key] for key in ("value", "acv", "arr", "mrr"))


SUMS = [
    ({}, 200),
    ({"discount": 10}, 180),
    ({"discount": 30, "discount_type": "amount"}, 170),
    ({"tax": 20, "tax_method": "exclusive"}, 240),
    ({"tax": 20, "tax_method": "inclusive"}, 200),
    ({"tax": 20, "tax_method": "none"}, 200),
    ({"tax": 20, "tax_method": "exclusive", "discount": 50}, 120),
    ({"item_price": 0.1, "quantity": 3}, 0.3),
]


@pytest.mark.parametrize(("body", "total"), SUMS)
def test_the_sum_of_a_line(marta: ApiAs, deal: int, body: dict[str, Any], total: float) -> None:
    assert add(marta, deal, **body)["sum"] == total
    assert worth(marta, deal)[0] == total


def test_a_line_begins_as_documented(marta: ApiAs, deal: int) -> None:
    made = add(marta, deal)
    assert (made["name"], made["currency"], made["order_nr"]) == ("Flat burr grinder", "EUR", 1)
    assert (made["billing_frequency"], made["is_enabled"], made["comments"]) == ("one-time", True, "")
    assert add(marta, deal)["order_nr"] == 2


def test_what_is_disabled_does_not_count(marta: ApiAs, deal: int) -> None:
    first = add(marta, deal)
    add(marta, deal, item_price=7, quantity=1)
    path = f"{DEALS}/{deal}/products/{first['id']}"
    marta.write("PATCH", path, is_enabled=False)
    assert worth(marta, deal)[0] == 7
    marta.write("DELETE", path)
    assert [row["item_price"] for row in marta.get(f"{DEALS}/{deal}/products")] == [7]


def test_products_go_before_a_value_that_is_sent_and_leave_nothing(marta: ApiAs, deal: int) -> None:
    made = add(marta, deal)
    assert marta.write("PATCH", f"{DEALS}/{deal}", value=5)["value"] == 200
    marta.write("DELETE", f"{DEALS}/{deal}/products/{made['id']}")
    assert worth(marta, deal) == (0, None, None, None)
    assert marta.write("PATCH", f"{DEALS}/{deal}", value=5)["value"] == 5


def test_lines_count_in_the_deals_currency(marta: ApiAs, deal: int) -> None:
    add(marta, deal)
    marta.write("PATCH", f"{DEALS}/{deal}", currency="USD")
    assert [row["currency"] for row in marta.get(f"{DEALS}/{deal}/products")] == ["USD"]


def test_one_way_of_taxing_for_all_lines(marta: ApiAs, deal: int) -> None:
    first = add(marta, deal, tax=10)
    add(marta, deal, tax_method="exclusive")
    rows = {row["id"]: row for row in marta.get(f"{DEALS}/{deal}/products")}
    assert rows[first["id"]]["tax_method"] == "exclusive"
    assert rows[first["id"]]["sum"] == 220
    assert add(marta, deal)["tax_method"] == "exclusive"
    assert worth(marta, deal)[0] == 620


RECURRING = [
    ({"billing_frequency": "monthly", "billing_frequency_cycles": 6}, (1200, 1200, 2400, 200)),
    ({"billing_frequency": "monthly"}, (2400, 2400, 2400, 200)),
    ({"billing_frequency": "annually", "billing_frequency_cycles": 3}, (600, 200, 200, 16.67)),
    ({"billing_frequency": "weekly", "billing_frequency_cycles": 52}, (10400, 10400, 10400, 866.67)),
    ({"billing_frequency": "quarterly"}, (800, 800, 800, 66.67)),
    ({"billing_frequency": "semi-annually"}, (400, 400, 400, 33.33)),
    ({}, (200, 200, 0, 0)),
]


@pytest.mark.parametrize(("body", "expected"), RECURRING)
def test_what_recurs_is_worth_its_bills(
    marta: ApiAs, deal: int, body: dict[str, Any], expected: tuple[float, ...]
) -> None:
    add(marta, deal, **body)
    assert worth(marta, deal) == expected


REFUSED = [
    ({"product_id": 999}, "Product 999 was not found"),
    ({"product_id": BOX}, f"Product {BOX} cannot be added to deals"),
    ({"product_variation_id": 999}, "Product variation 999 was not found"),
    ({"quantity": -1}, "'quantity' cannot be negative"),
    ({"discount": 101}, "cannot be more than 100 percent"),
    ({"item_price": 1e15}, "too large"),
    ({"billing_frequency_cycles": 3}, "must be null when billing_frequency is one-time"),
    ({"billing_frequency": "weekly"}, "cannot be null when billing_frequency is weekly"),
    ({"billing_frequency": "monthly", "billing_frequency_cycles": 209}, "must be between 1 and 208"),
    ({"billing_frequency": "daily"}, "must be one of: one-time"),
    ({"billing_start_date": "2050-01-01"}, "must be within 10 years"),
    ({"comments": None}, "'comments' cannot be null"),
]


@pytest.mark.parametrize(("body", "message"), REFUSED)
def test_what_a_line_cannot_be(marta: ApiAs, deal: int, body: dict[str, Any], message: str) -> None:
    row = {"product_id": GRINDER, "item_price": 100, "quantity": 2} | body
    refused = marta.refused("POST", f"{DEALS}/{deal}/products", 400, json=row)
    assert message in refused["error"]
    assert marta.get(f"{DEALS}/{deal}/products") == []
    assert worth(marta, deal)[0] == 77


def test_twenty_recurring_lines_and_no_more(marta: ApiAs, deal: int) -> None:
    row = {"product_id": GRINDER, "item_price": 1, "quantity": 1, "billing_frequency": "monthly"}
    bulk = f"{DEALS}/{deal}/products/bulk"
    refused = marta.refused("POST", bulk, 400, json={"data": [row] * 21})
    assert "at most 20 recurring" in refused["error"]
    assert marta.get(f"{DEALS}/{deal}/products") == []
    assert marta.request("POST", bulk, json={"data": [row] * 20}).status_code == 201
    once = add(marta, deal)
    path = f"{DEALS}/{deal}/products/{once['id']}"
    marta.refused("PATCH", path, 400, json={"billing_frequency": "monthly"})


def test_a_hundred_at_once(marta: ApiAs, deal: int) -> None:
    row = {"product_id": GRINDER, "item_price": 1, "quantity": 1}
    bulk = f"{DEALS}/{deal}/products/bulk"
    marta.refused("POST", bulk, 400, json={"data": [row] * 101})
    marta.refused("POST", bulk, 400, json={"data": []})
    ids = [made["id"] for made in marta.request("POST", bulk, json={"data": [row] * 100}).json()["data"]]
    add(marta, deal)
    path = f"{DEALS}/{deal}/products"
    some = marta.request("DELETE", path, params={"ids": f"{ids[0]},{ids[1]}"}).json()
    assert some["data"]["ids"] == ids[:2]
    assert worth(marta, deal)[0] == 298
    add(marta, deal)
    add(marta, deal)
    rest = marta.request("DELETE", path).json()
    assert len(rest["data"]["ids"]) == 100
    assert rest["additional_data"] == {"more_items_in_collection": True}
    marta.refused("DELETE", path, 404, params={"ids": str(ids[0])})


def test_lists_over_deals_leave_out_what_is_hidden(
    emulator: EmulatorProcess, marta: ApiAs, deal: int
) -> None:
    add(marta, deal)
    other = marta.write("POST", DEALS, title="Mine", visible_to=1)["id"]
    add(marta, other)
    both = {"deal_ids": f"{deal},{other}", "sort_by": "deal_id", "sort_direction": "desc"}
    assert [row["deal_id"] for row in marta.get(f"{DEALS}/products", **both)] == [other, deal]
    linh = direct(emulator, LINH)
    assert [row["deal_id"] for row in linh.get(f"{DEALS}/products", **both)] == [deal]
    marta.refused("GET", f"{DEALS}/products", 400)
    linh.refused("GET", f"{DEALS}/{other}/products", 404)
    one = add(marta, deal)
    marta.refused("PATCH", f"{DEALS}/{other}/products/{one['id']}", 404, json={"quantity": 3})


def test_discounts_lessen_what_is_paid_once(marta: ApiAs, deal: int) -> None:
    discount(marta, deal, amount=10, type="percentage")
    assert worth(marta, deal)[0] == 77
    add(marta, deal, item_price=500)
    add(marta, deal, billing_frequency="monthly", billing_frequency_cycles=1)
    fixed = discount(marta, deal, amount=50, type="amount")
    assert worth(marta, deal)[0] == 1000 - 100 - 50 + 200
    path = f"{DEALS}/{deal}/discounts/{fixed['id']}"
    assert marta.write("PATCH", path, amount=5000)["updated_by"] == MARTA
    assert worth(marta, deal)[0] == 200
    assert marta.write("DELETE", path) == {"id": fixed["id"]}
    assert worth(marta, deal)[0] == 1100
    for bad in ({"amount": 0}, {"amount": 101}, {"description": None}):
        body = {"description": "x", "amount": 1, "type": "percentage"} | bad
        marta.refused("POST", f"{DEALS}/{deal}/discounts", 400, json=body)


INSTALLMENT = {"description": "First half", "amount": 100, "billing_date": "2027-01-31"}


def test_installments_need_what_is_paid_once_and_nothing_that_recurs(marta: ApiAs, deal: int) -> None:
    path = f"{DEALS}/{deal}/installments"
    assert "need a one-time product" in marta.refused("POST", path, 400, json=INSTALLMENT)["error"]
    recurring = add(marta, deal, billing_frequency="monthly")
    assert "takes no installments" in marta.refused("POST", path, 400, json=INSTALLMENT)["error"]
    marta.write("DELETE", f"{DEALS}/{deal}/products/{recurring['id']}")
    once = add(marta, deal)
    made = marta.write("POST", path, **INSTALLMENT)
    assert marta.get(f"{DEALS}/installments", deal_ids=deal) == [made]
    marta.refused("POST", path, 400, json=INSTALLMENT | {"amount": 0})
    _hold_to_installments(marta, deal, once["id"])
    assert marta.write("PATCH", f"{path}/{made['id']}", amount=50)["amount"] == 50
    assert marta.write("DELETE", f"{path}/{made['id']}") == {"id": made["id"]}
    marta.write("PATCH", f"{DEALS}/{deal}/products/{once['id']}", is_enabled=False)


def _hold_to_installments(api: ApiAs, deal: int, line: int) -> None:
    """The last enabled line stays, and nothing begins to recur."""
    path = f"{DEALS}/{deal}/products/{line}"
    api.refused("PATCH", path, 400, json={"is_enabled": False})
    api.refused("PATCH", path, 400, json={"billing_frequency": "monthly"})
    api.refused("DELETE", path, 400)
    api.refused("DELETE", f"{DEALS}/{deal}/products", 400)
    body = {"product_id": GRINDER, "item_price": 1, "quantity": 1, "billing_frequency": "monthly"}
    api.refused("POST", f"{DEALS}/{deal}/products", 400, json=body)


def test_an_archived_deal_keeps_its_products(marta: ApiAs, deal: int) -> None:
    made = add(marta, deal)
    marta.write("PATCH", f"{DEALS}/{deal}", is_archived=True)
    marta.refused("DELETE", f"{DEALS}/{deal}/products/{made['id']}", 403)
    marta.refused(
        "POST", f"{DEALS}/{deal}/discounts", 403, json={"description": "x", "amount": 1, "type": "amount"}
    )
    marta.refused("POST", f"{DEALS}/{deal}/installments", 403, json=INSTALLMENT)
    assert [row["id"] for row in marta.get(f"{DEALS}/{deal}/products")] == [made["id"]]


def test_include_fields_counts_products(marta: ApiAs, deal: int) -> None:
    add(marta, deal)
    add(marta, deal)
    assert marta.get(f"{DEALS}/{deal}", include_fields="products_count")["products_count"] == 2


def test_hidden_deals_take_nothing_from_strangers(emulator: EmulatorProcess, marta: ApiAs) -> None:
    hidden = marta.write("POST", DEALS, title="Mine", visible_to=1)["id"]
    victor = direct(emulator, VICTOR)
    victor.refused(
        "POST", f"{DEALS}/{hidden}/discounts", 404, json={"description": "x", "amount": 1, "type": "amount"}
    )
