"""Pressing a button: done once, as who pressed it, on what was meant, or not at all."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.acting import is_done, with_step, writes
from tests.integration.person import PANEL, Button, button_in, buttons_in
from tests.integration.town import Town


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
