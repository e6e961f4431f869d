"""What a panel shows when Pipedrive does not give: readable and whole at its width, in each look."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import BrowserContext

from marketplace_app import errors
from marketplace_app.errors import MarketplaceAppError
from tests.browser.axe import violations
from tests.browser.shown_alone import page_of, serving

WIDTH = 385
ERRORS: dict[str, MarketplaceAppError] = {
    "closed": errors.CompanyClosed("x"),
    "client": errors.ClientRefused("x"),
    "unsettled": errors.RenewalUnsettled("x"),
    "disconnected": errors.Disconnected("x"),
    "one-scope": errors.ScopeMissing(["activities:full"]),
    "three-scopes": errors.ScopeMissing(["deals:full", "contacts:full", "activities:full"]),
    "unknown-scope": errors.ScopeMissing([]),
}
LOOKS = list(product(ERRORS, ("en", "vi"), ("light", "dark")))


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    pages = {
        f"/{name}-{language}-{theme}": page_of(ERRORS[name], language, theme)
        for name, language, theme in LOOKS
    }
    with serving(pages) as running:
        yield running


@pytest.mark.parametrize(("name", "language", "theme"), LOOKS)
def test_it_is_readable_and_fits(
    origin: str, browsing: BrowserContext, name: str, language: str, theme: str
) -> None:
    tab = browsing.new_page()
    tab.set_viewport_size({"width": WIDTH, "height": 750})
    tab.goto(f"{origin}/{name}-{language}-{theme}")
    assert tab.locator("h1").count() == 1
    assert tab.evaluate("document.documentElement.lang") == language
    assert tab.evaluate("getComputedStyle(document.documentElement).colorScheme") == theme
    assert tab.evaluate("document.documentElement.scrollWidth") == WIDTH
    assert tab.evaluate("document.getElementById('surface').getBoundingClientRect().height") < 420
    assert violations(tab) == []


def test_an_error_does_not_show_its_own_text(origin: str, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    tab.goto(f"{origin}/three-scopes-en-light")
    assert tab.locator("h1").text_content() == "Permissions are missing"
    assert tab.locator("li").count() == 3
    assert tab.locator("code").all_text_contents() == ["deals:full", "contacts:full", "activities:full"]
    tab.goto(f"{origin}/unknown-scope-en-light")
    assert tab.get_by_role("link").count() == 0
    tab.goto(f"{origin}/client-vi-dark")
    assert "E-7K2F9Q" in tab.locator("#surface").inner_text()
