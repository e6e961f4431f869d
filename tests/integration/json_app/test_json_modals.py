"""A JSON modal from the app to Pipedrive's page and back: opened, changed, sent once, and never a 5xx."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.json_app.json_town import FORM, JsonTown
from tests.integration.own_app.extensions import FAILURES
from tests.integration.person import Person, with_query

UNAUTHORIZED = ("disconnected", "scope")


def test_it_opens_with_what_the_handler_filled_in(json_town: JsonTown, marta: Person) -> None:
    drawn = json_town.steps(marta, "open", json_town.deal(marta, "Deal"))
    assert drawn["outcome"] == "form"
    assert drawn["values"] == {"kind": "offer", "note": "Deal"}
    assert [row["key"] for row in drawn["blocks"]] == ["kind", "due", "note", "origin"]
    assert [row["key"] for row in drawn["actions"]] == ["stop", "create"]


def test_a_change_is_answered_for_the_block_that_set_it_off(json_town: JsonTown, marta: Person) -> None:
    form = FORM | {"kind": "contract", "note": "typed"}
    drawn = json_town.steps(marta, "change", json_town.deal(marta, "Deal"), form=form, invoker="kind")
    assert drawn["outcome"] == "form"
    assert drawn["values"] == {"due": "2027-01-01"}
    labels = {row["key"]: row["options"].get("label") for row in drawn["blocks"]}
    assert labels["note"] == "Note, for kind"


@pytest.mark.parametrize(
    ("invoker", "form"),
    [("surprise", "{}"), ("create", "{}"), ("kind", ""), ("kind", "[]"), ("kind", "{"), ("kind", '"' * 99)],
)
def test_a_change_that_does_not_read_is_a_sentence(
    json_town: JsonTown, marta: Person, invoker: str, form: str
) -> None:
    reply = json_town.town.http.get(with_query(json_town.fresh_url(marta, 1), invoker=invoker, form=form))
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


def test_a_form_that_is_sent_is_done_as_the_user_and_the_modal_closes(
    json_town: JsonTown, marta: Person
) -> None:
    deal = json_town.deal(marta, "Deal")
    since = json_town.town.now()
    drawn = json_town.steps(marta, "submit", deal, form=FORM | {"note": "Sent"})
    assert drawn["outcome"] == "success"
    assert (drawn["message"], drawn["refreshPanelData"]) == ("Renamed", True)
    assert drawn["link"] == {"label": "There", "value": "https://example.com/x"}
    assert json_town.title(marta, deal) == "Sent"
    writes = [call for call in json_town.town.calls(since) if call["method"] != "GET"]
    assert [(call["company_id"], call["user_id"]) for call in writes] == [marta.ids]


def test_a_wrong_field_has_its_sentence_and_may_be_sent_again(json_town: JsonTown, marta: Person) -> None:
    deal = json_town.deal(marta, "Deal")
    url = json_town.fresh_url(marta, deal)
    since = json_town.town.now()
    first = json_town.sends(url, FORM | {"due": "soon"})
    assert (first.status_code, first.json()) == (
        200,
        {"data": {"blocks": {"due": {"error": "Choose a date."}}}},
    )
    second = json_town.sends(url, FORM | {"note": "field"})
    assert second.json() == {"data": {"blocks": {"due": {"error": "Choose a working day"}}}}
    third = json_town.sends(url, FORM | {"note": "again"})
    assert third.json()["data"]["blocks"] == {
        "due": {"error": "Choose a working day"},
        "note": {"value": "better"},
    }
    assert json_town.renamings(since) == 0
    assert "success" in json_town.sends(url, FORM).json()  # the same token, for nothing was done with it
    assert json_town.renamings(since) == 1
    drawn = json_town.steps(marta, "submit", deal, form=FORM | {"note": "field"})
    assert drawn["outcome"] == "part"


def test_one_token_submits_once_and_a_repeat_gets_the_same_answer(json_town: JsonTown, marta: Person) -> None:
    deal = json_town.deal(marta, "Deal")
    url = json_town.fresh_url(marta, deal)
    since = json_town.town.now()
    form = FORM | {"note": "slow 0.5"}
    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(lambda _: json_town.sends(url, form), range(4)))
    replies.append(json_town.sends(url, form))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.content for reply in replies}) == 1
    assert json_town.renamings(since) == 1


def test_another_form_with_a_used_token_is_refused(json_town: JsonTown, marta: Person) -> None:
    deal, other = json_town.deal(marta, "Deal"), json_town.deal(marta, "Other")
    url = json_town.fresh_url(marta, deal)
    json_town.sends(url, FORM)
    since = json_town.town.now()
    for again in (
        json_town.sends(url, FORM | {"note": "something else"}),
        json_town.sends(with_query(url, selectedIds=str(other)), FORM),
    ):
        assert again.status_code == 400
        assert "has been sent already" in again.json()["error"]["message"]
    assert json_town.renamings(since) == 0
    assert json_town.title(marta, other) == "Other"


@pytest.mark.parametrize("how", FAILURES)
def test_a_failure_before_anything_was_written_is_a_sentence_and_frees_the_token(
    json_town: JsonTown, marta: Person, how: str
) -> None:
    deal = json_town.deal(marta, "Deal")
    url = json_town.fresh_url(marta, deal)
    reply = json_town.sends(url, FORM | {"note": f"fail {how}"})
    assert reply.status_code == (401 if how in UNAUTHORIZED else 400)
    assert reply.json()["error"]["message"]
    assert "CANARY" not in reply.text
    assert "success" in json_town.sends(url, FORM).json()
    drawn = json_town.steps(marta, "submit", deal, form=FORM | {"note": f"fail {how}"})
    assert drawn["outcome"] == "error"


@pytest.mark.parametrize("how", FAILURES)
def test_a_failure_after_something_was_written_is_never_done_twice(
    json_town: JsonTown, marta: Person, how: str
) -> None:
    url = json_town.fresh_url(marta, json_town.deal(marta, "Deal"))
    since = json_town.town.now()
    form = FORM | {"note": f"written {how}"}
    reply = json_town.sends(url, form)
    assert reply.status_code == 400
    assert "may or may not be done" in reply.json()["error"]["message"]
    assert json_town.sends(url, form).content == reply.content
    assert json_town.renamings(since) == 1


@pytest.mark.parametrize("how", FAILURES)
def test_a_form_that_cannot_be_opened_is_a_sentence_or_a_lost_connection(
    json_town: JsonTown, marta: Person, how: str
) -> None:
    deal = json_town.deal(marta, f"fail {how}")
    reply = json_town.asks(marta, "note", deal)
    assert reply.status_code == (401 if how in UNAUTHORIZED else 400)
    assert "CANARY" not in reply.text
    drawn = json_town.steps(marta, "open", deal)
    assert drawn["outcome"] == ("lost_connection" if how in UNAUTHORIZED else "error")


@pytest.mark.parametrize("step", ["opened", "sent"])
def test_a_bug_is_in_the_log_under_the_reference_that_the_viewer_sees(
    json_town: JsonTown, marta: Person, step: str
) -> None:
    deal = json_town.deal(marta, "fail bug")
    if step == "opened":
        reply = json_town.asks(marta, "note", deal)
    else:
        reply = json_town.sends(json_town.fresh_url(marta, deal), FORM | {"note": "fail bug"})
    reference = reply.json()["error"]["message"].rpartition("(")[2].strip(")")
    assert reference.startswith("E-")
    lines = [line for line in json_town.town.stack.log_of("serve").splitlines() if reference in line]
    assert any("CANARY-OF-A-BUG" in line for line in lines)


def test_who_has_not_installed_has_lost_the_connection(json_town: JsonTown, marta: Person) -> None:
    deal = json_town.deal(marta, "Deal")
    victor = json_town.town.victor
    since = json_town.town.now()
    assert json_town.asks(victor, "note", deal).status_code == 401
    assert json_town.sends(json_town.fresh_url(victor, deal), FORM).status_code == 401
    assert json_town.town.calls(since) == []


BODIES: dict[str, Any] = {
    "nothing": "",
    "a list": "[]",
    "no JSON": "{",
    "text": '"x"',
    "half": '{"note": "\\ud800"}',
}


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_is_no_form_is_a_sentence(json_town: JsonTown, marta: Person, what: str) -> None:
    reply = json_town.sends(json_town.fresh_url(marta, 1), BODIES[what])
    assert reply.status_code == 400
    assert reply.json()["error"]["message"]


def test_only_json_is_taken_and_not_too_much_of_it(json_town: JsonTown, marta: Person) -> None:
    deal = json_town.deal(marta, "Deal")
    url = json_town.fresh_url(marta, deal)
    plain = json_town.sends(url, FORM, **{"Content-Type": "text/plain"})
    assert plain.status_code == 400
    assert json_town.sends(url, FORM | {"note": "x" * 70_000}).status_code == 413
    assert json_town.title(marta, deal) == "Deal"


def test_what_takes_longer_than_pipedrive_waits_goes_on_and_is_done_once(
    json_town: JsonTown, marta: Person
) -> None:
    deal = json_town.deal(marta, "Deal")
    slow = json_town.deal(marta, "slow")
    url = json_town.fresh_url(marta, deal)
    since = json_town.town.now()
    form = FORM | {"note": "slow 10"}
    with ThreadPoolExecutor(2) as pool:
        opening = pool.submit(json_town.asks, marta, "note", slow)
        sending = pool.submit(json_town.sends, url, form)
    assert opening.result().status_code == sending.result().status_code == 400
    assert "takes too long" in opening.result().json()["error"]["message"]
    assert "still being done" in sending.result().json()["error"]["message"]
    assert 8 < sending.result().elapsed.total_seconds() < 10
    deadline = time.monotonic() + 20
    while "success" not in (again := json_town.sends(url, form).json()):
        assert time.monotonic() < deadline, again
    assert json_town.renamings(since) == 1
