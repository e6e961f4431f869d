"""The doors of installation under other settings: production, a foreign API host, a wrong client secret."""

import re
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest
from redis import Redis

from tests.harness.stack import Stack, running_stack
from tests.integration.town import Town

PRODUCTION = {
    "ENVIRONMENT": "production",
    "APP_BASE_URL": "https://app.example.com",
    "PIPEDRIVE_OAUTH_URL": "https://oauth.pipedrive.com",
    "PIPEDRIVE_API_HOSTS": "*.pipedrive.com",
    "PIPEDRIVE_FRAME_ANCESTORS": "https://*.pipedrive.com",
    "CLOCK_OFFSET_FILE": "",
}


@pytest.fixture(scope="module")
def in_production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("production")
    with running_stack(folder, settings=PRODUCTION, parts=("valkey", "serve")) as stack:
        yield stack


def test_in_production_the_state_travels_in_a_secure_cookie(in_production: Stack) -> None:
    reply = httpx2.get(f"{in_production.app_url}/oauth/install", trust_env=False)
    cookie = reply.headers["set-cookie"]
    pattern = r"__Secure-install=[\w-]{40,}; HttpOnly; Max-Age=600; Path=/oauth; SameSite=lax; Secure"
    assert re.fullmatch(pattern, cookie)
    assert reply.headers["location"].startswith("https://oauth.pipedrive.com/oauth/authorize?client_id=")
    assert "redirect_uri=https%3A%2F%2Fapp.example.com%2Foauth%2Fcallback" in reply.headers["location"]


@pytest.mark.parametrize("path", ["/surfaces/deal-panel", "/oauth/callback", "/healthz", "/nowhere"])
def test_in_production_transport_security_is_demanded_everywhere(in_production: Stack, path: str) -> None:
    reply = httpx2.get(f"{in_production.app_url}{path}", trust_env=False)
    assert reply.headers["strict-transport-security"] == "max-age=31536000"
    assert reply.headers["cache-control"] == "no-store"


def test_in_production_panels_are_framed_by_pipedrive_only(in_production: Stack) -> None:
    reply = httpx2.get(f"{in_production.app_url}/surfaces/deal-panel", trust_env=False)
    assert reply.headers["content-security-policy"].endswith("frame-ancestors https://*.pipedrive.com")


def restarted_with(stack: Stack, **settings: str) -> None:
    plan = stack.local.plan
    stack.local.stop_one("serve")
    stack.local.plan = replace(plan, settings={**plan.settings, **settings})
    stack.local.start_serve()


def test_a_grant_of_a_foreign_api_host_is_refused_and_nothing_is_stored(own_town: Town) -> None:
    """No byte of the token goes there either: the host is judged before it is asked who the user is."""
    restarted_with(own_town.stack, PIPEDRIVE_API_HOSTS="*.pipedrive.com")
    url, since = own_town.marta.decides(), own_town.now()
    reply = own_town.http.get(url)
    assert reply.status_code == 400
    assert "/oauth/install" in reply.text
    assert own_town.calls(since) == []
    with Redis.from_url(own_town.stack.local.redis_url) as raw:
        assert raw.keys("*installation*") == []
        assert raw.keys("*data-key*") == []


def test_wrong_credentials_of_ours_end_no_installation(own_town: Town) -> None:
    """A secret that was reset in Developer Hub is our trouble, and every user's grant is still good."""
    own_town.marta.installed()
    restarted_with(own_town.stack, PIPEDRIVE_CLIENT_SECRET="a wrong secret of more than 32 bytes")
    since = own_town.now()
    reply = own_town.http.get(own_town.marta.decides())
    assert reply.status_code == 503
    own_town.advance(7200)
    assert own_town.marta.refreshes(1, fresh=True).status_code == 503
    assert own_town.ledger(since, "token_issued", "token_refreshed") == []
    secret = own_town.stack.identity.client_secret
    restarted_with(own_town.stack, PIPEDRIVE_CLIENT_SECRET=f"{secret},a wrong secret of more than 32 bytes")
    assert own_town.marta.refreshes(1, fresh=True).status_code == 200
