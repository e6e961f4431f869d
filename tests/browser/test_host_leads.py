"""The leads inbox: labels, sources, the chosen lead beside the list, and its way to become a deal."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.host import Host

pytestmark = pytest.mark.usefixtures("reset")


def test_inbox_tells_labels_source_and_value_and_follows(host: Host, tab: Page) -> None:
    label = host.v1("POST", "leadLabels", {"name": "Trade fair", "color": "blue"})
    host.open(tab, "/leads/inbox")
    host.add_lead("Roastery expansion", label_ids=[label["id"]], value={"amount": 1200, "currency": "EUR"})
    host.add_lead("Hotel chain")
    row = tab.get_by_role("row", name="Roastery expansion")
    for text in ("Trade fair", "API", "Marta Kask", "New"):
        expect(row).to_contain_text(text)
    expect(row).to_contain_text(re.compile(r"1.200.€"))
    tab.get_by_role("link", name="Trade fair").click()
    expect(tab.get_by_role("link", name="Roastery expansion")).to_be_visible()
    expect(tab.get_by_role("link", name="Hotel chain")).to_have_count(0)


def test_lead_is_converted_to_a_deal_and_leaves_the_inbox(host: Host, tab: Page) -> None:
    host.control("switches", {"conversion_seconds": "0"})
    lead = host.add_lead("Roastery expansion", value={"amount": 1200, "currency": "EUR"})
    host.open(tab, f"/leads/inbox/{lead}")
    tab.get_by_role("button", name="Convert to deal").click()
    tab.wait_for_url(f"{host.acme}/deal/*")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Roastery expansion")
    host.open(tab, f"/leads/inbox/{lead}")
    expect(tab.get_by_text("It was deleted, or it has become a deal.")).to_be_visible()


def test_conversion_that_is_refused_says_so_and_can_be_tried_again(host: Host, tab: Page) -> None:
    host.control("switches", {"conversion_seconds": "0", "conversion_end": "rejected"})
    host.open(tab, f"/leads/inbox/{host.add_lead('Roastery expansion')}")
    tab.get_by_role("button", name="Convert to deal").click()
    expect(tab.get_by_text("The conversion was rejected.")).to_be_visible()
    expect(tab.get_by_role("button", name="Convert to deal")).to_be_enabled()


def test_new_lead_by_the_form_needs_somebody_it_is_about(host: Host, tab: Page) -> None:
    host.open(tab, "/leads/inbox")
    tab.get_by_role("button", name="Lead", exact=True).click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Office coffee")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("about a person or an organization")
    dialog.get_by_label("Organization").fill("Büro & Söhne")
    dialog.get_by_label("Value").fill("900")
    dialog.get_by_role("button", name="Save").click()
    row = tab.get_by_role("row", name="Office coffee")
    expect(row).to_contain_text("Büro & Söhne")


def test_lead_is_seen_archived_and_brought_back(host: Host, tab: Page) -> None:
    lead = host.add_lead("Roastery expansion")
    host.open(tab, "/leads/inbox")
    tab.get_by_role("link", name="Roastery expansion").click()
    tab.wait_for_url(f"{host.acme}/leads/inbox/{lead}")
    tab.get_by_role("button", name="Mark as seen").click()
    expect(tab.get_by_role("row", name="Roastery expansion")).not_to_contain_text("New")
    tab.get_by_role("button", name="Archive").click()
    expect(tab.get_by_role("row", name="Roastery expansion")).to_have_count(0)
    tab.get_by_role("link", name="Archived").click()
    tab.get_by_role("link", name="Roastery expansion").click()
    tab.wait_for_url(f"{host.acme}/leads/inbox/{lead}?archived=1")
    tab.get_by_role("button", name="Back to inbox").click()
    tab.get_by_role("link", name="Inbox").click()
    expect(tab.get_by_role("row", name="Roastery expansion")).to_be_visible()


def test_note_stands_in_the_history_of_what_it_is_about_as_plain_text(host: Host, tab: Page) -> None:
    lead = host.add_lead("Roastery expansion")
    for link in ({"lead_id": lead}, {"deal_id": 1}, {"person_id": 2}, {"org_id": 2}):
        host.v1("POST", "notes", {"content": "<b>Met</b> at the fair<br>wants &lt;more&gt;", **link})
    for path in (f"/leads/inbox/{lead}", "/deal/1", "/person/2", "/organization/2"):
        host.open(tab, path)
        note = tab.locator(".moment", has_text="at the fair")
        expect(note.locator(".moment-note")).to_have_text("Met at the fair wants <more>")
        expect(note).to_contain_text("Marta Kask")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 385])
def test_inbox_meets_wcag_in_both_themes(host: Host, tab: Page, theme: str, width: int) -> None:
    colors = ("green", "blue", "red", "yellow", "purple", "gray")
    labels = [host.v1("POST", "leadLabels", {"name": f"As {one}", "color": one})["id"] for one in colors]
    lead = host.add_lead("Roastery expansion", label_ids=labels)
    tab.set_viewport_size({"width": width, "height": 800})
    host.open(tab, "/deals")
    assert host.script(tab, "theme", {"theme": theme}) == 200
    tab.goto(f"{host.acme}/leads/inbox/{lead}")
    assert violations(tab) == []
