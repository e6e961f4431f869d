"""The panel in the hands of its user: keyboard, theme, language, old tokens, two tabs, failing parts."""

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.browser.sightline import Seller, settled, user_named
from tests.harness.stack import Stack, running_stack


@pytest.fixture(scope="module")
def sightline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("panel")) as running:
        for name in ("Marta Kask", "Nguyễn Thùy Linh", "Jack Miller"):
            running.install(user_named(running, "acme", name))
        yield running


DAY = 86_400


def seller(sightline: Stack, tab: Page, name: str) -> Seller:
    return Seller(sightline, tab, "acme", user_named(sightline, "acme", name))


def _day(at: float, zone: str) -> date:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date()


def tab_to(tab: Page, panel: FrameLocator, name: str) -> None:
    """Presses Tab until the button of that name has the focus."""
    for _ in range(60):
        tab.keyboard.press("Tab")
        focused = panel.locator(":focus")
        if focused.count() and focused.inner_text().strip() == name:
            return
    raise AssertionError(f"Tab never reached {name}")


def test_next_step_is_finished_and_reopened_by_keyboard_alone(
    sightline: Stack, browsing: BrowserContext
) -> None:
    tab = browsing.new_page()
    panel = seller(sightline, tab, "Marta Kask").open_deal(1)
    settled(panel)
    tab_to(tab, panel, "Done")
    tab.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Undo")).to_be_visible()
    expect(panel.locator(":focus")).to_have_count(1)  # not thrown back to the top of the page
    tab_to(tab, panel, "Undo")
    tab.keyboard.press("Enter")
    expect(panel.get_by_role("button", name="Done", exact=True)).to_be_visible()


def test_theme_is_followed_without_a_reload(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = seller(sightline, tab, "Marta Kask").open_deal(1)
    settled(panel)
    html = panel.locator("html")
    expect(html).to_have_attribute("data-theme", "light")
    body = panel.locator("body")
    light = body.evaluate("body => getComputedStyle(body).color")
    tab.get_by_role("button", name="Marta Kask").click()
    tab.get_by_role("menuitemcheckbox", name="Dark theme").click()
    expect(html).to_have_attribute("data-theme", "dark")
    assert body.evaluate("body => getComputedStyle(body).color") != light
    tab.reload()
    expect(tab.frame_locator("[data-panel] iframe").locator("html")).to_have_attribute("data-theme", "dark")


def test_panel_speaks_the_users_language_and_keeps_their_time(
    sightline: Stack, browsing: BrowserContext
) -> None:
    """09:00 in Tallinn is the afternoon in Ho Chi Minh City."""
    tab = browsing.new_page()
    english = seller(sightline, tab, "Marta Kask").open_deal(1)
    settled(english)
    expect(english.get_by_text("Tomorrow 09:00")).to_be_visible()
    vietnamese = seller(sightline, tab, "Nguyễn Thùy Linh").open_deal(1)
    settled(vietnamese)
    expect(vietnamese.locator("html")).to_have_attribute("lang", "vi")
    expect(vietnamese.get_by_role("heading", name="Bước tiếp theo")).to_be_visible()
    now = sightline.control.ask("GET", "clock")["now"]
    word = "Hôm nay" if _day(now + DAY, "Europe/Tallinn") == _day(now, "Asia/Ho_Chi_Minh") else "Ngày mai"
    expect(vietnamese.get_by_text(f"{word} 14:00")).to_be_visible()
    expect(vietnamese.get_by_text("Next step")).to_have_count(0)


def test_button_still_works_after_the_tokens_five_minutes(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = seller(sightline, tab, "Jack Miller").open_deal(4)
    settled(panel)
    panel.get_by_role("button", name="Refresh").click()  # now the page has a token of its own
    settled(panel)
    sightline.advance(400)
    when = panel.locator(".step .when")
    before = when.inner_text()
    panel.get_by_role("button", name="+1 d").click()
    expect(when).not_to_have_text(before)


def test_one_part_fails_alone_and_can_be_tried_again(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    sightline.control.fail({"route": "/api/v2/persons*", "kind": "status:500", "count": 2})
    panel = seller(sightline, tab, "Marta Kask").open_deal(9)
    settled(panel)
    people = panel.locator("section", has=panel.get_by_role("heading", name="People"))
    expect(people).to_contain_text("Couldn't load")
    expect(panel.get_by_role("heading", name="Next step")).to_be_visible()
    people.get_by_role("button", name="Try again").click()
    expect(people).not_to_contain_text("Couldn't load")


def test_native_dialog_plans_the_next_step(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    marta = seller(sightline, tab, "Marta Kask")
    deal = marta.write("POST", "deals", {"title": "Nothing planned", "person_id": 2})
    panel = marta.open_deal(deal["id"])
    settled(panel)
    panel.get_by_role("button", name="Plan next step").first.click()
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("button", name="Done", exact=True)).to_be_visible()


def test_change_made_meanwhile_is_shown_instead_of_overwritten(
    sightline: Stack, browsing: BrowserContext
) -> None:
    tab = browsing.new_page()
    marta = seller(sightline, tab, "Marta Kask")
    panel = marta.open_deal(1)
    settled(panel)
    sightline.advance(5)
    step = marta.write("POST", "activities", {"subject": "Ask Lan", "deal_id": 1, "due_date": "2020-01-01"})
    panel.get_by_role("button", name="Refresh").click()
    expect(panel.get_by_text("Ask Lan")).to_be_visible()
    sightline.advance(5)
    marta.write("PATCH", f"activities/{step['id']}", {"subject": "Visit Lan instead"})
    panel.get_by_role("button", name="Done", exact=True).click()
    expect(tab.get_by_text("changed meanwhile")).to_be_visible()
    expect(panel.get_by_text("Visit Lan instead")).to_be_visible()
    expect(panel.get_by_role("button", name="Undo")).to_have_count(0)


def test_outside_pipedrive_the_page_says_where_it_belongs(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    given = sightline.surface("deal-panel", user_named(sightline, "acme", "Marta Kask"), 1)
    tab.goto(given["url"].replace("&id=", "&was="))
    expect(tab.get_by_text("works inside Pipedrive")).to_be_visible()
    assert "token=" not in tab.url


def test_open_leads_to_the_activity_in_pipedrive(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = seller(sightline, tab, "Marta Kask").open_deal(2)
    settled(panel)
    subject = panel.locator(".step .subject").inner_text().split("\n")[0].strip()
    with browsing.expect_page() as opened:
        panel.get_by_role("link", name="Open").first.click()
    row = opened.value.get_by_role("row").nth(1)
    expect(row.get_by_role("link", name="Follow up on samples")).to_be_visible()
    assert subject.startswith("Follow up on samples")
