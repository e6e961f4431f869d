"""How installations end: by the vendor, with a user's job, with the app; and what the app hears of it."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipedrive_emulator.addresses import Addresses
from pipedrive_emulator.emulator import build_emulator
from pipedrive_emulator.oauth.errors import TokenRefused
from pipedrive_emulator.registration_plain import read_registration
from tests.emulator.app_behind import CLIENT_ID, SECRETS, AppBehind
from tests.emulator.client import ACME, HUY, JACK, LINH, LINH_SAIGON, MARTA, SAIGON, Client


def whose(user_id: int, company_id: int = ACME) -> dict[str, Any]:
    return {"client_id": CLIENT_ID, "company_id": company_id, "user_id": user_id}


def deletes(client: Client) -> list[dict[str, Any]]:
    """The bodies of the uninstall callbacks, once all that is under way has arrived."""
    client.emulator.advance(0)
    return [json.loads(one.body) for one in client.app.arrivals if one.method == "DELETE"]


def is_dead(client: Client, tokens: dict[str, Any]) -> bool:
    """Both tokens; one alive and one dead fails."""
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    access = client.emulator.http.get("/v1/users/me", headers=headers).status_code
    refresh = client.refresh(tokens["refresh_token"]).status_code
    assert (access, refresh) in ((200, 200), (401, 400)), (access, refresh)
    return access == 401


def test_control_uninstalls_as_the_user_would(client: Client) -> None:
    tokens = client.grant(MARTA)
    assert client.emulator.control("uninstall", whose(MARTA)) == {"status": "uninstalled"}
    assert is_dead(client, tokens)
    assert [body["user_id"] for body in deletes(client)] == [MARTA]
    assert client.emulator.control("uninstall", whose(MARTA)) == {"status": "not_installed"}
    assert len(deletes(client)) == 1


def test_a_deactivated_user_has_no_installation_any_more(client: Client) -> None:
    gone, stays = client.grant(JACK), client.grant(MARTA)
    answer = client.emulator.control(f"users/{JACK}", {"active": False})
    assert (answer["id"], answer["active"]) == (JACK, False)
    assert is_dead(client, gone)
    assert not is_dead(client, stays)
    assert [entry["by"] for entry in client.emulator.ledger("uninstalled")] == ["deactivation"]
    assert deletes(client) == []


def test_the_switch_tells_the_app_of_a_deactivated_user(client: Client) -> None:
    client.emulator.turn(delete_on_deactivation="yes")
    client.grant(JACK)
    client.emulator.control(f"users/{JACK}", {"active": False})
    assert [body["user_id"] for body in deletes(client)] == [JACK]


def test_a_deactivated_user_can_neither_consent_nor_be_chosen(client: Client) -> None:
    client.emulator.control(f"users/{JACK}", {"active": False})
    assert client.decide(JACK).status_code == 403
    page = client.emulator.http.get("/oauth/authorize", params=client.wish()).text
    assert "Jack Miller" not in page
    assert "Marta Kask" in page


def test_an_activated_user_installs_anew(client: Client) -> None:
    tokens = client.grant(JACK)
    for active in (False, True):
        client.emulator.control(f"users/{JACK}", {"active": active})
    assert is_dead(client, tokens)
    assert not is_dead(client, client.grant(JACK))


def test_the_same_person_in_another_company_is_another_installation(client: Client) -> None:
    here, there = client.grant(LINH), client.grant(LINH_SAIGON)
    client.emulator.control("uninstall", whose(LINH))
    deletes(client)
    assert is_dead(client, here)
    assert not is_dead(client, there)
    client.emulator.control("uninstall", whose(LINH_SAIGON, SAIGON))
    assert [(body["company_id"], body["user_id"]) for body in deletes(client)] == [
        (ACME, LINH),
        (SAIGON, LINH_SAIGON),
    ]


def test_deleting_the_app_uninstalls_it_for_all_and_for_good(client: Client) -> None:
    grants = [client.grant(user_id) for user_id in (MARTA, HUY)]
    access = grants[0]["access_token"]
    reply = client.emulator.http.delete(f"/_emulator/apps/{CLIENT_ID}")
    assert reply.json() == {"uninstalled": 2}
    headers = {"Authorization": f"Bearer {access}"}
    assert client.emulator.http.get("/v1/users/me", headers=headers).status_code == 401
    assert client.refresh(grants[1]["refresh_token"]).json()["error"] == "invalid_client"
    assert sorted(body["user_id"] for body in deletes(client)) == [MARTA, HUY]
    consent = client.emulator.http.get("/oauth/authorize", params=client.wish())
    message = "App cannot be installed for requested company"
    assert (consent.status_code, consent.json()) == (400, {"error": message})
    assert client.emulator.http.delete(f"/_emulator/apps/{CLIENT_ID}").status_code == 404


def test_a_deleted_app_can_be_registered_again(client: Client) -> None:
    client.emulator.http.delete(f"/_emulator/apps/{CLIENT_ID}")
    client.emulator.control("apps", client.app.registration())
    assert not is_dead(client, client.grant(MARTA))


def test_the_switch_keeps_the_apps_end_silent(client: Client) -> None:
    client.emulator.turn(delete_on_app_deletion="no")
    client.grant(MARTA)
    client.emulator.http.delete(f"/_emulator/apps/{CLIENT_ID}")
    assert deletes(client) == []


@pytest.mark.parametrize("order", ["after_token_death", "before_token_death"])
def test_tokens_die_before_the_callback_or_once_it_was_answered(client: Client, order: str) -> None:
    client.emulator.turn(delete_order=order, callback_retries="yes")
    client.app.status = 500
    tokens = client.grant(MARTA)
    client.emulator.control("uninstall", whose(MARTA))
    assert len(deletes(client)) == 1
    assert is_dead(client, tokens) == (order == "after_token_death")
    client.app.status = 200
    client.emulator.advance(4)
    assert is_dead(client, tokens)
    assert len(deletes(client)) == 2


def test_a_callback_that_nobody_takes_is_sent_once_unless_the_switch_says_so(client: Client) -> None:
    client.app.status = 503
    client.grant(MARTA)
    client.emulator.control("uninstall", whose(MARTA))
    client.emulator.advance(1000)
    assert len(deletes(client)) == 1


def test_retries_come_after_3_30_and_150_seconds_with_the_same_body(client: Client) -> None:
    client.emulator.turn(callback_retries="yes")
    client.app.status = 503
    client.grant(MARTA)
    client.emulator.control("uninstall", whose(MARTA))
    client.emulator.advance(0)
    for seconds, so_far in ((2, 1), (3, 2), (25, 2), (10, 3), (140, 3), (20, 4), (10_000, 4)):
        client.emulator.advance(seconds)
        assert len(client.app.arrivals) == so_far
    assert all(body == deletes(client)[0] for body in deletes(client))
    assert [entry["attempt"] for entry in client.emulator.ledger("uninstall_delivered")] == [1, 2, 3, 4]


def test_who_is_deactivated_by_whatever_means_cannot_refresh() -> None:
    emulator = build_emulator(Addresses("127.0.0.1", 1))
    jack = emulator.world.user(JACK)
    assert jack is not None
    app = AppBehind("http://127.0.0.1:9")
    emulator.apps.register(read_registration(app.registration(), emulator.apps, Path()))
    registered = emulator.apps.all()[0]
    code = emulator.oauth.issue_code(registered, jack, app.callback)
    tokens = emulator.oauth.exchange(registered, code, app.callback)
    emulator.world.add_user(replace(jack, active=False))
    with pytest.raises(TokenRefused, match="refresh_token is invalid"):
        emulator.oauth.refresh(registered, tokens["refresh_token"])


def test_revoking_answers_the_body_of_the_switch(client: Client) -> None:
    assert client.revoke("unknown").json() == {"success": True}
    client.emulator.turn(revoke_body="empty")
    reply = client.revoke("unknown")
    assert (reply.status_code, reply.content) == (200, b"")


def test_the_callback_carries_the_newest_secret(client: Client) -> None:
    rotated = "brand-new-secret-0123456789abcdef012345"
    client.grant(MARTA)
    client.emulator.control("apps", client.app.registration(client_secret=f"{rotated},{SECRETS[0]}"))
    client.emulator.control("uninstall", whose(MARTA))
    client.emulator.advance(0)
    sent = client.app.arrivals[-1].headers["authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent).decode() == f"{CLIENT_ID}:{rotated}"
