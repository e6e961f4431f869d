"""Recents: what changed since a moment, of which kinds, and for whom."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.contract import openapi
from tests.emulator.client import MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

RECENTS = "/v1/recents"
DAY = 86_400


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, MARTA)


def ago(api: ApiAs, seconds: float = 0) -> str:
    now = api.emulator.control("clock")["now"]
    return f"{datetime.fromtimestamp(now - seconds, UTC):%Y-%m-%d %H:%M:%S}"


def told(api: ApiAs, since: str, **query: Any) -> list[tuple[str, Any]]:
    rows = api.get(RECENTS, since_timestamp=since, limit=500, **query)
    return [(row["item"], row["id"]) for row in rows]


def test_what_changed_since_then_is_told_in_order(marta: ApiAs) -> None:
    marta.emulator.control("clock", {"advance_seconds": 60})
    since = ago(marta)
    assert told(marta, since) == []
    marta.write("PATCH", "/api/v2/deals/3", title="Third")
    marta.emulator.control("clock", {"advance_seconds": 5})
    note = marta.write("POST", "/v1/notes", content="Called", deal_id=3)["id"]
    product = marta.request("POST", "/api/v2/products", json={"name": "Scale"}).json()["data"]["id"]
    marta.emulator.control("clock", {"advance_seconds": 5})
    marta.write("PATCH", "/api/v2/persons/2", name="Second Person")
    assert told(marta, since) == [("deal", 3), ("note", note), ("product", product), ("person", 2)]
    assert told(marta, since, items="person,note") == [("note", note), ("person", 2)]
    row = marta.get(RECENTS, since_timestamp=since)[0]
    assert (row["data"]["title"], row["data"]["user_id"]) == (
        "Third",
        marta.get("/api/v2/deals/3")["owner_id"],
    )


def test_the_pages_say_where_they_end(marta: ApiAs) -> None:
    since = ago(marta, 20 * DAY)
    reply = marta.request("GET", RECENTS, params={"since_timestamp": since, "limit": 3}).json()
    marks = reply["additional_data"]
    assert (marks["since_timestamp"], marks["pagination"]["next_start"]) == (since, 3)
    assert marks["last_timestamp_on_page"] == reply["data"][-1]["data"]["update_time"]
    following = marta.get(RECENTS, since_timestamp=since, limit=3, start=3)
    assert following[0]["data"]["update_time"] >= marks["last_timestamp_on_page"]


def test_nothing_older_than_a_month_is_told(marta: ApiAs) -> None:
    marks = marta.request("GET", RECENTS, params={"since_timestamp": ago(marta, 400 * DAY)}).json()
    assert marks["additional_data"]["since_timestamp"] == ago(marta, 31 * DAY)
    assert all(row["data"]["update_time"] >= ago(marta, 31 * DAY) for row in marks["data"])


def test_deleted_records_are_told_as_deleted(marta: ApiAs) -> None:
    marta.emulator.control("clock", {"advance_seconds": 60})
    since = ago(marta)
    marta.write("DELETE", "/api/v2/deals/2")
    rows = marta.get(RECENTS, since_timestamp=since, items="deal")
    assert [(row["id"], row["data"]["deleted"]) for row in rows] == [(2, True)]


def test_nobody_is_told_of_what_he_cannot_see(marta: ApiAs, emulator: EmulatorProcess) -> None:
    marta.emulator.control("clock", {"advance_seconds": 60})
    since = ago(marta)
    marta.write("PATCH", "/api/v2/deals/15", title="Still secret")
    assert told(marta, since) == [("deal", 15)]
    assert told(direct(emulator, VICTOR), since) == []


@pytest.mark.parametrize(
    "since", ["", "yesterday", "2026-11-01", "2026-13-01 00:00:00", "2026-11-01T00:00:00Z"]
)
def test_a_moment_must_be_one(marta: ApiAs, since: str) -> None:
    refused = marta.refused("GET", RECENTS, 400, params={"since_timestamp": since})
    assert "since_timestamp" in refused["error"]


def test_a_kind_must_be_one(marta: ApiAs) -> None:
    query = {"since_timestamp": ago(marta), "items": "deal,planet"}
    assert "items" in marta.refused("GET", RECENTS, 400, params=query)["error"]


def test_every_kind_has_the_shape_of_its_page(marta: ApiAs) -> None:
    for path, name in (
        ("deals", "title"),
        ("persons", "name"),
        ("organizations", "name"),
        ("products", "name"),
    ):
        marta.request("POST", f"/api/v2/{path}", json={name: "New"})
    marta.write("PATCH", "/api/v2/stages/2", name="Met")
    marta.write("PATCH", "/api/v2/pipelines/1", name="Selling")
    marta.write("PUT", "/v1/activityTypes/1", name="Ring")
    marta.request("POST", "/v1/users", json={"email": "new@acme.example"})
    field = marta.get("/v1/dealFields")[0]["id"]
    condition = {"object": "deal", "field_id": field, "operator": "IS NOT NULL"}
    conditions = {"glue": "and", "conditions": [{"glue": "and", "conditions": [condition]}]}
    marta.write("POST", "/v1/filters", name="Mine", type="deals", conditions=conditions)
    marta.write("POST", "/v1/notes", content="Met", deal_id=1)
    marta.request("POST", "/v1/files", files={"file": ("a.txt", b"a", "text/plain")})
    query = {"since_timestamp": ago(marta, 25 * DAY), "limit": 500}
    body = marta.request("GET", RECENTS, params=query).json()
    kinds = "activity activityType deal file filter note organization person pipeline product stage user"
    assert sorted({row["item"] for row in body["data"]}) == kinds.split()
    assert openapi.is_there() is False or openapi.complaints("v1", "GET", "/recents", 200, body) == []


def test_a_page_far_on_counts_only_what_is_seen(marta: ApiAs) -> None:
    victor = direct(marta.emulator, VICTOR)
    since = ago(marta, 31 * DAY)
    marta.write("POST", "/api/v2/persons", name="Secret", visible_to=1)
    everything = told(victor, since)
    assert len(everything) < len(told(marta, since))
    for start in (0, 5, len(everything) - 1, len(everything), 10**30):
        reply = victor.request("GET", RECENTS, params={"since_timestamp": since, "start": start, "limit": 1})
        rows = [(row["item"], row["id"]) for row in reply.json()["data"]]
        assert rows == everything[start : start + 1]
        more = reply.json()["additional_data"]["pagination"]["more_items_in_collection"]
        assert more == (start + 1 < len(everything))


def test_the_longest_page_knows_that_more_follows(marta: ApiAs) -> None:
    since = ago(marta, 31 * DAY)
    marta.emulator.control("switches", {"burst_limit": "5000"})
    for number in range(501 - len(told(marta, since))):
        marta.write("POST", "/api/v2/organizations", name=f"Firm {number}")
    reply = marta.request("GET", RECENTS, params={"since_timestamp": since, "limit": 500}).json()
    assert len(reply["data"]) == 500
    assert reply["additional_data"]["pagination"]["next_start"] == 500


def test_an_activity_names_nothing_that_the_caller_may_not_see(marta: ApiAs) -> None:
    since = ago(marta, 60)
    secret = marta.write("POST", "/api/v2/organizations", name="Secret", visible_to=1)["id"]
    activity = marta.write("POST", "/api/v2/activities", subject="Call", org_id=secret, owner_id=VICTOR)["id"]
    for api, name in ((marta, "Secret"), (direct(marta.emulator, VICTOR), None)):
        rows = api.get(RECENTS, since_timestamp=since, items="activity", limit=500)
        assert [row["data"]["org_name"] for row in rows if row["id"] == activity] == [name]
