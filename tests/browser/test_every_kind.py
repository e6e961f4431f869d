"""Each kind of iframe on Pipedrive's pages: what it is told, its forms, its looks, by keyboard too."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.axe import findings
from tests.browser.every import COMES_BACK, MODAL, PANEL, SETTINGS, WINDOW, Somebody
from tests.harness.stack import Stack


def from_menu(who: Somebody) -> FrameLocator:
    who.tab.locator("#actions-button").click()
    who.tab.get_by_role("menuitem", name="Every modal").click()
    return who.frame(MODAL)


def settings_path(every: Stack) -> str:
    return f"/settings/marketplace/app/{every.identity.client_id}/app-settings"


@pytest.mark.parametrize("record", ["deal/1", "person/1", "organization/1"])
def test_a_modal_of_a_detail_view_is_told_the_record(marta: Somebody, record: str) -> None:
    marta.open(f"/{record}")
    resource, _, number = record.partition("/")
    marta.says(from_menu(marta), f"selected: {resource} details {number}")


def test_a_modal_of_a_list_is_told_the_rows(marta: Somebody) -> None:
    marta.open("/deals")
    rows = marta.tab.locator("[data-row]")
    picked = sorted(int(rows.nth(index).get_attribute("data-row") or 0) for index in (0, 2))
    for number in picked:
        marta.tab.locator(f'[data-row="{number}"]').click()
    modal = from_menu(marta)
    marta.says(modal, f"selected: deal list {','.join(map(str, picked))}")
    marta.says(modal, "all: False")


def test_select_all_is_told_with_its_exceptions_and_filter(every: Stack, marta: Somebody) -> None:
    every.control.turn(modal_list_filter="present")
    marta.open("/deals")
    marta.tab.get_by_role("checkbox", name="Select all").click()
    marta.tab.locator('[data-row="2"]').click()
    modal = from_menu(marta)
    marta.says(modal, "all: True but 2")
    marta.says(modal, "filter: ListFilter(")
    every.control.turn(modal_list_filter="absent")


def test_a_list_of_activities_opens_it_too(marta: Somebody) -> None:
    marta.open("/activities/list")
    marta.tab.locator("[data-row]").first.click()
    marta.says(from_menu(marta), "selected: activity list ")


def test_a_modal_opens_as_wide_as_it_says(marta: Somebody) -> None:
    marta.open("/deal/1")
    from_menu(marta)
    expect(marta.tab.locator("dialog .surface iframe")).to_have_css("width", "640px")


def test_a_form_tells_each_error_at_its_field_and_keeps_what_was_typed(marta: Somebody) -> None:
    marta.open("/deal/1")
    modal = from_menu(marta)
    modal.get_by_label("Amount").fill("5000")
    modal.get_by_label("Remark").fill("x" * 21)
    marta.press(modal, "Send")
    expect(modal.locator("#amount-error")).to_have_text("At most 1000.")
    expect(modal.locator("#day-error")).to_have_text("Fill this in.")
    expect(modal.locator("#remark-error")).to_have_text("At most 20 characters.")
    amount = modal.get_by_label("Amount")
    expect(amount).to_be_focused()
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_have_value("5000")
    assert findings(marta.tab.frames[-1]) == []
    amount.fill("500")
    modal.get_by_label("Day").fill("2026-12-24")
    modal.get_by_label("Remark").fill("for Söhne")
    modal.get_by_label("Final").check()
    modal.get_by_label("Amount").press("Enter")
    expect(marta.snackbar("Quoted: 500 on 2026-12-24 for Söhne True")).to_be_visible()
    expect(marta.tab.get_by_role("dialog")).to_have_count(0)


def test_cancel_closes_a_modal_without_asking_the_server(marta: Somebody) -> None:
    marta.open("/deal/1")
    modal = from_menu(marta)
    modal.get_by_role("button", name="Cancel").press("Enter")
    expect(marta.tab.get_by_role("dialog")).to_have_count(0)
    expect(marta.tab.locator("#actions-button")).to_be_focused()


def test_settings_of_a_user_are_that_users_and_of_a_company_everybodys(every: Stack, marta: Somebody) -> None:
    path = settings_path(every)
    marta.open(path)
    page = marta.frame(SETTINGS)
    for whose, word in (("taste", "salty"), ("house", "blue")):
        page.get_by_label(whose, exact=True).fill(word)
        marta.press(page, f"Save {whose}")
        expect(marta.snackbar("Saved").first).to_be_visible()
    expect(page.get_by_label("house", exact=True)).to_have_value("blue")
    jack = Somebody.named(every, marta.tab, "Jack Miller")
    jack.open(path)
    theirs = jack.frame(SETTINGS)
    expect(theirs.get_by_label("taste", exact=True)).to_have_value("")
    expect(theirs.get_by_label("house", exact=True)).to_have_value("blue")
    theirs.get_by_label("house", exact=True).fill("red")
    jack.press(theirs, "Save house")
    expect(jack.snackbar("This is for admins")).to_be_visible()
    marta.open(path)
    expect(marta.frame(SETTINGS).get_by_label("house", exact=True)).to_have_value("blue")


def test_a_settings_page_that_was_drawn_anew_is_saved_as_before(every: Stack, marta: Somebody) -> None:
    marta.open(settings_path(every))
    page = marta.frame(SETTINGS)
    with marta.tab.expect_response("**/sections/all?fresh=1*"):
        marta.press(page, "Again")
    expect(page.locator("#surface")).not_to_have_attribute("aria-busy", "true")
    marta.press(page, "Save taste")
    expect(marta.snackbar("Saved").first).to_be_visible()


def test_a_phone_number_shows_the_window_with_the_number(marta: Somebody) -> None:
    marta.open("/person/1")
    phone = marta.tab.locator(".phone, [data-phone]").first
    phone.click()
    expect(marta.tab.locator(WINDOW)).to_be_visible()
    marta.says(marta.frame(WINDOW), "'invoker': 'user'")


@pytest.mark.parametrize("name", ["Marta Kask", "Nguyễn Thùy Linh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_iframe_is_accessible_in_its_viewers_theme_and_language(
    every: Stack, tab: Page, name: str, theme: str
) -> None:
    who = Somebody.named(every, tab, name)
    who.open("/deal/1")
    panel = who.frame(PANEL)  # it hears of another theme from when it is ready
    language = "vi" if name.startswith("Nguyễn") else "en"
    if tab.locator("html").get_attribute("data-theme") != theme:
        tab.locator("#user-menu-button").click()
        tab.get_by_role("menuitemcheckbox", name="Dark theme").click()
        tab.keyboard.press("Escape")
    for place, opened in ((PANEL, panel), (MODAL, from_menu(who))):
        who.says(opened, f"language: {language}")
        expect(opened.locator("html")).to_have_attribute("lang", language)
        expect(opened.locator("html")).to_have_attribute("data-theme", theme)
        element = tab.wait_for_selector(f"{place} iframe", state="attached")
        frame = element.content_frame() if element else None
        assert frame is not None
        assert findings(frame) == []


def test_what_somebody_types_is_not_taken_away_by_a_refresh(every: Stack, marta: Somebody) -> None:
    marta.open(settings_path(every))
    page = marta.frame(SETTINGS)
    field = page.get_by_label("taste", exact=True)
    field.fill("half a word")
    asked: list[str] = []
    marta.tab.on("request", lambda one: asked.append(one.url))
    page.locator("body").evaluate(COMES_BACK)
    marta.tab.wait_for_timeout(1000)
    assert [url for url in asked if "/sections/" in url] == []
    expect(field).to_have_value("half a word")


def test_what_somebody_has_sent_is_drawn_anew_as_before(every: Stack, marta: Somebody) -> None:
    """Whatever the answer was: nothing that is typed waits any more."""
    marta.open(settings_path(every))
    page = marta.frame(SETTINGS)
    page.get_by_label("taste", exact=True).fill("a word")
    saves = "**/actions/save-taste*"
    marta.tab.route(saves, lambda route: route.fulfill(json={"status": 200, "commands": []}))
    with marta.tab.expect_response(saves):
        marta.press(page, "Save taste")
    expect(page.locator("#taste")).not_to_have_attribute("aria-busy", "true")
    with marta.tab.expect_response("**/sections/all*"):
        page.locator("body").evaluate(COMES_BACK)
