"""Filters: their structure, whose they are, and which records each operator lets through."""

from datetime import date
from operator import eq, ge, gt, lt
from typing import Any

import pytest

from pipedrive_emulator.api.filter_dates import span
from pipedrive_emulator.api.rules.filter_helpers import HELPERS
from tests.emulator.client import JACK, LINH, MARTA, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

TABLES = {"deal": "dealFields", "person": "personFields", "organization": "organizationFields"}
TABLES |= {"activity": "activityFields", "product": "productFields", "lead": "leadFields"}


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, MARTA)


def number(api: ApiAs, thing: str, key: str) -> int:
    fields = api.get(f"/v1/{TABLES[thing]}", limit=500)
    return int(next(field["id"] for field in fields if key in (field["key"], field["name"])))


def ask(api: ApiAs, thing: str, key: str, operator: str, value: Any = None) -> dict[str, Any]:
    """A condition."""
    return {"object": thing, "field_id": number(api, thing, key), "operator": operator, "value": value}


def groups(every: list[Any], some: list[Any] | None = None) -> dict[str, Any]:
    inner = [{"glue": "and", "conditions": every}, {"glue": "or", "conditions": some or []}]
    return {"glue": "and", "conditions": inner}


def saved(api: ApiAs, kind: str, every: list[Any], some: list[Any] | None = None) -> int:
    body = {"name": "Mine", "type": kind, "conditions": groups(every, some)}
    return int(api.write("POST", "/v1/filters", **body)["id"])


def through(api: ApiAs, path: str, kind: str, *every: Any, some: list[Any] | None = None) -> set[int]:
    number = saved(api, kind, list(every), some)
    return {row["id"] for row in api.everything(path, filter_id=number, limit=500)}


def deals(api: ApiAs) -> list[dict[str, Any]]:
    return api.everything("/api/v2/deals", limit=500)


DEALS: list[tuple[str, str, Any, Any]] = [
    ("value", ">", 20_000, lambda deal: deal["value"] > 20_000),
    ("value", "<=", "20000", lambda deal: deal["value"] <= 20_000),
    ("value", "!=", 0, lambda deal: deal["value"] != 0),
    ("status", "=", "won", lambda deal: deal["status"] == "won"),
    ("stage_id", "=", "2", lambda deal: deal["stage_id"] == 2),
    ("user_id", "=", JACK, lambda deal: deal["owner_id"] == JACK),
    ("user_id", "!=", JACK, lambda deal: deal["owner_id"] != JACK),
    ("org_id", "IS NULL", None, lambda deal: deal["org_id"] is None),
    ("org_id", "IS NOT NULL", None, lambda deal: deal["org_id"] is not None),
    ("title", "LIKE '%$%'", "ORDER", lambda deal: "order" in deal["title"].lower()),
    ("title", "LIKE '$%'", "grinder", lambda deal: deal["title"].lower().startswith("grinder")),
    ("title", "NOT LIKE '$%'", "Grinder", lambda deal: not deal["title"].lower().startswith("grinder")),
    ("is_archived", "=", "1", lambda deal: deal["is_archived"]),
    ("currency", "=", "usd", lambda deal: deal["currency"] == "USD"),
]


@pytest.mark.parametrize(("key", "operator", "value", "expected"), DEALS)
def test_a_filter_lets_through_what_its_condition_says(
    marta: ApiAs, key: str, operator: str, value: Any, expected: Any
) -> None:
    found = through(marta, "/api/v2/deals", "deals", ask(marta, "deal", key, operator, value))
    assert found == {deal["id"] for deal in deals(marta) if expected(deal)}


def test_dates_are_plain_or_relative(marta: ApiAs) -> None:
    day = deals(marta)[0]["expected_close_date"]
    for operator, expected in (("=", eq), (">", gt), ("<", lt), (">=", ge)):
        asked = ask(marta, "deal", "expected_close_date", operator, day)
        found = through(marta, "/api/v2/deals", "deals", asked)
        closing = {deal["id"]: deal["expected_close_date"] for deal in deals(marta)}
        assert found == {key for key, at in closing.items() if at and expected(at, day)}
    marta.write("PATCH", "/api/v2/deals/2", expected_close_date="2999-01-01")
    late = ask(marta, "deal", "expected_close_date", "=", "later_or_tomorrow")
    early = ask(marta, "deal", "expected_close_date", "=", "before_today")
    assert 2 in through(marta, "/api/v2/deals", "deals", late)
    assert 2 not in through(marta, "/api/v2/deals", "deals", early)
    assert through(marta, "/api/v2/deals", "deals", early)


def test_custom_fields_are_asked_by_their_number(marta: ApiAs) -> None:
    asked = ask(marta, "deal", "Lead temperature", "=", 3)
    code = next(f["key"] for f in marta.get("/v1/dealFields", limit=500) if f["name"] == "Lead temperature")
    expected = {deal["id"] for deal in deals(marta) if deal["custom_fields"][code] == 3}
    assert expected
    assert through(marta, "/api/v2/deals", "deals", asked) == expected
    marta.write("PATCH", "/api/v2/deals/2", custom_fields={code: 1})
    unlike = ask(marta, "deal", "Lead temperature", "!=", 3)
    assert through(marta, "/api/v2/deals", "deals", unlike).isdisjoint(expected)


def test_sets_contain_and_ranges_end(marta: ApiAs) -> None:
    keys = {field["name"]: field["key"] for field in marta.get("/v1/dealFields", limit=500)}
    values = {
        keys["Delivery countries"]: [1, 2],
        keys["Contract period"]: {"value": "2030-01-01", "until": "2030-06-30"},
    }
    marta.write("PATCH", "/api/v2/deals/2", custom_fields=values)
    for name, operator, value, is_through in (
        ("Delivery countries", "contains", "2", True),
        ("Delivery countries", "not_contains", "2", False),
        ("Delivery countries", "=", "1", False),
        ("Delivery countries", "=", "2,1", True),
        ("Contract period", "ends_at", "2030-06-30", True),
        ("Contract period", "ends_before", "2030-06-30", False),
        ("Contract period", "includes", "2030-03-01", True),
        ("Contract period", "includes", "2030-07-01", False),
    ):
        found = through(marta, "/api/v2/deals", "deals", ask(marta, "deal", name, operator, value))
        assert (2 in found) is is_through, (name, operator, value)


def test_all_of_one_group_and_some_of_the_other(marta: ApiAs) -> None:
    rich = ask(marta, "deal", "value", ">", 10_000)
    jack, linh = (ask(marta, "deal", "user_id", "=", user) for user in (JACK, LINH))
    found = through(marta, "/api/v2/deals", "deals", rich, some=[jack, linh])
    expected = {d["id"] for d in deals(marta) if d["value"] > 10_000 and d["owner_id"] in (JACK, LINH)}
    assert found == expected
    assert through(marta, "/api/v2/deals", "deals", jack, linh) == set()


def test_conditions_reach_what_a_record_is_linked_to(marta: ApiAs) -> None:
    harvest = ask(marta, "organization", "name", "LIKE '$%'", "saigon harvest")
    found = through(marta, "/api/v2/deals", "deals", harvest)
    assert found == {deal["id"] for deal in deals(marta) if deal["org_id"] == 1}
    people = through(marta, "/api/v2/persons", "people", harvest)
    assert people == {row["id"] for row in marta.everything("/api/v2/persons") if row["org_id"] == 1}
    rich = ask(marta, "deal", "value", ">", 10_000)
    owners = {deal["org_id"] for deal in deals(marta) if deal["value"] > 10_000}
    assert through(marta, "/api/v2/organizations", "org", rich) == owners - {None}
    calls = ask(marta, "activity", "type", "=", "call")
    of_deal = ask(marta, "deal", "id", "=", 1)
    listed = marta.everything("/api/v2/activities", limit=500)
    expected = {row["id"] for row in listed if row["type"] == "call" and row["deal_id"] == 1}
    assert through(marta, "/api/v2/activities", "activity", calls, of_deal) == expected


def test_products_and_leads_are_filtered_too(marta: ApiAs) -> None:
    named = ask(marta, "product", "name", "LIKE '%$%'", "beans")
    products = marta.everything("/api/v2/products")
    expected = {row["id"] for row in products if "beans" in row["name"].lower()}
    assert through(marta, "/api/v2/products", "products", named) == expected
    for title in ("Fair", "Web"):
        marta.request("POST", "/v1/leads", json={"title": title, "person_id": 1})
    fair = saved(marta, "leads", [ask(marta, "lead", "title", "=", "fair")])
    assert [row["title"] for row in marta.get("/v1/leads", filter_id=fair)] == ["Fair"]


def test_a_filter_goes_before_every_other_query(marta: ApiAs) -> None:
    won = saved(marta, "deals", [ask(marta, "deal", "status", "=", "won")])
    plain = {row["id"] for row in marta.everything("/api/v2/deals", filter_id=won)}
    asked = marta.everything("/api/v2/deals", filter_id=won, status="open", owner_id=JACK, ids="1")
    assert {row["id"] for row in asked} == plain
    assert plain


def test_a_filter_of_something_else_or_nothing_is_refused(marta: ApiAs) -> None:
    of_people = saved(marta, "people", [ask(marta, "person", "name", "IS NOT NULL")])
    refused = marta.refused("GET", "/api/v2/deals", 400, params={"filter_id": of_people})
    assert "is one of people" in refused["error"]
    marta.refused("GET", "/api/v2/deals", 404, params={"filter_id": 99999})
    marta.write("DELETE", f"/v1/filters/{of_people}")
    marta.refused("GET", "/api/v2/persons", 404, params={"filter_id": of_people})


def test_a_filter_shows_no_more_than_its_user_sees(emulator: EmulatorProcess) -> None:
    jack = direct(emulator, JACK)
    everything = saved(jack, "deals", [ask(jack, "deal", "title", "IS NOT NULL")])
    found = {row["id"] for row in jack.everything("/api/v2/deals", filter_id=everything, limit=500)}
    assert found == {deal["id"] for deal in deals(jack)}
    assert 15 not in found


BAD: list[tuple[Any, str]] = [
    ({"glue": "or", "conditions": []}, "glue"),
    ({"glue": "and"}, "glue"),
    ({"glue": "and", "conditions": []}, "one group"),
    ({"glue": "and", "conditions": [{"glue": "and", "conditions": []}] * 2}, "one group"),
    ({"glue": "and", "conditions": [{"glue": "xor", "conditions": []}]}, "one group"),
    ({"glue": "and", "conditions": [{"glue": "and", "conditions": ["x"]}]}, "object of a condition"),
    (groups([{"object": "file", "field_id": 1, "operator": "=", "value": 1}]), "object of a condition"),
    (groups([{"object": "deal", "field_id": 99999, "operator": "=", "value": 1}]), "field_id 99999"),
    (groups([{"object": "deal", "field_id": "one", "operator": "=", "value": 1}]), "field_id one"),
    (groups([{"object": "deal", "field_id": 1, "operator": "~", "value": 1}]), "operator ~"),
    (groups([{"object": "deal", "field_id": 1, "operator": "=", "value": None}]), "needs a value"),
    (groups([{"object": "deal", "field_id": 1, "operator": "=", "value": [1]}]), "text or a number"),
    (groups([{"object": "deal", "field_id": 1, "operator": "=", "value": 1}] * 17), "at most 16"),
]


@pytest.mark.parametrize(("conditions", "message"), BAD)
def test_any_other_structure_is_refused(marta: ApiAs, conditions: Any, message: str) -> None:
    body = {"name": "Bad", "type": "deals", "conditions": conditions}
    assert message in marta.refused("POST", "/v1/filters", 400, json=body)["error"]


def test_conditions_name_their_fields_on_request(marta: ApiAs) -> None:
    made = saved(marta, "deals", [ask(marta, "deal", "title", "=", "A")])
    inner = marta.get(f"/v1/filters/{made}")["conditions"]["conditions"]
    assert [group["glue"] for group in inner] == ["and", "or"]
    plain = inner[0]["conditions"][0]
    assert (plain["value"], plain["extra_value"], plain["json_value_flag"]) == ("A", None, False)
    assert "field_code" not in plain
    told = marta.get(f"/v1/filters/{made}", include_field_code="true")["conditions"]["conditions"]
    assert told[0]["conditions"][0]["field_code"] == "title"
    assert "conditions" not in marta.get("/v1/filters")[0]


def test_a_private_filter_is_its_makers_and_the_admins(emulator: EmulatorProcess, marta: ApiAs) -> None:
    jack, linh = direct(emulator, JACK), direct(emulator, LINH)
    made = saved(jack, "deals", [ask(jack, "deal", "title", "=", "A")])
    assert made in [row["id"] for row in jack.get("/v1/filters", type="deals")]
    assert made not in [row["id"] for row in jack.get("/v1/filters", type="people")]
    assert made not in [row["id"] for row in linh.get("/v1/filters")]
    linh.refused("GET", f"/v1/filters/{made}", 404)
    assert marta.get(f"/v1/filters/{made}")["user_id"] == JACK
    shared = next(row["id"] for row in linh.get("/v1/filters") if row["user_id"] == MARTA)
    linh.refused("DELETE", f"/v1/filters/{shared}", 403)
    assert linh.request("DELETE", "/v1/filters", params={"ids": f"{shared}"}).json()["data"] == {"id": []}


def test_filters_are_changed_and_deleted(marta: ApiAs) -> None:
    first, second = (saved(marta, "deals", [ask(marta, "deal", "value", ">", n)]) for n in (1, 2))
    conditions = groups([ask(marta, "deal", "value", ">", 10**9)])
    changed = marta.write("PUT", f"/v1/filters/{first}", name="None", conditions=conditions)
    assert changed["name"] == "None"
    assert marta.everything("/api/v2/deals", filter_id=first) == []
    gone = marta.request("DELETE", "/v1/filters", params={"ids": f"{first},{second},777"}).json()["data"]
    assert gone == {"id": [first, second]}
    marta.refused("GET", f"/v1/filters/{first}", 404)


def test_helpers_list_operators_by_type(marta: ApiAs) -> None:
    helpers = marta.get("/v1/filters/helpers")
    assert helpers["operators"]["varchar"]["LIKE '%$%'"] == "contains"
    assert "this_week" in helpers["relative_dates"]["Relative date intervals"]


SPANS = [
    ("2026-02-30", None),
    ("someday", None),
    ("today", ("2026-03-31", "2026-03-31")),
    ("yesterday", ("2026-03-30", "2026-03-30")),
    ("this_week", ("2026-03-30", "2026-04-05")),
    ("last_week", ("2026-03-23", "2026-03-29")),
    ("next_month", ("2026-04-01", "2026-04-30")),
    ("this_month", ("2026-03-01", "2026-03-31")),
    ("last_quarter", ("2025-10-01", "2025-12-31")),
    ("this_quarter", ("2026-01-01", "2026-03-31")),
    ("1_months_ago", ("2026-02-28", "2026-02-28")),
    ("in_6_months", ("2026-09-30", "2026-09-30")),
    ("2_weeks_ago", ("2026-03-17", "2026-03-17")),
    ("in_1_week", ("2026-04-07", "2026-04-07")),
    ("before_tomorrow", ("0001-01-01", "2026-03-31")),
    ("later_or_today", ("2026-03-31", "9999-12-31")),
]


@pytest.mark.parametrize(("text", "expected"), SPANS)
def test_a_relative_date_is_a_span_of_days(text: str, expected: tuple[str, str] | None) -> None:
    found = span(text, date(2026, 3, 31))
    assert (found and tuple(day.isoformat() for day in found)) == expected


def test_every_relative_date_of_the_helpers_is_known() -> None:
    names = {name for group in HELPERS["relative_dates"].values() for name in group}
    unknown = {name for name in names if span(name, date(2026, 3, 31)) is None}
    assert unknown == {"rotten_time"}
