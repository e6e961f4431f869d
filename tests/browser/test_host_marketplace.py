"""Install and Uninstall on the Marketplace page, through the real consent page to the app's callback."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import CLIENT_ID, Host

pytestmark = pytest.mark.usefixtures("reset")


def _install(host: Host, tab: Page) -> None:
    host.open(tab, "/marketplace")
    tab.get_by_role("link", name="Install").click()
    tab.get_by_role("button", name="Allow and install").click()
    expect(tab.locator("#callback")).to_have_text("installed")


def test_listing_says_what_the_app_may_do_and_why(host: Host, tab: Page) -> None:
    host.open(tab, "/marketplace")
    listing = tab.get_by_role("article", name="Probe")
    expect(listing.get_by_text("deals:read")).to_be_visible()
    expect(listing.get_by_text("Look at a deal.")).to_be_visible()
    expect(listing.get_by_text("Not installed")).to_be_visible()


def test_install_walks_through_consent_without_state_and_the_page_shows_it(host: Host, tab: Page) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    _install(host, tab)
    callback = next(url for url in asked if url.startswith(f"{host.app}/oauth/callback"))
    assert "code=" in callback
    assert "state=" not in callback
    tab.goto(f"{host.acme}/marketplace")
    expect(tab.get_by_text("Installed", exact=True)).to_be_visible()


def test_install_is_for_one_user_only(host: Host, tab: Page) -> None:
    _install(host, tab)
    host.open(tab, "/marketplace", host.users["Jack Miller"])
    expect(tab.get_by_text("Not installed")).to_be_visible()


def test_uninstall_asks_first_and_takes_effect_at_once(host: Host, tab: Page) -> None:
    _install(host, tab)
    host.open(tab, "/marketplace")
    tab.get_by_role("button", name="Uninstall").click()
    tab.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(tab.get_by_text("Installed", exact=True)).to_be_visible()
    tab.get_by_role("button", name="Uninstall").click()
    tab.get_by_role("dialog").get_by_role("button", name="Uninstall").click()
    expect(tab.get_by_text("Not installed")).to_be_visible()
    gone = [one for one in host.control("ledger?since=0")["entries"] if one["kind"] == "uninstalled"]
    assert (gone[-1]["client_id"], gone[-1]["user_id"]) == (CLIENT_ID, host.somebody)


def test_open_deal_keeps_its_panel_after_an_uninstall_until_it_is_reloaded(host: Host, tab: Page) -> None:
    _install(host, tab)
    host.control("switches", {"panel_without_install": "hidden"})
    frame = host.open_deal(tab)
    frame.evaluate("window.mark = 1")
    with tab.context.new_page() as other:
        host.open(other, "/marketplace")
        other.get_by_role("button", name="Uninstall").click()
        other.get_by_role("dialog").get_by_role("button", name="Uninstall").click()
        expect(other.get_by_text("Not installed")).to_be_visible()
    tab.wait_for_timeout(1500)
    assert frame.evaluate("window.mark") == 1
    tab.reload()
    expect(tab.locator("[data-panel]")).to_have_count(0)


def test_install_and_test_goes_to_consent_past_the_installation_url(host: Host, tab: Page) -> None:
    host.open(tab, "/marketplace")
    tab.get_by_text("For its developer").click()
    tab.get_by_role("link", name="Install & test").click()
    tab.get_by_role("button", name="Allow and install").click()
    expect(tab.locator("#callback")).to_have_text("installed")


def test_reauthorize_walks_through_consent_again(host: Host, tab: Page) -> None:
    _install(host, tab)
    host.control("clock", {"advance_seconds": 61 * 86_400})
    host.open(tab, "/marketplace")
    expect(tab.get_by_text("Needs re-authorization")).to_be_visible()
    tab.get_by_role("link", name="Re-authorize").click()
    tab.get_by_role("button", name="Allow and install").click()
    expect(tab.locator("#callback")).to_have_text("installed")
    tab.goto(f"{host.acme}/marketplace")
    expect(tab.get_by_text("Installed", exact=True)).to_be_visible()


def test_an_admin_shares_an_app_and_the_others_see_it_without_a_reload(host: Host, tab: Page) -> None:
    host.open(tab, "/marketplace", host.users["Jack Miller"])
    expect(tab.get_by_role("button", name="Share")).to_have_count(0)
    admin = {"client_id": CLIENT_ID, "company_id": _company(host), "user_id": host.somebody}
    host.control("share", admin)
    expect(tab.get_by_role("link", name="Authorize app")).to_be_visible()
    host.open(tab, "/marketplace")
    tab.get_by_role("button", name="Stop sharing").click()
    expect(tab.get_by_role("button", name="Share", exact=True)).to_be_visible()
    expect(tab.get_by_text("Shared with the company", exact=True)).to_have_count(0)
    tab.get_by_role("button", name="Share", exact=True).click()
    expect(tab.get_by_text("Shared with the company", exact=True)).to_be_visible()


def _company(host: Host) -> int:
    companies = host.control("world")["companies"]
    return next(int(one["id"]) for one in companies if one["domain"] == "acme")
