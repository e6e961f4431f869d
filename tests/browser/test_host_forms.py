"""Pipedrive's own forms: opened by the SDK or by the page, they make and change real records."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.host import Host

pytestmark = pytest.mark.usefixtures("reset")

TALLINN = ZoneInfo("Europe/Tallinn")


def _open_modal(frame: Frame, arguments: dict[str, Any]) -> None:
    frame.evaluate("args => void sdk.execute('open_modal', args).then(a => { window.answer = a })", arguments)


def _answer(frame: Frame) -> Any:
    return frame.wait_for_function("window.answer").json_value()


def test_activity_form_is_prefilled_and_makes_a_real_activity(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    prefill = {
        "subject": "Gọi cho chị Lan",
        "dueDate": "2027-01-15",
        "dueTime": "22:30",
        "duration": "00:45",
        "note": "<b>Bring</b> the price list",
        "deal": 1,
        "organization": 1,
    }
    _open_modal(frame, {"type": "activity", "prefill": prefill})
    dialog = tab.get_by_role("dialog", name="Schedule an activity")
    expect(dialog.get_by_label("Subject")).to_be_focused()
    expect(dialog.get_by_label("Subject")).to_have_value("Gọi cho chị Lan")
    local = datetime(2027, 1, 15, 22, 30, tzinfo=ZoneInfo("UTC")).astimezone(TALLINN)
    expect(dialog.get_by_label("Date")).to_have_value(local.date().isoformat())
    expect(dialog.get_by_label("Time", exact=True)).to_have_value(local.strftime("%H:%M"))
    expect(dialog.get_by_label("Note")).to_have_value("Bring the price list")
    dialog.get_by_text("Meeting").click()
    dialog.get_by_role("button", name="Save").click()
    answer = _answer(frame)
    assert answer["status"] == "submitted"
    made = host.record("activities", answer["id"])
    assert (made["subject"], made["type"], made["deal_id"], made["org_id"]) == (
        "Gọi cho chị Lan",
        "meeting",
        1,
        1,
    )
    assert (made["due_date"], made["due_time"][:5], made["duration"][:5]) == ("2027-01-15", "22:30", "00:45")
    assert made["owner_id"] == host.somebody
    expect(tab.get_by_role("button", name="Gọi cho chị Lan")).to_be_visible()


@pytest.mark.parametrize(
    ("change", "note"), [(None, "<ul><li><b>Bring</b> it</li></ul>alert(1)"), ("Nothing", "Nothing")]
)
def test_activity_keeps_the_formats_that_the_sdk_allows_unless_the_text_is_changed(
    host: Host, tab: Page, change: str | None, note: str
) -> None:
    frame = host.open_deal(tab)
    sent = "<ul class=x><li><B>Bring</B> it</li></ul><script>alert(1)</script>"
    prefill = {"subject": "Formats", "note": sent, "description": "For <i>the guests</i>"}
    _open_modal(frame, {"type": "activity", "prefill": prefill})
    dialog = tab.get_by_role("dialog", name="Schedule an activity")
    expect(dialog.get_by_label("Description")).to_have_value("For the guests")
    if change:
        dialog.get_by_label("Note").fill(change)
    dialog.get_by_role("button", name="Save").click()
    made = host.record("activities", _answer(frame)["id"])
    assert (made["note"], made["public_description"]) == (note, "For <i>the guests</i>")


@pytest.mark.parametrize("way", ["Escape", "Close", "Cancel"])
def test_leaving_the_form_answers_closed_and_makes_nothing(host: Host, tab: Page, way: str) -> None:
    frame = host.open_deal(tab)
    before = len(host.control("world")["records"]["activities"])
    _open_modal(frame, {"type": "activity"})
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_be_visible()
    if way == "Escape":
        tab.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name=way).click()
    assert _answer(frame) == {"status": "closed"}
    assert len(host.control("world")["records"]["activities"]) == before


def test_prefill_of_the_wrong_types_is_left_out(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    prefill = {"subject": 7, "dueDate": "soon", "dueTime": [], "duration": "long", "deal": "none"}
    _open_modal(frame, {"type": "activity", "prefill": prefill})
    expect(tab.get_by_role("dialog").get_by_label("Subject")).to_have_value("")
    tab.keyboard.press("Escape")
    assert _answer(frame) == {"status": "closed"}


def test_deal_form_finds_the_person_by_name_and_adds_a_new_organization(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    person = host.record("persons", 1)
    prefill = {"title": "Second line", "person": person["name"], "organization": "Công ty Mới"}
    _open_modal(frame, {"type": "deal", "prefill": prefill})
    dialog = tab.get_by_role("dialog", name="Add deal")
    dialog.get_by_label("Value").fill("1250000")
    dialog.get_by_label("Currency").select_option("VND")
    dialog.get_by_role("button", name="Save").click()
    deal = host.record("deals", _answer(frame)["id"])
    assert (deal["title"], deal["value"], deal["currency"]) == ("Second line", 1250000, "VND")
    assert deal["person_id"] == 1
    assert host.record("organizations", deal["org_id"])["name"] == "Công ty Mới"


def test_person_form_makes_a_person(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    _open_modal(frame, {"type": "person", "prefill": {"name": "Nguyễn Văn Đạt"}})
    dialog = tab.get_by_role("dialog", name="Add person")
    dialog.get_by_label("Email").fill("dat@example.com")
    dialog.get_by_role("button", name="Save").click()
    person = host.record("persons", _answer(frame)["id"])
    assert person["name"] == "Nguyễn Văn Đạt"
    assert person["emails"][0]["value"] == "dat@example.com"


def test_organization_form_makes_an_organization(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    _open_modal(frame, {"type": "organization", "prefill": {"name": "Sao Mai"}})
    tab.get_by_role("dialog").get_by_role("button", name="Save").click()
    assert host.record("organizations", _answer(frame)["id"])["name"] == "Sao Mai"


def test_missing_title_is_said_in_a_sentence_beside_the_field(host: Host, tab: Page) -> None:
    host.open(tab, "/deals")
    tab.get_by_role("button", name="Deal", exact=True).click()
    dialog = tab.get_by_role("dialog", name="Add deal")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_have_text("Title is missing. Fill it in and save again.")
    expect(dialog.get_by_label("Title")).to_be_focused()
    dialog.get_by_label("Title").fill("Now with a title")
    dialog.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("link", name="Now with a title")).to_be_visible()


def test_time_without_a_date_is_refused_with_a_sentence(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    tab.get_by_role("button", name="Activity").click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Date").fill("")
    dialog.get_by_label("Time", exact=True).fill("09:00")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("A time needs a date")


def test_activity_is_edited_in_the_same_form(host: Host, tab: Page) -> None:
    host.open(tab, "/deal/1")
    subject = tab.locator("#focus-title").locator("xpath=../..").locator(".moment-subject").first
    name = subject.inner_text()
    activity = next(one for one in host.control("world")["records"]["activities"] if one["subject"] == name)
    subject.click()
    dialog = tab.get_by_role("dialog", name="Edit activity")
    dialog.get_by_label("Subject").fill("Gọi lại")
    dialog.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("button", name="Gọi lại")).to_be_visible()
    after = host.record("activities", activity["id"])
    changed = {"subject": "Gọi lại", "update_time": after["update_time"]}
    assert after == {"attendees": []} | activity | changed
