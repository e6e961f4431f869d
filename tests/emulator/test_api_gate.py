"""Who gets in: credentials, scopes, routing, the shapes of refusals, the limits in headers."""

import pytest

from pipedrive_emulator.signing import fingerprint
from tests.emulator.client import ACME, MARTA, ApiAs, Client

GATEWAY_401 = {
    "success": False,
    "error": "unauthorized access",
    "errorCode": 401,
    "error_info": "Please check developers.pipedrive.com",
}


@pytest.mark.parametrize(
    "path", ["/v1/users/me", "/api/v1/users/me", "/api/v2/deals", "/api/v2/nothing", "/v1/x/y/z"]
)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nope"}, {"x-api-token": "nope"}])
def test_bad_credentials_get_the_gateways_401_on_every_path(
    client: Client, path: str, headers: dict[str, str]
) -> None:
    reply = client.emulator.http.get(path, headers=headers)
    assert (reply.status_code, reply.json()) == (401, GATEWAY_401)
    assert reply.headers["x-401-by-gw"] == "true"
    assert len(reply.headers["x-correlation-id"]) == 36


@pytest.mark.parametrize("value", ["Bearer", "Bearer a b", "Basic abc", "token"])
def test_a_malformed_authorization_header_is_400(client: Client, value: str) -> None:
    reply = client.emulator.http.get("/api/v2/deals", headers={"Authorization": value})
    assert reply.status_code == 400
    assert reply.json()["error"] == "Invalid request: malformed authorization header"


def test_a_missing_scope_is_403(marta: ApiAs) -> None:
    body = marta.refused("GET", "/v1/users", 403)
    assert (body["error"], body["errorCode"]) == ("Scope and URL mismatch", 403)
    assert marta.refused("POST", "/api/v2/pipelines", 403, json={"name": "x"})["errorCode"] == 403
    assert marta.get("/v1/users/me")["id"] == MARTA


def test_unknown_paths_wrong_methods_and_broken_bodies_differ(marta: ApiAs) -> None:
    marta.refused("GET", "/api/v2/nothing", 404)
    marta.refused("PUT", "/api/v2/deals", 405)
    marta.refused("PATCH", "/api/v2/deals/1", 400, content=b"{")


def test_an_api_token_works_without_scopes_and_goes_before_a_bearer(client: Client, marta: ApiAs) -> None:
    users = {user["id"]: user for user in client.emulator.control("world")["users"]}
    headers = {"x-api-token": users[19100377]["api_token"], "Authorization": f"Bearer {marta.access_token}"}
    assert client.emulator.http.get("/v1/users/me", headers=headers).json()["data"]["id"] == 19100377
    assert client.emulator.http.get("/v1/users", headers=headers).status_code == 200


def test_admin_scope_does_not_make_an_admin(client: Client) -> None:
    tokens = {user["id"]: user["api_token"] for user in client.emulator.control("world")["users"]}
    http = client.emulator.http
    refused = http.post("/api/v2/pipelines", json={"name": "Mine"}, headers={"x-api-token": tokens[19100377]})
    assert (refused.status_code, refused.json()["error"]) == (403, "You do not have permissions to do this.")
    made = http.post("/api/v2/pipelines", json={"name": "Mine"}, headers={"x-api-token": tokens[MARTA]})
    assert made.json()["data"]["order_nr"] == 3


def test_answers_count_the_companys_tokens(marta: ApiAs) -> None:
    first = marta.request("GET", "/api/v2/deals").headers
    second = marta.request("GET", "/api/v2/deals/1").headers
    third = marta.request("GET", "/api/v2/persons").headers
    left = [int(headers["x-daily-ratelimit-token-remaining"]) for headers in (first, second, third)]
    assert (left[0] - left[1], left[1] - left[2]) == (1, 10)
    assert int(first["x-daily-ratelimit-token-limit"]) == 30_000 * 5 * 5
    assert int(first["x-ratelimit-limit"]) - int(second["x-ratelimit-remaining"]) >= 2
    assert first["x-ratelimit-reset"] == "2"


def test_the_ledger_tells_whose_token_made_which_call(client: Client, marta: ApiAs) -> None:
    marta.request("GET", "/api/v2/deals", params={"owner_id": MARTA, "limit": 1})
    (call,) = client.emulator.ledger("api_call")
    assert (call["method"], call["path"], call["status"], call["cost"]) == ("GET", "/api/v2/deals", 200, 10)
    assert call["query"] == ["limit", "owner_id"]
    assert (call["company_id"], call["user_id"]) == (ACME, MARTA)
    issued = client.emulator.ledger("token_issued")[-1]
    assert call["token"] == issued["access_token"]
    assert call["started_at"] <= call["ended_at"] <= call["at"] + 1


def test_the_ledger_names_the_token_of_a_refused_call_too(client: Client) -> None:
    for headers in ({"Authorization": "Bearer v1u:of-nobody"}, {}):
        assert client.emulator.http.get("/api/v1/users/me", headers=headers).status_code == 401
    dead, none = client.emulator.ledger("api_call")
    assert (dead["token"], dead["company_id"]) == (fingerprint("v1u:of-nobody"), None)
    assert none["token"] is None
