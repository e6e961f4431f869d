"""Pressing a button: done once, as who pressed it, on what was meant, or not at all."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.person import PANEL, Button, Person, button_in, buttons_in
from tests.integration.town import Town


def with_step(person: Person, subject: str) -> tuple[int, int]:
    """A deal of this person's own with one step ahead: both ids."""
    deal = person.calls("POST", "/api/v2/deals", title=f"Deal for {subject}")["id"]
    step = person.calls(
        "POST", "/api/v2/activities", deal_id=deal, subject=subject, type="call", due_date="2030-01-15"
    )
    return deal, step["id"]


def is_done(town: Town, person: Person, activity_id: int) -> bool:
    return bool(town.records("activities", person)[activity_id]["done"])


def writes(town: Town, since: int) -> list[tuple[str, int, int]]:
    """Method, owner of the token, status."""
    return [
        (call["method"], call["user_id"], call["status"])
        for call in town.calls(since)
        if call["method"] != "GET"
    ]


@pytest.fixture
def pressed(town: Town, request: pytest.FixtureRequest) -> tuple[Person, int, int, Button]:
    """Somebody, a deal and its step, and the button that finishes it."""
    marta = town.marta.installed()
    deal, step = with_step(marta, request.node.name[:60])
    return marta, deal, step, button_in(marta.picture(deal), "done", activity_id=step)


def test_each_acts_as_himself(town: Town) -> None:
    for person in (town.marta, town.jack):
        deal, step = with_step(person.installed(), "Call back")
        button = button_in(person.picture(deal), "done", activity_id=step)
        since = town.now()
        assert person.presses(deal, button).status_code == 200
        assert writes(town, since) == [("PATCH", person.user["id"], 200)]
        assert {call["user_id"] for call in town.calls(since)} == {person.user["id"]}
        assert is_done(town, person, step)


def test_the_answer_is_the_panel_as_it_is_afterwards(town: Town, pressed: Any) -> None:
    marta, deal, step, button = pressed
    answer = marta.presses(deal, button)
    assert answer.headers["content-type"] == "application/json"
    kinds = [command["kind"] for command in answer.json()["commands"]]
    assert kinds == ["snackbar", "fragment"]
    html = answer.json()["commands"][1]["html"]
    assert [b.action for b in buttons_in(html) if b.form.get("activity_id") == step] == ["reopen"]
    assert marta.opens(deal).text.count('data-action="reopen"') == 1
    assert town.records("activities", marta)[step]["done"]


def test_a_double_click_acts_once_and_both_get_the_answer(town: Town, pressed: Any) -> None:
    marta, deal, _, button = pressed
    since = town.now()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: marta.presses(deal, button), range(12)))
    assert len(writes(town, since)) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_a_replay_gives_the_first_answer_and_acts_no_more(town: Town, pressed: Any) -> None:
    marta, deal, step, button = pressed
    first = marta.presses(deal, button)
    marta.calls("PATCH", f"/api/v2/activities/{step}", done=False)
    since = town.now()
    assert marta.presses(deal, button).content == first.content
    assert marta.presses(deal, button, activity_id=1).content == first.content
    assert writes(town, since) == []
    assert not is_done(town, marta, step)


@pytest.mark.parametrize(
    "spoil", ["flipped", "cut", "empty", "garbage", "of another action", "of another deal"]
)
def test_a_ticket_of_something_else_does_nothing(town: Town, pressed: Any, spoil: str) -> None:
    marta, deal, step, button = pressed
    other = button_in(marta.picture(1), "done")
    move = button_in(marta.picture(deal), "move-date", activity_id=step)
    ticket = {
        "flipped": button.ticket[:-1] + ("A" if button.ticket[-1] != "A" else "B"),
        "cut": button.ticket[:-4],
        "empty": "",
        "garbage": "\u0000<script>" * 9,
        "of another action": move.ticket,
        "of another deal": other.ticket,
    }[spoil]
    since = town.now()
    reply = marta.presses(deal, Button("done", ticket, button.form))
    assert reply.status_code == 409
    assert reply.json()["reason"] == "ticket_rejected"
    assert [command["kind"] for command in reply.json()["commands"]] == ["message", "refresh"]
    assert writes(town, since) == []
    assert marta.presses(deal, button).status_code == 200  # the real one is none the worse


def test_a_ticket_is_of_no_use_to_anybody_else(town: Town, pressed: Any) -> None:
    marta, deal, step, button = pressed
    for thief in (town.jack.installed(), town.huy.installed()):
        since = town.now()
        assert thief.presses(deal, button).status_code == 409
        assert writes(town, since) == []
    assert not is_done(town, marta, step)


def test_a_ticket_is_of_no_use_on_another_record(town: Town, pressed: Any) -> None:
    marta, _, step, button = pressed
    since = town.now()
    assert marta.presses(1, button).status_code == 409
    assert writes(town, since) == []
    assert not is_done(town, marta, step)


def test_a_ticket_is_of_no_use_after_an_hour(town: Town, pressed: Any) -> None:
    marta, deal, step, button = pressed
    town.advance(3601)
    since = town.now()
    assert marta.presses(deal, button).status_code == 409
    assert writes(town, since) == []
    assert not is_done(town, marta, step)


def test_without_a_fresh_token_nothing_is_done(town: Town, pressed: Any) -> None:
    marta, deal, step, button = pressed
    url = f"{town.stack.app_url}{PANEL}/actions/done"
    body = {"ticket": button.ticket, "form": dict(button.form)}
    token = marta.token()
    since = town.now()
    sent: list[tuple[str, dict[str, str]]] = [
        (f"?selectedIds={deal}", {}),
        (f"?selectedIds={deal}&token={token}", {}),
        (f"?selectedIds={deal}", {"Authorization": token}),
        (f"?selectedIds={deal}", {"Authorization": f"Basic {token}"}),
        (f"?selectedIds={deal}", {"Authorization": "Bearer"}),
        (f"?selectedIds={deal}", {"Authorization": f"Bearer {token}x"}),
        (f"?selectedIds={deal}", {"Authorization": f"Bearer {token}, Bearer {token}"}),
        (f"?selectedIds={deal}", {"Cookie": f"token={token}"}),
    ]
    for query, headers in sent:
        reply = town.http.post(url + query, json=body, headers=headers)
        assert reply.status_code == 401, (query, list(headers))
        assert reply.json()["commands"][0]["kind"] == "message"
    assert writes(town, since) == []
    assert not is_done(town, marta, step)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Content-Type": "text/plain"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 400),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 400),
        ({"Content-Type": ""}, 400),
    ],
)
def test_what_another_site_could_send_is_refused(
    town: Town, pressed: Any, headers: dict[str, str], status: int
) -> None:
    marta, deal, step, button = pressed
    body = json.dumps({"ticket": button.ticket, "form": dict(button.form)})
    since = town.now()
    reply = town.http.post(
        f"{town.stack.app_url}{PANEL}/actions/done?selectedIds={deal}",
        content=body,
        headers={"Content-Type": "application/json", **marta.bearer(), **headers},
    )
    assert reply.status_code == status
    assert "access-control-allow-origin" not in reply.headers
    assert writes(town, since) == []
    assert not is_done(town, marta, step)


def test_a_page_of_ours_may_say_so(town: Town, pressed: Any) -> None:
    marta, deal, _, button = pressed
    reply = town.http.post(
        f"{town.stack.app_url}{PANEL}/actions/done?selectedIds={deal}",
        json={"ticket": button.ticket, "form": dict(button.form)},
        headers={**marta.bearer(), "Origin": town.stack.app_url, "Sec-Fetch-Site": "same-origin"},
    )
    assert reply.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b'{"ticket":1}',
        b'{"ticket":null}',
        b'{"ticket":"x","form":[]}',
        b'{"form":{}}',
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"ticket":"x","form":{"a":' + b"[" * 60_000,
    ],
)
def test_an_odd_body_is_a_sentence(town: Town, body: bytes) -> None:
    marta = town.marta.installed()
    reply = town.http.post(
        f"{town.stack.app_url}{PANEL}/actions/done?selectedIds=1",
        content=body,
        headers={"Content-Type": "application/json", **marta.bearer()},
    )
    assert reply.status_code == 400
    assert reply.json()["commands"][0]["text"]


def test_a_body_over_64_kibibytes_is_too_large(town: Town) -> None:
    marta = town.marta.installed()
    url = f"{town.stack.app_url}{PANEL}/actions/done?selectedIds=1"
    headers = {"Content-Type": "application/json", **marta.bearer()}
    large = b'{"ticket":"' + b"x" * 70_000 + b'"}'
    reply = town.http.post(url, content=large, headers=headers)
    assert reply.status_code == 413
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("form", [{}, {"activity_id": "x"}, {"activity_id": None}])
def test_a_wrong_form_does_nothing_and_leaves_the_button_good(
    town: Town, pressed: Any, form: dict[str, Any]
) -> None:
    marta, deal, step, button = pressed
    since = town.now()
    reply = marta.presses(deal, Button("done", button.ticket, form))
    assert reply.status_code == 400
    assert reply.json()["reason"] == "form_rejected"
    assert writes(town, since) == []
    assert marta.presses(deal, button).status_code == 200
    assert is_done(town, marta, step)


def test_a_step_of_another_deal_is_not_done_from_this_one(town: Town, pressed: Any) -> None:
    marta, deal, _, button = pressed
    _, foreign = with_step(marta, "Another deal's")
    since = town.now()
    reply = marta.presses(deal, button, activity_id=foreign)
    assert reply.status_code == 400
    assert writes(town, since) == []
    assert not is_done(town, marta, foreign)


@pytest.mark.parametrize(
    "path", ["/actions/", "/actions/nothing", "/actions/done/x", "/actions/..%2fdone", "/sections/x"]
)
def test_there_is_no_other_action(town: Town, path: str) -> None:
    marta = town.marta.installed()
    method = "GET" if "sections" in path else "POST"
    reply = town.http.request(
        method,
        f"{town.stack.app_url}{PANEL}{path}?selectedIds=1",
        json={"ticket": "x"},
        headers=marta.bearer(),
    )
    assert reply.status_code in (400, 404)


def test_who_has_no_installation_is_told_to_connect(town: Town) -> None:
    since = town.now()
    for reply in (
        town.victor.refreshes(1),
        town.victor.presses(1, Button("done", "x" * 64, {"activity_id": 1})),
    ):
        assert reply.status_code == 403
        assert reply.json()["reason"] == "not_installed"
        assert "Coffee" not in reply.text
    assert town.calls(since) == []


@pytest.mark.parametrize("kind", ["lost", "status:503", "reset", "garbage"])
def test_a_write_without_an_answer_is_never_repeated(town: Town, pressed: Any, kind: str) -> None:
    """Whether it was done is not known, so the ticket is spent and the sentence says to look."""
    marta, deal, step, button = pressed
    fault = {"route": f"/api/v2/activities/{step}", "method": "PATCH", "kind": kind, "count": 1}
    town.stack.control.fail(fault)
    since = town.now()
    reply = marta.presses(deal, button)
    assert reply.status_code == 202
    assert [command["kind"] for command in reply.json()["commands"]] == ["message", "refresh"]
    sent = [entry for entry in town.ledger(since, "api_call", "fault") if entry["method"] == "PATCH"]
    assert marta.presses(deal, button).content == reply.content
    again = [entry for entry in town.ledger(since, "api_call", "fault") if entry["method"] == "PATCH"]
    assert len(again) == len(sent)
    assert len(writes(town, since)) <= 1


def test_a_write_that_pipedrive_refuses_leaves_the_button_good(town: Town, pressed: Any) -> None:
    marta, deal, step, button = pressed
    route = f"/api/v2/activities/{step}"
    town.stack.control.fail({"route": route, "method": "PATCH", "kind": "status:403", "count": 1})
    refused = marta.presses(deal, button)
    assert refused.status_code == 403
    assert not is_done(town, marta, step)
    assert marta.presses(deal, button).status_code == 200
    assert is_done(town, marta, step)
