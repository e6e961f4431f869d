"""An admin shows an app to the company; every user still installs alone, and the app is told by POST."""

import base64
import json
from typing import Any

import pytest

from tests.emulator.app_behind import CLIENT_ID, MANIFEST, SECRETS
from tests.emulator.client import ACME, HUY, JACK, LINH, MARTA, Client


def share(client: Client, **more: Any) -> dict[str, Any]:
    order = {"client_id": CLIENT_ID, "company_id": ACME, "user_id": MARTA, **more}
    answer: dict[str, Any] = client.emulator.control("share", order)
    return answer


def posts(client: Client) -> list[dict[str, Any]]:
    """The bodies of the sharing callbacks, once all that is under way has arrived."""
    client.emulator.advance(0)
    return [json.loads(one.body) for one in client.app.arrivals if one.method == "POST"]


def notice(user_id: int, *, is_shared: bool) -> dict[str, Any]:
    return {"company_id": ACME, "user_id": user_id, "isShared": is_shared}


def test_sharing_and_ending_it_are_posted_to_the_callback(client: Client) -> None:
    assert share(client) == {"is_shared": True}
    assert posts(client) == [notice(MARTA, is_shared=True)]
    assert share(client, is_shared=False) == {"is_shared": False}
    assert posts(client) == [notice(MARTA, is_shared=True), notice(MARTA, is_shared=False)]
    arrival = client.app.arrivals[0]
    assert (arrival.path, arrival.headers["content-type"]) == (MANIFEST["callback_path"], "application/json")
    assert "authorization" not in arrival.headers
    assert [entry["status"] for entry in client.emulator.ledger("share_delivered")] == [200, 200]


def test_each_installation_in_a_company_that_shares_is_posted(client: Client) -> None:
    client.grant(JACK)
    share(client)
    posts(client)
    client.grant(LINH)
    client.grant(HUY)
    assert posts(client) == [notice(MARTA, is_shared=True), notice(LINH, is_shared=True)]


def test_ending_it_uninstalls_nobody(client: Client) -> None:
    share(client)
    tokens = client.grant(JACK)
    share(client, is_shared=False)
    assert client.refresh(tokens["refresh_token"]).status_code == 200


def test_ending_what_is_not_shared_says_nothing(client: Client) -> None:
    share(client, is_shared=False)
    assert posts(client) == []


def test_sharing_ends_with_the_admin_who_shared(client: Client) -> None:
    share(client)
    posts(client)
    client.emulator.control(f"users/{MARTA}", {"active": False})
    assert posts(client)[-1] == notice(MARTA, is_shared=False)
    client.grant(JACK)
    assert len(posts(client)) == 2


def test_the_switch_signs_the_post(client: Client) -> None:
    client.emulator.turn(share_auth="basic")
    share(client)
    posts(client)
    sent = client.app.arrivals[0].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent).decode() == f"{CLIENT_ID}:{SECRETS[0]}"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"user_id": JACK}, "Jack Miller is no admin"),
        ({"user_id": JACK, "is_shared": False}, "Jack Miller is no admin"),
        ({"is_shared": "yes"}, "is_shared is true or false"),
        ({"user_ids": []}, "user_ids is a list"),
        ({"user_ids": [HUY]}, "user_ids is a list"),
        ({"user_ids": "all"}, "user_ids is a list"),
    ],
)
def test_what_cannot_be_shared_is_explained(client: Client, change: dict[str, Any], sentence: str) -> None:
    order = {"client_id": CLIENT_ID, "company_id": ACME, "user_id": MARTA} | change
    refused = client.emulator.ask("share", order)
    assert (refused.status_code, sentence in refused.json()["error"]) == (400, True)
    assert posts(client) == []


@pytest.mark.parametrize("is_shared", [True, False])
def test_the_page_refuses_those_who_are_no_admin(client: Client, *, is_shared: bool) -> None:
    share(client)
    headers = client.browser_headers(JACK) | {"Sec-Fetch-Site": "same-origin"}
    order = {"client_id": CLIENT_ID, "is_shared": is_shared}
    refused = client.emulator.http.post("/_host/share", json=order, headers=headers)
    assert (refused.status_code, "is no admin" in refused.json()["error"]) == (403, True)
    unknown = client.emulator.http.post(
        "/_host/share", json=order | {"client_id": "x"}, headers=client.browser_headers(MARTA)
    )
    assert unknown.status_code == 404
    assert posts(client) == [notice(MARTA, is_shared=True)]


def page(client: Client, user_id: int) -> str:
    text: str = client.emulator.http.get("/marketplace", headers=client.browser_headers(user_id)).text
    return text


def test_the_marketplace_shows_it_to_whom_it_is_shared(client: Client) -> None:
    share(client, user_ids=[JACK])
    assert "Authorize app" in page(client, JACK)
    assert "Authorize app" not in page(client, LINH)
    share(client)
    assert "Authorize app" in page(client, LINH)
    client.grant(LINH)
    assert "Authorize app" not in page(client, LINH)
