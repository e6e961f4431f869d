"""Installing, by both doors, and every row of the callback's table in docs/architecture.md."""

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from tests.integration.person import Person, with_query
from tests.integration.town import Town

COOKIE = re.compile(r"install=([\w-]{40,}); HttpOnly; Max-Age=600; Path=/oauth; SameSite=lax", re.IGNORECASE)


def begun(town: Town) -> tuple[str, str]:
    """Starts at our own door; the state and the browser's cookie."""
    reply = town.http.get(f"{town.stack.app_url}/oauth/install")
    assert reply.status_code == 302
    state = parse_qs(urlsplit(reply.headers["location"]).query)["state"][0]
    cookie = COOKIE.fullmatch(reply.headers["set-cookie"])
    assert cookie is not None, reply.headers["set-cookie"]
    return state, cookie[1]


def comes_back(town: Town, url: str, cookie: str | None = None) -> httpx2.Response:
    return town.http.get(url, headers={"Cookie": f"install={cookie}"} if cookie else {})


def assert_names(reply: httpx2.Response, person: Person) -> None:
    assert reply.status_code == 200
    assert person.user["name"] in reply.text
    assert person.company["name"] in reply.text
    assert f"http://{person.company['domain']}.localhost:" in reply.text


def assert_refused(town: Town, reply: httpx2.Response, since: int, status: int = 400) -> None:
    """A page that says to start again; nothing was exchanged or stored, no cookie was touched."""
    assert reply.status_code == status
    assert reply.headers["content-type"].startswith("text/html")
    assert "/oauth/install" in reply.text
    assert "Traceback" not in reply.text
    assert "set-cookie" not in reply.headers
    assert town.ledger(since, "token_issued", "installed") == []


def test_from_the_marketplace_without_a_state(town: Town) -> None:
    since = town.now()
    reply = comes_back(town, town.marta.decides())
    assert_names(reply, town.marta)
    assert "set-cookie" not in reply.headers
    assert len(town.ledger(since, "token_issued")) == 1


def test_from_our_own_door_with_a_state(town: Town) -> None:
    state, cookie = begun(town)
    reply = comes_back(town, town.jack.decides(state=state), cookie)
    assert_names(reply, town.jack)
    gone = reply.headers["set-cookie"]
    assert gone.startswith('install=""')
    assert "Max-Age=0" in gone
    assert "Path=/oauth" in gone


def test_the_door_sends_to_pipedrive_with_three_parameters(town: Town) -> None:
    reply = town.http.get(f"{town.stack.app_url}/oauth/install")
    location = urlsplit(reply.headers["location"])
    assert (
        f"{location.scheme}://{location.netloc}{location.path}"
        == f"{town.stack.emulator_url}/oauth/authorize"
    )
    assert set(parse_qs(location.query)) == {"client_id", "redirect_uri", "state"}


def test_each_install_begins_with_a_state_of_its_own(town: Town) -> None:
    begins = [begun(town) for _ in range(5)]
    assert len({state for state, _ in begins}) == len({cookie for _, cookie in begins}) == 5


@pytest.mark.parametrize(
    "case", ["forged", "empty", "without its cookie", "another browser's cookie", "used before"]
)
def test_a_bad_state_exchanges_nothing(town: Town, case: str) -> None:
    state, cookie = begun(town)
    _, others = begun(town)
    if case == "used before":
        assert comes_back(town, town.marta.decides(state=state), cookie).status_code == 200
    sent: tuple[str, str | None] = {
        "forged": ("forged", cookie),
        "empty": ("", cookie),
        "without its cookie": (state, None),
        "another browser's cookie": (state, others),
        "used before": (state, cookie),
    }[case]
    url = town.marta.decides(state="x")
    since = town.now()
    reply = comes_back(town, with_query(url, state=sent[0]), sent[1])
    assert_refused(town, reply, since)
    fresh = comes_back(town, with_query(url, state=None))  # so the code was never spent
    assert fresh.status_code == 200


def test_cancel_is_no_error_and_stores_nothing(town: Town) -> None:
    for switch in ("user_denied", "access_denied"):
        town.stack.control.turn(deny_error=switch)
        since = town.now()
        for state in (None, "whatever"):
            reply = comes_back(town, town.victor.decides(decision="cancel", state=state))
            assert reply.status_code == 200
            assert "/oauth/install" in reply.text
            assert town.victor.user["name"] not in reply.text
            assert town.ledger(since, "token_issued", "installed") == []
    town.stack.control.turn(deny_error="user_denied")
    assert "Connect" in town.victor.opens(1).text


@pytest.mark.parametrize("error", ["server_error", "invalid_scope", "", "x" * 3000, "user_denied ", "\u0661"])
def test_any_other_error_is_pipedrives_own_and_stores_nothing(town: Town, error: str) -> None:
    since = town.now()
    reply = town.http.get(f"{town.stack.app_url}/oauth/callback", params={"error": error})
    assert reply.status_code == 200
    assert "Pipedrive did not go on with the installation" in reply.text
    assert "/oauth/install" in reply.text
    assert "x" * 100 not in reply.text
    assert town.ledger(since, "token_issued", "installed") == []


def test_who_only_looks_spends_no_code(town: Town) -> None:
    url = town.marta.decides()
    assert town.http.head(url).status_code == 405
    assert comes_back(town, url).status_code == 200


def test_a_code_works_once(town: Town) -> None:
    url = town.marta.decides()
    assert comes_back(town, url).status_code == 200
    since = town.now()
    assert_refused(town, comes_back(town, url), since)
    assert town.ledger(since, "token_refused") == []  # known here, not asked again


def test_a_code_that_comes_many_times_at_once_is_exchanged_once(town: Town) -> None:
    url, since = town.marta.decides(), town.now()
    with ThreadPoolExecutor(20) as pool:
        statuses = sorted(reply.status_code for reply in pool.map(lambda _: comes_back(town, url), range(40)))
    assert statuses == [200] + [400] * 39
    assert len(town.ledger(since, "token_issued")) == 1


def test_a_state_that_comes_many_times_at_once_is_good_once(town: Town) -> None:
    state, cookie = begun(town)
    urls = [town.jack.decides(state=state) for _ in range(12)]
    since = town.now()
    with ThreadPoolExecutor(12) as pool:
        statuses = sorted(
            reply.status_code for reply in pool.map(lambda url: comes_back(town, url, cookie), urls)
        )
    assert statuses == [200] + [400] * 11
    assert len(town.ledger(since, "token_issued")) == 1


def test_a_code_that_pipedrive_does_not_know(town: Town) -> None:
    for code in ("1.2.abcdef", "x" * 5000, "%00", "ü", "' OR 1=1 --"):
        since = town.now()
        reply = town.http.get(f"{town.stack.app_url}/oauth/callback", params={"code": code})
        assert_refused(town, reply, since)


def test_a_code_after_five_minutes(town: Town) -> None:
    url = town.marta.decides()
    town.advance(301)
    since = town.now()
    assert_refused(town, comes_back(town, url), since)


@pytest.mark.parametrize(
    "query", ["", "?state=", "?code=", "?code=&state=x", "?foo=bar", "?code=a&code=b", "?error=x&error=y"]
)
def test_neither_code_nor_error_or_each_of_them_twice(town: Town, query: str) -> None:
    since = town.now()
    assert_refused(town, town.http.get(f"{town.stack.app_url}/oauth/callback{query}"), since)


@pytest.mark.parametrize("kind", ["status:503", "status:500", "garbage", "reset", "status:429", "status:403"])
def test_a_token_endpoint_in_trouble_is_a_page_that_says_so(town: Town, kind: str) -> None:
    url = town.marta.decides()
    town.stack.control.fail({"route": "/oauth/token", "kind": kind, "count": 1})
    since = town.now()
    reply = comes_back(town, url)
    assert reply.status_code in (400, 502, 503)
    assert "Traceback" not in reply.text
    assert town.ledger(since, "installed") == []


def test_who_it_is_comes_from_pipedrive_alone(town: Town) -> None:
    """Ids and names in the callback's query change nothing."""
    url = with_query(town.huy.decides(), company_id="13000037", user_id="19100351", companyId="13000037")
    assert_names(comes_back(town, url), town.huy)
    since = town.now()
    town.huy.opens(1)
    assert {entry["user_id"] for entry in town.calls(since)} == {town.huy.user["id"]}


def test_installing_twice_replaces_the_grant(town: Town) -> None:
    """In both of the ways in which Pipedrive may treat the former one."""
    for switch in ("revoked", "kept"):
        town.stack.control.turn(old_grant_on_reauthorise=switch)
        for _ in range(2):
            assert comes_back(town, town.jack.decides()).status_code == 200
        assert town.jack.refreshes(2, fresh=True).status_code == 200
    town.stack.control.turn(old_grant_on_reauthorise="revoked")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "HEAD"])
def test_the_callback_takes_three_methods(town: Town, method: str) -> None:
    reply = town.http.request(method, f"{town.stack.app_url}/oauth/callback")
    assert reply.status_code == 405
    assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]


def test_what_a_page_says_of_somebody_is_text(town: Town) -> None:
    payload = "<img src=x onerror=alert(1)>"
    for name in ("error", "error_description", "state", "code"):
        reply = town.http.get(f"{town.stack.app_url}/oauth/callback", params={name: payload})
        assert "<img" not in reply.text
        assert reply.headers["content-type"].startswith("text/html")
