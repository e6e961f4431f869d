"""Settings beside those of apps: the API token, the company with its budget, webhooks, installed apps."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.host import Host


def _token(host: Host) -> str:
    users = host.control("world")["users"]
    return str(next(one["api_token"] for one in users if one["id"] == host.somebody))


def test_api_token_is_hidden_until_it_is_asked_for(host: Host, tab: Page) -> None:
    host.open(tab, "/deals")
    tab.locator("#user-menu-button").click()
    tab.get_by_role("menuitem", name="Personal preferences").click()
    tab.wait_for_url(f"{host.acme}/settings/api")
    assert _token(host) not in tab.content()
    field = tab.get_by_label("API token", exact=True)
    assert "•" in field.input_value()
    tab.get_by_role("button", name="Show").click()
    expect(field).to_have_value(_token(host))
    tab.get_by_role("button", name="Hide").click()
    assert "•" in field.input_value()


def test_api_token_is_copied_without_being_shown(host: Host, tab: Page) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    host.open(tab, "/settings/api")
    tab.get_by_role("button", name="Copy").click()
    expect(tab.get_by_text("The API token was copied")).to_be_visible()
    assert tab.evaluate("navigator.clipboard.readText()") == _token(host)
    assert "•" in tab.get_by_label("API token", exact=True).input_value()


def test_company_tells_what_is_spent_and_by_whom(host: Host, reset: None, tab: Page) -> None:
    assert reset is None
    host.write("PATCH", "deals/1", {"title": "Two days ago"})
    host.control("clock", {"advance_seconds": 2 * 86_400})
    host.open(tab, "/settings/company")
    expect(tab.get_by_text("Nobody has called the API within 24 hours.")).to_be_visible()
    for title in ("One", "Two"):
        host.write("PATCH", "deals/1", {"title": title})
    budget = tab.get_by_role("region", name="API tokens today")
    expect(budget.get_by_text("10 of 750,000 spent, 749,990 left")).to_be_visible()
    expect(budget.get_by_role("row", name="API token Marta Kask 2 10")).to_be_visible()
    expect(budget.get_by_role("meter")).to_have_attribute("value", "10")


def test_webhooks_of_the_company_are_listed_as_they_come_and_go(host: Host, reset: None, tab: Page) -> None:
    assert reset is None
    host.open(tab, "/settings/webhooks")
    expect(tab.get_by_text("No webhook yet")).to_be_visible()
    order = {
        "name": "Deals",
        "subscription_url": f"{host.app}/hook",
        "event_action": "change",
        "event_object": "deal",
    }
    host.webhook(order)
    row = tab.get_by_role("row", name="change.deal")
    expect(row).to_contain_text("Active")
    expect(row).to_contain_text("Marta Kask")
    expect(row).to_contain_text("None yet")
    host.write("PATCH", "deals/1", {"title": "Renamed"})
    expect(row).to_contain_text("Today")
    expect(row).to_contain_text("(200)")


def test_installed_apps_can_be_set_and_uninstalled(installed: Host, tab: Page) -> None:
    installed.open(tab, "/settings/marketplace")
    app = tab.get_by_role("region", name="Probe")
    expect(app.get_by_role("link", name="Settings of Probe")).to_be_visible()
    app.get_by_role("button", name="Uninstall Probe").click()
    tab.get_by_role("dialog").get_by_role("button", name="Uninstall").click()
    expect(tab.get_by_text("You have installed no app yet.")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("page", ["api", "company", "webhooks", "marketplace"])
def test_settings_meet_wcag_in_both_themes(host: Host, tab: Page, page: str, theme: str) -> None:
    host.open(tab, "/deals")
    assert host.script(tab, "theme", {"theme": theme}) == 200
    tab.goto(f"{host.acme}/settings/{page}")
    assert violations(tab) == []
