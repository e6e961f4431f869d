"""Where the keyboard is: a panel takes the focus back where it was, and never from who works beside it."""

from playwright.sync_api import FrameLocator, Route, expect

from tests.browser.every import PANEL, Somebody
from tests.browser.held import Held

GIVEN_BACK = "frame => { frame.blur(); frame.focus(); }"


def held_refresh(marta: Somebody, panel: FrameLocator) -> Route:
    """Its answer is on its way for as long as the test wants."""
    held = Held.of(marta.tab, "**/sections/all*")
    marta.press(panel, "refresh")
    return held.first()


def test_a_panel_that_gets_the_focus_back_has_it_where_it_was(marta: Somebody) -> None:
    """Pipedrive gives it to the frame alone, at a time of its own: before or after it answers a command."""
    panel = marta.panel()
    marta.press(panel, "snackbar")
    for _ in range(3):
        marta.tab.locator(f"{PANEL} iframe").evaluate(GIVEN_BACK)
        expect(panel.locator("#press-snackbar")).to_be_focused()


def test_a_question_that_is_answered_gives_the_focus_back_to_who_asked(marta: Somebody) -> None:
    panel = marta.panel()
    marta.press(panel, "ask")
    marta.tab.get_by_role("dialog").get_by_role("button", name="Keep").click()
    expect(panel.locator("#press-ask")).to_be_focused()


def test_a_panel_that_draws_itself_anew_leaves_the_focus_to_who_works_beside_it(marta: Somebody) -> None:
    panel = marta.panel()
    held = held_refresh(marta, panel)
    beside = marta.tab.locator("#user-menu-button")
    beside.focus()
    with marta.tab.expect_response("**/sections/all*"):
        held.continue_()
    expect(panel.locator("#surface")).not_to_have_attribute("aria-busy", "true")
    expect(beside).to_be_focused()


def test_a_panel_that_draws_itself_anew_keeps_the_focus_that_it_has(marta: Somebody) -> None:
    panel = marta.panel()
    held = held_refresh(marta, panel)
    with marta.tab.expect_response("**/sections/all*"):
        held.continue_()
    expect(panel.locator("#surface")).not_to_have_attribute("aria-busy", "true")
    expect(panel.locator("#press-refresh")).to_be_focused()


def test_the_keyboard_enters_at_the_first_control_again(marta: Somebody) -> None:
    """Only what is given back goes where it was; who walks in by Tab begins at the top."""
    panel = marta.panel()
    marta.press(panel, "resize")  # far from the first
    frame = marta.tab.locator(f"{PANEL} iframe")
    frame.evaluate("frame => frame.blur()")
    expect(frame).not_to_be_focused()
    # The last stop before the frame; Chromium hands the focus over in a time of its own.
    marta.tab.get_by_role("button", name="More about Every panel").focus()
    marta.tab.keyboard.press("Tab")
    expect(frame).to_be_focused()
    for key in ("Tab", "Shift+Tab"):  # by now the frame has heard of it, and stays where it is
        marta.tab.keyboard.press(key)
    expect(panel.get_by_role("button").first).to_be_focused()
