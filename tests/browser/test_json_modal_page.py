"""JSON modals as a person fills them in."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.json_host import JsonHost, findings, running_json_host, turn_dark
from tests.emulator.json_apps import FIRST


@pytest.fixture(scope="module")
def running() -> Iterator[JsonHost]:
    with running_json_host() as host:
        yield host


@pytest.fixture
def json_host(running: JsonHost) -> JsonHost:
    running.fresh()
    return running


def document(host: JsonHost, tab: Page) -> Locator:
    host.open(tab).get_by_role("button", name="Document", exact=True).click()
    return tab.get_by_role("dialog", name="Document")


def rich(host: JsonHost, tab: Page) -> Locator:
    panel = host.open(tab)
    panel.locator("details").first.get_by_role("button", name="Rich").click()
    dialog = tab.get_by_role("dialog", name="Rich")
    expect(dialog.get_by_label("Amount")).to_be_focused()
    return dialog


def posted(host: JsonHost, path: str) -> Any:
    return json.loads(host.app.last(path, "POST").body)


def test_from_the_actions_menu_by_keyboard_to_a_snackbar_with_a_link(json_host: JsonHost, tab: Page) -> None:
    link = {"label": "Open", "value": "https://app.example.test/o/32"}
    success = {"message": "Offer created", "type": "snackbar", "link": link, "refreshPanelData": True}
    json_host.app.say("POST /document", {"success": success})
    json_host.open(tab)
    tab.get_by_role("button", name="More actions", exact=True).press("Enter")
    tab.get_by_role("menuitem", name="Document").press("Enter")
    dialog = tab.get_by_role("dialog", name="Document")
    expect(dialog.get_by_label("Document kind")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.type("12242026")
    tab.keyboard.press("Tab")
    with tab.expect_response("**/_host/json/panel"):
        dialog.get_by_role("button", name="Create").press("Enter")
    expect(dialog).to_have_count(0)
    expect(tab.get_by_text("Offer created")).to_be_visible()
    expect(tab.locator("[data-snackbars]").get_by_role("link", name="Open")).to_have_attribute(
        "href", link["value"]
    )
    assert posted(json_host, "/document") == {
        "kind": "offer",
        "due": "2026-12-24",
        "note": "",
        "origin": "menu",
    }
    expect(tab.get_by_role("button", name="More actions", exact=True)).to_be_focused()
    assert [one.path for one in json_host.app.arrivals].count("/offers") == 2


def test_the_sdk_opens_it_and_learns_how_it_ended(json_host: JsonHost, tab: Page) -> None:
    json_host.app.say("POST /document", {"success": {"message": "Done", "type": "snackbar"}})
    json_host.visit(tab, "/organization/1")
    tab.wait_for_selector('[data-panel][data-state="ready"]')
    frame = next(frame for frame in tab.frames if "/own" in frame.url)
    ask = """() => { window.ended = null;
      const wanted = {type: "json_modal", action_id: "document"};
      sdk.execute("open_modal", wanted).then(end => { window.ended = end }); }"""
    for button, status in (("Create", "submitted"), ("Cancel", "closed")):
        frame.evaluate(ask)
        tab.get_by_role("dialog", name="Document").get_by_role("button", name=button).click()
        frame.wait_for_function("window.ended !== null")
        assert frame.evaluate("window.ended") == {"status": status}
    query = json_host.app.last("/document", "POST").query
    assert (query["resource"], query["selectedIds"]) == ("organization", "1")


def test_what_a_choice_shows_and_hides_is_sent_only_when_it_is_seen(json_host: JsonHost, tab: Page) -> None:
    json_host.app.say("POST /rich", {"error": {"message": "Stop here"}}, 400)
    dialog = rich(json_host, tab)
    expect(dialog.get_by_label("Street")).to_be_hidden()
    dialog.get_by_label("Post").check()
    dialog.get_by_label("Street").fill("Main street 1")
    dialog.get_by_label("Amount").fill("12.5")
    dialog.get_by_label("Stamp").check()
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("alert").get_by_text("Stop here")).to_be_visible()
    sent = {"amount": 12.5, "way": "post", "street": "Main street 1", "extras": ["stamp"], "land": None}
    assert posted(json_host, "/rich") == sent | {"note": "first"}
    dialog.get_by_label("Email").check()
    expect(dialog.get_by_label("Street")).to_be_hidden()
    with tab.expect_response("**/_host/json/modal/submit"):
        dialog.get_by_role("button", name="Send").click()
    assert "street" not in posted(json_host, "/rich")
    dialog.get_by_label("Note").fill("")
    expect(dialog.get_by_role("button", name="Send")).to_be_hidden()


def test_required_blocks_are_asked_for_before_the_app_is(json_host: JsonHost, tab: Page) -> None:
    dialog = rich(json_host, tab)
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_text("This field is required")).to_be_visible()
    amount = dialog.get_by_label("Amount")
    expect(amount).to_be_focused()
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(amount).to_have_accessible_description("In euro This field is required")
    amount.press_sequentially("7")
    expect(dialog.get_by_text("This field is required")).to_have_count(0)
    assert not [one for one in json_host.app.arrivals if one.method == "POST"]


def test_reset_brings_back_what_stood_there_at_first(json_host: JsonHost, tab: Page) -> None:
    dialog = rich(json_host, tab)
    dialog.get_by_label("Note").fill("second")
    dialog.get_by_label("Post").check()
    dialog.get_by_role("button", name="Start over").click()
    expect(dialog.get_by_label("Note")).to_have_value("first")
    expect(dialog.get_by_label("Post")).not_to_be_checked()
    expect(dialog.get_by_label("Street")).to_be_hidden()


def test_a_long_list_is_narrowed_and_a_choice_can_be_cleared(json_host: JsonHost, tab: Page) -> None:
    dialog = rich(json_host, tab)
    dialog.get_by_label("Search Country").fill("viet")
    country = dialog.get_by_label("Country", exact=True)
    assert country.locator("option").all_inner_texts() == ["Choose", "Vietnam"]
    country.focus()
    country.select_option(label="Vietnam")
    expect(country).to_be_focused()
    expect(country.locator("option:checked")).to_have_text("Vietnam")
    dialog.get_by_role("button", name="Clear Country").click()
    expect(country.locator("option:checked")).to_have_text("Choose")


def test_a_change_asks_the_app_and_keeps_what_was_typed(json_host: JsonHost, tab: Page) -> None:
    dialog = document(json_host, tab)
    dialog.get_by_label("Note").fill("mine")
    blocks = {"kind": {"message": "Two signatures"}, "note": {"label": "Remarks"}}
    json_host.app.say("GET /document", {"data": {"blocks": blocks}})
    dialog.get_by_label("Document kind").focus()
    dialog.get_by_label("Document kind").select_option(label="Contract")
    expect(dialog.get_by_text("Two signatures")).to_be_visible()
    expect(dialog.get_by_label("Remarks")).to_have_value("mine")
    expect(dialog.get_by_label("Valid until", exact=True)).to_be_hidden()
    expect(dialog.get_by_label("Document kind")).to_be_focused()
    query = json_host.app.last("/document").query
    assert query["invoker"] == "kind"
    assert json.loads(query["form"]) == {"kind": "contract", "note": "mine", "origin": "menu"}


def test_an_error_of_the_app_stands_at_its_field(json_host: JsonHost, tab: Page) -> None:
    json_host.app.say("POST /document", {"data": {"blocks": {"due": {"error": "Choose a working day"}}}})
    dialog = document(json_host, tab)
    dialog.get_by_label("Note").fill("kept")
    dialog.get_by_role("button", name="Create").click()
    due = dialog.get_by_label("Valid until", exact=True)
    expect(due).to_be_focused()
    expect(due).to_have_accessible_description("Choose a working day")
    expect(dialog.get_by_label("Note")).to_have_value("kept")
    expect(dialog.get_by_label("Document kind").locator("option:checked")).to_have_text("Offer")


def test_a_malformed_answer_says_so_and_can_be_tried_again(json_host: JsonHost, tab: Page) -> None:
    json_host.app.say("GET /document", {"data": {"blocks": {"zzz": {}}}})
    dialog = document(json_host, tab)
    expect(dialog.get_by_role("alert").get_by_text("Something went wrong, please try again.")).to_be_visible()
    expect(dialog.get_by_text("not according to the structure")).to_be_visible()
    json_host.app.say("GET /document", FIRST)
    dialog.get_by_role("button", name="Try again").click()
    expect(dialog.get_by_label("Document kind")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_a_lost_connection_leads_to_a_new_installation(json_host: JsonHost, tab: Page) -> None:
    json_host.app.say("GET /document", {}, 401)
    dialog = document(json_host, tab)
    expect(dialog.get_by_text("Offers has lost connection")).to_be_visible()
    link = dialog.get_by_role("link", name="Reinstall Offers")
    assert "client_id=json-client" in (link.get_attribute("href") or "")
    tab.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_spinner_stands_there_until_the_app_answers(json_host: JsonHost, tab: Page) -> None:
    held = threading.Event()
    json_host.app.say("GET /document", FIRST, held=held)
    dialog = document(json_host, tab)
    expect(dialog.get_by_role("status").get_by_text("Loading")).to_be_attached()
    held.set()
    expect(dialog.get_by_label("Document kind")).to_be_visible()


@pytest.mark.parametrize("which", ["rich", "document"])
def test_axe_finds_nothing_in_a_modal(json_host: JsonHost, tab: Page, which: str) -> None:
    tab.emulate_media(reduced_motion="reduce")
    json_host.app.say("POST /document", {"error": {"message": "No"}}, 400)
    dialog = {"rich": rich, "document": document}[which](json_host, tab)
    dialog.get_by_role("button", name="Send" if which == "rich" else "Create").click()
    expect(dialog.locator(".json-wrong" if which == "rich" else "[role=alert]")).to_be_visible()
    assert findings(tab) == []
    turn_dark(tab)
    assert findings(tab) == []


def test_hostile_words_stay_words(json_host: JsonHost, tab: Page) -> None:
    words = "<img src=x onerror=\"document.title='taken'\">"
    items = [{"label": words, "value": "mail"}]
    common = {"label": words, "message": words, "error": words}
    blocks = {
        "intro": {"value": f"# {words}\n{words} **{words}** [{words}](https://a.test)"},
        "amount": common | {"placeholder": words},
        "way": common | {"items": items},
        "extras": common | {"items": items},
        "land": common | {"items": items},
        "note": common | {"value": words},
    }
    json_host.app.say("GET /rich", {"data": {"blocks": blocks, "actions": {"go": {"label": words}}}})
    json_host.open(tab).locator("details").first.get_by_role("button", name="Rich").click()
    dialog = tab.get_by_role("dialog", name="Rich")
    expect(dialog.get_by_role("button", name=words)).to_be_visible()
    assert dialog.get_by_text(words).count() > 10
    assert dialog.locator("img").count() == 0
    assert "taken" not in tab.title()
