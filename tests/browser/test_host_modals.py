"""Custom modals: opened from the three-dot menu or by the SDK, closed by the user or by the app."""

import json
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.held import Held
from tests.browser.host import LINK, MODAL, SDK_MODAL, Host, answer_of, ask, frame_in, query_of, refusal

DIALOG = "dialog .surface"
EVENTS = "events.map(one => one.event)"


def _from_menu(tab: Page) -> Frame:
    tab.locator("#actions-button").click()
    tab.get_by_role("menuitem", name="Probe modal").click()
    return frame_in(tab, DIALOG)


def _by_sdk(tab: Page, opener: Frame, **named: Any) -> Frame:
    ask(opener, f"sdk.execute('open_modal', {json.dumps({'type': 'custom_modal'} | named)})")
    return frame_in(tab, DIALOG)


@pytest.mark.parametrize(
    ("path", "resource", "record"),
    [("/deal/2", "deal", "2"), ("/person/1", "person", "1"), ("/organization/1", "organization", "1")],
)
def test_modal_of_a_menu_is_told_the_record(
    installed: Host, tab: Page, path: str, resource: str, record: str
) -> None:
    installed.open(tab, path)
    said = query_of(_from_menu(tab))
    assert (said.pop("resource"), said.pop("view"), said.pop("selectedIds")) == (resource, "details", record)
    assert said.pop("userId") == str(installed.somebody)
    assert set(said) == {"companyId", "theme"}


def test_keyboard_alone_opens_a_modal_and_comes_back_to_the_menu(installed: Host, tab: Page) -> None:
    installed.open_deal(tab)
    tab.locator("#actions-button").focus()
    for key in ("Enter", "Enter"):
        tab.keyboard.press(key)
    modal = frame_in(tab, DIALOG)
    close = tab.get_by_role("dialog", name="Probe modal").get_by_role("button", name="Close")
    expect(close).to_be_focused()
    tab.keyboard.press("Tab")
    expect(modal.locator("#inside")).to_be_focused()
    tab.keyboard.press("Shift+Tab")
    expect(close).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("dialog")).to_have_count(0)
    expect(tab.locator("#actions-button")).to_be_focused()


@pytest.mark.parametrize("named", [SDK_MODAL, "Second modal"])
def test_sdk_opens_a_modal_by_its_key_or_name_with_data(installed: Host, tab: Page, named: str) -> None:
    opener = installed.open_deal(tab)
    data = {"step": "sign", "rows": [1, {"ü": "&="}]}
    said = query_of(_by_sdk(tab, opener, action_id=named, data=data))
    assert json.loads(said["data"]) == data
    assert (said["resource"], said["view"], said["selectedIds"]) == ("deal", "details", "1")


def test_sdk_opens_a_modal_by_the_id_of_its_extension(installed: Host, tab: Page) -> None:
    opener = installed.open_deal(tab)
    ids = installed.control("apps")["apps"][0]["extension_ids"]
    call = "sdk.execute('open_modal', {type: 'custom_modal', action_id: '%s'})"
    assert "has no custom_modal with the id or name" in refusal(opener, call % ids[LINK])
    _by_sdk(tab, opener, action_id=ids[MODAL])
    expect(tab.get_by_role("dialog", name="Probe modal")).to_be_visible()


def test_record_of_the_opener_can_be_kept_from_a_modal(installed: Host, tab: Page) -> None:
    installed.control("switches", {"sdk_modal_record": "none"})
    opener = installed.open_deal(tab)
    assert set(query_of(_by_sdk(tab, opener, action_id=SDK_MODAL))) == {"userId", "companyId", "theme"}


@pytest.mark.parametrize("way", ["Escape", "Close", "beside"])
def test_closing_it_answers_the_opener_and_tells_it_once(installed: Host, tab: Page, way: str) -> None:
    opener = installed.open_deal(tab)
    _by_sdk(tab, opener, action_id=MODAL)
    if way == "Escape":
        tab.keyboard.press("Escape")
    elif way == "Close":
        tab.get_by_role("dialog").get_by_role("button", name="Close").click()
    else:
        tab.mouse.click(5, 5)
    assert answer_of(opener) == {"status": "closed"}
    expect(tab.locator("dialog")).to_have_count(0)
    assert opener.evaluate("events") == [{"event": "close_custom_modal"}]


@pytest.mark.parametrize("status", ["closed", "submitted"])
def test_app_closes_its_modal_and_the_focus_goes_back_to_the_opener(
    installed: Host, tab: Page, status: str
) -> None:
    installed.control("switches", {"modal_close_status": status})
    opener = installed.open_deal(tab)
    opener.locator("#inside").focus()
    modal = _by_sdk(tab, opener, action_id=MODAL)
    modal.evaluate("void sdk.execute('close_modal')")
    assert answer_of(opener) == {"status": status}
    assert opener.evaluate(EVENTS) == ["close_custom_modal"]
    expect(tab.locator("[data-panel] iframe")).to_be_focused()


def test_close_modal_is_answered_before_the_frame_goes(installed: Host, tab: Page) -> None:
    modal = _by_sdk(tab, installed.open_deal(tab), action_id=MODAL)
    with tab.expect_console_message(lambda message: message.text == "answered"):
        modal.evaluate("void sdk.execute('close_modal').then(() => console.log('answered'))")


def test_modal_opened_by_a_modal_answers_that_one(installed: Host, tab: Page) -> None:
    panel = installed.open_deal(tab)
    first = _by_sdk(tab, panel, action_id=MODAL)
    ask(first, "sdk.execute('open_modal', {type: 'custom_modal', action_id: 'Second modal'})")
    expect(tab.locator("dialog")).to_have_count(2)
    tab.keyboard.press("Escape")
    assert answer_of(first) == {"status": "closed"}
    assert first.evaluate(EVENTS) == ["close_custom_modal"]
    assert panel.evaluate(EVENTS) == []


def test_message_and_question_of_a_modal_can_be_reached(installed: Host, tab: Page) -> None:
    installed.open_deal(tab)
    modal = _from_menu(tab)
    modal.evaluate("sdk.execute('show_snackbar', {message: 'Kept'})")
    tab.get_by_role("button", name="Dismiss").click()
    expect(tab.get_by_text("Kept")).to_have_count(0)
    modal.evaluate("sdk.execute('show_snackbar', {message: 'Left behind'})")
    ask(modal, "sdk.execute('show_confirmation', {title: 'Leave?'})")
    tab.get_by_role("button", name="OK").click()
    assert answer_of(modal) == {"confirmed": True}
    tab.keyboard.press("Escape")
    expect(tab.locator("dialog")).to_have_count(0)
    expect(tab.get_by_role("status").get_by_text("Left behind")).to_be_visible()


def test_modal_that_is_not_initialized_can_be_closed_and_shows_the_loader(installed: Host, tab: Page) -> None:
    opener = installed.open_deal(tab)
    ask(opener, "sdk.execute('open_modal', {type: 'custom_modal', action_id: 'Silent modal'})")
    frame_in(tab, DIALOG, state="loading")
    expect(tab.locator("dialog iframe")).to_be_hidden()
    tab.get_by_role("dialog", name="Silent modal").get_by_role("button", name="Close").click()
    assert answer_of(opener) == {"status": "closed"}


def test_modal_that_is_closed_while_it_loads_leaves_nothing_behind(installed: Host, tab: Page) -> None:
    installed.open_deal(tab)
    held = Held.of(tab, "**/_host/surface")
    tab.locator("#actions-button").click()
    tab.get_by_role("menuitem", name="Probe modal").click()
    tab.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(tab.locator("dialog")).to_have_count(0)
    with tab.expect_response("**/_host/surface"):
        held.first().continue_()
    kinds = (
        "import('/_host/static/js/frames.js').then(one => one.liveFrames().map(frame => frame.kind).sort())"
    )
    tab.evaluate("fetch('/_host/revision').then(answer => answer.json())")  # answered after the held one
    assert tab.evaluate(kinds) == ["custom_panel", "floating_window"]


def test_menu_is_for_those_who_installed(host: Host, tab: Page) -> None:
    host.control("reset", {})
    host.open_deal(tab)
    expect(tab.locator("#actions-button")).to_have_count(0)
    expect(tab.locator("[data-floating]")).to_have_count(0)
