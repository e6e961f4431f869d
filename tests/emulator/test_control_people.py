"""Companies and users that change under an app's feet."""

from typing import Any

import pytest

from tests.emulator.client import ACME, HUY, JACK, LINH, LINH_SAIGON, MARTA, SAIGON, ApiAs, Client


def test_a_new_domain_is_in_later_answers_and_tokens_live_on(client: Client) -> None:
    client.emulator.turn(api_domain="company_host")
    tokens = client.grant(MARTA)
    port = client.emulator.url.rpartition(":")[2]
    assert tokens["api_domain"] == f"http://acme.localhost:{port}"
    changed = client.emulator.control(f"companies/{ACME}", {"domain": "acme-group"})
    assert (changed["id"], changed["domain"]) == (ACME, "acme-group")
    marta = ApiAs(client.emulator, tokens["access_token"])
    assert marta.get("/v1/users/me")["company_domain"] == "acme-group"
    renewed = client.refresh(tokens["refresh_token"]).json()
    assert renewed["api_domain"] == f"http://acme-group.localhost:{port}"
    assert marta.get("/api/v2/deals/1")["id"] == 1
    here = client.emulator.company_host("acme-group")
    assert "Acme Trading" in client.emulator.http.get("/login", headers=here).text
    assert client.emulator.http.get("/login", headers=client.emulator.company_host("acme")).status_code == 303


def test_by_default_api_domain_is_the_address_that_every_machine_finds(client: Client) -> None:
    tokens = client.grant(MARTA)
    client.emulator.control(f"companies/{ACME}", {"domain": "acme-group"})
    assert client.refresh(tokens["refresh_token"]).json()["api_domain"] == client.emulator.url


def test_the_api_answers_on_the_company_host_too(client: Client) -> None:
    headers = client.emulator.company_host("acme")
    headers["Authorization"] = f"Bearer {client.grant(MARTA)['access_token']}"
    assert client.emulator.http.get("/api/v2/deals/1", headers=headers).status_code == 200


def test_a_closed_company_gets_402_until_it_is_open_again(client: Client, marta: ApiAs) -> None:
    huy = client.as_user(HUY)
    client.emulator.control(f"companies/{ACME}", {"is_open": False})
    body = marta.refused("GET", "/api/v2/deals/1", 402)
    assert (body["success"], body["error"]) == (False, "Company account is not open")
    marta.refused("GET", "/v1/users/me", 402)
    huy.get("/api/v2/deals/1")
    assert client.exchange(client.code(LINH)).status_code == 200
    client.emulator.control(f"companies/{ACME}", {"is_open": True})
    marta.get("/api/v2/deals/1")


def test_what_changes_of_a_user_is_seen_by_the_app(client: Client, marta: ApiAs) -> None:
    change = {"name": "Márta Kask-Nagy", "email": "nagy@acme.example", "is_admin": False}
    answer = client.emulator.control(f"users/{MARTA}", change)
    assert {key: answer[key] for key in change} == change
    me = marta.get("/v1/users/me")
    assert (me["name"], me["email"]) == ("Márta Kask-Nagy", "nagy@acme.example")
    (entry,) = client.emulator.ledger("user_changed")
    assert (entry["user_id"], entry["changes"]) == (MARTA, ["email", "is_admin", "name"])


def test_changes_are_undone_by_a_reset(client: Client) -> None:
    before = client.emulator.control("world")
    client.emulator.control(f"users/{JACK}", {"active": False})
    client.emulator.control(f"companies/{ACME}", {"domain": "elsewhere", "seats": 9})
    assert client.emulator.control("world") != before
    client.emulator.control("reset", {})
    assert client.emulator.control("world")["companies"] == before["companies"]
    assert client.emulator.control("world")["users"] == before["users"]


BAD: list[tuple[str, dict[str, Any], int, str]] = [
    (f"companies/{ACME}", {"domain": "saigon-star"}, 400, "Sao Sài Gòn has the domain saigon-star already"),
    (f"companies/{ACME}", {"domain": "Acme Group"}, 400, "domain is lower-case letters"),
    (f"companies/{ACME}", {"domain": ""}, 400, "domain is lower-case letters"),
    (f"companies/{ACME}", {"is_open": "no"}, 400, "is_open is true or false"),
    (f"companies/{ACME}", {"plan": "Golden"}, 400, "plan is Lite or"),
    (f"companies/{ACME}", {"seats": 0}, 400, "seats is a whole number"),
    (f"companies/{ACME}", {"id": 5}, 400, "'id' cannot be changed here"),
    ("companies/1", {"domain": "x"}, 404, "no such company"),
    ("companies/acme", {"domain": "x"}, 404, "no such company"),
    (f"users/{MARTA}", {"active": 0}, 400, "active is true or false"),
    (f"users/{MARTA}", {"time_zone": "Mars/Olympus"}, 400, "time_zone is a time zone"),
    (f"users/{MARTA}", {"time_zone": "../../etc/passwd"}, 400, "time_zone is a time zone"),
    (f"users/{MARTA}", {"name": ""}, 400, "name is a text"),
    (f"users/{MARTA}", {"company_id": SAIGON}, 400, "'company_id' cannot be changed here"),
    ("users/1", {"active": False}, 404, "no such user"),
]


@pytest.mark.parametrize(("what", "body", "status", "sentence"), BAD)
def test_what_cannot_be_changed_is_explained(
    client: Client, what: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    before = client.emulator.control("world")
    refused = client.emulator.ask(what, body)
    assert (refused.status_code, sentence in refused.json()["error"]) == (status, True), refused.text
    assert client.emulator.control("world") == before


def test_consent_offers_the_persons_other_company(client: Client) -> None:
    consent = "/oauth/authorize/apps"
    page = client.emulator.http.get(consent, params=client.wish(), headers=client.browser_headers(LINH)).text
    assert "Switch to Sao Sài Gòn" in page
    assert f"login_as={LINH_SAIGON}" in page
    assert "http://saigon-star.localhost" in page
    other = client.emulator.http.get(consent, params=client.wish(), headers=client.browser_headers(MARTA))
    assert "Switch to" not in other.text


@pytest.mark.parametrize(
    ("door", "starts"), [("marketplace", 1), ("share", 1), ("test", 0), ("reauthorize", 0)]
)
def test_each_door_starts_where_pipedrives_does(client: Client, door: str, starts: int) -> None:
    client.emulator.control("apps", client.app.registration(use_installation_url=True))
    client.app.authorize_url = f"{client.emulator.url}/oauth/authorize?client_id={client.wish()['client_id']}"
    client.app.authorize_url += f"&redirect_uri={client.app.callback}&state=own"
    order = {"client_id": client.wish()["client_id"], "company_id": ACME, "user_id": MARTA, "door": door}
    client.emulator.control("install", order)
    assert [one.path for one in client.app.arrivals].count("/oauth/install") == starts
    assert ("state" in client.app.arrivals[-1].query) == bool(starts)
    client.emulator.turn(installation_url_for="every_entry")
    client.emulator.control("install", order)
    assert client.app.arrivals[-1].query["state"] == "own"


def test_a_door_that_does_not_exist_is_named(client: Client) -> None:
    order = {"client_id": client.wish()["client_id"], "company_id": ACME, "user_id": MARTA, "door": "roof"}
    refused = client.emulator.ask("install", order)
    assert (refused.status_code, "marketplace, share, test, reauthorize" in refused.json()["error"]) == (
        400,
        True,
    )
