"""The floating window is shown for a number while it is at work on another: neither is lost."""

from playwright.sync_api import FrameLocator, expect

from tests.browser.every import COMES_BACK, WINDOW, Somebody
from tests.browser.held import Held

PICTURE = "**/every-window/sections/all*"
PHONE = "[data-phone]"


def window_of_a_person(marta: Somebody) -> FrameLocator:
    marta.open("/person/1")
    return marta.frame(WINDOW)


def by_dock(marta: Somebody) -> None:
    marta.tab.get_by_role("group", name="Apps").get_by_role("button", name="Every window").click()


def shows_no_number(marta: Somebody, window: FrameLocator) -> None:
    marta.says(window, "data: {'invoker': 'user'}")


def shows_the_number(marta: Somebody, window: FrameLocator) -> None:
    marta.says(window, f"'number': '{marta.tab.locator(PHONE).first.inner_text()}'")


def test_a_press_counts_while_the_window_asks_for_what_it_is_shown_with(marta: Somebody) -> None:
    """What is pressed belongs to what is still shown; then comes what it was shown with."""
    window = window_of_a_person(marta)
    held = Held.of(marta.tab, PICTURE)
    by_dock(marta)
    held.first()
    marta.press(window, "badge")
    expect(marta.tab.get_by_role("group", name="Apps")).to_contain_text("9+")
    held.let_go()
    shows_no_number(marta, window)


def test_what_it_is_shown_with_last_is_what_it_shows(marta: Somebody) -> None:
    """By then the answer for what it was shown with before is still on its way."""
    window = window_of_a_person(marta)
    held = Held.of(marta.tab, PICTURE)
    by_dock(marta)
    held.first()
    marta.tab.locator(PHONE).first.click()
    held.let_go()
    shows_the_number(marta, window)


def test_a_window_at_work_stays_as_it_is_and_shows_the_other_afterwards(marta: Somebody) -> None:
    """In focus mode, as during a call: another number waits until it is over."""
    window = window_of_a_person(marta)
    by_dock(marta)
    shows_no_number(marta, window)
    marta.press(window, "focus")
    expect(marta.tab.get_by_role("button", name="Close Every window")).to_be_hidden()
    asked: list[str] = []
    marta.tab.on("request", lambda one: asked.append(one.url))
    marta.tab.locator(PHONE).first.click()
    marta.press(window, "badge")  # what is pressed still belongs to what is shown
    expect(marta.tab.get_by_role("group", name="Apps")).to_contain_text("9+")
    shows_no_number(marta, window)
    assert not [url for url in asked if "/sections/" in url]
    marta.press(window, "no-focus")
    shows_the_number(marta, window)


def test_what_a_press_draws_is_followed_by_what_the_window_is_shown_with_meanwhile(marta: Somebody) -> None:
    window = window_of_a_person(marta)
    by_dock(marta)
    shows_no_number(marta, window)
    held = Held.of(marta.tab, "**/actions/drawn*")
    marta.press(window, "drawn")
    held.first()
    marta.tab.locator(PHONE).first.click()
    held.let_go()
    shows_the_number(marta, window)
    marta.press(window, "badge")
    expect(marta.tab.get_by_role("group", name="Apps")).to_contain_text("9+")


def test_a_window_that_could_not_be_drawn_anew_still_works(marta: Somebody) -> None:
    """What is pressed belongs to what is shown, which is still what it was before."""
    away = {"status": 502, "commands": [{"kind": "message", "text": "Pipedrive is away"}]}
    window = window_of_a_person(marta)
    marta.tab.route(PICTURE, lambda route: route.fulfill(json=away, status=502))
    by_dock(marta)
    expect(marta.snackbar("Pipedrive is away")).to_be_visible()
    marta.tab.unroute(PICTURE)
    marta.press(window, "badge")
    expect(marta.tab.get_by_role("group", name="Apps")).to_contain_text("9+")
    shows_no_number(marta, window)


def test_a_picture_that_came_during_a_press_is_asked_for_again_after_it(marta: Somebody) -> None:
    panel = marta.panel()
    pictures, presses = Held.of(marta.tab, "**/sections/all*"), Held.of(marta.tab, "**/actions/snackbar*")
    panel.locator("body").evaluate(COMES_BACK)
    pictures.first()
    marta.press(panel, "snackbar")
    presses.first()
    with marta.tab.expect_response("**/sections/all*"):
        pictures.let_go()
    with marta.tab.expect_response("**/sections/all*"):
        presses.let_go()
    expect(panel.locator("#surface")).not_to_have_attribute("aria-busy", "true")
