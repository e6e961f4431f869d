"""A JSON panel from the app to Pipedrive's page: rows, error cards, and never a 5xx."""

from urllib.parse import urlsplit

import pytest

from tests.integration.json_app.json_town import JsonTown
from tests.integration.own_app.extensions import FAILURES
from tests.integration.person import Person, with_query

STATUSES = {
    "form": 400,
    "refused": 403,
    "busy": 424,
    "spent": 424,
    "disconnected": 403,
    "scope": 403,
    "away": 424,
    "unexpected": 424,
    "store": 424,
    "unreadable": 424,
    "bug": 424,
}


def test_rows_are_drawn_by_pipedrive(json_town: JsonTown, marta: Person) -> None:
    drawn = json_town.draws(marta, json_town.deal(marta, "Offer <b>31</b>"))
    assert json_town.last()["outcome"] == "shown"
    assert json_town.last()["errors"] == []
    for word in (
        "Offer &lt;b&gt;31&lt;/b&gt;",
        "Waiting for signature",
        "Total value",
        "Annual",
        "Open offer",
    ):
        assert word in drawn
    assert "https://a.test/offers" in drawn
    assert "https://a.test/settings" in drawn


def test_only_the_token_says_who_looks(json_town: JsonTown, marta: Person) -> None:
    """Developer Hub may send a user and a password as well, or instead."""
    url = json_town.url(marta, "offers", json_town.deal(marta, "Deal"))
    password = ("user", "password")
    assert json_town.town.http.get(url, auth=password).status_code == 200
    since = json_town.town.now()
    assert json_town.town.http.get(with_query(url, token=None), auth=password).status_code == 401
    assert json_town.town.calls(since) == []


def test_a_single_object_is_drawn(json_town: JsonTown, marta: Person) -> None:
    drawn = json_town.draws(marta, 1, "contact", "person")
    assert json_town.last()["outcome"] == "shown"
    assert "Full name" in drawn
    assert "a@b.test" in drawn


def test_nothing_to_show_is_told(json_town: JsonTown, marta: Person) -> None:
    assert "Nothing to show" in json_town.draws(marta, json_town.deal(marta, "empty"))


def test_the_api_is_asked_as_the_viewer(json_town: JsonTown, marta: Person) -> None:
    deal = json_town.deal(marta, "Whose")
    since = json_town.town.now()
    json_town.draws(marta, deal)
    assert {(call["company_id"], call["user_id"]) for call in json_town.town.calls(since)} == {marta.ids}


@pytest.mark.parametrize("how", FAILURES)
def test_a_panel_that_fails_is_an_error_card(json_town: JsonTown, marta: Person, how: str) -> None:
    deal = json_town.deal(marta, f"fail {how}")
    reply = json_town.asks(marta, "offers", deal)
    assert reply.status_code == STATUSES[how]
    error = reply.json()["error"]
    assert 0 < len(error["title"]) <= 30
    assert error["subtitle"]
    assert "CANARY" not in reply.text
    json_town.draws(marta, deal)
    assert json_town.last()["outcome"] == "error_card"


def test_a_bug_and_an_answer_that_does_not_fit_are_in_the_log_under_their_reference(
    json_town: JsonTown, marta: Person
) -> None:
    for title, words in (
        ("fail bug", "CANARY-OF-A-BUG"),
        ("unfit", "Offer 1: state is no label: give a Label"),
    ):
        subtitle = json_town.asks(marta, "offers", json_town.deal(marta, title)).json()["error"]["subtitle"]
        reference = subtitle.rpartition("(")[2].strip(")")
        assert reference.startswith("E-")
        lines = [line for line in json_town.town.stack.log_of("serve").splitlines() if reference in line]
        assert any(words in line for line in lines)


def test_a_card_of_the_handlers_own_is_drawn(json_town: JsonTown, marta: Person) -> None:
    drawn = json_town.draws(marta, json_town.deal(marta, "card"))
    assert json_town.last()["outcome"] == "error_card"
    assert "Closed today" in drawn
    assert "https://a.test/hours" in drawn


def test_who_has_not_installed_is_told_who_must_and_where(json_town: JsonTown, marta: Person) -> None:
    deal = json_town.deal(marta, "Shared")
    town = json_town.town
    install_url = f"{town.stack.app_url}/oauth/install"
    since = town.now()
    for reply in (
        json_town.asks(town.victor, "offers", deal),
        json_town.asks(town.victor, "offers", deal, isShared="true"),
        json_town.asks(marta, "offers", deal, isShared="true"),
    ):
        assert reply.status_code == 403
        assert reply.json() == {
            "error": {
                "title": "Not connected yet",
                "subtitle": "Connect the app to see this record.",
                "action": {"url": install_url, "label": "Connect"},
            }
        }
    assert town.calls(since) == []
    drawn = json_town.draws(town.victor, deal)
    assert json_town.last()["outcome"] == "error_card"
    assert install_url in drawn


@pytest.mark.parametrize("selected", [None, "", "x", "1,2", "0", "9" * 30])
def test_a_missing_or_odd_record_is_an_error_card(
    json_town: JsonTown, marta: Person, selected: str | None
) -> None:
    since = json_town.town.now()
    reply = json_town.asks(marta, "offers", 1, selectedIds=selected)
    assert reply.status_code == 400
    assert reply.json()["error"]["title"]
    assert json_town.town.calls(since) == []


def test_nothing_may_be_kept_by_anybody_between(json_town: JsonTown, marta: Person) -> None:
    reply = json_town.asks(marta, "offers", 1)
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"
    assert "set-cookie" not in reply.headers
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_panel_only_reads(json_town: JsonTown, marta: Person, method: str) -> None:
    assert json_town.town.http.request(method, json_town.url(marta, "offers", 1)).status_code == 405
    path = urlsplit(json_town.url(marta, "offers", 1)).path
    for more in ("/sections/all", "/actions/done"):
        reply = json_town.town.http.get(f"{json_town.town.stack.app_url}{path}{more}")
        assert reply.status_code == 404


def test_an_answer_comes_before_pipedrive_gives_up(json_town: JsonTown, marta: Person) -> None:
    reply = json_town.asks(marta, "offers", json_town.deal(marta, "slow"))
    assert reply.status_code == 424
    assert reply.json()["error"]["title"] == "This takes too long"
    assert 8.5 < reply.elapsed.total_seconds() < 10
