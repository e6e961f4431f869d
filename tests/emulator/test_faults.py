"""Ordered misbehaviour: only where, when and as often as ordered."""

import threading
import time
from typing import Any

import httpx2
import pytest

from tests.emulator.client import ACME, HUY, JACK, MARTA, SAIGON, ApiAs, Client


def order(client: Client, route: str, kind: str, **more: Any) -> None:
    client.emulator.control("faults", [{"route": route, "kind": kind, **more}])


def test_a_status_is_answered_so_many_times(client: Client, marta: ApiAs) -> None:
    order(client, "/api/v2/deals*", "status:503", count=2)
    statuses = [marta.request("GET", "/api/v2/deals/1").status_code for _ in range(3)]
    assert statuses == [503, 503, 200]
    assert [entry["fault"] for entry in client.emulator.ledger("fault")] == ["status", "status"]


def test_other_routes_and_methods_are_spared(client: Client, marta: ApiAs) -> None:
    order(client, "/api/v2/deals/*", "status:500", method="PATCH")
    marta.get("/api/v2/deals/1")
    marta.get("/api/v2/persons/1")
    marta.refused("PATCH", "/api/v2/deals/1", 500, json={"title": "x"})


def test_other_companies_are_spared(client: Client, marta: ApiAs) -> None:
    huy = client.as_user(HUY)
    order(client, "/api/v2/*", "status:429", company_id=SAIGON)
    marta.get("/api/v2/deals/1")
    huy.refused("GET", "/api/v2/deals/1", 429)


def test_the_token_endpoint_knows_the_company_by_the_form(client: Client) -> None:
    here, there = client.grant(MARTA), client.grant(HUY)
    order(client, "/oauth/token", "status:503", company_id=ACME)
    assert client.refresh(there["refresh_token"]).status_code == 200
    assert client.refresh(here["refresh_token"]).status_code == 503
    assert client.refresh(here["refresh_token"]).status_code == 200


def test_a_delay_does_not_hold_up_others(client: Client, marta: ApiAs) -> None:
    order(client, "/api/v2/deals/1", "delay:2")
    slow = threading.Thread(target=marta.get, args=("/api/v2/deals/1",))
    started = time.monotonic()
    slow.start()
    while not client.emulator.ledger("fault"):
        time.sleep(0.02)
    marta.get("/api/v2/deals/2")
    assert slow.is_alive(), "another request was answered while the first one waits"
    slow.join()
    assert time.monotonic() - started >= 2


def test_reset_cuts_the_connection_before_anything_is_done(client: Client, marta: ApiAs) -> None:
    order(client, "/api/v2/deals/1", "reset")
    with pytest.raises((httpx2.ReadError, httpx2.RemoteProtocolError)):
        marta.request("PATCH", "/api/v2/deals/1", json={"title": "Lost"})
    assert marta.get("/api/v2/deals/1")["title"] != "Lost"


def test_lost_does_the_work_and_keeps_the_answer(client: Client) -> None:
    client.emulator.turn(refresh_rotation="single_use")
    refresh_token = client.grant(MARTA)["refresh_token"]
    order(client, "/oauth/token", "lost")
    with pytest.raises((httpx2.ReadError, httpx2.RemoteProtocolError)):
        client.refresh(refresh_token)
    assert client.refresh(refresh_token).json()["error"] == "invalid_grant"


def test_half_an_answer_breaks_off(client: Client, marta: ApiAs) -> None:
    order(client, "/api/v2/deals/1", "half")
    with pytest.raises((httpx2.ReadError, httpx2.RemoteProtocolError)):
        marta.request("GET", "/api/v2/deals/1")


def test_garbage_is_200_and_no_json(client: Client, marta: ApiAs) -> None:
    order(client, "/api/v2/deals/1", "garbage")
    reply = marta.request("GET", "/api/v2/deals/1")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
    with pytest.raises(ValueError, match="Expecting value"):
        reply.json()


def test_a_drip_outlasts_any_patience(client: Client) -> None:
    jack = client.as_user(JACK)
    order(client, "/api/v2/deals/2", "drip")
    headers = {"Authorization": f"Bearer {jack.access_token}"}
    came = 0
    with httpx2.stream("GET", f"{client.emulator.url}/api/v2/deals/2", headers=headers) as reply:
        started = time.monotonic()
        for chunk in reply.iter_raw():
            came += len(chunk)
            if time.monotonic() - started > 1:
                break
    assert 1 <= came <= 10
    jack.get("/api/v2/deals/2")


def statuses(api: ApiAs, path: str, requests: int) -> list[int]:
    return [api.request("GET", path).status_code for _ in range(requests)]


def test_a_share_of_the_requests_is_met_the_same_ones_each_time(client: Client) -> None:
    orders = {"share": 0.3}
    rounds = []
    for _ in range(2):
        client.emulator.control("reset", {})
        marta = client.as_user(MARTA)
        order(client, "/api/v2/deals/1", "status:503", **orders)
        rounds.append(statuses(marta, "/api/v2/deals/1", 60))
    assert rounds[0] == rounds[1]
    assert 8 <= rounds[0].count(503) <= 28
    assert rounds[0].count(503) + rounds[0].count(200) == 60


def test_a_share_with_a_count_ends_when_so_many_were_met(client: Client, marta: ApiAs) -> None:
    order(client, "/api/v2/deals/1", "status:503", share=0.5, count=3)
    met = statuses(marta, "/api/v2/deals/1", 40)
    assert met.count(503) == 3
    assert met[:3] != [503, 503, 503]
    assert client.emulator.control("faults") == {"faults": []}


def test_open_orders_are_listed_and_ended(client: Client, marta: ApiAs) -> None:
    order(client, "/api/v2/deals*", "status:503", count=3, company_id=ACME)
    order(client, "/v1/*", "delay:0.5", method="get", share=1)
    marta.refused("GET", "/api/v2/deals/1", 503)
    rest = {"route": "/api/v2/deals*", "kind": "status:503", "method": None, "company_id": ACME}
    assert client.emulator.control("faults")["faults"] == [
        rest | {"count": 2, "share": None, "seen": 1},
        {"route": "/v1/*", "kind": "delay:0.5", "method": "GET", "company_id": None}
        | {"count": None, "share": 1.0, "seen": 0},
    ]
    assert client.emulator.http.delete("/_emulator/faults").json() == {"ended": 2}
    marta.get("/api/v2/deals/1")


BAD_FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "status:nan"}, "is none of"),
    ({"kind": "status:99"}, "is none of"),
    ({"kind": "delay:-1"}, "is none of"),
    ({"kind": "delay:inf"}, "is none of"),
    ({"kind": "reset", "share": 0}, "share is the part"),
    ({"kind": "reset", "share": 1.1}, "share is the part"),
    ({"kind": "reset", "share": "half"}, "share is the part"),
    ({"kind": "reset", "count": True}, "count is a whole number"),
    ({"kind": "reset", "company_id": "acme"}, "company_id is the number"),
]


@pytest.mark.parametrize(("row", "sentence"), BAD_FAULTS)
def test_orders_that_cannot_be_carried_out_are_refused(
    client: Client, row: dict[str, Any], sentence: str
) -> None:
    refused = client.emulator.ask("faults", [{"route": "/v1/*", "kind": "reset"}, {"route": "/v1/*"} | row])
    assert (refused.status_code, sentence in refused.json()["error"]) == (400, True)
    assert client.emulator.control("faults") == {"faults": []}
