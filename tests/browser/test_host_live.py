"""An open page stays true: changes from elsewhere appear within a second, and no iframe reloads."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.host import Host

pytestmark = pytest.mark.usefixtures("reset")


def test_change_through_the_api_appears_within_a_second_and_the_iframe_lives_on(
    host: Host, tab: Page
) -> None:
    frame = host.open_deal(tab)
    frame.evaluate("window.mark = 1")
    host.write("PATCH", "deals/1", {"title": "Renamed by an app"})
    started = time.monotonic()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Renamed by an app")
    assert time.monotonic() - started < 1.5
    expect(tab).to_have_title("Renamed by an app · Acme Trading")
    assert frame.evaluate("window.mark") == 1


def test_two_tabs_of_two_users_agree(host: Host, browsing: BrowserContext, tab: Page) -> None:
    host.open(tab, "/deal/1")
    other = browsing.new_page()
    host.open(other, "/deal/1")
    tab.get_by_role("button", name="Won").click()
    expect(other.get_by_role("button", name="Reopen")).to_be_visible()


def test_list_follows_too(host: Host, tab: Page) -> None:
    host.open(tab, "/deals")
    host.write("POST", "deals", {"title": "Fresh from an app"})
    expect(tab.get_by_role("link", name="Fresh from an app")).to_be_visible()


def test_passing_time_makes_a_step_overdue_without_a_reload(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    focus = tab.get_by_role("region", name="Focus")
    expect(focus.get_by_text("Overdue")).to_have_count(0)
    host.control("clock", {"advance_seconds": 3 * 86_400})
    expect(focus.get_by_text("Overdue").first).to_be_visible()


def test_focus_stays_where_it_was_when_the_page_redraws(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    tab.locator("#add-activity").focus()
    host.write("PATCH", "activities/1", {"subject": "Changed meanwhile", "deal_id": 1})
    expect(tab.get_by_role("button", name="Changed meanwhile")).to_be_visible()
    expect(tab.locator("#add-activity")).to_be_focused()


def test_open_dialog_survives_a_redraw(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    tab.locator("#add-activity").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Subject").fill("Half written")
    host.write("PATCH", "deals/1", {"title": "Changed meanwhile"})
    expect(tab.locator("h1")).to_have_text("Changed meanwhile")
    expect(dialog.get_by_label("Subject")).to_have_value("Half written")


def test_silence_of_the_server_is_said_and_ends(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    tab.route("**/_host/revision", lambda route: route.abort())
    notice = tab.get_by_text("The emulator does not answer")
    expect(notice).to_be_visible()
    tab.unroute("**/_host/revision")
    expect(notice).to_be_hidden()
