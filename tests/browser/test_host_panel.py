"""The life of a panel: a real iframe of another site, seen once the SDK is initialized, never before."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import CLIENT_ID, Host, panel_frame


def _iframe_query(page: Page) -> dict[str, list[str]]:
    source = page.locator("[data-panel] iframe").get_attribute("src") or ""
    return parse_qs(urlsplit(source).query)


def test_panel_is_a_titled_iframe_of_another_site_with_the_documented_query(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    iframe = tab.locator("[data-panel] iframe")
    expect(iframe).to_have_attribute("title", "Probe")
    expect(iframe).to_have_attribute("referrerpolicy", "strict-origin-when-cross-origin")
    query = {name: values[0] for name, values in _iframe_query(tab).items()}
    assert (query["resource"], query["view"], query["selectedIds"]) == ("deal", "details", "1")
    assert (query["userId"], query["theme"]) == (str(host.somebody), "light")
    assert query["companyId"].isdecimal()
    assert query["token"].count(".") == 2
    assert frame.evaluate("document.referrer") == f"{host.acme}/"
    assert frame.evaluate("window.innerWidth") == 385


def test_panel_stays_unseen_and_is_removed_when_the_sdk_is_not_initialized_in_ten_seconds(
    host: Host, tab: Page
) -> None:
    errors: list[str] = []
    tab.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    host.open(tab, "/person/1")
    tab.wait_for_selector("[data-panel] iframe", state="attached")
    started = time.monotonic()
    expect(tab.locator("[data-panel] iframe")).to_be_hidden()
    expect(tab.get_by_role("status").get_by_text("Loading Probe")).to_be_attached()
    tab.wait_for_selector('[data-panel][data-state="failed"]', timeout=14_000)
    assert 9 < time.monotonic() - started < 12
    expect(tab.locator("[data-panel] iframe")).to_have_count(0)
    expect(tab.get_by_role("alert").get_by_text("Probe could not be shown")).to_be_visible()
    assert any("not initialized within 10 seconds" in error for error in errors)
    notes = [
        entry for entry in host.control("ledger?since=0")["entries"] if entry["kind"] == "surface_hidden"
    ]
    assert notes[-1]["surface"] == "probe-person"
    assert notes[-1]["client_id"] == CLIENT_ID


def test_initialize_under_another_id_is_ignored(host: Host, tab: Page) -> None:
    with tab.expect_console_message(lambda message: "its id is rt_not_mine" in message.text):
        host.open(tab, "/organization/1")
    tab.wait_for_timeout(700)
    expect(tab.locator("[data-panel]")).to_have_attribute("data-state", "loading")


def test_reload_makes_a_new_iframe_with_a_new_id_and_token(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    frame.evaluate("window.mark = 1")
    first = _iframe_query(tab)
    tab.get_by_role("button", name="Reload Probe").click()
    tab.wait_for_function(
        "old => document.querySelector('[data-panel] iframe')?.src.includes(old) === false",
        arg=first["id"][0],
    )
    second = _iframe_query(tab)
    assert first["id"] != second["id"]
    assert panel_frame(tab).evaluate("window.mark") is None
    expect(tab.locator("[data-panel] iframe")).to_have_count(1)


def test_failed_panel_can_be_tried_again(host: Host, tab: Page) -> None:
    tab.route("**/_host/surface", lambda route: route.abort())
    host.open(tab, "/deal/1")
    tab.wait_for_selector('[data-panel][data-state="failed"]')
    tab.unroute("**/_host/surface")
    tab.get_by_role("button", name="Try again").click()
    panel_frame(tab)


def test_collapse_and_expand_keep_the_iframe_and_tell_the_app(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    frame.evaluate("window.mark = 1")
    toggle = tab.get_by_role("button", name="Probe", exact=True)
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(tab.locator("[data-panel] iframe")).to_be_hidden()
    frame.wait_for_function("events.length === 1", polling=50)
    toggle.click()
    expect(tab.locator("[data-panel] iframe")).to_be_visible()
    frame.wait_for_function("events.length === 2", polling=50)
    seen = [(event["event"], event["data"]) for event in frame.evaluate("events")]
    assert seen == [("visibility", {"is_visible": False}), ("visibility", {"is_visible": True})]
    assert frame.evaluate("window.mark") == 1


@pytest.mark.usefixtures("reset")
def test_panel_default_height_comes_from_the_switch(host: Host, tab: Page) -> None:
    host.control("switches", {"panel_default_height": "333"})
    host.open(tab, "/person/1")
    tab.wait_for_selector("[data-panel] iframe", state="attached")
    expect(tab.locator("[data-panel] [data-mount]")).to_have_css("height", "333px")


@pytest.mark.usefixtures("reset")
def test_panel_of_an_app_that_is_not_installed_can_be_hidden_as_in_pipedrive(host: Host, tab: Page) -> None:
    host.control("switches", {"panel_without_install": "hidden"})
    host.open(tab, "/deal/1")
    expect(tab.get_by_role("heading", name="Summary")).to_be_visible()
    expect(tab.locator("[data-panel]")).to_have_count(0)


def test_panel_page_sets_no_cookie_that_the_app_could_see(host: Host, tab: Page) -> None:
    sent: list[str] = []
    tab.on(
        "request",
        lambda request: (
            sent.append(request.all_headers().get("cookie", ""))
            if re.match(re.escape(host.app), request.url)
            else None
        ),
    )
    host.open_deal(tab)
    assert sent
    assert not any(sent)
