"""A reply of the token endpoint: what can be used of it is used, and nothing else gets through."""

from typing import Any

import httpx2
import pytest
from authlib.integrations.base_client import OAuthError

from marketplace_app.errors import UnexpectedPayload
from marketplace_app.pipedrive.authorization import AuthorizationServer, read_grant

GOOD: dict[str, Any] = {
    "access_token": "v1u:AQI+/=:b",
    "token_type": "Bearer",
    "expires_in": 3599,
    "refresh_token": "1:11:abc",
    "scope": "base,deals:full",
    "api_domain": "https://acme.pipedrive.com",
}


def test_a_documented_reply() -> None:
    grant = read_grant(GOOD)
    assert (grant.access_token, grant.refresh_token) == ("v1u:AQI+/=:b", "1:11:abc")
    assert grant.lifetime_seconds == 3599
    assert grant.scopes == ("base", "deals:full")
    assert grant.api_domain == "https://acme.pipedrive.com"


@pytest.mark.parametrize(
    "token", [None, "", 1, True, ["x"], {"a": 1}, "a\nb", "a\r\nX: y", "a\0", "tökén", "x" * 8193, "\u200b"]
)
def test_without_a_usable_access_token_there_is_no_grant(token: object) -> None:
    for reply in (GOOD | {"access_token": token}, {"refresh_token": "1:11:abc"}, {}):
        with pytest.raises(UnexpectedPayload) as caught:
            read_grant(reply)
        assert "1:11" not in str(caught.value)


@pytest.mark.parametrize("lifetime", [None, 0, -1, 59, 86_401, 10**12, "3599", 3599.0, True, [], {}])
def test_an_odd_lifetime_only_means_to_renew_soon(lifetime: object) -> None:
    grant = read_grant(GOOD | {"expires_in": lifetime})
    assert grant.lifetime_seconds == 60
    assert grant.access_token == GOOD["access_token"]


def test_what_is_odd_about_a_reply_is_named() -> None:
    assert read_grant(GOOD).odd == ()
    reply = GOOD | {"expires_in": "soon", "refresh_token": None, "api_domain": ""}
    assert read_grant(reply).odd == ("expires_in", "refresh_token", "api_domain")


@pytest.mark.parametrize("lifetime", ["soon", None, [], 1e9, -1])
def test_a_reply_is_read_as_it_stands_and_not_remembered(lifetime: object) -> None:
    """Authlib would raise for a lifetime that is no number."""
    client = server()._clients[0]
    reply = GOOD | {"expires_in": lifetime}
    assert client.parse_response_token(answer(200, reply)) == reply
    assert client.token is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, {"error": "invalid_grant"}, OAuthError),
        (200, {"error": "invalid_grant"}, OAuthError),
        (500, {"error": "invalid_grant"}, httpx2.HTTPStatusError),
        (400, GOOD, httpx2.HTTPStatusError),
        (302, GOOD, httpx2.HTTPStatusError),
        (200, [GOOD], UnexpectedPayload),
        (200, None, UnexpectedPayload),
    ],
)
def test_only_a_200_with_an_object_can_be_a_grant(status: int, body: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        server()._clients[0].parse_response_token(answer(status, body))


def server() -> AuthorizationServer:
    return AuthorizationServer("https://oauth.pipedrive.com", "id", ["secret"], "https://app.example")


def answer(status: int, body: object) -> httpx2.Response:
    return httpx2.Response(status, json=body, request=httpx2.Request("POST", "https://oauth.pipedrive.com"))


@pytest.mark.parametrize("lifetime", [60, 3599, 3600, 86_400])
def test_an_ordinary_lifetime_is_believed(lifetime: int) -> None:
    assert read_grant(GOOD | {"expires_in": lifetime}).lifetime_seconds == lifetime


@pytest.mark.parametrize("token", [None, "", 5, "a\nb", "x" * 8193])
def test_a_missing_refresh_token_leaves_the_access_token_usable(token: object) -> None:
    grant = read_grant(GOOD | {"refresh_token": token})
    assert grant.refresh_token == ""
    assert grant.access_token


@pytest.mark.parametrize(
    ("scope", "scopes"),
    [
        ("base", ("base",)),
        ("deals:full base", ("deals:full", "base")),
        ("a, b", ("a", "b")),
        ("", ()),
        (None, ()),
        (["a"], ()),
        (1, ()),
    ],
)
def test_scopes_come_with_commas_or_spaces(scope: object, scopes: tuple[str, ...]) -> None:
    assert read_grant(GOOD | {"scope": scope}).scopes == scopes


@pytest.mark.parametrize("domain", [None, 1, ["https://acme.pipedrive.com"], {}])
def test_an_api_domain_that_is_no_text_is_none(domain: object) -> None:
    assert read_grant(GOOD | {"api_domain": domain}).api_domain == ""


def test_the_api_domain_ends_without_a_slash() -> None:
    assert read_grant(GOOD | {"api_domain": "https://acme.pipedrive.com/"}).api_domain == GOOD["api_domain"]


def test_a_grant_shows_no_token() -> None:
    shown = repr(read_grant(GOOD))
    assert GOOD["access_token"] not in shown
    assert GOOD["refresh_token"] not in shown


@pytest.mark.anyio
async def test_the_authorize_url_has_three_parameters() -> None:
    server = AuthorizationServer(
        "https://oauth.pipedrive.com", "id&x", "secret", "https://app.example.com/oauth/callback"
    )
    url = server.authorize_url("st&te=1 ü")
    assert url == (
        "https://oauth.pipedrive.com/oauth/authorize?client_id=id%26x"
        "&redirect_uri=https%3A%2F%2Fapp.example.com%2Foauth%2Fcallback&state=st%26te%3D1+%C3%BC"
    )
    await server.close()
