"""Products: the list, the page of one, and the form that keeps prices in other currencies."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.host import Host

pytestmark = pytest.mark.usefixtures("reset")


def test_new_product_by_the_form_gets_a_price_in_the_users_currency(host: Host, tab: Page) -> None:
    host.open(tab, "/products")
    tab.get_by_role("button", name="Product", exact=True).click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Cold brew tap")
    dialog.get_by_label("Price, EUR").fill("1450.5")
    dialog.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("row", name="Cold brew tap")).to_contain_text("450,50")
    tab.get_by_role("link", name="Cold brew tap").click()
    expect(tab.get_by_role("heading", name="Cold brew tap", level=1)).to_be_visible()


def test_new_price_leaves_those_in_other_currencies_alone(host: Host, tab: Page) -> None:
    prices = [{"currency": "EUR", "price": 10, "cost": 4}, {"currency": "VND", "price": 280_000}]
    product = host.write("POST", "products", {"name": "Cold brew", "prices": prices})["id"]
    host.open(tab, f"/product/{product}")
    tab.get_by_role("button", name="Edit details").click()
    dialog = tab.get_by_role("dialog")
    expect(dialog.get_by_label("Price, EUR")).to_have_value("10")
    dialog.get_by_label("Price, EUR").fill("12")
    dialog.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("region", name="Prices")).to_contain_text("12")
    kept = host.record("products", product)["prices"]
    assert [(one["currency"], one["price"], one["cost"]) for one in kept] == [
        ("EUR", 12, 4),
        ("VND", 280_000, 0),
    ]


def test_page_shows_variations_and_the_deals_that_sell_it(host: Host, tab: Page) -> None:
    prices = [{"currency": "EUR", "price": 10}]
    product = host.write("POST", "products", {"name": "Cold brew", "prices": prices})["id"]
    host.write("POST", f"products/{product}/variations", {"name": "Large", "prices": prices})
    host.write("POST", "deals/2/products", {"product_id": product, "item_price": 10, "quantity": 3})
    host.open(tab, f"/product/{product}")
    expect(tab.get_by_role("region", name="Prices").get_by_role("row", name="Large")).to_contain_text("10")
    expect(tab.get_by_role("region", name="Deals").get_by_role("link")).to_have_attribute("href", "/deal/2")


def test_product_that_is_not_there_says_so(host: Host, tab: Page) -> None:
    host.open(tab, "/product/999999")
    expect(tab.get_by_role("heading", name="No such product")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/products", "/product/3"])
def test_products_meet_wcag_in_both_themes(host: Host, tab: Page, path: str, theme: str) -> None:
    host.open(tab, "/deals")
    assert host.script(tab, "theme", {"theme": theme}) == 200
    tab.goto(f"{host.acme}{path}")
    assert violations(tab) == []
