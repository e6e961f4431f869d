"""Keyboard and assistive technology: everything can be reached, seen, left, and named."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.host import CLIENT_ID, Host, frame_in


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    ["/deal/1", "/deal/2", "/deals?status=all", "/organization/1", "/marketplace", "/deal/9999", "/persons"],
)
def test_pages_meet_wcag_in_both_themes(host: Host, tab: Page, path: str, theme: str) -> None:
    host.open(tab, "/deals")
    assert host.script(tab, "theme", {"theme": theme}) == 200
    tab.goto(f"{host.acme}{path}")
    expect(tab.locator("html")).to_have_attribute("data-theme", theme)
    assert violations(tab) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_menus_dialogs_and_messages_meet_wcag_in_both_themes(host: Host, tab: Page, theme: str) -> None:
    frame = host.open_deal(tab)
    assert host.script(tab, "theme", {"theme": theme}) == 200
    frame = host.open_deal(tab)
    frame.evaluate(
        "sdk.execute('show_snackbar', {message: 'Saved', link: {url: 'https://example.com', label: 'Open'}})"
    )
    tab.locator("#user-menu-button").click()
    assert violations(tab) == []
    tab.keyboard.press("Escape")
    tab.locator("#add-activity").click()
    expect(tab.get_by_role("dialog")).to_be_visible()
    assert violations(tab) == []


def test_entrance_meets_wcag(host: Host, tab: Page) -> None:
    for address in (host.emulator, f"{host.acme}/login"):
        tab.goto(address)
        assert violations(tab) == []


def test_keyboard_alone_moves_a_deal(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/3")
    button = tab.get_by_role("list", name="Stages").get_by_role("button").last
    for _ in range(60):
        tab.keyboard.press("Tab")
        if button.evaluate("node => node === document.activeElement"):
            break
    expect(button).to_be_focused()
    assert button.evaluate("node => getComputedStyle(node).boxShadow") != "none"


def test_dialog_keeps_the_focus_inside_and_gives_it_back(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    opener = tab.locator("#add-activity")
    opener.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("dialog").get_by_label("Subject")).to_be_focused()
    # Between the last and the first control stands the browser's own chrome, seen as the body.
    inside = "(here => here === document.body || here.closest('dialog') !== null)(document.activeElement)"
    for _ in range(40):
        tab.keyboard.press("Tab")
        assert tab.evaluate(inside)
    tab.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_focus_goes_back_into_the_panel_after_its_dialog(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    frame.locator("#inside").click()
    frame.evaluate(
        "void sdk.execute('show_confirmation', {title: 'Sure?'}).then(answer => { window.answer = answer })"
    )
    tab.get_by_role("dialog").wait_for()
    tab.keyboard.press("Escape")
    frame.wait_for_function("window.answer")
    expect(tab.locator("[data-panel] iframe")).to_be_focused()


def test_menu_moves_with_arrows_and_closes_with_escape(host: Host, tab: Page) -> None:
    host.open(tab, "/deals")
    button = tab.locator("#user-menu-button")
    button.focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("menuitemcheckbox", name="Dark theme")).to_be_focused()
    tab.keyboard.press("ArrowDown")
    expect(tab.get_by_role("menuitem").first).to_be_focused()
    tab.keyboard.press("End")
    expect(tab.get_by_role("menuitem", name="Log out")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(button).to_be_focused()
    expect(tab.get_by_role("menu")).to_be_hidden()


def test_panel_menu_closes_when_its_frame_is_clicked(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    tab.get_by_role("button", name="More about Probe").click()
    expect(tab.get_by_role("menu")).to_be_visible()
    frame.evaluate("window.focus(); document.querySelector('#inside').focus()")
    expect(tab.get_by_role("menu")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_surfaces_of_apps_meet_wcag_in_both_themes(installed: Host, tab: Page, theme: str) -> None:
    installed.open(tab, "/deals")
    assert installed.script(tab, "theme", {"theme": theme}) == 200
    tab.reload()
    frame_in(tab, "[data-floating]").evaluate("sdk.execute('set_notification', {number: 120})")
    tab.locator("#select-all").click()
    tab.locator("#actions-button").click()
    assert violations(tab) == []
    tab.keyboard.press("Escape")
    tab.locator("#apps-button").click()
    assert violations(tab) == []
    tab.keyboard.press("Escape")
    tab.goto(f"{installed.acme}/person/1")
    tab.locator(".phone").first.click()
    expect(tab.get_by_role("dialog", name="Probe window")).to_be_visible()
    assert violations(tab) == []
    tab.locator("#actions-button").click()
    tab.get_by_role("menuitem", name="Probe modal").click()
    frame_in(tab, "dialog .surface").evaluate("sdk.execute('show_snackbar', {message: 'Saved'})")
    assert violations(tab) == []
    tab.goto(f"{installed.acme}/settings/marketplace/app/{CLIENT_ID}/app-settings")
    frame_in(tab, "[data-settings-page]")
    assert violations(tab) == []


def test_narrow_window_shows_every_surface_whole(installed: Host, tab: Page) -> None:
    """385 px is the width of a panel, and about that of a page at three times its size."""
    tab.set_viewport_size({"width": 385, "height": 700})
    installed.open(tab, "/deal/1")
    frame_in(tab, "[data-floating]").evaluate("sdk.execute('resize', {width: 800, height: 300})")
    tab.locator("[data-dock]").click()
    tab.locator("#actions-button").click()
    tab.get_by_role("menuitem", name="Probe modal").click()
    frame_in(tab, "dialog .surface")
    for surface in ("dialog", "[data-floating]"):
        box = tab.locator(surface).bounding_box()
        assert box is not None
        assert box["x"] >= 0, surface
        assert box["x"] + box["width"] <= 385, surface
    tab.keyboard.press("Escape")
    expect(tab.locator("dialog")).to_have_count(0)
