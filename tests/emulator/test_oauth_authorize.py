"""/oauth/authorize, the chooser and the consent page."""

import re

import pytest

from tests.emulator.client import ACME, HUY, LINH, LINH_SAIGON, MARTA, Client, sent_back


def test_somebody_who_is_not_signed_in_chooses_among_the_users_of_every_company(client: Client) -> None:
    page = client.emulator.http.get("/oauth/authorize", params=client.wish()).text
    assert page.index("Acme Trading") < page.index("Marta Kask") < page.index("Sao Sài Gòn")
    links = re.findall(r'href="(http://[^"]*login_as=\d+)"', page)
    port = client.emulator.url.rpartition(":")[2]
    assert links[0].startswith(f"http://acme.localhost:{port}/oauth/authorize/apps?")
    assert len(links) == 7


def test_choosing_a_user_signs_in_on_the_company_host_alone(client: Client) -> None:
    query = client.wish() | {"login_as": str(LINH)}
    reply = client.emulator.http.get(
        "/oauth/authorize/apps", params=query, headers=client.emulator.company_host("acme")
    )
    assert reply.status_code == 302
    assert "login_as" not in reply.headers["location"]
    cookie = reply.headers["set-cookie"].lower()
    assert f"={LINH};" in cookie
    assert "domain" not in cookie
    assert "httponly" in cookie


def test_a_user_of_another_company_is_not_signed_in_here(client: Client) -> None:
    query = client.wish() | {"login_as": str(HUY)}
    reply = client.emulator.http.get(
        "/oauth/authorize/apps", params=query, headers=client.emulator.company_host("acme")
    )
    assert "set-cookie" not in reply.headers
    assert reply.headers["location"].startswith(f"{client.emulator.url}/oauth/authorize?")


def test_a_signed_in_user_goes_straight_to_consent(client: Client) -> None:
    reply = client.emulator.http.get(
        "/oauth/authorize", params=client.wish(), headers=client.browser_headers(MARTA)
    )
    assert reply.headers["location"].startswith("/oauth/authorize/apps?")


def test_consent_names_app_company_user_and_reasons(client: Client) -> None:
    page = client.emulator.http.get(
        "/oauth/authorize/apps", params=client.wish(), headers=client.browser_headers(LINH_SAIGON)
    ).text
    for text in (
        "Testing app",
        "Sao Sài Gòn",
        "Nguyễn Thùy Linh",
        "Change deals.",
        "Allow and install",
        "Cancel",
    ):
        assert text in page


def test_allowing_sends_code_and_state_to_the_callback(client: Client) -> None:
    reply = client.decide(MARTA)
    assert reply.headers["location"].startswith(client.app.callback + "?")
    back = sent_back(reply)
    assert re.fullmatch(rf"{ACME}\.{MARTA}\.[0-9a-f]{{42}}", back["code"])
    assert back["state"] == "s-1"


def test_no_state_comes_back_when_none_was_sent(client: Client) -> None:
    assert set(sent_back(client.decide(MARTA, state=None))) == {"code"}


def test_an_empty_state_comes_back_empty(client: Client) -> None:
    assert client.decide(MARTA, state="").headers["location"].endswith("&state=")


def test_cancel_tells_the_app_that_the_user_denied(client: Client) -> None:
    assert sent_back(client.decide(MARTA, "cancel")) == {"error": "user_denied", "state": "s-1"}
    client.emulator.turn(deny_error="access_denied")
    assert sent_back(client.decide(MARTA, "cancel"))["error"] == "access_denied"


@pytest.mark.parametrize("suffix", ["/", "?a=1", "#x", "x"])
def test_another_redirect_uri_is_shown_to_the_user_and_not_followed(client: Client, suffix: str) -> None:
    query = client.wish(redirect_uri=client.app.callback + suffix)
    reply = client.emulator.http.get("/oauth/authorize", params=query)
    assert (reply.status_code, reply.json()) == (400, {"error": "Invalid redirect URL"})
    assert client.decide(MARTA, redirect_uri=client.app.callback + suffix).status_code == 400


def test_an_unknown_app_is_not_found(client: Client) -> None:
    reply = client.emulator.http.get("/oauth/authorize", params=client.wish(client_id="nobody"))
    assert reply.json() == {"error": "App not found"}


def test_a_decision_from_another_site_does_not_count(client: Client) -> None:
    headers = client.browser_headers(MARTA) | {"Sec-Fetch-Site": "cross-site"}
    reply = client.emulator.http.post(
        "/oauth/authorize/apps", data=client.wish() | {"decision": "allow"}, headers=headers
    )
    assert reply.status_code == 403
    assert client.emulator.ledger("code_issued") == []
