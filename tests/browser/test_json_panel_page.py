"""JSON panels as a person sees and uses them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.json_host import STRANGER, JsonHost, findings, running_json_host, turn_dark
from tests.emulator.json_apps import ANSWER, OFFER


@pytest.fixture(scope="module")
def running() -> Iterator[JsonHost]:
    with running_json_host() as host:
        yield host


@pytest.fixture
def json_host(running: JsonHost) -> JsonHost:
    running.fresh()
    return running


def test_objects_fold_and_the_first_is_open(json_host: JsonHost, tab: Page) -> None:
    panel = json_host.open(tab)
    expect(panel.get_by_text("Waiting for signature")).to_be_visible()
    expect(panel.get_by_text("Signed", exact=True)).to_be_hidden()
    panel.get_by_text("Contract 7").click()
    expect(panel.get_by_text("Signed", exact=True)).to_be_visible()
    assert panel.bounding_box()["width"] == 387  # type: ignore[index]  # 385 px and the card's borders
    assert panel.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_links_open_a_new_tab_only_when_they_say_so(json_host: JsonHost, tab: Page) -> None:
    plain = OFFER | {"id": 33, "open_doc": "https://app.example.test/plain"}
    json_host.app.say("GET /offers", {"data": [plain | {"header": "A"}]})
    panel = json_host.open(tab)
    link = panel.get_by_role("link", name="https://app.example.test/plain")
    assert link.get_attribute("target") is None
    json_host.app.say("GET /offers", ANSWER)
    panel.get_by_role("button", name="Reload Offers").click()
    link = panel.get_by_role("link", name="Open offer")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener")


def test_reload_asks_again_and_collapse_does_not(json_host: JsonHost, tab: Page) -> None:
    panel = json_host.open(tab)
    assert len(json_host.app.arrivals) == 1
    toggle = panel.get_by_role("button", name="Offers", exact=True)
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(panel.get_by_text("Offer 2026-031")).to_be_hidden()
    toggle.click()
    expect(panel.get_by_text("Offer 2026-031")).to_be_visible()
    assert len(json_host.app.arrivals) == 1
    json_host.app.say("GET /offers", {"data": []})
    panel.get_by_role("button", name="Reload Offers").click()
    expect(panel.get_by_text("Nothing to show")).to_be_visible()
    assert len(json_host.app.arrivals) == 2


def test_a_failure_can_be_tried_again_by_keyboard_alone(json_host: JsonHost, tab: Page) -> None:
    json_host.app.say("GET /offers", {"data": [{"surprise": 1}]})
    panel = json_host.open(tab)
    expect(panel.get_by_role("alert").get_by_text("Something went wrong")).to_be_visible()
    panel.get_by_text("What the emulator saw").press("Enter")
    expect(panel.get_by_text("should NOT have additional property 'surprise'")).to_be_visible()
    json_host.app.say("GET /offers", ANSWER)
    panel.get_by_role("button", name="Reload", exact=True).press("Enter")
    expect(panel.get_by_text("Offer 2026-031")).to_be_visible()
    expect(panel.get_by_role("button", name="Offers", exact=True)).to_be_focused()


def test_the_main_action_stands_first_and_the_external_link_last(json_host: JsonHost, tab: Page) -> None:
    panel = json_host.open(tab)
    expect(panel.locator(".json-main > .button").first).to_have_text("Document")
    panel.get_by_role("button", name="More actions of Offers").press("Enter")
    assert panel.locator(".json-menu").get_by_role("menuitem").all_inner_texts() == [
        "Look it up",
        "Rich",
        "All offers",
    ]
    expect(panel.get_by_role("menuitem", name="Look it up")).to_be_focused()
    tab.keyboard.press("End")
    expect(panel.get_by_role("menuitem", name="All offers")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(panel.get_by_role("button", name="More actions of Offers")).to_be_focused()


def test_app_settings_stand_in_the_menu_when_the_answer_names_them(json_host: JsonHost, tab: Page) -> None:
    panel = json_host.open(tab)
    menu = panel.get_by_role("button", name="More about Offers")
    menu.click()
    expect(panel.get_by_role("menuitem", name="App settings")).to_have_attribute(
        "href", "https://app.example.test/settings"
    )
    tab.keyboard.press("Escape")
    json_host.app.say("GET /offers", {"data": [OFFER]})
    panel.get_by_role("button", name="Reload Offers").click()
    expect(panel.get_by_text("Contract 7")).to_have_count(0)
    menu.click()
    expect(panel.get_by_role("menuitem", name="App settings")).to_be_hidden()


def test_an_action_on_a_field_says_which_one_it_is(json_host: JsonHost, tab: Page) -> None:
    panel = json_host.open(tab)
    with tab.context.expect_page() as opened:
        panel.locator("details").first.get_by_role("link", name="Look it up").click()
    opened.value.wait_for_load_state()
    query = json_host.app.last("/go").query
    assert (query["objectId"], query["fieldKey"], query["selectedIds"]) == ("31", "total", "4")


def test_an_action_on_an_object_opens_its_modal_for_that_object(json_host: JsonHost, tab: Page) -> None:
    panel = json_host.open(tab)
    panel.get_by_text("Contract 7").click()
    panel.locator("details").nth(1).get_by_role("button", name="Rich").click()
    expect(tab.get_by_role("dialog", name="Rich")).to_be_visible()
    expect(tab.get_by_label("Note")).to_be_visible()
    assert json_host.app.last("/rich").query["objectId"] == "32"


def test_thumbs_thank_and_are_kept(json_host: JsonHost, tab: Page) -> None:
    panel = json_host.open(tab)
    panel.get_by_role("button", name="Not good").click()
    expect(panel.get_by_role("button", name="Not good")).to_have_attribute("aria-pressed", "true")
    expect(tab.get_by_text("Thank you.")).to_be_visible()
    assert json_host.emulator.ledger("panel_feedback")[-1]["thumb"] == "down"


def test_who_has_not_installed_the_app_sees_the_panel_but_presses_nothing(
    json_host: JsonHost, tab: Page
) -> None:
    panel = json_host.open(tab, user=STRANGER)
    assert json_host.app.last("/offers").query["isShared"] == "true"
    expect(panel.get_by_role("button", name="Document", exact=True)).to_be_disabled()
    expect(panel.locator("details").first.get_by_role("button", name="Rich")).to_be_disabled()
    expect(panel.get_by_role("link", name="Look it up")).to_have_count(0)
    json_host.open(tab)
    assert json_host.app.last("/offers").query["isShared"] == "false"


COLOURS = ("green", "red", "blue", "yellow", "purple", "grey")
LABELS = [OFFER | {"state": {"color": one, "label": one}, "header": one} for one in COLOURS]
CARD = {
    "title": "Expired",
    "subtitle": "Please [reconnect](https://a.test).",
    "action": {"url": "https://a.test", "label": "Reconnect"},
}
OUTCOMES = {
    "shown": (200, ANSWER | {"data": LABELS}),
    "empty": (200, {"data": []}),
    "failed": (200, {"data": 1}),
    "error_card": (401, {"error": CARD}),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_axe_finds_nothing_in_a_panel(json_host: JsonHost, tab: Page, outcome: str) -> None:
    status, body = OUTCOMES[outcome]
    json_host.app.say("GET /offers", body, status)
    tab.emulate_media(reduced_motion="reduce")
    panel = json_host.open(tab)
    expect(panel.locator(f"[data-outcome={outcome}]")).to_be_visible()
    tab.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    assert findings(tab) == []
    turn_dark(tab)
    assert findings(tab) == []


def test_hostile_words_stay_words(json_host: JsonHost, tab: Page) -> None:
    words = "<img src=x onerror=\"document.title='taken'\">"
    markdown = {"markdown": True, "value": f"{words} **{words}**"}
    json_host.app.say(
        "GET /offers", {"data": [OFFER | {"header": words, "remarks": markdown, "topics": [words]}]}
    )
    panel = json_host.open(tab)
    expect(panel.get_by_text(words).first).to_be_visible()
    assert panel.locator("img").count() == 0
    assert "taken" not in tab.title()
