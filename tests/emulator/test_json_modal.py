"""JSON modals: each step's request to the app's endpoint, and what becomes of each of its answers."""

import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from tests.emulator import json_apps
from tests.emulator.client import ACME, MARTA
from tests.emulator.json_app import JsonApp, running_json_app
from tests.emulator.json_apps import CLIENT_ID, FIRST, block, form_schema, surface
from tests.emulator.process import EmulatorProcess
from tests.emulator.test_control import claims

FORM = {"kind": "offer", "due": "2026-12-24", "note": "", "origin": "menu"}
SECRET = "json-client-secret-0123456789"


@pytest.fixture
def document(emulator: EmulatorProcess) -> Iterator[JsonApp]:
    """Installed by Marta: JSON modals are for those who installed the app."""
    with running_json_app() as app:
        register(emulator, app)
        install(emulator, app)
        app.arrivals.clear()
        app.say("GET /document", FIRST)
        yield app


def register(emulator: EmulatorProcess, app: JsonApp, *rows: dict[str, Any]) -> None:
    emulator.control("apps", json_apps.registration(app, *rows))


def install(emulator: EmulatorProcess, app: JsonApp, user: int = MARTA) -> None:
    app.say("GET /oauth/callback", {})
    emulator.control("install", {"client_id": CLIENT_ID, "company_id": ACME, "user_id": user})
    code = app.last("/oauth/callback").query["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{app.url}/oauth/callback"}
    assert emulator.http.post("/oauth/token", data=form, auth=(CLIENT_ID, SECRET)).status_code == 200


def step(emulator: EmulatorProcess, name: str, **body: Any) -> httpx2.Response:
    headers = emulator.company_host("acme") | {"Cookie": f"pipedrive_emulator_user={MARTA}"}
    said = {"client_id": CLIENT_ID, "surface": "document", "resource": "deal", "selected_ids": "7", **body}
    return emulator.http.post(f"/_host/json/modal/{name}", json=said, headers=headers, timeout=30)


def drawn(emulator: EmulatorProcess, name: str, **body: Any) -> dict[str, Any]:
    reply = step(emulator, name, **body)
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()
    return answer


def entry(emulator: EmulatorProcess) -> dict[str, Any]:
    return emulator.ledger("json_request")[-1]


WHERE = {
    "resource": "deal",
    "view": "details",
    "selectedIds": "7",
    "userId": str(MARTA),
    "companyId": str(ACME),
}


def test_opening_asks_with_where_and_who_and_a_token(emulator: EmulatorProcess, document: JsonApp) -> None:
    answer = drawn(emulator, "open")
    query = dict(document.last("/document").query)
    assert claims(query.pop("token"), SECRET)["userId"] == MARTA
    assert query == WHERE
    assert answer["outcome"] == "form"
    assert [row["key"] for row in answer["blocks"]] == ["kind", "due", "note", "origin"]
    assert answer["blocks"][0]["options"]["value"] == "offer"
    assert answer["blocks"][0]["options"]["items"] == json_apps.KINDS
    assert answer["values"] == {"kind": "offer"}
    assert [row["kind"] for row in answer["actions"]] == ["secondary", "primary"]
    assert (entry(emulator)["purpose"], entry(emulator)["outcome"]) == ("open", "form")


def test_in_a_list_it_is_told_the_selection_and_the_filter(
    emulator: EmulatorProcess, document: JsonApp
) -> None:
    drawn(emulator, "open", view="list", selected_ids="", excluded_ids="4", filter={"everyone": 1})
    query = document.last("/document").query
    assert (query["view"], query["selectedIds"], query["excludedIds"]) == ("list", "", "4")
    assert json.loads(query["filter"]) == {"everyone": 1}


def test_a_change_sends_the_form_and_who_set_it_off(emulator: EmulatorProcess, document: JsonApp) -> None:
    document.say("GET /document", {"data": {"blocks": {"due": {"value": "2027-01-01"}}}})
    answer = drawn(emulator, "change", form=FORM, invoker="kind")
    query = document.last("/document").query
    assert (json.loads(query["form"]), query["invoker"]) == (FORM, "kind")
    assert answer["values"] == {"due": "2027-01-01"}
    assert answer["blocks"][0]["options"]["items"] == json_apps.KINDS


def test_a_submit_posts_the_form_with_the_same_query(emulator: EmulatorProcess, document: JsonApp) -> None:
    success = {
        "message": "Offer created",
        "type": "snackbar",
        "link": {"label": "Open", "value": "https://a.test/o"},
    }
    document.say("POST /document", {"success": success})
    answer = drawn(emulator, "submit", form=FORM)
    arrival = document.last("/document", "POST")
    assert json.loads(arrival.body) == FORM
    assert arrival.headers["content-type"] == "application/json"
    assert {key: arrival.query[key] for key in WHERE} == WHERE
    assert claims(arrival.query["token"], SECRET)["companyId"] == ACME
    assert (answer["outcome"], answer["message"]) == ("success", "Offer created")
    assert entry(emulator)["method"] == "POST"


def test_an_action_may_have_an_address_of_its_own(emulator: EmulatorProcess, document: JsonApp) -> None:
    document.say("POST /elsewhere", {"success": {"message": "Done", "type": "snackbar"}})
    url = f"{document.url}/elsewhere?own=1"
    assert drawn(emulator, "submit", form=FORM, url=url)["outcome"] == "success"
    assert document.last("/elsewhere", "POST").query["own"] == "1"
    left = drawn(emulator, "leave", form=FORM, url=url)["url"]
    query = dict(parse_qsl(urlsplit(left).query, keep_blank_values=True))
    assert json.loads(query["form"]) == FORM
    assert (query["own"], query["userId"]) == ("1", str(MARTA))
    for bad in ("javascript:alert(1)", "//x", 7):
        assert step(emulator, "submit", form=FORM, url=bad).status_code == 400


def test_field_errors_need_no_other_option(emulator: EmulatorProcess, document: JsonApp) -> None:
    document.say("POST /document", {"data": {"blocks": {"due": {"error": "Choose a working day"}}}})
    answer = drawn(emulator, "submit", form=FORM)
    assert answer["outcome"] == "part"
    assert answer["blocks"] == [
        {"key": "due", "kind": "datepicker", "options": {"error": "Choose a working day"}}
    ]


@pytest.mark.parametrize("status", [200, 400, 401, 500])
@pytest.mark.parametrize("name", ["submit", "change"])
def test_a_global_error_is_handed_on_with_any_status(
    emulator: EmulatorProcess, document: JsonApp, name: str, status: int
) -> None:
    for method in ("GET", "POST"):
        document.say(f"{method} /document", {"error": {"message": "No more offers today"}}, status)
    answer = drawn(emulator, name, form=FORM, invoker="kind")
    assert (answer["outcome"], answer["message"]) == ("error", "No more offers today")


def test_only_the_first_get_can_lose_the_connection(emulator: EmulatorProcess, document: JsonApp) -> None:
    document.say("GET /document", b"who are you?", 401)
    answer = drawn(emulator, "open")
    assert answer["outcome"] == "lost_connection"
    assert f"client_id={CLIENT_ID}" in answer["install_url"]
    assert step(emulator, "change", form=FORM, invoker="kind").status_code == 502


def blocks(**rows: Any) -> dict[str, Any]:
    return {"data": {"blocks": rows, "actions": {}}}


MALFORMED: list[tuple[str, Any, str]] = [
    ("open", {}, "data should have required property"),
    ("open", [], "should be object"),
    ("open", {"data": {}, "more": 1}, "should NOT have additional property 'more'"),
    ("open", blocks(nope={}), ".data.blocks should NOT have additional property 'nope'"),
    ("open", blocks(kind={"valeu": "x"}), ".data.blocks.kind should NOT have additional property 'valeu'"),
    ("open", blocks(kind={"label": None}), ".data.blocks.kind.label should be string"),
    (
        "open",
        blocks(kind={"items": [{"label": "A"}]}),
        ".data.blocks.kind.items[0] should have required property",
    ),
    ("open", blocks(due={"value": "soon"}), '.data.blocks.due.value should match format "date"'),
    (
        "open",
        blocks(due={"visibleOn": {"else": "not_empty"}}),
        "visibleOn should NOT have additional property",
    ),
    (
        "open",
        blocks(due={"visibleOn": {"kind": {"equals": 1, "includes": "x"}}}),
        "NOT have more than 1 properties",
    ),
    (
        "open",
        blocks(due={"visibleOn": "sometimes"}),
        "should be equal to one of the allowed values: always, never",
    ),
    (
        "open",
        {"data": {"actions": {"go": {"handler": "cancel"}}}},
        ".data.actions.go.handler should be equal",
    ),
    (
        "open",
        {"data": {"actions": {"go": {"url": "javascript:1"}}}},
        'actions.go.url should match format "uri"',
    ),
    ("submit", {"success": {"message": "Ok"}}, ".success should have required property 'type'"),
    ("submit", {"success": {"message": "Ok", "type": "toast"}}, ".success.type should be equal to constant"),
    (
        "submit",
        {"success": {"message": "Ok", "type": "snackbar", "link": {"label": "a", "value": "b"}}},
        "format",
    ),
    ("submit", {"error": {"text": "?"}}, ".error should have required property 'message'"),
    ("submit", {"data": {"blocks": {"due": {"error": 1}}}}, ".data.blocks.due.error should be string"),
    ("submit", {}, "should have required property 'success'"),
]


@pytest.mark.parametrize(("name", "body", "words"), MALFORMED)
def test_a_malformed_answer_is_told_as_pipedrive_tells_its_own_page(
    emulator: EmulatorProcess, document: JsonApp, name: str, body: Any, words: str
) -> None:
    for method in ("GET", "POST"):
        document.say(f"{method} /document", body)
    reply = step(emulator, name, form=FORM)
    answer = reply.json()
    assert (reply.status_code, answer["success"]) == (400, False)
    assert answer["error"] == "The response from the server is not according to the structure"
    assert answer["data"]["response"] == body
    first = answer["data"]["errors"][0]
    assert set(first) == {"keyword", "dataPath", "schemaPath", "params", "message"}
    assert words in f"data {first['message']} {first['dataPath']} {first['message']}"
    assert entry(emulator)["outcome"] == "malformed"
    assert entry(emulator)["errors"][0]["message"] == first["message"]


def test_required_options_may_come_with_the_answer_but_must_come(
    emulator: EmulatorProcess, document: JsonApp
) -> None:
    register(emulator, document, surface("document", "json_modal", schema=form_schema({"a": block("input")})))
    document.say("GET /document", {"data": {}})
    assert step(emulator, "open").json()["data"]["errors"][0]["dataPath"] == ".data.blocks.a"
    document.say("GET /document", blocks(a={"label": "Name"}))
    assert drawn(emulator, "open")["blocks"][0]["options"] == {"label": "Name"}


def test_text_becomes_a_tree_and_hostile_addresses_no_link(
    emulator: EmulatorProcess, document: JsonApp
) -> None:
    words = "# Title\n**b** [x](javascript:alert) [y](https://a.test) <script>"
    rows = {"a": block("text", value=words), "b": block("text", value="**b**", markdown=False)}
    register(emulator, document, surface("document", "json_modal", schema=form_schema(rows)))
    document.say("GET /document", {"data": {}})
    first, second = drawn(emulator, "open")["blocks"]
    assert [node["type"] for node in first["nodes"]] == ["heading", "paragraph"]
    links = [node for node in first["nodes"][1]["children"] if node["type"] == "link"]
    assert [link["href"] for link in links] == ["https://a.test"]
    assert second["nodes"] == [{"type": "paragraph", "children": [{"type": "text", "text": "**b**"}]}]


@pytest.mark.parametrize("status", [404, 500, 302])
def test_other_failures_are_something_went_wrong(
    emulator: EmulatorProcess, document: JsonApp, status: int
) -> None:
    document.say("GET /document", {}, status, headers={"location": "/elsewhere"})
    reply = step(emulator, "open")
    assert (reply.status_code, reply.json()["error"]) == (502, f"the endpoint answered {status}")
    assert len(document.arrivals) == 1


def test_after_ten_seconds_no_step_waits(emulator: EmulatorProcess, document: JsonApp) -> None:
    document.say("POST /document", {}, held=threading.Event())
    reply = step(emulator, "submit", form=FORM)
    assert reply.json()["error"] == "no answer within 10 seconds"
    assert 9_500 < entry(emulator)["milliseconds"] < 12_000


def test_who_has_not_installed_the_app_gets_no_modal(emulator: EmulatorProcess, document: JsonApp) -> None:
    emulator.control("reset", {})
    reply = step(emulator, "open")
    assert (reply.status_code, document.arrivals) == (403, [])
    assert "Install Offers first" in reply.json()["error"]


def test_steps_that_make_no_sense_are_refused(emulator: EmulatorProcess, document: JsonApp) -> None:
    assert step(emulator, "open", surface="offers").status_code == 404
    assert step(emulator, "submit").status_code == 400
    assert step(emulator, "change", form=[]).status_code == 400
    assert document.arrivals == []


def test_an_action_of_a_panel_is_told_its_object_and_field(
    emulator: EmulatorProcess, document: JsonApp
) -> None:
    drawn(emulator, "open", object_id="31", field_key="total")
    query = document.last("/document").query
    assert (query["objectId"], query["fieldKey"]) == ("31", "total")
    emulator.turn(json_panel_part="absent")
    drawn(emulator, "open", object_id="31", field_key="total")
    assert not {"objectId", "fieldKey"} & set(document.last("/document").query)
