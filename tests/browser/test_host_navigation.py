"""Where an app has a floating window, the page changes around it: a call goes on."""

from typing import Literal

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.held import Held
from tests.browser.host import Host, frame_in, panel_frame, query_of

FLOAT = "[data-floating]"


def _calling(host: Host, tab: Page, path: str = "/deals") -> Frame:
    """The window on screen in focus mode, with a mark that a load anew would wipe away."""
    host.open(tab, path)
    frame = frame_in(tab, FLOAT)
    frame.evaluate("sdk.execute('show_floating_window', {context: {call: 1}})")
    frame.evaluate("sdk.execute('set_focus_mode', true); window.mark = 1")
    return frame


def _goes_on(tab: Page, frame: Frame) -> bool:
    expect(tab.locator(FLOAT)).to_be_visible()
    expect(tab.locator(f"{FLOAT} [data-close]")).to_be_hidden()
    return bool(frame.evaluate("window.mark === 1 && events.length === 1"))


def test_call_outlives_links_and_the_way_back(installed: Host, tab: Page) -> None:
    frame = _calling(installed, tab)
    tab.get_by_role("link", name="Coffee roasting line for Saigon Harvest").click()
    tab.wait_for_url(f"{installed.acme}/deal/1")
    expect(tab).to_have_title("Coffee roasting line for Saigon Harvest · Acme Trading")
    expect(tab.locator("main")).to_be_focused()
    assert panel_frame(tab).evaluate("sdk.execute('get_metadata')")
    tab.get_by_role("link", name="Contacts").click()
    tab.wait_for_url(f"{installed.acme}/persons")
    expect(tab.get_by_role("link", name="Contacts")).to_have_attribute("aria-current", "page")
    expect(tab.locator(".bar-place")).to_have_text("Contacts")
    tab.go_back()
    tab.wait_for_url(f"{installed.acme}/deal/1")
    assert panel_frame(tab).evaluate("sdk.execute('get_metadata')")
    assert _goes_on(tab, frame)


def test_redirect_of_a_modal_closes_it_and_keeps_the_window(installed: Host, tab: Page) -> None:
    frame = _calling(installed, tab, "/deal/1")
    tab.locator("#actions-button").click()
    tab.get_by_role("menuitem", name="Probe modal").click()
    modal = frame_in(tab, "dialog .surface")
    modal.evaluate("void sdk.execute('redirect_to', {view: 'organizations', id: 1})")
    tab.wait_for_url(f"{installed.acme}/organization/1")
    expect(tab.locator("dialog")).to_have_count(0)
    assert _goes_on(tab, frame)


def test_what_came_with_the_page_works_like_on_any_other(installed: Host, tab: Page) -> None:
    frame = _calling(installed, tab, "/deals")
    tab.locator('[data-row="1"]').click()
    tab.get_by_role("link", name="Organizations").click()
    expect(tab.get_by_text("1 selected")).to_be_hidden()
    tab.locator('[data-row="2"]').click()
    tab.locator("#actions-button").click()
    tab.get_by_role("menuitem", name="Probe modal").click()
    said = query_of(frame_in(tab, "dialog .surface"))
    assert (said["resource"], said["view"], said["selectedIds"]) == ("organization", "list", "2")
    tab.keyboard.press("Escape")
    installed.write("PATCH", "organizations/1", {"name": "Renamed around the call"})
    expect(tab.get_by_role("link", name="Renamed around the call")).to_be_visible()
    assert _goes_on(tab, frame)


def test_switching_the_user_comes_back_to_the_page_that_is_seen(installed: Host, tab: Page) -> None:
    _calling(installed, tab, "/deals")
    tab.get_by_role("link", name="Contacts").click()
    tab.wait_for_url(f"{installed.acme}/persons")
    expect(tab.locator(".bar-place")).to_have_text("Contacts")
    tab.locator("#user-menu-button").click()
    tab.get_by_role("menuitem", name="Jack Miller").click()
    expect(tab.locator("#user-menu-button")).to_have_text("JMJack Miller")
    assert tab.url == f"{installed.acme}/persons"
    expect(tab.locator(FLOAT)).to_have_count(0)


def test_a_page_that_comes_late_leaves_a_menu_open_that_was_opened_meanwhile(
    installed: Host, tab: Page
) -> None:
    _calling(installed, tab, "/deals")
    held = Held.of(tab, f"{installed.acme}/persons")
    tab.get_by_role("link", name="Contacts").click()
    late = held.first()
    tab.locator("#user-menu-button").click()
    late.continue_()
    expect(tab.locator(".bar-place")).to_have_text("Contacts")
    expect(tab.get_by_role("menuitemcheckbox", name="Dark theme")).to_be_focused()


def test_answer_that_comes_after_the_user_went_elsewhere_is_dropped(installed: Host, tab: Page) -> None:
    frame = _calling(installed, tab, "/deals")
    held = Held.of(tab, f"{installed.acme}/persons")
    tab.get_by_role("link", name="Contacts").click()
    tab.get_by_role("link", name="Organizations").click()
    expect(tab.locator(".bar-place")).to_have_text("Organizations")
    with tab.expect_response(f"{installed.acme}/persons"):
        held.first().continue_()
    frame.evaluate("sdk.execute('get_metadata')")
    expect(tab.locator(".bar-place")).to_have_text("Organizations")
    assert tab.url == f"{installed.acme}/organizations"


def test_redrawing_of_the_page_that_was_left_is_dropped(installed: Host, tab: Page) -> None:
    frame = _calling(installed, tab, "/deal/1")
    held = Held.of(tab, f"{installed.acme}/deal/1")
    with tab.expect_request(f"{installed.acme}/deal/1"):
        installed.write("PATCH", "deals/1", {"title": "Renamed too late"})
    frame.evaluate("void sdk.execute('redirect_to', {view: 'deals', id: 2})")
    heading = tab.get_by_role("heading", level=1)
    expect(heading).to_have_text("Paper cup supply 2027")
    with tab.expect_request("**/_host/revision"):  # asked again once the redrawing is over
        held.first().continue_()
    expect(heading).to_have_text("Paper cup supply 2027")


@pytest.mark.parametrize("modifier", ["Control", "Shift"])
def test_link_in_a_new_tab_stays_a_link_in_a_new_tab(
    installed: Host, tab: Page, modifier: Literal["Control", "Shift"]
) -> None:
    frame = _calling(installed, tab, "/deals")
    with tab.context.expect_page():
        tab.get_by_role("link", name="Contacts").click(modifiers=[modifier])
    assert tab.url == f"{installed.acme}/deals"
    assert _goes_on(tab, frame)


def test_window_of_an_app_that_was_uninstalled_goes_with_the_next_page(installed: Host, tab: Page) -> None:
    _calling(installed, tab, "/marketplace")
    tab.get_by_role("button", name="Uninstall").click()
    tab.get_by_role("dialog", name="Uninstall Probe?").get_by_role("button", name="Uninstall").click()
    expect(tab.get_by_text("Not installed")).to_be_visible()
    tab.get_by_role("link", name="Contacts").click()
    tab.wait_for_url(f"{installed.acme}/persons")
    expect(tab.locator(FLOAT)).to_have_count(0)


def test_without_a_window_a_page_is_loaded_as_a_whole(host: Host, tab: Page) -> None:
    host.control("reset", {})
    host.open(tab, "/deals")
    tab.evaluate("window.mark = 1")
    tab.get_by_role("link", name="Contacts").click()
    tab.wait_for_url(f"{host.acme}/persons")
    assert tab.evaluate("window.mark") is None
