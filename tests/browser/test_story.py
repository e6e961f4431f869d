"""The main job, end to end, in the order in which a salesperson lives it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Dialog, Request, expect

from tests.browser.sightline import PANEL, Seller, settled, user_named
from tests.harness.stack import Stack, running_stack


@pytest.fixture(scope="module")
def sightline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("sightline")) as running:
        yield running


def test_install_press_done_uninstall(sightline: Stack, browsing: BrowserContext) -> None:
    """Marketplace, consent, back in the deal, one button, and out again."""
    tab = browsing.new_page()
    marta = Seller(sightline, tab, "acme", user_named(sightline, "acme", "Marta Kask"))

    marta.visit("/marketplace")
    tab.get_by_role("link", name="Install").click()
    expect(tab.get_by_role("heading", name="Install Sightline")).to_be_visible()
    tab.get_by_role("button", name="Allow and install").click()
    expect(tab.get_by_role("heading", name="Sightline is connected")).to_be_visible()
    expect(tab.get_by_text("You are Marta Kask at Acme Trading.")).to_be_visible()
    tab.get_by_role("link", name="Back to Pipedrive").click()
    expect(tab).to_have_url(re.compile(rf"^{marta.home}/"))

    panel = marta.open_deal(1)
    settled(panel)
    step = panel.locator("section", has=panel.get_by_role("heading", name="Next step"))
    expect(step).to_contain_text("Call Lan about the revised offer")
    expect(step).to_contain_text("Tomorrow")
    history = tab.locator("section", has=tab.get_by_role("heading", name="History"))
    expect(history).not_to_contain_text("Call Lan about the revised offer")

    step.get_by_role("button", name="Done", exact=True).click()
    expect(panel.get_by_role("button", name="Undo")).to_be_visible()
    expect(step).to_contain_text("No next step")
    expect(history).to_contain_text("Call Lan about the revised offer")
    expect(tab.get_by_text("Done: Call Lan about the revised offer")).to_be_visible()

    marta.visit("/marketplace")
    tab.get_by_role("button", name="Uninstall").click()
    tab.get_by_role("dialog").get_by_role("button", name="Uninstall").click()
    expect(tab.get_by_role("link", name="Install")).to_be_visible()
    panel = marta.open_deal(1)
    expect(panel.get_by_role("heading", name="Connect Sightline")).to_be_visible()
    expect(panel.get_by_text("Call Lan")).to_have_count(0)


def test_open_panel_shows_how_to_connect_when_the_app_was_uninstalled_meanwhile(
    sightline: Stack, browsing: BrowserContext
) -> None:
    tab = browsing.new_page()
    marta = Seller(sightline, tab, "acme", user_named(sightline, "acme", "Marta Kask"))
    sightline.install(marta.record)
    panel = marta.open_deal(4)
    settled(panel)
    other = browsing.new_page()
    Seller(sightline, other, "acme", marta.record).visit("/marketplace")
    other.get_by_role("button", name="Uninstall").click()
    other.get_by_role("dialog").get_by_role("button", name="Uninstall").click()
    expect(other.get_by_role("link", name="Install")).to_be_visible()
    panel.get_by_role("button", name="+1 d").click()
    expect(panel.get_by_role("heading", name="Connect Sightline")).to_be_visible()
    expect(panel.get_by_role("heading", name="Next step")).to_have_count(0)


def test_panel_connects_from_within_and_goes_on_by_itself(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    jack = Seller(sightline, tab, "acme", user_named(sightline, "acme", "Jack Miller"))
    panel = jack.open_deal(4)
    with browsing.expect_page() as opened:
        panel.get_by_role("link", name="Connect").click()
    consent = opened.value
    consent.get_by_role("link", name="Jack Miller").or_(
        consent.get_by_role("button", name="Jack Miller")
    ).or_(consent.get_by_role("button", name="Allow and install")).first.click()
    allow = consent.get_by_role("button", name="Allow and install")
    if allow.is_visible():
        allow.click()
    expect(consent.get_by_role("heading", name="Sightline is connected")).to_be_visible()
    settled(panel)
    expect(panel.get_by_role("heading", name="Next step")).to_be_visible()


def test_panel_sends_no_cookie_and_needs_none(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    user = user_named(sightline, "acme", "Jack Miller")
    sightline.install(user)
    cookies: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith(sightline.app_url):
            cookies.append(request.all_headers().get("cookie", ""))

    tab.on("requestfinished", note)
    panel = Seller(sightline, tab, "acme", user).open_deal(2)
    settled(panel)
    panel.get_by_role("button", name="Refresh").click()
    settled(panel)
    assert len(cookies) >= 4
    assert set(cookies) == {""}
    app_cookies = [each for each in browsing.cookies() if "localhost" not in each["domain"]]
    assert app_cookies == []


def test_slow_api_shows_a_skeleton_and_then_the_picture(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    user = user_named(sightline, "acme", "Jack Miller")
    sightline.install(user)
    sightline.control.fail({"route": "/api/v2/deals/5", "kind": "delay:8", "count": 1})
    panel = Seller(sightline, tab, "acme", user).open_deal(5)
    expect(panel.locator("body")).to_have_attribute("data-state", "skeleton")
    expect(panel.get_by_text("Loading this record from Pipedrive")).to_be_attached()
    tab.wait_for_timeout(4000)
    expect(tab.locator(PANEL)).to_be_visible()
    settled(panel)
    expect(panel.get_by_role("heading", name="People")).to_be_visible()


def test_hostile_names_are_shown_as_text(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    user = user_named(sightline, "acme", "Marta Kask")
    sightline.install(user)
    hostile = "<img src=x onerror=alert(1)>"
    title = ("Thương vụ triển khai hệ thống quản lý khách hàng cho chuỗi cà phê Sài Gòn " * 5)[:255]
    marta = Seller(sightline, tab, "acme", user)
    person = marta.write("PATCH", "persons/1", {"name": hostile})
    marta.write("PATCH", "deals/6", {"title": title, "person_id": person["id"]})
    alerts: list[str] = []

    def note(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", note)
    panel = marta.open_deal(1)  # where deal 6 is listed as a possible duplicate
    settled(panel)
    expect(panel.get_by_role("link", name=title.strip())).to_be_visible()
    expect(panel.get_by_text(hostile).first).to_be_visible()
    assert panel.locator("img").count() == 0
    assert alerts == []
    width = panel.locator("body").evaluate("body => [body.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


def test_third_party_cookies_are_blocked_in_these_tests(sightline: Stack, browsing: BrowserContext) -> None:
    """Else the journeys above would prove nothing: the same cookie is kept on a page of its own."""
    tab = browsing.new_page()
    user = user_named(sightline, "acme", "Jack Miller")
    sightline.install(user)
    panel = Seller(sightline, tab, "acme", user).open_deal(4)
    settled(panel)
    set_cookie = "() => { document.cookie = 'probe=1; Secure; SameSite=None'; return document.cookie }"
    assert panel.locator("body").evaluate(set_cookie) == ""
    tab.goto(f"{sightline.app_url}/oauth/callback")
    assert tab.evaluate(set_cookie) == "probe=1"
