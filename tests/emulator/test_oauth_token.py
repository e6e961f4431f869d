"""/oauth/token and /oauth/revoke: the matrix of right and wrong, the shapes, the switches."""

import re
from typing import Any

import pytest

from tests.emulator.app_behind import CLIENT_ID, SECRETS
from tests.emulator.client import ACME, HUY, MARTA, Client

WRONG = (CLIENT_ID, "wrong")


def me(client: Client, access_token: str) -> int:
    headers = {"Authorization": f"Bearer {access_token}"}
    return client.emulator.http.get("/v1/users/me", headers=headers).status_code


def test_a_code_becomes_six_fields(client: Client) -> None:
    tokens = client.grant(MARTA)
    assert list(tokens) == [
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "scope",
        "api_domain",
    ]
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 3599)
    assert tokens["scope"] == "base,deals:full,contacts:full,activities:full"
    assert tokens["api_domain"] == client.emulator.url


def test_tokens_have_the_looks_of_pipedrives(client: Client) -> None:
    tokens = client.grant(MARTA)
    access = tokens["access_token"]
    assert len(access) >= 513
    assert re.fullmatch(r"v1u:AQIBAH[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+", access)
    assert {"+", "/", "="} <= set(access)
    assert re.fullmatch(rf"{ACME}:{MARTA}:[0-9a-f]{{40}}", tokens["refresh_token"])


def test_success_is_not_stored_by_caches(client: Client) -> None:
    reply = client.exchange(client.code(MARTA))
    assert (reply.headers["cache-control"], reply.headers["pragma"]) == ("no-store", "no-cache")


def test_credentials_may_stand_in_the_body_and_extra_fields_do_no_harm(client: Client) -> None:
    body = {"client_id": CLIENT_ID, "client_secret": SECRETS[0], "redirect_uri": client.app.callback}
    grant = {"grant_type": "authorization_code", "code": client.code(MARTA), "colour": "blue"}
    tokens = client.token(None, **body, **grant).json()
    again = client.token(None, **body, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert again.status_code == 200


def test_either_secret_of_a_rotation_counts(client: Client) -> None:
    for secret in SECRETS:
        grant = {"grant_type": "authorization_code", "code": client.code(MARTA)}
        reply = client.token((CLIENT_ID, secret), **grant, redirect_uri=client.app.callback)
        assert reply.status_code == 200


def test_the_path_may_end_in_a_slash(client: Client) -> None:
    fields = {
        "grant_type": "authorization_code",
        "code": client.code(MARTA),
        "redirect_uri": client.app.callback,
    }
    reply = client.emulator.http.post("/oauth/token/", data=fields, auth=(CLIENT_ID, SECRETS[0]))
    assert reply.status_code == 200


def test_a_code_works_once(client: Client) -> None:
    code = client.code(MARTA)
    assert client.exchange(code).status_code == 200
    refused = client.exchange(code)
    assert refused.status_code == 400
    assert refused.json() == {
        "success": False,
        "message": "Invalid grant: authorization_code is invalid",
        "error": "invalid_grant",
    }


def test_a_code_lives_five_minutes(client: Client) -> None:
    in_time, too_late = client.code(MARTA), client.code(HUY)
    client.emulator.advance(295)
    assert client.exchange(in_time).status_code == 200
    client.emulator.advance(10)
    assert client.exchange(too_late).json()["message"] == "Invalid grant: authorization_code has expired"


REFUSALS: list[tuple[dict[str, str], str, str]] = [
    ({"colour": "blue"}, "invalid_request", "Missing parameter: `grant_type`"),
    ({"grant_type": "password"}, "unsupported_grant_type", "Unsupported grant type: `grant_type` is invalid"),
    ({"grant_type": "authorization_code"}, "invalid_request", "Missing parameter: `code`"),
    (
        {"grant_type": "authorization_code", "code": "1.2.ab"},
        "invalid_request",
        "Invalid request: `redirect_uri` is not a valid URI",
    ),
    (
        {"grant_type": "authorization_code", "code": "1.2.ab", "redirect_uri": "http://a.example/"},
        "invalid_grant",
        "Invalid grant: authorization_code is invalid",
    ),
    ({"grant_type": "refresh_token"}, "invalid_request", "Missing parameter: `refresh_token`"),
    (
        {"grant_type": "refresh_token", "refresh_token": "1:2:ab"},
        "invalid_grant",
        "Invalid grant: refresh_token is invalid",
    ),
]


@pytest.mark.parametrize(("fields", "error", "message"), REFUSALS)
def test_what_is_wrong_with_a_grant_is_said(
    client: Client, fields: dict[str, str], error: str, message: str
) -> None:
    reply = client.token(**fields)
    assert reply.status_code == 400
    assert reply.json() == {"success": False, "message": message, "error": error}


def test_a_code_sent_with_another_address_is_refused_and_not_used_up(client: Client) -> None:
    code = client.code(MARTA)
    refused = client.exchange(code, redirect_uri="http://elsewhere.example/oauth/callback")
    assert refused.json()["message"] == "Invalid request: `redirect_uri` is invalid"
    assert client.exchange(code).status_code == 200


def test_another_apps_code_and_refresh_token_are_invalid(client: Client) -> None:
    other = client.app.registration(client_id="other", client_secret="other-secret-0123456789")
    client.emulator.control("apps", other | {"manifest": other["manifest"] | {"name": "Other"}})
    code, tokens = client.code(MARTA), client.grant(HUY)
    auth = ("other", "other-secret-0123456789")
    grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.app.callback}
    assert client.token(auth, **grant).json()["error"] == "invalid_grant"
    stolen = client.token(auth, grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert stolen.json()["error"] == "invalid_grant"


def test_wrong_clients_get_401_for_basic_and_400_for_body(client: Client) -> None:
    refused = client.token(WRONG, grant_type="refresh_token", refresh_token="x")
    assert (refused.status_code, refused.json()["message"]) == (401, "Invalid client: client is invalid")
    assert refused.headers["www-authenticate"] == 'Basic realm="Service"'
    in_body = client.token(None, client_id=CLIENT_ID, client_secret="wrong", grant_type="refresh_token")
    assert (in_body.status_code, in_body.json()["error"]) == (400, "invalid_client")
    missing = client.token(None, client_id=CLIENT_ID, grant_type="refresh_token")
    assert missing.json()["message"] == "Invalid client: cannot retrieve client credentials"


def test_the_switch_makes_every_wrong_client_400(client: Client) -> None:
    client.emulator.turn(invalid_client="always_400")
    assert client.token(WRONG, grant_type="refresh_token").status_code == 400


def test_the_switch_makes_errors_rfc_6749s(client: Client) -> None:
    client.emulator.turn(error_envelope="rfc")
    assert client.refresh("1:2:ab").json() == {
        "error": "invalid_grant",
        "error_description": "Invalid grant: refresh_token is invalid",
    }


def test_checks_come_in_the_order_method_type_client_grant(client: Client) -> None:
    http = client.emulator.http
    assert http.get("/oauth/token").json()["message"] == "Invalid request: method must be POST"
    as_json = http.post("/oauth/token", json={"grant_type": "refresh_token"}, auth=WRONG)
    message = "Invalid request: content must be application/x-www-form-urlencoded"
    assert (as_json.status_code, as_json.json()["message"]) == (400, message)
    assert client.token(WRONG, grant_type="nonsense").json()["error"] == "invalid_client"


def test_refreshing_answers_the_same_refresh_token_and_a_new_access_token(client: Client) -> None:
    tokens = client.grant(MARTA)
    renewed = client.refresh(tokens["refresh_token"]).json()
    assert renewed["refresh_token"] == tokens["refresh_token"]
    assert renewed["access_token"] != tokens["access_token"]
    assert renewed["api_domain"] == client.emulator.url
    assert me(client, tokens["access_token"]) == me(client, renewed["access_token"]) == 200


def test_an_access_token_lives_an_hour(client: Client) -> None:
    tokens = client.grant(MARTA)
    client.emulator.advance(3590)
    assert me(client, tokens["access_token"]) == 200
    client.emulator.advance(15)
    assert me(client, tokens["access_token"]) == 401


def test_a_refresh_token_dies_sixty_days_after_its_last_use(client: Client) -> None:
    refresh_token = client.grant(MARTA)["refresh_token"]
    for _ in range(2):
        client.emulator.advance(59 * 86_400)
        assert client.refresh(refresh_token).status_code == 200
    client.emulator.advance(60 * 86_400 + 1)
    assert client.refresh(refresh_token).json()["error"] == "invalid_grant"


def test_rotate_leaves_the_old_token_alive(client: Client) -> None:
    client.emulator.turn(refresh_rotation="rotate")
    first = client.grant(MARTA)["refresh_token"]
    second = client.refresh(first).json()["refresh_token"]
    assert second != first
    assert client.refresh(first).status_code == client.refresh(second).status_code == 200


def test_single_use_kills_the_old_token_at_once(client: Client) -> None:
    client.emulator.turn(refresh_rotation="single_use")
    first = client.grant(MARTA)["refresh_token"]
    second = client.refresh(first).json()["refresh_token"]
    assert client.refresh(first).json()["error"] == "invalid_grant"
    assert client.refresh(second).status_code == 200


def test_grace_lets_the_old_token_be_used_for_a_minute(client: Client) -> None:
    client.emulator.turn(refresh_rotation="single_use_grace")
    first = client.grant(MARTA)["refresh_token"]
    client.refresh(first)
    client.emulator.advance(50)
    assert client.refresh(first).status_code == 200
    client.emulator.advance(20)
    assert client.refresh(first).json()["error"] == "invalid_grant"


def test_the_switch_revokes_old_access_tokens_on_refresh(client: Client) -> None:
    client.emulator.turn(old_access_after_refresh="revoked")
    tokens = client.grant(MARTA)
    client.refresh(tokens["refresh_token"])
    assert me(client, tokens["access_token"]) == 401


def test_installing_again_replaces_the_grant_unless_the_switch_keeps_it(client: Client) -> None:
    first, _ = client.grant(MARTA), client.grant(MARTA)
    assert client.refresh(first["refresh_token"]).status_code == 400
    client.emulator.turn(old_grant_on_reauthorise="kept")
    second, _ = client.grant(MARTA), client.grant(MARTA)
    assert client.refresh(second["refresh_token"]).status_code == 200


def test_unknown_keys_appear_in_answers_when_the_switch_says_so(client: Client) -> None:
    client.emulator.turn(token_extra_keys="yes")
    assert len(client.grant(MARTA)) > 6


def test_revoking_an_access_token_leaves_the_installation(client: Client) -> None:
    tokens = client.grant(MARTA)
    assert client.revoke(tokens["access_token"]).status_code == 200
    assert me(client, tokens["access_token"]) == 401
    assert client.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    "hint", [{}, {"token_type_hint": "refresh_token"}, {"token_type_hint": "access_token"}]
)
def test_revoking_the_refresh_token_uninstalls_whatever_the_hint(
    client: Client, hint: dict[str, Any]
) -> None:
    tokens = client.grant(MARTA)
    assert client.revoke(tokens["refresh_token"], **hint).status_code == 200
    assert me(client, tokens["access_token"]) == 401
    assert client.refresh(tokens["refresh_token"]).status_code == 400
    assert [entry["user_id"] for entry in client.emulator.ledger("uninstalled")][-1] == MARTA


def test_revoking_says_200_for_unknown_tokens_and_no_to_strangers(client: Client) -> None:
    assert client.revoke("never-heard-of").status_code == 200
    reply = client.emulator.http.post("/oauth/revoke", data={"token": "x"}, auth=WRONG)
    assert reply.status_code == 401


def test_no_ledger_entry_holds_a_token(client: Client) -> None:
    tokens, code = client.grant(MARTA), client.code(HUY)
    renewed = client.refresh(tokens["refresh_token"]).json()
    me(client, tokens["access_token"])
    client.refresh("1:2:not-a-token")
    client.revoke(renewed["access_token"])
    text = client.emulator.http.get("/_emulator/ledger").text
    for secret in (*tokens.values(), renewed["access_token"], code, "not-a-token", *SECRETS):
        if isinstance(secret, str) and len(secret) > 40:
            assert secret not in text
