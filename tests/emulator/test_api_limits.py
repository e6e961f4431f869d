"""How much one may ask: daily budget, bursts, searches, Cloudflare, the sizes and forms of requests."""

import httpx2
import pytest

from tests.emulator.client import ACME, JACK, LINH, MARTA, SAIGON, ApiAs, Client
from tests.emulator.direct import Direct, direct
from tests.emulator.process import EmulatorProcess

SEE = "Please check developers.pipedrive.com"
DAY = 86_400


@pytest.fixture
def token(emulator: EmulatorProcess) -> Direct:
    return direct(emulator, MARTA)


def left(reply: httpx2.Response) -> int:
    return int(reply.headers["x-daily-ratelimit-token-remaining"])


def test_a_spent_day_refuses_the_whole_company_until_midnight(
    client: Client, token: Direct, marta: ApiAs
) -> None:
    emulator = client.emulator
    emulator.turn(daily_budget="15")
    assert token.request("GET", "/api/v2/deals").status_code == 200
    reply = marta.request("GET", "/api/v2/persons")
    assert reply.status_code == 429
    assert reply.json() == {
        "success": False,
        "error": "daily request budget exceeded",
        "errorCode": 429,
        "error_info": SEE,
    }
    assert left(reply) == 5
    assert marta.request("GET", "/api/v2/deals/1").status_code == 200
    wait = int(reply.headers["retry-after"])
    assert 0 < wait <= DAY
    assert (emulator.control("clock")["now"] + wait) % DAY < 5
    emulator.advance(wait)
    assert direct(emulator, JACK).request("GET", "/api/v2/persons").status_code == 200


def test_one_companys_day_is_not_anothers(emulator: EmulatorProcess) -> None:
    emulator.turn(daily_budget="10")
    acme, saigon = direct(emulator, LINH), direct(emulator, 19104033)
    assert [acme.request("GET", "/api/v2/deals").status_code for _ in range(2)] == [200, 429]
    assert saigon.request("GET", "/api/v2/deals").status_code == 200


def test_the_day_begins_at_the_hour_of_the_switch(emulator: EmulatorProcess, token: Direct) -> None:
    now = emulator.control("clock")["now"]
    hour = int(now % DAY // 3600)
    emulator.turn(daily_budget="1", budget_reset_hour=str((hour + 2) % 24))
    wait = int(token.request("GET", "/api/v2/deals").headers["retry-after"])
    assert 3600 <= wait <= 2 * 3600
    emulator.turn(budget_reset_hour=str((hour + 1) % 24))
    assert int(token.request("GET", "/api/v2/deals").headers["retry-after"]) <= 3600


@pytest.mark.parametrize(("switch", "cost"), [("charged", 10), ("free", 0)])
def test_failed_requests_cost_by_switch(
    emulator: EmulatorProcess, token: Direct, switch: str, cost: int
) -> None:
    emulator.turn(failed_requests=switch)
    before = left(token.request("GET", "/api/v2/deals/1"))
    assert before - left(token.request("GET", "/api/v2/deals", params={"limit": "x"})) == cost
    assert emulator.ledger("api_call")[-1]["cost"] == cost


@pytest.mark.parametrize(
    ("plan", "limits"),
    [
        ("Lite", ("20", "80")),
        ("Growth", ("40", "160")),
        ("Premium", ("100", "400")),
        ("Ultimate", ("120", "480")),
    ],
)
def test_the_plan_decides_budget_and_burst(
    client: Client, token: Direct, marta: ApiAs, plan: str, limits: tuple[str, str]
) -> None:
    client.emulator.control(f"companies/{ACME}", {"plan": plan, "seats": 3})
    replies = [api.request("GET", "/v1/users/me") for api in (token, marta)]
    assert tuple(reply.headers["x-ratelimit-limit"] for reply in replies) == limits
    factor = {"Lite": 1, "Growth": 2, "Premium": 5, "Ultimate": 7}[plan]
    assert replies[0].headers["x-daily-ratelimit-token-limit"] == str(30_000 * factor * 3)


def burst(api: ApiAs, path: str = "/api/v2/deals/1", times: int = 3) -> list[int]:
    return [api.request("GET", path).status_code for _ in range(times)]


def test_a_burst_ends_at_its_limit_and_the_window_rolls(client: Client, marta: ApiAs) -> None:
    client.emulator.turn(burst_limit="3")
    assert burst(marta) == [200, 200, 200]
    reply = marta.request("GET", "/api/v2/deals/1")
    body = {"success": False, "error": "Request over limit", "errorCode": 429, "error_info": SEE}
    assert (reply.status_code, reply.json()) == (429, body)
    assert (reply.headers["x-ratelimit-limit"], reply.headers["x-ratelimit-remaining"]) == ("3", "0")
    assert reply.headers["x-ratelimit-reset"] in ("1", "2")
    assert "retry-after" not in reply.headers
    client.emulator.advance(2)
    assert burst(marta, times=1) == [200]


@pytest.mark.parametrize(("switch", "status"), [("token", 200), ("user", 429)])
def test_bursts_count_by_token_or_by_user(client: Client, token: Direct, switch: str, status: int) -> None:
    marta = client.as_user(MARTA)
    client.emulator.turn(burst_limit="3", burst_per=switch)
    assert burst(marta) == [200, 200, 200]
    assert token.request("GET", "/api/v2/deals/1").status_code == status
    assert direct(client.emulator, JACK).request("GET", "/api/v2/deals/1").status_code == 200


def test_refused_requests_neither_cost_nor_count(emulator: EmulatorProcess, token: Direct) -> None:
    emulator.turn(burst_limit="1")
    before = left(token.request("GET", "/api/v2/deals/1"))
    assert left(token.request("GET", "/api/v2/deals")) == before
    assert [entry["cost"] for entry in emulator.ledger("api_call")] == [1, 0]


def test_searches_have_a_window_of_their_own(emulator: EmulatorProcess, token: Direct) -> None:
    emulator.turn(search_limit="2")
    path = "/api/v2/deals/search?term=coffee"
    assert burst(token, path)[2] == 429
    assert token.request("GET", path).headers["x-ratelimit-limit"] == "2"
    assert burst(token, times=1) == [200]


def test_only_api_tokens_are_told_of_fair_use(token: Direct, marta: ApiAs) -> None:
    key = "x-daily-requests-left"
    counts = [token.request("POST", "/api/v2/deals", json={"title": "x"}).headers[key] for _ in range(2)]
    assert int(counts[0]) - int(counts[1]) == 1
    assert key not in token.request("GET", "/api/v2/deals/1").headers
    assert key not in marta.request("POST", "/api/v2/deals", json={"title": "x"}).headers


def test_spent_tokens_outlive_a_snapshot(emulator: EmulatorProcess, token: Direct) -> None:
    before = left(token.request("GET", "/api/v2/deals"))
    emulator.control("snapshot", {"name": "spent"})
    token.request("GET", "/api/v2/deals")
    emulator.control("restore", {"name": "spent"})
    assert left(token.request("GET", "/api/v2/deals/1")) == before - 1


def test_whoever_ignores_429_meets_cloudflare(client: Client, token: Direct, marta: ApiAs) -> None:
    client.emulator.turn(burst_limit="1", cloudflare_block="on")
    for api in (token, marta):
        assert burst(api, times=21)[1:] == [429] * 20
    reply = token.request("GET", "/api/v2/deals/1")
    assert (reply.status_code, reply.headers["content-type"]) == (403, "text/html; charset=UTF-8")
    assert "Error 1015" in reply.text
    assert "x-ratelimit-limit" not in reply.headers
    client.emulator.advance(3)
    assert burst(token, times=1) == [403]
    assert burst(marta, times=1) == [200]
    client.emulator.advance(60)
    assert burst(token, times=1) == [200]


def test_cloudflare_is_off_unless_switched_on(emulator: EmulatorProcess, token: Direct) -> None:
    emulator.turn(burst_limit="1")
    assert set(burst(token, times=30)[1:]) == {429}


def test_an_api_token_in_the_query_is_taken_by_switch(emulator: EmulatorProcess, token: Direct) -> None:
    address = f"/v1/users/me?api_token={token.access_token}"
    assert emulator.http.get(address).status_code == 401
    emulator.turn(query_api_token="accepted")
    assert emulator.http.get(address).json()["data"]["id"] == MARTA
    assert token.access_token not in str(emulator.ledger("api_call"))
    header = {"x-api-token": "wrong"}
    assert emulator.http.get(address, headers=header).status_code == 401


def test_v2_takes_json_alone(token: Direct) -> None:
    for options in ({"data": {"title": "x"}}, {"files": {"title": (None, "x")}}):
        body = token.refused("POST", "/api/v2/deals", 400, **options)
        assert body["code"] == "ERR_SCHEMA_VALIDATION_FAILED"
        assert "must be JSON" in body["error"]
    assert token.request("POST", "/v1/notes", data={"content": "x", "deal_id": "1"}).status_code == 200


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_methods_that_no_operation_has_meet_the_gateway_first(
    emulator: EmulatorProcess, token: Direct, method: str
) -> None:
    assert emulator.http.request(method, "/api/v2/deals").status_code == 401
    assert token.request(method, "/api/v2/deals").status_code == 405


def test_a_url_has_an_end(token: Direct) -> None:
    body = token.refused("GET", "/api/v2/deals?x=" + "y" * 17_000, 414)
    assert body["errorCode"] == 414


def test_a_body_has_an_end(token: Direct) -> None:
    body = token.refused("POST", "/api/v2/deals", 413, content=b"x" * (101 * 1024 * 1024))
    assert body["errorCode"] == 413


def test_deprecated_operations_say_so(token: Direct) -> None:
    assert token.request("GET", "/v1/legacyTeams").headers["deprecation"] == "true"
    assert "deprecation" not in token.request("GET", "/v1/users").headers


def test_plan_and_seats_of_another_company_change_nothing(emulator: EmulatorProcess, token: Direct) -> None:
    before = token.request("GET", "/v1/users/me").headers["x-daily-ratelimit-token-limit"]
    emulator.control(f"companies/{SAIGON}", {"plan": "Lite", "seats": 1})
    assert token.request("GET", "/v1/users/me").headers["x-daily-ratelimit-token-limit"] == before
