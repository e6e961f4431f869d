"""Link actions and lists: what is ticked goes to the app, in a tab of its own or in a modal."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import CLIENT_ID, LINK, Host, frame_in, query_of


def _followed(tab: Page) -> dict[str, str]:
    """The query with which a click on the link action ends at the app."""
    with tab.context.expect_page() as opened:
        tab.get_by_role("menuitem", name="Probe link").click()
    opened.value.wait_for_load_state()
    parts = urlsplit(opened.value.url)
    assert parts.path == "/silent.html"
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    assert query.pop("own") == "1"
    return query


def test_link_action_of_a_detail_view_opens_a_tab_and_leads_to_the_app(installed: Host, tab: Page) -> None:
    installed.open(tab, "/organization/1")
    tab.locator("#actions-button").click()
    company = installed.control("world")["companies"][0]["id"]
    assert _followed(tab) == {
        "resource": "organization",
        "view": "details",
        "selectedIds": "1",
        "userId": str(installed.somebody),
        "companyId": str(company),
    }
    expect(tab.locator("#actions-menu")).to_be_hidden()


def _tick(tab: Page, *rows: int) -> None:
    for row in rows:
        tab.locator(f'[data-row="{row}"]').click()


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/deals", "deal"),
        ("/persons", "person"),
        ("/organizations", "organization"),
        ("/activities/list", "activity"),
    ],
)
def test_list_offers_its_actions_once_a_row_is_ticked(
    installed: Host, tab: Page, path: str, resource: str
) -> None:
    installed.open(tab, path)
    expect(tab.get_by_role("group", name="Selection")).to_be_hidden()
    first = tab.locator("[data-row]").first
    first.click()
    expect(tab.get_by_text("1 selected")).to_be_visible()
    tab.locator("#actions-button").click()
    said = _followed(tab)
    assert (said["resource"], said["view"]) == (resource, "list")
    assert said["selectedIds"] == first.get_attribute("data-row")
    assert json.loads(said["filter"])["everyone"] == 1
    assert said["excludedIds"] == ""
    first.click()
    expect(tab.get_by_role("group", name="Selection")).to_be_hidden()


def test_ticked_rows_go_to_a_modal_joined_with_commas(installed: Host, tab: Page) -> None:
    installed.open(tab, "/deals")
    _tick(tab, 1, 2, 4)
    _tick(tab, 2)
    tab.locator("#actions-button").click()
    tab.get_by_role("menuitem", name="Probe modal").click()
    said = query_of(frame_in(tab, "dialog .surface"))
    assert (said["resource"], said["view"], said["selectedIds"]) == ("deal", "list", "1,4")


def test_select_all_names_the_exceptions_alone(installed: Host, tab: Page) -> None:
    installed.open(tab, "/deals")
    everything = tab.get_by_role("checkbox", name="Select all")
    everything.click()
    rows = tab.locator("[data-row]").count()
    expect(tab.get_by_text(f"{rows} selected")).to_be_visible()
    _tick(tab, 2)
    assert everything.evaluate("box => box.indeterminate")
    tab.locator("#actions-button").click()
    said = _followed(tab)
    assert (said["selectedIds"], said["excludedIds"]) == ("", "2")


def test_ticks_outlive_a_change_of_the_list(installed: Host, tab: Page) -> None:
    installed.open(tab, "/deals")
    _tick(tab, 1)
    installed.write("PATCH", "deals/1", {"title": "Renamed meanwhile"})
    expect(tab.get_by_role("link", name="Renamed meanwhile")).to_be_visible()
    expect(tab.locator('[data-row="1"]')).to_be_checked()
    expect(tab.get_by_text("1 selected")).to_be_visible()


def test_list_has_no_boxes_without_an_app(host: Host, tab: Page) -> None:
    host.control("reset", {})
    host.open(tab, "/deals")
    expect(tab.locator("input[type=checkbox]")).to_have_count(0)


def _action_path(host: Host, tab: Page) -> str:
    host.open(tab, "/deal/1")
    return tab.locator("[data-link-action]").get_attribute("data-link-action") or ""


def test_link_action_without_an_installation_says_so(installed: Host, tab: Page) -> None:
    path = _action_path(installed, tab)
    _, colleague, *_ = installed.users.values()
    installed.open(tab, f"{path}?selectedIds=1", colleague)
    expect(tab.get_by_role("heading", name="Probe is not installed")).to_be_visible()
    expect(tab.get_by_text("Install it first")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/app-extensions/actions/none", "That did not work"),
        ("?view=board&selectedIds=1", "That did not work"),
        ("?view=list&filter=%5B1%5D", "That did not work"),
    ],
)
def test_link_action_that_makes_no_sense_says_so(
    installed: Host, tab: Page, address: str, title: str
) -> None:
    path = _action_path(installed, tab)
    tab.goto(installed.acme + (path if address.startswith("?") else "") + address)
    expect(tab.get_by_role("heading", name=title)).to_be_visible()


def test_link_action_carries_the_token_by_switch(installed: Host, tab: Page) -> None:
    installed.control("switches", {"link_action_token": "present"})
    installed.open(tab, "/deal/1")
    tab.locator("#actions-button").click()
    assert _followed(tab)["token"].count(".") == 2
    issued = [one for one in installed.control("ledger")["entries"] if one["kind"] == "surface_token"]
    assert (issued[-1]["surface"], issued[-1]["client_id"]) == (LINK, CLIENT_ID)
