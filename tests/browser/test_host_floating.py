"""The floating window: in the background from the start, shown by the dock, a phone number or the SDK."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.held import Held
from tests.browser.host import FLOAT as FLOAT_NAME
from tests.browser.host import Host, frame_in, panel_frame, refusal, registration

FLOAT = "[data-floating]"


def _background(host: Host, tab: Page, path: str = "/deals") -> Frame:
    """The window's frame, ready while nobody sees it."""
    host.open(tab, path)
    frame = frame_in(tab, FLOAT)
    expect(tab.locator(FLOAT)).to_be_hidden()
    return frame


def _heard(frame: Frame, count: int) -> list[dict[str, Any]]:
    frame.wait_for_function("count => events.length >= count", arg=count, polling=50)
    return [one["data"] for one in frame.evaluate("events")]


def test_dock_shows_and_hides_the_window_and_says_that_a_user_did(installed: Host, tab: Page) -> None:
    frame = _background(installed, tab)
    frame.evaluate("window.mark = 1")
    button = tab.get_by_role("group", name="Apps").get_by_role("button", name="Probe window")
    button.click()
    window = tab.get_by_role("dialog", name="Probe window")
    expect(window).to_be_visible()
    expect(window.get_by_role("button", name="Close Probe window")).to_be_focused()
    expect(button).to_have_attribute("aria-pressed", "true")
    tab.keyboard.press("Escape")
    expect(window).to_be_hidden()
    expect(button).to_be_focused()
    assert _heard(frame, 2) == [
        {"is_visible": True, "context": {"invoker": "user"}},
        {"is_visible": False, "context": {"invoker": "user"}},
    ]
    assert frame.evaluate("window.mark") == 1


def test_list_behind_the_puzzle_icon_opens_it_by_keyboard(installed: Host, tab: Page) -> None:
    _background(installed, tab)
    tab.locator("#apps-button").focus()
    for key in ("Enter", "Enter"):
        tab.keyboard.press(key)
    expect(tab.get_by_role("dialog", name="Probe window")).to_be_visible()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("dialog", name="Probe window")).to_be_hidden()
    expect(tab.locator("#apps-button")).to_be_focused()


@pytest.mark.parametrize("asker", ["window", "panel"])
def test_commands_show_and_hide_it_with_their_context(installed: Host, tab: Page, asker: str) -> None:
    frame = _background(installed, tab, "/deal/1")
    speaker = frame if asker == "window" else panel_frame(tab)
    speaker.evaluate("sdk.execute('show_floating_window', {context: {person_id: 42, invoker: 'me'}})")
    expect(tab.locator(FLOAT)).to_be_visible()
    speaker.evaluate("sdk.execute('hide_floating_window')")
    expect(tab.locator(FLOAT)).to_be_hidden()
    assert _heard(frame, 2) == [
        {"is_visible": True, "context": {"person_id": 42, "invoker": "command"}},
        {"is_visible": False, "context": {"invoker": "command"}},
    ]


def test_panel_can_be_kept_from_the_window(installed: Host, tab: Page) -> None:
    installed.control("switches", {"floating_from_elsewhere": "refused"})
    frame = _background(installed, tab, "/deal/1")
    said = refusal(panel_frame(tab), "sdk.execute('show_floating_window', {})")
    assert "only the floating window itself" in said
    frame.evaluate("sdk.execute('show_floating_window', {})")
    expect(tab.locator(FLOAT)).to_be_visible()


@pytest.mark.parametrize(
    ("number", "dock", "menu"), [(3, "3", "3"), (10, "9+", "10"), (100, "9+", "99+"), (0, "", "")]
)
def test_badge_is_capped_in_the_dock_and_in_the_list(
    installed: Host, tab: Page, number: int, dock: str, menu: str
) -> None:
    frame = _background(installed, tab)
    frame.evaluate("sdk.execute('set_notification', {number: 7})")
    frame.evaluate("number => sdk.execute('set_notification', {number})", number)
    for place, text in (("[data-dock]", dock), ("#apps-button", dock), ("[data-dock-item]", menu)):
        expect(tab.locator(f"{place} .badge")).to_have_text(f"{text} new" if text else "")
    name = f"Probe window {dock} new" if number else "Probe window"
    expect(tab.locator("[data-dock]")).to_have_accessible_name(name)
    if number == 0:
        expect(tab.locator("[data-dock] .badge")).to_be_hidden()


def test_badge_without_a_number_goes_and_one_that_is_none_is_refused(installed: Host, tab: Page) -> None:
    frame = _background(installed, tab)
    frame.evaluate("sdk.execute('set_notification', {number: 7})")
    frame.evaluate("sdk.execute('set_notification', {})")
    expect(tab.locator("[data-dock] .badge")).to_have_text("")
    for number in ("-1", "1.5", "'3'"):
        assert "whole number" in refusal(frame, f"sdk.execute('set_notification', {{number: {number}}})")


def test_focus_mode_hides_the_close_button_until_the_next_opening(installed: Host, tab: Page) -> None:
    frame = _background(installed, tab)
    assert "not visible" in refusal(frame, "sdk.execute('set_focus_mode', true)")
    dock = tab.locator("[data-dock]")
    dock.click()
    frame.evaluate("sdk.execute('set_focus_mode', true)")
    close = tab.locator(f"{FLOAT} [data-close]")
    expect(close).to_be_hidden()
    dock.click()
    tab.locator(f"{FLOAT} .floater-head [data-reload]").press("Escape")
    expect(tab.locator(FLOAT)).to_be_visible()
    assert "true or false" in refusal(frame, "sdk.execute('set_focus_mode', {enabled: false})")
    frame.evaluate("sdk.execute('hide_floating_window')")
    dock.click()
    expect(close).to_be_visible()


@pytest.mark.parametrize(
    ("key", "context"),
    [
        ("number", {"number": "+84 28 3822 1188"}),
        ("phoneNumber", {"phoneNumber": "+84 28 3822 1188"}),
        ("call_number", {"call": {"number": "+84 28 3822 1188"}}),
        ("none", {}),
    ],
)
def test_phone_number_opens_it_with_the_number(
    installed: Host, tab: Page, key: str, context: dict[str, Any]
) -> None:
    installed.control("switches", {"phone_context": key})
    frame = _background(installed, tab, "/person/1")
    phone = tab.get_by_role("button", name="+84 28 3822 1188")
    phone.click()
    expect(tab.locator(FLOAT)).to_be_visible()
    assert _heard(frame, 1) == [{"is_visible": True, "context": context | {"invoker": "user"}}]
    tab.keyboard.press("Escape")
    expect(phone).to_be_focused()


@pytest.fixture
def for_phones_alone(installed: Host) -> Iterator[Host]:
    """The probe's window without its place in the top bar."""
    order = registration(installed.app)
    window = next(one for one in order["manifest"]["surfaces"] if one["name"] == FLOAT_NAME)
    window["entry_points"] = ["phone"]
    installed.control("apps", order)
    yield installed
    installed.control("apps", registration(installed.app))


def test_window_for_phones_alone_is_not_in_the_dock(for_phones_alone: Host, tab: Page) -> None:
    _background(for_phones_alone, tab, "/person/1")
    expect(tab.locator("[data-dock], [data-dock-item]")).to_have_count(0)
    tab.locator("#apps-button").click()
    expect(tab.get_by_text("No app that you installed has a window here")).to_be_visible()
    tab.get_by_role("button", name="+84 28 3822 1188").click()
    expect(tab.locator(FLOAT)).to_be_visible()


def test_initialize_can_be_withheld_until_the_window_is_shown(installed: Host, tab: Page) -> None:
    installed.control("switches", {"initialize_while_hidden": "withheld"})
    installed.open(tab, "/deals")
    frame = frame_in(tab, FLOAT, state="loading")
    frame.wait_for_function("window.sdk !== undefined", polling=50)
    state = "Promise.race([ready.then(() => 'ready'), new Promise(r => setTimeout(r, 300, 'waiting'))])"
    assert frame.evaluate(state) == "waiting"
    tab.locator("[data-dock]").click()
    assert frame.evaluate("ready.then(() => 'ready')") == "ready"
    expect(tab.locator(FLOAT)).to_have_attribute("data-state", "ready")
    assert _heard(frame, 1) == [{"is_visible": True, "context": {"invoker": "user"}}]


def test_window_that_was_shown_before_it_was_ready_still_hears_of_it(installed: Host, tab: Page) -> None:
    """The app's script is held back until the window is on screen."""
    held = Held.of(tab, f"{installed.app}/panel.js")
    tab.goto(f"{installed.acme}/login?user={installed.somebody}&next=/deals", wait_until="commit")
    expect(tab.locator(FLOAT)).to_have_attribute("data-visible", "false")
    tab.locator(f"{FLOAT} iframe").wait_for(state="attached")
    tab.locator("[data-dock]").click()
    expect(tab.locator(FLOAT)).to_be_visible()
    expect(tab.locator(FLOAT)).to_have_attribute("data-state", "loading")
    held.first().continue_()
    assert _heard(frame_in(tab, FLOAT), 1) == [{"is_visible": True, "context": {"invoker": "user"}}]
