"""Many companies in one call, codes without a click, and the list of tokens that work."""

import hashlib
import time
from typing import Any

import pytest

from tests.emulator.app_behind import CLIENT_ID
from tests.emulator.client import MARTA, ApiAs, Client


def _print(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def _grants(client: Client) -> dict[int, dict[str, Any]]:
    found = client.emulator.control(f"grants?client_id={CLIENT_ID}")["grants"]
    return {row["user_id"]: row for row in found}


def _codes(client: Client, *user_ids: int) -> list[dict[str, Any]]:
    asked = {"client_id": CLIENT_ID, "user_ids": list(user_ids)}
    codes: list[dict[str, Any]] = client.emulator.control("codes", asked)["codes"]
    return codes


def test_a_crowd_of_ten_thousand_companies_is_there_at_once(client: Client) -> None:
    began = time.monotonic()
    rows = client.emulator.control("crowd", {"companies": 10_000})["companies"]
    took = time.monotonic() - began
    assert took < 15
    assert len({row["id"] for row in rows}) == len({row["domain"] for row in rows}) == 10_000
    last = rows[-1]["user_ids"][0]
    tokens = client.exchange(_codes(client, last)[0]["code"]).json()
    me = ApiAs(client.emulator, tokens["access_token"]).get("/v1/users/me")
    assert (me["id"], me["company_id"]) == (last, rows[-1]["id"])


def test_the_first_user_of_a_company_is_its_admin_and_later_crowds_have_other_ids(client: Client) -> None:
    first = client.emulator.control("crowd", {"companies": 2, "users": 3})["companies"]
    second = client.emulator.control("crowd", {"companies": 1})["companies"]
    users = [user for row in [*first, *second] for user in row["user_ids"]]
    assert len(set(users)) == 7
    assert second[0]["id"] not in {row["id"] for row in first}
    admins = {row["id"]: row["is_admin"] for row in client.emulator.control("world?tables=")["users"]}
    assert [admins[user] for user in first[0]["user_ids"]] == [True, False, False]


def test_a_company_without_records_answers_lists_with_nothing(client: Client) -> None:
    row = client.emulator.control("crowd", {"companies": 1})["companies"][0]
    tokens = client.exchange(_codes(client, row["user_ids"][0])[0]["code"]).json()
    api = ApiAs(client.emulator, tokens["access_token"])
    for path in ("/api/v2/deals", "/api/v2/persons", "/api/v2/activities", "/api/v2/pipelines"):
        assert api.get(path) == [], path


def test_a_code_is_exchanged_once_and_only_at_the_callback(client: Client) -> None:
    code = _codes(client, MARTA)[0]["code"]
    assert client.exchange(code, redirect_uri="https://elsewhere.example/").status_code == 400
    assert client.exchange(code).status_code == 200
    assert client.exchange(code).status_code == 400


def test_grants_have_the_tokens_that_work_and_no_others(client: Client) -> None:
    client.emulator.turn(refresh_rotation="single_use_grace")
    assert _grants(client) == {}
    code = _codes(client, MARTA)[0]["code"]
    assert _grants(client) == {}  # a code is no grant yet
    first = client.exchange(code).json()
    second = client.refresh(first["refresh_token"]).json()
    old, new = _print(first["refresh_token"]), _print(second["refresh_token"])
    row = _grants(client)[MARTA]
    assert row["is_installed"]
    assert row["refresh_tokens"] == sorted([old, new])
    assert _print(second["access_token"]) in row["access_tokens"]
    client.emulator.advance(61)  # the grace is over
    assert _grants(client)[MARTA]["refresh_tokens"] == [new]
    client.emulator.advance(3600)
    assert _grants(client)[MARTA]["access_tokens"] == []
    client.revoke(second["refresh_token"])
    assert _grants(client) == {}


def test_a_user_who_left_holds_no_grant(client: Client) -> None:
    client.grant(MARTA)
    client.emulator.control(f"users/{MARTA}", {"active": False})
    assert _grants(client) == {}


def test_tokens_that_only_wait_for_the_notice_of_their_end_do_not_work(client: Client) -> None:
    client.emulator.turn(
        delete_order="before_token_death", delete_on_deactivation="yes", callback_retries="yes"
    )
    client.app.status = 500  # so that the notice waits for its next attempt, and the tokens with it
    tokens = client.grant(MARTA)
    client.emulator.control(f"users/{MARTA}", {"active": False})
    assert client.refresh(tokens["refresh_token"]).status_code == 400
    assert _grants(client) == {}


@pytest.mark.parametrize(
    ("what", "body", "sentence"),
    [
        ("crowd", {"companies": 0}, "companies is a whole number from 1"),
        ("crowd", {"companies": True}, "companies is a whole number from 1"),
        ("crowd", {"companies": 20_001}, "companies is a whole number from 1"),
        ("crowd", {"companies": 1, "users": "2"}, "users is a whole number from 1"),
        ("crowd", {"companies": 20_000, "users": 50}, "companies times users"),
        ("codes", {"client_id": CLIENT_ID}, "user_ids is a list"),
        ("codes", {"client_id": CLIENT_ID, "user_ids": []}, "user_ids is a list"),
        ("codes", {"client_id": CLIENT_ID, "user_ids": [True]}, "There is no active user"),
        ("codes", {"client_id": CLIENT_ID, "user_ids": [[1]]}, "There is no active user"),
        ("codes", {"client_id": "nobody", "user_ids": [MARTA]}, "No app has the client_id"),
        ("grants?client_id=nobody", None, "No app has the client_id"),
    ],
)
def test_what_does_not_fit_is_told_in_a_sentence(
    client: Client, what: str, body: dict[str, Any] | None, sentence: str
) -> None:
    reply = client.emulator.ask(what, body)
    assert reply.status_code in {400, 404}
    assert sentence in reply.json()["error"]


def test_a_draft_is_not_installed_where_it_is_not_seen(client: Client) -> None:
    row = client.emulator.control("crowd", {"companies": 1})["companies"][0]
    client.emulator.control(f"apps/{CLIENT_ID}", {"draft_of": 13000037})
    refused = client.emulator.ask("codes", {"client_id": CLIENT_ID, "user_ids": row["user_ids"]})
    assert refused.status_code == 400
    assert "draft" in refused.json()["error"]
