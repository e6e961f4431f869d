"""A JSON panel and a JSON modal of the kit as a salesperson meets them: from the app's rows to the page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.json_host import findings, turn_dark
from tests.integration.json_app.json_town import JsonTown, running_json_town
from tests.integration.person import Person


@pytest.fixture(scope="module")
def json_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JsonTown]:
    with running_json_town(tmp_path_factory.mktemp("json")) as running:
        running.town.marta.installed()
        yield running


def open_deal(json_town: JsonTown, tab: Page, person: Person, deal_id: int) -> Locator:
    """The deal's page with its JSON panel drawn; answers the panel."""
    home = json_town.town.stack.company_url("acme")
    tab.goto(f"{home}/login?user={person.user['id']}&next=/deal/{deal_id}")
    panel = tab.locator("[data-json-panel]")
    panel.locator("[data-outcome]").wait_for()
    return panel


def test_the_rows_of_a_dataclass_are_seen_and_read_well(json_town: JsonTown, tab: Page) -> None:
    marta = json_town.town.marta
    panel = open_deal(json_town, tab, marta, json_town.deal(marta, "Offer 31"))
    expect(panel.get_by_text("Offer 31").first).to_be_visible()
    expect(panel.get_by_text("Waiting for signature")).to_be_visible()
    expect(panel.get_by_text("Total value")).to_be_visible()
    expect(panel.get_by_role("link", name="Open offer")).to_have_attribute("target", "_blank")
    tab.emulate_media(reduced_motion="reduce")
    assert findings(tab) == []
    turn_dark(tab)
    assert findings(tab) == []


def test_a_form_is_changed_corrected_and_sent(json_town: JsonTown, tab: Page) -> None:
    marta = json_town.town.marta
    deal = json_town.deal(marta, "Deal with a form")
    panel = open_deal(json_town, tab, marta, deal)
    panel.get_by_role("button", name="Note", exact=True).click()
    dialog = tab.get_by_role("dialog", name="Note")
    expect(dialog.get_by_label("Note")).to_have_value("Deal with a form")
    with tab.expect_response("**/_host/json/modal/change"):
        dialog.get_by_label("Document kind").select_option(label="Contract")
    expect(dialog.get_by_label("Note, for kind")).to_be_visible()
    with tab.expect_response("**/_host/json/modal/change"):
        dialog.get_by_label("Document kind").select_option(label="Offer")
    expect(dialog.get_by_label("Valid until")).to_have_value("2027-01-01")
    dialog.get_by_label("Note, for kind").fill("field")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.get_by_text("Choose a working day")).to_be_visible()
    dialog.get_by_label("Note, for kind").fill("Signed by hand")
    with tab.expect_response("**/_host/json/panel"):
        dialog.get_by_role("button", name="Create").click()
    expect(dialog).to_have_count(0)
    expect(tab.get_by_text("Renamed")).to_be_visible()
    expect(panel.get_by_text("Signed by hand").first).to_be_visible()
    assert json_town.title(marta, deal) == "Signed by hand"


def test_who_has_not_installed_sees_what_to_do(json_town: JsonTown, tab: Page) -> None:
    town = json_town.town
    deal = json_town.deal(town.marta, "Shared deal")
    panel = open_deal(json_town, tab, town.jack, deal)
    expect(panel.get_by_text("Not connected yet")).to_be_visible()
    expect(panel.get_by_role("link", name="Connect")).to_have_attribute(
        "href", f"{town.stack.app_url}/oauth/install"
    )
    assert findings(tab) == []
