"""The deal page as a salesperson uses it: stages, won and lost, what is due, what happened."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import Host

pytestmark = pytest.mark.usefixtures("reset")


def test_click_on_a_stage_moves_the_deal(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    stages = tab.get_by_role("list", name="Stages").get_by_role("button")
    name = stages.last.inner_text()
    before = host.record("deals", 1)["stage_id"]
    stages.last.click()
    expect(stages.last).to_have_attribute("aria-current", "step")
    assert host.record("deals", 1)["stage_id"] != before
    expect(tab.get_by_text(f"Moved to {name}")).to_be_visible()


def test_won_and_reopen(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    tab.get_by_role("button", name="Won").click()
    expect(tab.get_by_role("button", name="Reopen")).to_be_visible()
    assert host.record("deals", 1)["status"] == "won"
    expect(tab.get_by_text("Deal won")).to_be_visible()
    tab.get_by_role("button", name="Reopen").click()
    expect(tab.get_by_role("button", name="Won")).to_be_visible()
    assert host.record("deals", 1)["status"] == "open"


def test_lost_asks_for_the_reason_and_shows_it(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    tab.get_by_role("button", name="Lost").click()
    dialog = tab.get_by_role("dialog", name="Mark as lost")
    dialog.get_by_label("Lost reason").fill("Giá quá cao")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(tab.get_by_text("Lost reason: Giá quá cao")).to_be_visible()
    deal = host.record("deals", 1)
    assert (deal["status"], deal["lost_reason"]) == ("lost", "Giá quá cao")


def test_ticking_an_activity_moves_it_from_focus_to_history(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    box = tab.get_by_role("checkbox").first
    key, name = box.get_attribute("id") or "", box.get_attribute("aria-label") or ""
    expect(box).not_to_be_checked()
    box.check()
    history = tab.get_by_role("region", name="History")
    expect(history.get_by_role("checkbox", name=name)).to_be_checked()
    assert host.record("activities", int(key.rpartition("-")[2]))["done"] is True


def test_overdue_activity_is_said_in_words_not_by_colour_alone(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/2")
    expect(tab.get_by_role("region", name="Focus").get_by_text("Overdue")).to_be_visible()


def test_refused_change_is_told_and_taken_back(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    tab.route("**/_host/write", lambda route: route.fulfill(status=400, json={"error": "Not today."}))
    box = tab.get_by_role("checkbox").first
    box.click()
    expect(tab.get_by_role("status").get_by_text("Not today.")).to_be_visible()
    expect(box).not_to_be_checked()


def test_markup_and_long_texts_are_shown_as_text(host: Host, tab: Page) -> None:
    errors: list[str] = []
    tab.on("dialog", lambda dialog: errors.append(dialog.message))
    long = ("Thương vụ cung cấp máy rang cà phê đặc biệt " * 8)[:255].strip()
    host.write("PATCH", "persons/1", {"name": "<img src=x onerror=alert(1)>"})
    host.write("PATCH", "deals/1", {"title": long, "person_id": 1})
    host.open(tab, "/deal/1")
    expect(tab.get_by_role("heading", level=1)).to_have_text(long)
    expect(tab.locator("#head-person")).to_contain_text("<img src=x onerror=alert(1)>")
    assert not errors
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    frame_width = tab.evaluate("document.querySelector('[data-panel] [data-mount]').clientWidth")
    assert frame_width == 385


@pytest.mark.parametrize(
    "path",
    ["/deal/999999", "/deal/abc", "/deal/0", f"/deal/{'9' * 5000}", "/person/999999", "/organization/x"],
)
def test_record_that_is_not_there_gets_a_clear_page(host: Host, tab: Page, path: str) -> None:
    host.open(tab, path)
    expect(tab.get_by_role("heading", level=1)).to_contain_text("No such")
    expect(tab.get_by_role("link", name="All deals")).to_be_visible()


def test_user_sees_only_what_the_api_lets_this_user_see(host: Host, tab: Page) -> None:
    host.open(tab, "/deals?status=all")
    seen_by_admin = tab.locator("tbody tr").count()
    host.open(tab, "/deals?status=all", host.users["Victor Reis"])
    hrefs = [link.get_attribute("href") for link in tab.locator("tbody td.wide a").all()]
    assert 0 < len(hrefs) < seen_by_admin
    assert "/deal/1" not in hrefs
    tab.goto(f"{host.acme}/deal/1")
    expect(tab.get_by_role("heading", level=1)).to_have_text("No such deal")


def test_money_and_dates_follow_the_user(host: Host, tab: Page) -> None:
    host.write("PATCH", "deals/1", {"value": 1250000000, "currency": "VND"})
    host.open(tab, "/deal/1", host.users["Nguyễn Thùy Linh"])
    expect(tab.locator(".detail-value")).to_have_text("1.250.000.000 ₫")
    host.open(tab, "/deal/1", host.users["Jack Miller"])
    expect(tab.locator(".detail-value")).to_have_text("₫1,250,000,000")


def test_same_due_time_is_another_hour_for_a_colleague_elsewhere(host: Host, tab: Page) -> None:
    activity = host.write(
        "POST",
        "activities",
        {
            "subject": "Same moment",
            "type": "call",
            "due_date": "2027-01-15",
            "due_time": "02:00",
            "deal_id": 1,
        },
    )
    host.open(tab, "/deal/1", host.users["Nguyễn Thùy Linh"])
    line = tab.locator("li").filter(has=tab.locator(f"#done-{activity['id']}"))
    expect(line.locator(".moment-when")).to_have_text("15 Jan 2027, 09:00")
    host.open(tab, "/deal/1", host.users["Jack Miller"])
    expect(line.locator(".moment-when")).to_have_text("14 Jan 2027, 21:00")
