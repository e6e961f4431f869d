"""grant_type=exchange_api_token: from a user's API token to an installation, once. And how refusals sound."""

import pytest

from tests.emulator.app_behind import CLIENT_ID
from tests.emulator.client import ACME, JACK, MARTA, Client


def api_token(client: Client, user_id: int) -> str:
    users = client.emulator.control("world")["users"]
    return next(str(user["api_token"]) for user in users if user["id"] == user_id)


def test_an_api_token_becomes_an_installation_once(client: Client) -> None:
    token = api_token(client, MARTA)
    tokens = client.token(grant_type="exchange_api_token", api_token=token).json()
    assert set(tokens) == {
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "scope",
        "api_domain",
    }
    assert tokens["refresh_token"].startswith(f"{ACME}:{MARTA}:")
    assert client.refresh(tokens["refresh_token"]).status_code == 200
    (entry,) = client.emulator.ledger("installed")
    assert (entry["client_id"], entry["user_id"]) == (CLIENT_ID, MARTA)
    again = client.token(grant_type="exchange_api_token", api_token=token)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert again.json()["message"] == "Invalid grant: api_token is invalid"
    assert token not in client.emulator.http.get("/_emulator/ledger").text


def test_nobodys_token_and_a_deactivated_users_are_invalid(client: Client) -> None:
    token = api_token(client, JACK)
    client.emulator.control(f"users/{JACK}", {"active": False})
    for bad in ("0" * 40, token):
        refused = client.token(grant_type="exchange_api_token", api_token=bad)
        assert refused.json()["message"] == "Invalid grant: api_token is invalid"
    missing = client.token(grant_type="exchange_api_token")
    assert missing.json()["message"] == "Missing parameter: `api_token`"


def test_the_switch_takes_the_grant_type_away(client: Client) -> None:
    client.emulator.turn(exchange_api_token="no")
    refused = client.token(grant_type="exchange_api_token", api_token=api_token(client, MARTA))
    assert refused.json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"grant_type": "refresh_token", "refresh_token": "1:2:ab"},
            "Invalid grant: refresh token is invalid",
        ),
        (
            {"grant_type": "authorization_code", "code": "1", "redirect_uri": "http://a.example/"},
            "Invalid grant: authorization code is invalid",
        ),
        ({"grant_type": "refresh_token"}, "Missing parameter: `refresh_token`"),
    ],
)
def test_the_switch_spells_nouns_with_spaces_and_leaves_parameters_alone(
    client: Client, fields: dict[str, str], message: str
) -> None:
    client.emulator.turn(grant_wording="spaces")
    assert client.token(**fields).json()["message"] == message
