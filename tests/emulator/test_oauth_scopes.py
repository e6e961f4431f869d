"""Scopes come from the registration alone: what is added waits for consent, what is taken away falls off."""

from typing import Any

import pytest

from tests.emulator.app_behind import MANIFEST
from tests.emulator.client import MARTA, Client

FIRST = "base,deals:full,contacts:full,activities:full"


def register(client: Client, *scopes: str) -> None:
    rows = [{"name": name, "reason": "For the test."} for name in scopes]
    client.emulator.control("apps", client.app.registration(manifest=MANIFEST | {"scopes": rows}))


def may_read_leads(client: Client, tokens: dict[str, Any]) -> int:
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    status: int = client.emulator.http.get("/v1/leadLabels", headers=headers).status_code
    return status


def test_added_scopes_come_with_the_users_next_consent(client: Client) -> None:
    tokens = client.grant(MARTA)
    register(client, *FIRST.split(","), "leads:read")
    assert may_read_leads(client, tokens) == 401
    renewed = client.refresh(tokens["refresh_token"]).json()
    assert renewed["scope"] == tokens["scope"] == FIRST
    assert may_read_leads(client, renewed) == 403
    again = client.grant(MARTA)
    assert again["scope"] == f"{FIRST},leads:read"
    assert may_read_leads(client, again) not in (401, 403)
    assert client.emulator.ledger("scopes_added")[0]["scopes"] == ["leads:read"]


def test_the_switch_lets_old_access_tokens_live_when_scopes_are_added(client: Client) -> None:
    client.emulator.turn(access_after_scopes_added="valid")
    tokens = client.grant(MARTA)
    register(client, *FIRST.split(","), "leads:read")
    assert may_read_leads(client, tokens) == 403


def test_scopes_taken_away_fall_off_with_the_next_refresh(client: Client) -> None:
    tokens = client.grant(MARTA)
    register(client, "base", "deals:full")
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert client.emulator.http.get("/api/v2/persons", headers=headers).status_code == 200
    renewed = client.refresh(tokens["refresh_token"]).json()
    assert renewed["scope"] == "base,deals:full"
    headers = {"Authorization": f"Bearer {renewed['access_token']}"}
    assert client.emulator.http.get("/api/v2/persons", headers=headers).status_code == 403


def test_registering_the_same_scopes_again_disturbs_nobody(client: Client) -> None:
    tokens = client.grant(MARTA)
    client.emulator.control("apps", client.app.registration())
    assert may_read_leads(client, tokens) == 403


def test_the_marketplace_asks_for_consent_anew(client: Client) -> None:
    client.grant(MARTA)
    headers = client.browser_headers(MARTA)
    assert "Needs re-authorization" not in client.emulator.http.get("/marketplace", headers=headers).text
    register(client, *FIRST.split(","), "leads:read")
    assert "Needs re-authorization" in client.emulator.http.get("/marketplace", headers=headers).text
    client.grant(MARTA)
    assert "Needs re-authorization" not in client.emulator.http.get("/marketplace", headers=headers).text


def test_sixty_idle_days_ask_for_consent_anew(client: Client) -> None:
    client.grant(MARTA)
    client.emulator.advance(61 * 86_400)
    page = client.emulator.http.get("/marketplace", headers=client.browser_headers(MARTA)).text
    assert "Needs re-authorization" in page


@pytest.mark.parametrize(
    "extra",
    [
        {"response_type": "code"},
        {"scope": "admin deals:full"},
        {"code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256"},
        {"scope": ""},
    ],
)
def test_what_the_authorize_url_adds_is_ignored(client: Client, extra: dict[str, str]) -> None:
    query = client.wish() | extra
    headers = client.browser_headers(MARTA)
    reply = client.emulator.http.get("/oauth/authorize/apps", params=query, headers=headers)
    assert (reply.status_code, "Allow and install" in reply.text) == (200, True)
    code = client.code(MARTA)
    assert client.exchange(code, code_verifier="whatever").json()["scope"] == FIRST


def test_the_switch_refuses_an_empty_scope(client: Client) -> None:
    client.emulator.turn(empty_scope="refused")
    for path in ("/oauth/authorize", "/oauth/authorize/apps"):
        assert client.emulator.http.get(path, params=client.wish(scope="")).status_code == 400
    assert client.emulator.http.get("/oauth/authorize", params=client.wish(scope="x")).status_code == 200
