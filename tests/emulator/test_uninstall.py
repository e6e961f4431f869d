"""Uninstalling: tokens die first, then the callback hears of it, once."""

import base64
import json
import time
from datetime import datetime
from typing import Any

import pytest

from tests.emulator.app_behind import CLIENT_ID, SECRETS, Arrival
from tests.emulator.client import ACME, JACK, MARTA, Client


def uninstall(client: Client, user_id: int) -> None:
    """As the Marketplace page does it."""
    headers = client.browser_headers(user_id) | {"Sec-Fetch-Site": "same-origin"}
    reply = client.emulator.http.post("/_host/uninstall", json={"client_id": CLIENT_ID}, headers=headers)
    assert reply.status_code == 200, reply.text


def delivered(client: Client) -> Arrival:
    assert client.app.came.wait(20), "no callback came"
    return client.app.arrivals[-1]


def ledgered(client: Client, kind: str) -> dict[str, Any]:
    """The callback's outcome is noted after the app has answered."""
    for _ in range(400):
        entries = client.emulator.ledger(kind)
        if entries:
            return entries[-1]
        time.sleep(0.05)
    raise AssertionError(f"no {kind} in the ledger")


def test_tokens_die_and_the_callback_gets_a_delete_with_four_keys(client: Client) -> None:
    tokens = client.grant(MARTA)
    uninstall(client, MARTA)
    assert client.refresh(tokens["refresh_token"]).status_code == 400
    arrival = delivered(client)
    assert (arrival.method, arrival.path) == ("DELETE", "/oauth/callback")
    basic = base64.b64encode(f"{CLIENT_ID}:{SECRETS[0]}".encode()).decode()
    assert arrival.headers["authorization"] == f"Basic {basic}"
    body = json.loads(arrival.body)
    assert set(body) == {"client_id", "company_id", "user_id", "timestamp"}
    assert (body["client_id"], body["company_id"], body["user_id"]) == (CLIENT_ID, ACME, MARTA)
    assert datetime.fromisoformat(body["timestamp"]).tzinfo is not None
    assert ledgered(client, "uninstall_delivered")["status"] == 200


@pytest.mark.parametrize(("form", "length"), [("epoch", 10), ("epoch_ms", 13)])
def test_the_timestamp_has_the_form_of_the_switch(client: Client, form: str, length: int) -> None:
    client.emulator.turn(delete_timestamp=form)
    client.grant(MARTA)
    uninstall(client, MARTA)
    timestamp = json.loads(delivered(client).body)["timestamp"]
    assert timestamp.isdecimal()
    assert len(timestamp) == length


def test_other_users_of_the_company_keep_their_installation(client: Client) -> None:
    client.grant(MARTA)
    kept = client.grant(JACK)
    uninstall(client, MARTA)
    assert client.refresh(kept["refresh_token"]).status_code == 200


def test_the_apps_answer_is_ignored_and_nothing_is_sent_again(client: Client) -> None:
    client.app.status = 500
    client.grant(MARTA)
    uninstall(client, MARTA)
    delivered(client)
    assert ledgered(client, "uninstall_delivered")["status"] == 500
    time.sleep(0.3)
    assert len(client.app.arrivals) == 1


def test_a_vendors_revoke_sends_no_callback_unless_the_switch_says_so(client: Client) -> None:
    client.revoke(client.grant(MARTA)["refresh_token"])
    assert not client.app.came.wait(0.3)
    client.emulator.turn(delete_on_vendor_revoke="yes")
    client.revoke(client.grant(MARTA)["refresh_token"])
    assert delivered(client).method == "DELETE"
