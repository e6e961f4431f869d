"""Products: prices by currency, billing, variations, the image, and where a product is used; currencies."""

from typing import Any

import httpx2
import pytest

from tests.emulator.client import JACK, MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

PRODUCTS = "/api/v2/products"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x0dIHDR" + (160).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    """An admin by API token: the app of these tests has no scope for products."""
    return direct(emulator, MARTA)


def add(api: ApiAs, **body: Any) -> dict[str, Any]:
    reply = api.request("POST", PRODUCTS, json={"name": "Scale"} | body)
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json()["data"]
    return made


def test_a_bare_product_costs_nothing_in_its_makers_currency(marta: ApiAs) -> None:
    made = add(marta)
    assert (made["owner_id"], made["visible_to"], made["is_linkable"], made["tax"]) == (MARTA, 3, True, 0)
    assert (made["billing_frequency"], made["billing_frequency_cycles"]) == ("one-time", None)
    price = {"product_id": made["id"], "price": 0, "currency": "EUR"}
    assert made["prices"] == [price | {"cost": 0, "direct_cost": None, "notes": ""}]
    assert marta.get(f"{PRODUCTS}/{made['id']}") == made


def test_prices_are_one_per_currency_and_replaced_together(marta: ApiAs) -> None:
    made = add(marta, prices=[{"currency": "EUR", "price": 5}, {"currency": "USD", "price": 6, "cost": 2}])
    assert [row["currency"] for row in made["prices"]] == ["EUR", "USD"]
    changed = marta.write("PATCH", f"{PRODUCTS}/{made['id']}", prices=[{"currency": "VND", "price": 9}])
    assert [(row["currency"], row["price"]) for row in changed["prices"]] == [("VND", 9)]
    renamed = marta.write("PATCH", f"{PRODUCTS}/{made['id']}", name="Balance")
    assert renamed["prices"] == changed["prices"]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": " "}, "name: Parameter 'name' cannot be empty"),
    ({"prices": [{"currency": "EUR", "price": 1}] * 2}, "There can only be one price in EUR"),
    ({"prices": [{"currency": "XYZ", "price": 1}]}, "Currency XYZ was not found"),
    ({"prices": [{"price": 1}]}, "Currency None was not found"),
    ({"prices": [{"currency": "EUR", "price": "1"}]}, "'prices.price' must be a number"),
    ({"prices": [{"currency": "EUR", "colour": 1}]}, "'prices.colour' is not allowed"),
    ({"owner_id": 1}, "User 1 was not found"),
    ({"category": 99}, "Category 99 was not found"),
    ({"visible_to": 2}, "visible_to"),
    ({"billing_frequency": "daily"}, "must be one of: one-time"),
    ({"billing_frequency_cycles": 3}, "A one-time product has no billing cycles"),
    ({"billing_frequency": "weekly"}, "A weekly product needs billing cycles"),
    ({"billing_frequency": "monthly", "billing_frequency_cycles": 209}, "between 1 and 208"),
    ({"custom_fields": {"0" * 40: 1}}, "is not allowed"),
]


@pytest.mark.parametrize(("body", "message"), BAD)
def test_a_product_that_cannot_be_is_refused(marta: ApiAs, body: dict[str, Any], message: str) -> None:
    refused = marta.refused("POST", PRODUCTS, 400, json={"name": "Scale"} | body)
    assert message in refused["error"]


def test_cycles_go_with_what_recurs(marta: ApiAs) -> None:
    made = add(marta, billing_frequency="monthly", billing_frequency_cycles=12)
    once = marta.write("PATCH", f"{PRODUCTS}/{made['id']}", billing_frequency="one-time")
    assert once["billing_frequency_cycles"] is None


def test_a_category_is_set_by_number_and_told_by_name(marta: ApiAs) -> None:
    assert add(marta, category=2)["category"] == "Equipment"


def test_what_the_owner_keeps_to_himself_others_do_not_see(emulator: EmulatorProcess) -> None:
    jack, victor = direct(emulator, JACK), direct(emulator, VICTOR)
    made = add(jack, visible_to=1)
    victor.refused("GET", f"{PRODUCTS}/{made['id']}", 404)
    victor.refused("DELETE", f"{PRODUCTS}/{made['id']}", 404)
    assert made["id"] not in [row["id"] for row in victor.everything(PRODUCTS)]
    users = jack.get(f"/v1/products/{made['id']}/permittedUsers")
    assert (JACK in users, MARTA in users, VICTOR in users) == (True, True, False)


def test_lists_are_filtered_and_sorted(marta: ApiAs) -> None:
    names = [row["name"] for row in marta.everything(PRODUCTS, sort_by="name", limit=5)]
    assert names == sorted(names)
    assert {row["owner_id"] for row in marta.everything(PRODUCTS, owner_id=JACK)} == {JACK}
    assert [row["id"] for row in marta.everything(PRODUCTS, ids="2,1")] == [1, 2]


def test_a_deleted_product_leaves_the_list(marta: ApiAs) -> None:
    made = add(marta)
    assert marta.write("DELETE", f"{PRODUCTS}/{made['id']}") == {"id": made["id"]}
    assert made["id"] not in [row["id"] for row in marta.everything(PRODUCTS)]
    marta.refused("PATCH", f"{PRODUCTS}/{made['id']}", 404, json={"name": "Back"})
    marta.refused("GET", f"{PRODUCTS}/{made['id']}/variations", 404)


def test_variations_have_prices_of_their_own_and_belong_to_one_product(marta: ApiAs) -> None:
    made = add(marta)
    path = f"{PRODUCTS}/{made['id']}/variations"
    reply = marta.request("POST", path, json={"name": "Red"})
    assert reply.status_code == 201
    red = reply.json()["data"]
    price = {"product_variation_id": red["id"], "price": 0, "currency": "EUR", "cost": 0, "direct_cost": 0}
    assert red["prices"] == [price | {"notes": ""}]
    changed = marta.write("PATCH", f"{path}/{red['id']}", name="Dark red")
    assert (changed["name"], changed["prices"]) == ("Dark red", red["prices"])
    assert marta.everything(path) == [changed]
    for body in ({"name": "A" * 256}, {"name": ""}, {}, {"name": "A", "prices": [{"currency": "?"}]}):
        marta.refused("POST", path, 400, json=body)
    other = f"{PRODUCTS}/1/variations/{red['id']}"
    marta.refused("PATCH", other, 404, json={"name": "Stolen"})
    marta.refused("DELETE", other, 404)
    assert marta.write("DELETE", f"{path}/{red['id']}") == {"id": red["id"]}
    assert marta.everything(path) == []


def test_a_duplicate_has_everything_of_its_own(marta: ApiAs) -> None:
    fields = marta.get("/api/v2/productFields", limit=500)
    code = next(
        field["field_code"]
        for field in fields
        if field["field_type"] == "double" and field["is_custom_field"]
    )
    made = add(marta, prices=[{"currency": "USD", "price": 3}], custom_fields={code: 1.5})
    marta.request("POST", f"{PRODUCTS}/{made['id']}/variations", json={"name": "Red"})
    reply = marta.request("POST", f"{PRODUCTS}/{made['id']}/duplicate")
    assert reply.status_code == 201
    copy = reply.json()["data"]
    assert copy["id"] != made["id"]
    assert (copy["name"], copy["custom_fields"][code], copy["prices"][0]["price"]) == ("Scale", 1.5, 3)
    assert copy["prices"][0]["product_id"] == copy["id"]
    variations = marta.everything(f"{PRODUCTS}/{copy['id']}/variations")
    assert [(row["name"], row["product_id"]) for row in variations] == [("Red", copy["id"])]
    assert len(marta.everything(f"{PRODUCTS}/{made['id']}/variations")) == 1


def test_the_image_is_seen_by_anyone_for_seven_days(marta: ApiAs, emulator: EmulatorProcess) -> None:
    path = f"{PRODUCTS}/{add(marta)['id']}/images"
    marta.refused("GET", path, 404)
    picture = {"data": ("machine.png", PNG, "image/png")}
    assert marta.request("POST", path, files=picture).status_code == 201
    marta.refused("POST", path, 400, files=picture)
    shown = marta.get(path)
    assert (shown["name"], shown["mime_type"]) == ("machine.png", "image/png")
    plain = httpx2.get(shown["public_url"])
    assert (plain.status_code, plain.content, plain.headers["content-type"]) == (200, PNG, "image/png")
    longer = shown["public_url"].replace("expires=", "expires=9")
    assert httpx2.get(longer).status_code == 404
    emulator.control("clock", {"advance_seconds": 7 * 86_400 + 1})
    assert httpx2.get(shown["public_url"]).status_code == 404
    assert httpx2.get(marta.get(path)["public_url"]).status_code == 200


def test_an_image_is_replaced_and_deleted(marta: ApiAs) -> None:
    path = f"{PRODUCTS}/{add(marta)['id']}/images"
    marta.refused("PUT", path, 404, files={"data": ("a.png", PNG, "image/png")})
    for part in ({"data": ("a.txt", b"no picture", "text/plain")}, {"file": ("a.png", PNG, "image/png")}):
        marta.refused("POST", path, 400, files=part)
    marta.request("POST", path, files={"data": ("a.png", PNG, "image/png")})
    first = marta.get(path)
    reply = marta.request("PUT", path, files={"data": ("b.png", PNG + b"2", "image/png")})
    assert reply.status_code == 200, reply.text
    assert httpx2.get(marta.get(path)["public_url"]).content == PNG + b"2"
    assert httpx2.get(first["public_url"]).status_code == 404
    assert marta.write("DELETE", path) == {"id": reply.json()["data"]["id"]}
    marta.refused("GET", path, 404)


def test_v1_tells_the_deals_a_product_is_on(marta: ApiAs) -> None:
    made = add(marta)
    row = {"product_id": made["id"], "item_price": 5, "quantity": 1}
    for deal in (2, 1, 1):
        assert marta.request("POST", f"/api/v2/deals/{deal}/products", json=row).status_code == 201
    found = marta.get(f"/v1/products/{made['id']}/deals")
    assert [deal["id"] for deal in found] == [1, 2]
    assert marta.get(f"/v1/products/{made['id']}/deals", status="won") == []
    marta.write("DELETE", "/api/v2/deals/2")
    assert [deal["id"] for deal in marta.get(f"/v1/products/{made['id']}/deals")] == [1]
    assert [deal["id"] for deal in marta.get(f"/v1/products/{made['id']}/deals", status="deleted")] == [2]


def test_currencies_are_found_by_name_and_code(marta: ApiAs) -> None:
    rows = marta.get("/v1/currencies")
    assert {"EUR", "USD", "VND"} <= {row["code"] for row in rows}
    assert [row["code"] for row in marta.get("/v1/currencies", term="viet")] == ["VND"]
    assert [row["code"] for row in marta.get("/v1/currencies", term="eur")] == ["EUR"]
    assert marta.get("/v1/currencies", term="VND")[0]["decimal_points"] == 0
