"""Each reply of a handler as the viewer sees it: in Pipedrive's window, by the official SDK."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.every import MODAL, SETTINGS, WINDOW, Somebody, title_is
from tests.harness.stack import Stack


def height(tab: Page) -> float:
    box = tab.locator("[data-panel] iframe").bounding_box()
    assert box is not None
    return box["height"]


def until_height(tab: Page, wanted: float) -> None:
    expect(tab.locator("[data-panel] iframe")).to_have_css("height", f"{wanted:g}px")


def test_a_snackbar_is_said_with_its_link(marta: Somebody) -> None:
    panel = marta.panel()
    marta.press(panel, "snackbar")
    expect(marta.snackbar("Said so")).to_be_visible()
    link = marta.tab.get_by_role("link", name="More")
    expect(link).to_have_attribute("href", "https://example.com/more")
    expect(panel.locator("#announcement")).to_have_text("Said so")


def test_several_replies_are_carried_out_in_order(marta: Somebody) -> None:
    panel = marta.panel()
    marta.press(panel, "several")
    expect(marta.snackbar("First")).to_be_visible()
    title_is(panel, "Drawn by a reply")
    until_height(marta.tab, 222)


def test_a_size_stays_until_another_is_asked_for(marta: Somebody) -> None:
    panel = marta.panel()
    marta.press(panel, "resize")
    until_height(marta.tab, 333)
    marta.press(panel, "refresh")
    title_is(panel, panel.locator("#title").inner_text())
    until_height(marta.tab, 333)


def test_a_size_beyond_the_bounds_is_brought_inside(marta: Somebody) -> None:
    """Pipedrive would ignore it as a whole."""
    panel = marta.panel()
    marta.press(panel, "resize-beyond")
    until_height(marta.tab, 750)


@pytest.mark.parametrize(
    ("label", "path"),
    [
        ("redirect-list", "/deals"),
        ("redirect-record", "/person/1"),
        ("redirect-settings", "/settings/marketplace/app"),
    ],
)
def test_pipedrive_goes_where_the_reply_says(marta: Somebody, label: str, path: str) -> None:
    marta.press(marta.panel(), label)
    marta.tab.wait_for_url(lambda url: path in urlsplit(url).path)


def test_the_context_of_a_redirect_reaches_the_settings_page(marta: Somebody) -> None:
    marta.press(marta.panel(), "redirect-settings")
    marta.says(marta.frame(SETTINGS), "data: {'step': 'two'}")


def test_a_question_that_is_answered_with_yes_is_done_once(marta: Somebody, every: Stack) -> None:
    panel = marta.panel(3)
    marta.press(panel, "ask")
    dialog = marta.tab.get_by_role("dialog", name="Rename it?")
    expect(dialog).to_contain_text("Everybody sees the new name.")
    dialog.get_by_role("button", name="Rename", exact=True).click()
    title_is(panel, "Renamed after a question")
    expect(marta.snackbar("Renamed: Renamed after a question")).to_be_visible()
    calls = every.control.ask("GET", "ledger?since=0")["entries"]
    writes = [one for one in calls if one["kind"] == "api_call" and one["method"] == "PATCH"]
    assert len(writes) == 1


def test_a_question_that_is_answered_with_no_changes_nothing(marta: Somebody) -> None:
    panel = marta.panel(2)
    before = panel.locator("#title").inner_text()
    marta.press(panel, "ask")
    marta.tab.get_by_role("dialog", name="Rename it?").get_by_role("button", name="Keep").click()
    expect(marta.tab.get_by_role("dialog")).to_have_count(0)
    marta.press(panel, "refresh")
    title_is(panel, before)


def test_what_was_made_in_a_dialog_is_told_to_the_action_that_follows(marta: Somebody) -> None:
    panel = marta.panel()
    marta.press(panel, "new-person")
    dialog = marta.tab.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value("Ada")
    dialog.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("heading", name="Made number")).to_be_visible()


@pytest.mark.parametrize(
    ("label", "field", "value"),
    [
        ("new-deal", "Title", "Renewal"),
        ("new-organization", "Name", "Acme two"),
        ("new-activity", "Subject", "Call"),
    ],
)
def test_dialogs_of_pipedrive_open_with_what_the_reply_says(
    marta: Somebody, label: str, field: str, value: str
) -> None:
    marta.press(marta.panel(), label)
    dialog = marta.tab.get_by_role("dialog")
    expect(dialog.get_by_label(field, exact=False).first).to_have_value(value)
    marta.tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_apps_own_modal_is_told_what_the_panel_hands_over(marta: Somebody) -> None:
    panel = marta.panel()
    marta.press(panel, "own-modal")
    modal = marta.frame(MODAL)
    marta.says(modal, "data: {'step': 'sign'}")
    marta.press(modal, "close")
    expect(marta.tab.get_by_role("dialog")).to_have_count(0)
    expect(panel.locator("#press-own-modal")).to_be_focused()


def test_the_floating_window_is_shown_and_hidden_from_the_panel(marta: Somebody) -> None:
    panel = marta.panel()
    marta.press(panel, "show-window")
    expect(marta.tab.locator(WINDOW)).to_be_visible()
    marta.says(marta.frame(WINDOW), "'phone': '+84 24 1234'")
    marta.press(panel, "hide-window")
    expect(marta.tab.locator(WINDOW)).to_be_hidden()


def test_badge_and_focus_mode_follow_the_replies(marta: Somebody) -> None:
    marta.open("/deals")
    window = marta.frame(WINDOW)
    marta.tab.get_by_role("group", name="Apps").get_by_role("button", name="Every window").click()
    marta.press(window, "badge")
    expect(marta.tab.get_by_role("group", name="Apps")).to_contain_text("9+")
    marta.press(window, "no-badge")
    expect(marta.tab.get_by_role("group", name="Apps")).not_to_contain_text("9+")
    marta.press(window, "focus")
    close = marta.tab.get_by_role("button", name="Close Every window")
    expect(close).to_be_hidden()
    marta.press(window, "no-focus")
    expect(close).to_be_visible()
    marta.press(window, "hide")
    expect(marta.tab.locator(WINDOW)).to_be_hidden()


def test_an_old_token_is_renewed_and_the_press_sent_again(marta: Somebody, every: Stack) -> None:
    panel = marta.panel()
    with marta.tab.expect_response("**/sections/all*"):
        marta.press(panel, "refresh")
    every.advance(400)  # the token that the page keeps is too old by now, and the page does not know it
    marta.press(panel, "snackbar")
    expect(marta.snackbar("Said so").first).to_be_visible()


def test_a_page_without_pipedrive_around_it_says_so(every: Stack, browsing: BrowserContext) -> None:
    user = Somebody.named(every, browsing.new_page(), "Marta Kask").seller.record
    url = every.surface("every-panel", user, 1)["url"]
    tab = browsing.new_page()
    tab.goto("&".join(part for part in url.split("&") if not part.startswith("id=")))
    expect(tab.get_by_role("paragraph")).to_contain_text("works inside Pipedrive")


def test_without_script_the_page_is_readable(every: Stack, browsing: BrowserContext) -> None:
    browser = browsing.browser
    assert browser is not None
    user = Somebody.named(every, browsing.new_page(), "Marta Kask").seller.record
    url = every.surface("every-panel", user, 2)["url"]  # no reply has drawn the panel of this deal
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(url)
        expect(tab.get_by_role("heading", level=1)).to_be_visible()
        expect(tab.get_by_role("listitem").filter(has_text="viewer: Marta Kask")).to_be_visible()


def test_a_panel_makes_five_requests_before_it_is_usable(every: Stack, tab: Page) -> None:
    """Page, style, SDK, surface.js, and the picture when it was not in the page."""
    asked: list[Request] = []
    tab.on("request", lambda one: asked.append(one))  # noqa: PLW0108 - a method of a list cannot be marked
    panel = Somebody.named(every, tab, "Marta Kask").panel(12)
    expect(panel.get_by_role("button", name="snackbar", exact=True)).to_be_visible()
    frame = next(one for one in tab.frames if "/surfaces/every-panel" in one.url)
    ours = [one.url.partition("?")[0] for one in asked if one.frame == frame]
    assert 4 <= len(ours) <= 5, ours
