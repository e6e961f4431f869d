"""A draft is for the company that owns it; everybody else is told that there is no such app."""

from typing import Any

import pytest

from tests.emulator.app_behind import CLIENT_ID
from tests.emulator.client import ACME, HUY, MARTA, SAIGON, Client


def draft(client: Client, company_id: int | None) -> dict[str, Any]:
    answer: dict[str, Any] = client.emulator.control(f"apps/{CLIENT_ID}", {"draft_of": company_id})
    return answer


def consent(client: Client, user_id: int) -> Any:
    headers = client.browser_headers(user_id)
    return client.emulator.http.get("/oauth/authorize/apps", params=client.wish(), headers=headers)


def test_only_the_owning_company_finds_a_draft(client: Client) -> None:
    assert draft(client, ACME)["draft_of"] == ACME
    assert consent(client, MARTA).status_code == 200
    for reply in (consent(client, HUY), client.decide(HUY)):
        assert (reply.status_code, reply.json()) == (404, {"error": "App not found"})
    assert client.emulator.ledger("code_issued") == []
    pages = [
        client.emulator.http.get("/marketplace", headers=client.browser_headers(user_id)).text
        for user_id in (MARTA, HUY)
    ]
    assert ["Testing app" in page for page in pages] == [True, False]


@pytest.mark.parametrize("again", ["null", "registered"])
def test_going_live_opens_it_to_all(client: Client, again: str) -> None:
    draft(client, ACME)
    if again == "null":
        draft(client, None)
    else:
        client.emulator.control("apps", client.app.registration())
    assert consent(client, HUY).status_code == 200
    assert client.grant(HUY)["refresh_token"].startswith(f"{SAIGON}:{HUY}:")


@pytest.mark.parametrize("body", [{}, {"draft_of": 1}, {"draft_of": "acme"}, {"draft_of": ACME, "name": "x"}])
def test_other_orders_are_explained(client: Client, body: dict[str, Any]) -> None:
    refused = client.emulator.ask(f"apps/{CLIENT_ID}", body)
    assert (refused.status_code, "draft_of is the id" in refused.json()["error"]) == (400, True)
    assert client.emulator.control("apps")["apps"][0]["draft_of"] is None
