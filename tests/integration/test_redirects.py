"""No door leads to a stranger: addresses come from settings and checked domains, whatever is asked for."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.harness.altering import Altering, running_altering
from tests.integration.callback import begins, code_of
from tests.integration.town import Town, running_town

NAMES = (
    "next",
    "redirect",
    "redirect_uri",
    "return_to",
    "url",
    "target",
    "continue",
    "state",
    "error",
    "error_description",
    "error_uri",
    "api_domain",
    "company_domain",
    "iss",
)
PAYLOADS = (
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "http://127.0.0.1@evil.example",
    "https://acme.pipedrive.com.evil.example",
    "https://evil.example/?acme.pipedrive.com",
    "https://evil.example#acme.pipedrive.com",
    "javascript:alert(1)//evil.example",
    "JaVaScRiPt:alert(1)//evil.example",
    " javascript:alert(1)//evil.example",
    "java\tscript:alert(1)//evil.example",
    "data:text/html,<a href=//evil.example>",
    "vbscript:evil.example",
    "%2f%2fevil.example",
    "/%09/evil.example",
    "/.evil.example",
    "evil.example",
    "https://evil\u3002example/evil.example",
    "\r\nLocation: https://evil.example",
    "%0d%0aLocation:%20https://evil.example",
    '"><a href=https://evil.example>',
)
HEADERS = ("X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-URL", "X-Rewrite-URL", "Forwarded", "Referer")
HREF = re.compile(r'(?:href|src|action)="([^"]*)"')


def strange_links(town: Town, reply: httpx2.Response) -> list[str]:
    """Every address on the page or in its headers that is neither ours nor of a company's Pipedrive."""
    port = town.stack.local.plan.emulator_port
    ours = re.compile(rf"/oauth/install|/static/[\w./?=-]+|http://[a-z0-9-]+\.localhost:{port}")
    found = [link for link in HREF.findall(reply.text) if not ours.fullmatch(link)]
    found += [f"{name}: {value}" for name, value in reply.headers.items() if "evil.example" in value]
    if location := reply.headers.get("location"):
        found += [] if location.startswith(f"{town.stack.emulator_url}/oauth/authorize?") else [location]
    if "refresh" in reply.headers or "http-equiv" in reply.text.lower():
        found.append("a page that moves on by itself")
    return found


def test_no_parameter_of_the_callback_becomes_an_address(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    tried = list(product(NAMES, PAYLOADS))
    strange = {}
    for name, payload in tried:
        reply = town.http.get(f"{town.stack.app_url}/oauth/callback", params={name: payload, "code": "1.2.a"})
        assert reply.status_code in (200, 400)
        assert "location" not in reply.headers
        if found := strange_links(town, reply):
            strange[name, payload] = found
    assert strange == {}
    record_property("measure", f"redirects: {len(tried)} payloads, 0 addresses of strangers")
    assert len(tried) >= 300


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_good_install_ends_on_a_page_whatever_else_is_asked_for(town: Town, payload: str) -> None:
    extra = {name: payload for name in NAMES if name not in ("state", "error")}
    query = {**extra, "code": code_of(town.marta)}
    reply = town.http.get(f"{town.stack.app_url}/oauth/callback", params=query)
    assert reply.status_code == 200
    assert "location" not in reply.headers
    assert strange_links(town, reply) == []


@pytest.mark.parametrize("payload", [each for each in PAYLOADS if "\r" not in each and each.isascii()])
def test_the_way_to_pipedrive_is_the_same_for_everybody(town: Town, payload: str) -> None:
    expected = parse_qs(urlsplit(begins_at(town, {}, {})).query)
    for headers in ({name: payload.strip()} for name in (*HEADERS, "Host")):
        found = parse_qs(urlsplit(begins_at(town, dict.fromkeys(NAMES, payload), headers)).query)
        assert set(found) == {"client_id", "redirect_uri", "state"}
        assert {**found, "state": None} == {**expected, "state": None}


def begins_at(town: Town, query: dict[str, str], headers: dict[str, str]) -> str:
    reply = town.http.get(f"{town.stack.app_url}/oauth/install", params=query, headers=headers)
    if reply.status_code == 400 and "Host" in headers:  # the server itself refuses such a host
        return begins_at(town, query, {})
    assert reply.status_code == 302
    assert strange_links(town, reply) == []
    return str(reply.headers["location"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Altering]]:
    """The API's answers about who somebody is can be altered here."""
    folder = tmp_path_factory.mktemp("told")
    with (
        running_town(folder, parts=("valkey", "emulator")) as town,
        running_altering(town.stack.emulator_url) as altering,
    ):
        local = town.stack.local
        hosts = f"127.0.0.1:{altering.port},*.localhost:{local.plan.emulator_port}"
        settings = {"PIPEDRIVE_OAUTH_URL": altering.url, "PIPEDRIVE_API_HOSTS": hosts}
        local.plan = replace(local.plan, settings={**local.plan.settings, **settings})
        local.start_serve()
        altering.alters["/oauth/token"] = lambda reply: {**reply, "api_domain": altering.url}
        yield town, altering


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_pipedrive_says_of_a_company_becomes_no_address_unless_it_is_a_label(
    told: tuple[Town, Altering], payload: str
) -> None:
    """Names and domain of a company are its admins' to choose."""
    town, altering = told

    def alter(reply: dict[str, Any]) -> object:
        mine = {"company_domain": payload, "company_name": payload, "name": payload}
        return {**reply, "data": {**reply["data"], **mine}}

    altering.alters["/api/v1/users/me"] = alter
    reply = town.http.get(f"{town.stack.app_url}/oauth/callback", params={"code": code_of(town.marta)})
    assert reply.status_code == 200
    links = {link for link in HREF.findall(reply.text) if not link.startswith(("/static/", "/oauth/install"))}
    assert links == {altering.url}  # the checked host of the API, for want of a better one
    assert begins(town).state
    panel = town.marta.refreshes(1, fresh=True)
    assert panel.status_code == 200
    assert "evil.example" not in "".join(HREF.findall(panel.json()["commands"][0]["html"]))
