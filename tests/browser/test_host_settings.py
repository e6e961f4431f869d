"""The app's own settings page, and where REDIRECT_TO leads beside the lists."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import CLIENT_ID, Host, frame_in, query_of

PATH = f"/settings/marketplace/app/{CLIENT_ID}/app-settings"
PAGE = "[data-settings-page]"


def test_settings_page_stands_in_the_marketplace_apps(installed: Host, tab: Page) -> None:
    installed.open(tab, PATH)
    assert set(query_of(frame_in(tab, PAGE))) == {"userId", "companyId", "theme"}
    expect(tab.get_by_role("heading", name="Probe settings")).to_be_visible()
    tab.get_by_role("link", name="Marketplace apps").click()
    tab.wait_for_url(f"{installed.acme}/settings/marketplace")
    tab.get_by_role("link", name="Settings of Probe").click()
    tab.wait_for_url(f"{installed.acme}{PATH}")
    tab.goto(f"{installed.acme}/marketplace")
    tab.get_by_role("link", name="Settings of Probe").click()
    tab.wait_for_url(f"{installed.acme}{PATH}")


@pytest.mark.parametrize("form", ["json", "flat"])
def test_redirect_to_settings_hands_the_context_over(installed: Host, tab: Page, form: str) -> None:
    installed.control("switches", {"settings_context": form})
    panel = installed.open_deal(tab)
    context = {"foo": "bar & Söhne", "n": 2}
    panel.evaluate("context => void sdk.execute('redirect_to', {view: 'settings', context})", context)
    tab.wait_for_url(f"{installed.acme}{PATH}?context=*")
    said = query_of(frame_in(tab, PAGE))
    if form == "json":
        assert json.loads(said["context"]) == context
    else:
        assert (said["foo"], said["n"], "context" in said) == ("bar & Söhne", "2", False)


def test_context_outlives_the_logging_in(installed: Host, tab: Page) -> None:
    tab.goto(f"{installed.acme}{PATH}?context=%7B%22foo%22%3A1%7D")
    tab.get_by_role("link", name="Marta Kask").click()
    assert query_of(frame_in(tab, PAGE))["context"] == '{"foo":1}'


def test_settings_page_takes_any_height_and_keeps_its_width(installed: Host, tab: Page) -> None:
    installed.open(tab, PATH)
    frame = frame_in(tab, PAGE)
    width = frame.evaluate("window.innerWidth")
    frame.evaluate("sdk.execute('resize', {height: 1600, width: 300})")
    frame.wait_for_function("innerHeight === 1600")
    assert frame.evaluate("window.innerWidth") == width


def test_settings_page_of_an_app_that_is_not_installed_says_so(installed: Host, tab: Page) -> None:
    _, colleague, *_ = installed.users.values()
    installed.open(tab, PATH, colleague)
    expect(tab.get_by_role("heading", name="Probe is not installed")).to_be_visible()
    tab.goto(f"{installed.acme}/settings/marketplace/app/nobody/app-settings")
    expect(tab.get_by_role("heading", name="No settings here")).to_be_visible()


@pytest.mark.parametrize(
    ("view", "record", "name"), [("campaigns", 7, "campaigns"), ("campaigns", None, "campaigns")]
)
def test_redirect_to_what_the_emulator_lacks_ends_at_a_page_that_says_so(
    host: Host, tab: Page, view: str, record: int | None, name: str
) -> None:
    panel = host.open_deal(tab)
    panel.evaluate("args => void sdk.execute('redirect_to', args)", {"view": view, "id": record})
    expect(tab.get_by_role("heading", name=f"No page for {name}")).to_be_visible()
