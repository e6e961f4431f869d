"""JSON panels: what the app's endpoint is asked, and what becomes of each of its answers."""

import base64
import html
import json
import threading
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import httpx2
import pytest

from tests.emulator import json_apps
from tests.emulator.client import ACME, JACK, MARTA
from tests.emulator.json_app import JsonApp, running_json_app
from tests.emulator.json_apps import ANSWER, BASIC, CLIENT_ID, OFFER, PANEL_SECRET
from tests.emulator.process import EmulatorProcess
from tests.emulator.test_control import claims


@pytest.fixture
def offers(emulator: EmulatorProcess) -> Iterator[JsonApp]:
    with running_json_app() as app:
        emulator.control("apps", json_apps.registration(app))
        app.say("GET /offers", ANSWER)
        yield app


def ask(emulator: EmulatorProcess, what: str, user: int = MARTA, **body: Any) -> httpx2.Response:
    headers = emulator.company_host("acme") | {"Cookie": f"pipedrive_emulator_user={user}"}
    said = {"client_id": CLIENT_ID, "resource": "deal", "selected_ids": "7", **body}
    return emulator.http.post(f"/_host/json/{what}", json=said, headers=headers, timeout=30)


def panel(emulator: EmulatorProcess, surface: str = "offers", **more: Any) -> str:
    reply = ask(emulator, "panel", surface=surface, **more)
    assert reply.status_code == 200, reply.text
    return reply.text


def entry(emulator: EmulatorProcess) -> dict[str, Any]:
    return emulator.ledger("json_request")[-1]


def test_the_server_asks_with_who_where_basic_and_token(emulator: EmulatorProcess, offers: JsonApp) -> None:
    panel(emulator)
    (arrival,) = offers.arrivals
    query = dict(arrival.query)
    spoken = claims(query.pop("token"), PANEL_SECRET)
    assert (spoken["userId"], spoken["companyId"], spoken["exp"] - spoken["iat"]) == (MARTA, ACME, 300)
    place = {"resource": "deal", "view": "details", "selectedIds": "7"}
    assert query == place | {"userId": str(MARTA), "companyId": str(ACME), "isShared": "true"}
    credentials = arrival.headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(credentials).decode() == ":".join(BASIC)


def test_a_panel_without_http_auth_sends_the_token_alone(emulator: EmulatorProcess, offers: JsonApp) -> None:
    offers.say("GET /contact", {"data": {"mail": "a@b.test"}})
    assert "a@b.test" in panel(emulator, "contact", resource="person")
    assert "authorization" not in offers.last("/contact").headers


def test_the_ledger_tells_of_it_without_the_token(emulator: EmulatorProcess, offers: JsonApp) -> None:
    panel(emulator)
    said = entry(emulator)
    assert said.pop("milliseconds") >= 0
    kept = {key: said[key] for key in ("method", "url", "status", "outcome", "purpose", "errors", "surface")}
    assert kept == {
        "method": "GET",
        "url": f"{offers.url}/offers",
        "status": 200,
        "outcome": "shown",
        "purpose": "panel",
        "errors": [],
        "surface": "offers",
    }
    assert "token" in said["query"]
    assert offers.arrivals[0].query["token"] not in json.dumps(emulator.ledger())


def test_fields_stand_in_the_order_of_the_schema_with_their_labels(
    emulator: EmulatorProcess, offers: JsonApp
) -> None:
    text = panel(emulator, user=JACK)
    places = [
        text.index(f"<dt>{label}</dt>") for label in ("State", "Signed on", "Total", "Document", "Topics")
    ]
    assert places == sorted(places)
    assert "<dt>id</dt>" not in text
    assert 'json-label-yellow">Waiting for signature<' in text
    assert "€18,400" in text
    assert "<strong>legal</strong>" in text
    assert 'href="https://app.example.test/o/31#c7"' in text
    assert 'data-settings="https://app.example.test/settings"' in text
    assert "All offers" in text
    assert len(offers.arrivals) == 1


def test_a_person_reads_times_and_numbers_in_the_own_words(
    emulator: EmulatorProcess, offers: JsonApp
) -> None:
    data = {
        "mail": "linh@roast.test",
        "call": "+372 5555 0101",
        "home": None,
        "score": 1234.5,
        "seen": "2026-11-13T20:20:39+02:00",
        "site": "https://roast.test/",
    }
    offers.say("GET /contact", {"data": data})
    text = panel(emulator, "contact", resource="person", user=JACK)
    assert "1,234.5" in text
    assert "Nov 13, 2026" in text
    assert 'href="mailto:linh@roast.test"' in text
    assert 'href="tel:+372 5555 0101"' in text
    assert "<dt>site</dt>" in text
    assert "<dt>Wakes up</dt>" in text
    assert text.count('<span class="soft">\u2013</span>') == 2


@pytest.mark.parametrize(("surface", "data"), [("offers", []), ("contact", {})])
def test_nothing_is_said_to_be_nothing(
    emulator: EmulatorProcess, offers: JsonApp, surface: str, data: Any
) -> None:
    offers.say(f"GET /{surface}", {"data": data})
    assert "Nothing to show" in panel(emulator, surface)
    assert entry(emulator)["outcome"] == "empty"


CARD = {
    "title": "Connection expired",
    "subtitle": "Please [reconnect](https://app.example.test/connect).",
    "action": {"url": "https://app.example.test/connect", "label": "Reconnect"},
}


@pytest.mark.parametrize("status", [400, 401, 500, 302])
def test_an_error_of_the_app_is_a_card(emulator: EmulatorProcess, offers: JsonApp, status: int) -> None:
    offers.say("GET /offers", {"error": CARD}, status, headers={"location": "/elsewhere"})
    text = panel(emulator)
    assert "<strong>Connection expired</strong>" in text
    assert text.count('href="https://app.example.test/connect"') == 2
    assert (entry(emulator)["outcome"], len(offers.arrivals)) == ("error_card", 1)


def with_offer(**change: Any) -> dict[str, Any]:
    return {"data": [OFFER | change]}


def without(key: str) -> dict[str, Any]:
    row = deepcopy(OFFER)
    del row[key]
    return {"data": [row]}


MALFORMED: list[tuple[Any, int, str]] = [
    (with_offer(surprise=1), 200, ".data[0] should NOT have additional property 'surprise'"),
    (with_offer(id="31"), 200, ".data[0].id should be number,null"),
    (with_offer(id=True), 200, ".data[0].id should be number,null"),
    (with_offer(signed_on="13.11.2026"), 200, '.data[0].signed_on should match format "date"'),
    (with_offer(signed_on="2026-02-30"), 200, '.data[0].signed_on should match format "date"'),
    (with_offer(total={"code": "XXZ", "value": 1}), 200, 'code should match format "currency"'),
    (with_offer(total={"code": "EUR"}), 200, "should have required property 'value'"),
    (with_offer(total=12), 200, ".data[0].total should be object,null"),
    (with_offer(state={"color": "pink", "label": "x"}), 200, "should be equal to one of the allowed values"),
    (with_offer(open_doc={"value": "https://a.test"}), 200, "should have required property 'external'"),
    (with_offer(open_doc="javascript:alert(1)"), 200, '.data[0].open_doc should match format "uri"'),
    (with_offer(remarks={"markdown": True}), 200, "should have required property 'value'"),
    (with_offer(topics=["a", 1]), 200, ".data[0].topics[1] should be string"),
    (without("header"), 200, "should have required property 'header'"),
    ({"data": [OFFER] * 11}, 200, ".data should NOT have more than 10 items"),
    ({"data": OFFER}, 200, ".data should be array"),
    ({"data": None}, 200, ".data should be array"),
    ({}, 200, "should have required property 'data'"),
    ([], 200, "the answer should be object"),
    (ANSWER | {"more": 1}, 200, "should NOT have additional property 'more'"),
    (ANSWER | {"settings": {"url": "file:///etc/passwd"}}, 200, '.settings.url should match format "uri"'),
    ({"error": {"title": "x" * 31}}, 500, ".error.title should NOT be longer than 30 characters"),
    ({"error": {"subtitle": "no title"}}, 500, "should have required property 'title'"),
    (
        {"error": {"title": "A", "action": {"url": "javascript:1", "label": "b"}}},
        500,
        "url should match format",
    ),
    ({"error": CARD}, 200, "should have required property 'data'"),
    (ANSWER, 500, "should have required property 'error'"),
    (b"<html>", 200, "the answer is no JSON"),
    (b'{"data": [NaN]}', 200, "the answer is no JSON"),
    (b"[" * 60 + b"]" * 60, 200, "the answer is nested too deeply"),
    (b"[" * 100_000, 200, "the answer is no JSON"),
    (b" " * 1_000_001, 200, "the answer is longer than 1000000 bytes"),
    (b"\xff\xfe\x00", 200, "the answer is no JSON"),
]


@pytest.mark.parametrize(("body", "status", "words"), MALFORMED)
def test_whatever_breaks_the_rules_is_something_went_wrong(
    emulator: EmulatorProcess, offers: JsonApp, body: Any, status: int, words: str
) -> None:
    offers.say("GET /offers", body, status)
    text = panel(emulator)
    assert "Something went wrong" in text
    assert entry(emulator)["outcome"] == "failed"
    assert words in html.unescape(text)


TEN = [OFFER | {"id": number, "header": f"Offer {number}"} for number in range(10)]


def test_ten_objects_are_all_shown(emulator: EmulatorProcess, offers: JsonApp) -> None:
    offers.say("GET /offers", {"data": TEN})
    assert panel(emulator).count('<details class="json-object"') == 10


HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def test_nothing_of_an_answer_becomes_markup(emulator: EmulatorProcess, offers: JsonApp) -> None:
    markdown = f'{HOSTILE} **{HOSTILE}** [x](javascript:alert(1)) [y](https://a.test/?"><b>)'
    row = OFFER | {
        "header": HOSTILE,
        "state": {"color": "red", "label": HOSTILE},
        "topics": [HOSTILE],
        "remarks": {"markdown": True, "value": markdown},
    }
    link = {"url": "https://a.test", "label": HOSTILE[:40]}
    offers.say("GET /offers", {"data": [row], "external_link": link})
    text = panel(emulator)
    assert "<img" not in text
    assert "<script" not in text
    assert 'href="javascript:' not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text


def test_long_texts_are_cut_where_pipedrive_cuts_them(emulator: EmulatorProcess, offers: JsonApp) -> None:
    row = OFFER | {"remarks": "r" * 300, "state": {"color": "red", "label": "l" * 50}}
    offers.say("GET /offers", {"data": [row], "external_link": {"url": "https://a.test", "label": "e" * 50}})
    text = panel(emulator)
    for letter, most in (("r", 255), ("l", 40), ("e", 40)):
        assert letter * (most - 1) + "…" in text
        assert letter * most not in text


def test_an_endpoint_that_is_not_there_is_told(emulator: EmulatorProcess, offers: JsonApp) -> None:
    emulator.control("apps", json_apps.registration(offers) | {"base_url": "http://127.0.0.1:9"})
    assert "the endpoint cannot be reached" in panel(emulator)
    assert entry(emulator)["status"] is None


def test_after_ten_seconds_the_app_is_not_waited_for(emulator: EmulatorProcess, offers: JsonApp) -> None:
    held = threading.Event()
    offers.say("GET /offers", ANSWER, held=held)
    assert "no answer within 10 seconds" in panel(emulator)
    assert 9_500 < entry(emulator)["milliseconds"] < 12_000
    held.set()


def test_only_an_installed_user_is_shown_it_when_the_switch_says_so(
    emulator: EmulatorProcess, offers: JsonApp
) -> None:
    emulator.turn(panel_without_install="hidden")
    reply = ask(emulator, "panel", surface="offers")
    assert (reply.status_code, offers.arrivals) == (403, [])
    assert "Install Offers first" in reply.json()["error"]


def test_feedback_is_kept_and_nothing_but_a_thumb_is_feedback(
    emulator: EmulatorProcess, offers: JsonApp
) -> None:
    assert ask(emulator, "feedback", surface="offers", thumb="up").status_code == 200
    assert emulator.ledger("panel_feedback")[-1]["thumb"] == "up"
    assert ask(emulator, "feedback", surface="offers", thumb="sideways").status_code == 400
    assert offers.arrivals == []


def test_what_is_no_json_panel_is_refused(emulator: EmulatorProcess, offers: JsonApp) -> None:
    assert ask(emulator, "panel", surface="document").status_code == 404
    assert ask(emulator, "panel", surface="nothing").status_code == 404
    assert ask(emulator, "panel", surface="offers", selected_ids={"a": 1}).status_code == 400
    assert offers.arrivals == []
