"""The v1 operations that left the published file: gone, unknown or served, by switch."""

import pytest

from tests.emulator.client import JACK, LINH, MARTA
from tests.emulator.direct import Direct, direct
from tests.emulator.process import EmulatorProcess


@pytest.fixture
def marta(emulator: EmulatorProcess) -> Direct:
    emulator.turn(removed_v1="served")
    return direct(emulator, MARTA)


@pytest.mark.parametrize(("position", "status"), [("gone_410", 410), ("not_found_404", 404)])
def test_they_are_gone_or_unknown_by_switch(emulator: EmulatorProcess, position: str, status: int) -> None:
    emulator.turn(removed_v1=position)
    marta = direct(emulator, MARTA)
    for method, path in (("GET", "/v1/deals"), ("PUT", "/api/v1/persons/1"), ("GET", "/v1/itemSearch")):
        marta.refused(method, path, status)
    assert marta.request("GET", "/v1/deals/summary").status_code == 200


def test_they_warn_of_their_end(marta: Direct) -> None:
    assert marta.request("GET", "/v1/deals/1").headers["deprecation"] == "true"


def test_a_v1_deal_is_the_v2_deal(marta: Direct) -> None:
    code = next(
        row["field_code"]
        for row in marta.get("/api/v2/dealFields", limit=500)
        if row["field_name"] == "Payment terms"
    )
    body = {
        "title": "Old way",
        "user_id": LINH,
        "value": "12.5",
        "label": [1, 2],
        "visible_to": "1",
        code: "30 days",
    }
    made = marta.request("POST", "/v1/deals", json=body)
    assert made.status_code == 201
    deal = made.json()["data"]["id"]
    shown = marta.get(f"/api/v2/deals/{deal}")
    assert (shown["owner_id"], shown["value"], shown["label_ids"], shown["visible_to"]) == (
        LINH,
        12.5,
        [1, 2],
        1,
    )
    assert shown["custom_fields"][code] == "30 days"
    older = marta.get(f"/v1/deals/{deal}")
    assert (older["user_id"]["id"], older["label"], older["visible_to"], older[code]) == (
        LINH,
        "1,2",
        "1",
        "30 days",
    )
    marta.write("PUT", f"/v1/deals/{deal}", status="lost", lost_time="2026-01-02 03:04:05")
    after = marta.get(f"/api/v2/deals/{deal}")
    assert (after["lost_time"], after["custom_fields"][code]) == ("2026-01-02T03:04:05Z", "30 days")


def test_a_part_of_a_custom_field_leaves_the_rest(marta: Direct) -> None:
    fields = marta.get("/api/v2/dealFields", limit=500)
    code = next(row["field_code"] for row in fields if row["field_name"] == "Approved budget")
    body = {"title": "Budget", code: 10, f"{code}_currency": "EUR"}
    deal = marta.request("POST", "/v1/deals", json=body).json()["data"]["id"]
    marta.write("PUT", f"/v1/deals/{deal}", **{f"{code}_currency": "USD"})
    assert marta.get(f"/api/v2/deals/{deal}")["custom_fields"][code] == {"value": 10, "currency": "USD"}


def test_contacts_are_written_in_each_of_v1s_ways(marta: Direct) -> None:
    rows = [{"value": "b@c.example", "primary": True, "label": "home"}]
    for given, values in (
        ("a@b.example", ["a@b.example"]),
        (["x@y.example"], ["x@y.example"]),
        (rows, ["b@c.example"]),
    ):
        person = marta.request("POST", "/v1/persons", json={"name": "New", "email": given}).json()["data"]
        shown = marta.get(f"/api/v2/persons/{person['id']}")
        assert [row["value"] for row in shown["emails"]] == values
        assert person["email"][0]["primary"] is True


def test_activities_are_ones_own_unless_asked_for(marta: Direct) -> None:
    own = {row["user_id"] for row in marta.get("/v1/activities", limit=500)}
    everyones = {row["user_id"] for row in marta.get("/v1/activities", user_id=0, limit=500)}
    assert own == {MARTA}
    assert {MARTA, LINH} <= everyones
    assert {row["done"] for row in marta.get("/v1/activities", user_id=0, done=1)} == {True}


def test_lists_filter_sort_and_page_by_offset(marta: Direct) -> None:
    lost = marta.get("/v1/deals", status="lost", limit=500)
    assert {row["status"] for row in lost} == {"lost"}
    linhs = marta.get("/v1/deals", user_id=LINH, sort="value DESC", limit=500)
    assert {row["user_id"]["id"] for row in linhs} == {LINH}
    values = [row["value"] or 0 for row in linhs]
    assert values == sorted(values, reverse=True)
    first = marta.request("GET", "/v1/deals", params={"limit": 2}).json()
    marks = first["additional_data"]["pagination"]
    assert marks == {"start": 0, "limit": 2, "more_items_in_collection": True, "next_start": 2}
    second = marta.get("/v1/deals", start=2, limit=2)
    assert not {row["id"] for row in first["data"]} & {row["id"] for row in second}
    named = marta.get("/v1/persons", first_char="k", limit=500)
    assert named
    assert {row["name"][0].lower() for row in named} == {"k"}


def test_collections_go_on_by_cursor_to_the_end(marta: Direct) -> None:
    seen = [row["id"] for row in marta.everything("/v1/deals/collection", limit=7)]
    assert len(seen) == len(set(seen))
    assert set(seen) == {row["id"] for row in marta.everything("/api/v2/deals", limit=500)}


def test_what_belongs_to_a_record_shows_participants_too(marta: Direct) -> None:
    deal = marta.request("POST", "/v1/deals", json={"title": "Two people", "person_id": 1}).json()["data"][
        "id"
    ]
    marta.write("POST", f"/v1/deals/{deal}/participants", person_id=2)
    assert [row["id"] for row in marta.get(f"/v1/deals/{deal}/persons")] == [1, 2]
    assert deal in [row["id"] for row in marta.get("/v1/persons/2/deals", limit=500)]
    marta.refused("GET", "/v1/persons/99999/deals", 404)


def test_many_are_deleted_at_once_and_others_not_spoken_of(marta: Direct) -> None:
    made = [marta.request("POST", "/v1/deals", json={"title": "Gone"}).json()["data"]["id"] for _ in range(2)]
    ids = ",".join(map(str, [*made, 99999]))
    body = marta.request("DELETE", "/v1/deals", params={"ids": ids}).json()
    assert body["data"] == {"id": made}
    assert all(marta.get(f"/api/v2/deals/{one}")["is_deleted"] for one in made)


def test_the_rules_of_v2_hold(emulator: EmulatorProcess, marta: Direct) -> None:
    jack = direct(emulator, JACK)
    hers = marta.request("POST", "/v1/deals", json={"title": "Hers", "visible_to": 1}).json()["data"]["id"]
    jack.refused("GET", f"/v1/deals/{hers}", 404)
    assert hers not in [row["id"] for row in jack.get("/v1/deals", limit=500)]
    jack.refused("DELETE", f"/v1/deals/{hers}", 404)
    jack.refused("POST", "/v1/pipelines", 403, json={"name": "Mine"})
    marta.refused("POST", "/v1/deals", 400, json={})
    emulator.control(f"users/{JACK}", {"access": {"sales": trainees(marta)}})
    own = jack.request("POST", "/v1/deals", json={"title": "Own"}).json()["data"]["id"]
    jack.refused("DELETE", f"/v1/deals/{own}", 403)


def trainees(marta: Direct) -> str:
    rows = marta.get("/v1/permissionSets", app="sales")
    return next(str(row["id"]) for row in rows if row["type"] == "custom")
