"""Deals beyond the plain record: participants, copies, merges, the archive, sums, and their pipelines."""

from typing import Any

import pytest

from tests.emulator.client import JACK, LINH, MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

V1, V2 = "/api/v1/deals", "/api/v2/deals"
GRINDER = {"product_id": 6, "item_price": 100, "quantity": 2}


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, MARTA)


def add(api: ApiAs, **body: Any) -> int:
    return int(api.write("POST", V2, **({"title": "New"} | body))["id"])


def people(api: ApiAs, deal: int) -> list[int]:
    return [row["person_id"]["value"] for row in api.get(f"{V1}/{deal}/participants")]


def join(api: ApiAs, deal: int, person: int) -> int:
    return int(api.write("POST", f"{V1}/{deal}/participants", person_id=person)["id"])


def test_the_contact_person_takes_part_as_long_as_it_is_that(marta: ApiAs) -> None:
    deal = add(marta, person_id=4)
    assert people(marta, deal) == [4]
    join(marta, deal, 8)
    marta.write("PATCH", f"{V2}/{deal}", person_id=6)
    assert sorted(people(marta, deal)) == [6, 8]
    contact = next(row for row in marta.get(f"{V1}/{deal}/participants") if row["person_id"]["value"] == 6)
    marta.write("DELETE", f"{V1}/{deal}/participants/{contact['id']}")
    assert marta.get(f"{V2}/{deal}")["person_id"] is None
    assert people(marta, deal) == [8]


def test_who_joined_and_left_is_remembered(marta: ApiAs) -> None:
    deal = add(marta, person_id=4)
    row = join(marta, deal, 8)
    twice = marta.refused("POST", f"{V1}/{deal}/participants", 400, json={"person_id": 4})
    assert "participant of the deal already" in twice["error"]
    marta.refused("POST", f"{V1}/{deal}/participants", 400, json={"person_id": 999})
    marta.refused("DELETE", f"{V1}/1/participants/{row}", 404)
    marta.write("DELETE", f"{V1}/{deal}/participants/{row}")
    changes = marta.get(f"{V1}/{deal}/participantsChangelog")
    assert [(row["action"], row["person_id"]) for row in changes] == [("added", 8), ("removed", 8)]
    assert {row["actor_user_id"] for row in changes} == {MARTA}


def test_participants_that_are_hidden_are_left_out(emulator: EmulatorProcess, marta: ApiAs) -> None:
    secret = marta.write("POST", "/api/v2/persons", name="Secret", visible_to=1)["id"]
    deal = add(marta, person_id=4, visible_to=7)
    join(marta, deal, secret)
    assert secret in people(marta, deal)
    assert secret not in people(direct(emulator, LINH), deal)


def test_a_reference_keeps_quiet_about_what_the_caller_may_not_see(
    emulator: EmulatorProcess, marta: ApiAs
) -> None:
    secrets = {
        "person": marta.write("POST", "/api/v2/persons", name="Secret", visible_to=1)["id"],
        "organization": marta.write("POST", "/api/v2/organizations", name="Secret", visible_to=1)["id"],
    }
    links = {"person_id": secrets["person"], "org_id": secrets["organization"]}
    deal = add(marta, **links, owner_id=VICTOR, visible_to=7)
    known = marta.write("POST", "/api/v2/persons", name="Known", org_id=links["org_id"], visible_to=7)["id"]
    join(marta, deal, known)
    marta.write("PATCH", f"{V2}/{deal}", is_archived=True)
    victor = direct(emulator, VICTOR)
    for api, is_hidden in ((marta, False), (victor, True)):
        rows = api.request("GET", f"{V1}/archived", params={"limit": 500}).json()
        row = next(row for row in rows["data"] if row["id"] == deal)
        assert [row[key] is None for key in links] == [is_hidden] * 2
        for kind, key in secrets.items():
            assert (str(key) in rows["related_objects"].get(kind, {})) != is_hidden
        text = api.request("GET", f"{V1}/{deal}/participants").text
        assert ("Secret" not in text) == is_hidden
        assert "Known" in text


def test_a_product_on_a_deal_shows_its_name_to_whoever_sees_the_deal(
    emulator: EmulatorProcess, marta: ApiAs
) -> None:
    reply = marta.request("POST", "/api/v2/products", json={"name": "Secret", "visible_to": 1})
    product = reply.json()["data"]["id"]
    deal = add(marta, visible_to=7)
    row = {"product_id": product, "item_price": 1, "quantity": 1}
    assert marta.request("POST", f"{V2}/{deal}/products", json=row).status_code == 201
    victor = direct(emulator, VICTOR)
    victor.refused("GET", f"/api/v2/products/{product}", 404)
    assert [row["name"] for row in victor.get(f"{V2}/{deal}/products")] == ["Secret"]


def test_the_archive_has_its_own_lists(marta: ApiAs) -> None:
    deal = add(marta, person_id=12)
    marta.write("PATCH", f"{V2}/{deal}", is_archived=True)
    assert deal not in [row["id"] for row in marta.everything(V2)]
    archived = [row["id"] for row in marta.everything(f"{V2}/archived")]
    assert archived == [13, deal]
    assert [row["id"] for row in marta.everything(f"{V2}/archived", owner_id=MARTA)] == [deal]
    rows = marta.request("GET", f"{V1}/archived", params={"sort": "id DESC"}).json()
    assert [row["id"] for row in rows["data"]] == [deal, 13]
    assert rows["data"][0]["person_id"]["value"] == 12
    assert rows["related_objects"]["person"]["12"]["name"] == "Peter Novak"
    assert [row["id"] for row in marta.get(f"{V1}/archived", owned_by_you=1, user_id=JACK)] == [deal]
    assert marta.get(f"{V1}/archived", product_id=6) == []
    assert marta.get(f"{V1}/archived", status="won") == []


def test_a_duplicate_is_open_and_takes_people_and_products(marta: ApiAs) -> None:
    deal = add(marta, person_id=4, stage_id=3)
    join(marta, deal, 8)
    marta.request("POST", f"{V2}/{deal}/products", json=GRINDER)
    marta.write("PATCH", f"{V2}/{deal}", status="won")
    copy = marta.write("POST", f"{V1}/{deal}/duplicate")
    assert copy["id"] != deal
    shown = [copy[key] for key in ("title", "status", "won_time", "stage_id", "value", "user_id")]
    assert shown == ["New", "open", None, 3, 200, MARTA]
    assert people(marta, copy["id"]) == [4, 8]
    assert [row["sum"] for row in marta.get(f"{V2}/{copy['id']}/products")] == [200]
    assert marta.get("/api/v2/activities", deal_id=copy["id"]) == []


def test_a_merge_keeps_the_deal_that_is_named_and_moves_everything(marta: ApiAs) -> None:
    loser = add(marta, title="Loser", person_id=4, org_id=2, expected_close_date="2027-01-01")
    winner = add(marta, title="Winner", person_id=6)
    call = marta.write("POST", "/api/v2/activities", subject="Call", type="call", deal_id=loser)
    for deal in (loser, winner):
        marta.request("POST", f"{V2}/{deal}/products", json=GRINDER)
        marta.request("POST", f"{V2}/{deal}/followers", json={"user_id": JACK})
    marta.write("PATCH", f"{V2}/{loser}", status="lost", lost_reason="Twice")
    merged = marta.write("PUT", f"{V1}/{loser}/merge", merge_with_id=winner)
    assert (merged["id"], merged["merge_what_id"]) == (winner, loser)
    kept = marta.get(f"{V2}/{winner}")
    assert (kept["title"], kept["person_id"], kept["org_id"]) == ("Winner", 6, 2)
    assert (kept["status"], kept["lost_reason"], kept["value"]) == ("open", None, 400)
    assert kept["expected_close_date"] == "2027-01-01"
    assert people(marta, winner) == [6, 4]
    assert marta.get(f"/api/v2/activities/{call['id']}")["deal_id"] == winner
    assert [row["user_id"] for row in marta.get(f"{V2}/{winner}/followers")] == [JACK]
    assert marta.get(f"{V2}/{loser}")["is_deleted"]
    for other in (winner, loser, 999):
        marta.refused("PUT", f"{V1}/{winner}/merge", 400, json={"merge_with_id": other})


def test_a_summary_adds_up_what_the_caller_sees(emulator: EmulatorProcess, marta: ApiAs) -> None:
    before = marta.get(f"{V1}/summary", user_id=VICTOR)
    owner = {"owner_id": VICTOR, "visible_to": 1}
    add(marta, value=110, currency="USD", **owner, pipeline_id=2)
    add(marta, value=50, currency="EUR", **owner, stage_id=2, probability=10)
    after = marta.get(f"{V1}/summary", user_id=VICTOR)
    assert after["total_count"] == before["total_count"] + 2
    gain = after["total_currency_converted_value"] - before["total_currency_converted_value"]
    assert gain == pytest.approx(150)
    assert after["values_total"]["USD"]["value_formatted"] == "US$110"
    key = "total_weighted_currency_converted_value"
    assert after[key] - before[key] == pytest.approx(105)
    seen = direct(emulator, JACK).get(f"{V1}/summary", user_id=VICTOR)
    assert "USD" not in seen["values_total"]
    assert [row["count"] for row in marta.get(f"{V1}/summary/archived")["values_total"].values()] == [1]


def test_a_timeline_groups_by_a_date_field(marta: ApiAs) -> None:
    outside = (("2031-01-31", "open"), ("2031-04-01", "won"))
    for day, status in (("2031-02-28", "open"), ("2031-03-01", "won"), ("2031-03-30", "lost"), *outside):
        add(marta, expected_close_date=day, status=status, value=10, currency="EUR")
    query = {"start_date": "2031-02-01", "interval": "month", "amount": 2, "field_key": "expected_close_date"}
    february, march = marta.get(f"{V1}/timeline", **query)
    assert (february["period_start"], february["period_end"]) == (
        "2031-02-01 00:00:00",
        "2031-02-28 23:59:59",
    )
    assert (february["totals"]["open_count"], march["totals"]["won_count"]) == (1, 1)
    assert (february["totals"]["count"], march["totals"]["count"]) == (1, 1)
    for start, counts in (("2031-01-31", [1, 0]), ("2031-01-30", [0, 1])):
        edges = marta.get(f"{V1}/timeline", **query | {"start_date": start, "interval": "day"})
        assert [group["totals"]["count"] for group in edges] == counts
    assert [group["totals"]["count"] for group in marta.get(f"{V1}/timeline", **query | {"amount": 3})][
        2
    ] == 1
    assert march["totals"]["won_values"] == {"EUR": 10}
    summed = marta.get(f"{V1}/timeline", **query, exclude_deals=1, totals_convert_currency="USD")[1]
    assert (summed["deals"], summed["totals_converted"]["values"]) == ([], {"USD": 11})
    assert [len(group["deals"]) for group in marta.get(f"{V1}/timeline/archived", **query)] == [0, 0]
    for bad in ({"field_key": "title"}, {"amount": 0}, {"start_date": "soon"}, {"interval": "year"}):
        marta.refused("GET", f"{V1}/timeline", 400, params=query | bad)
    marta.refused("GET", f"{V1}/timeline", 400, params={"start_date": "2031-02-01"})


def test_a_merge_spares_archived_deals_on_either_side(marta: ApiAs) -> None:
    deal, archived = add(marta), add(marta, title="Kept")
    marta.write("PATCH", f"{V2}/{archived}", is_archived=True)
    for one, other in ((deal, archived), (archived, deal)):
        error = marta.refused("PUT", f"{V1}/{one}/merge", 403, json={"merge_with_id": other})
        assert error["error"] == "Archived deals cannot be changed."
    assert not marta.get(f"{V2}/{deal}")["is_deleted"]


def test_deals_of_a_pipeline_are_the_callers_own_unless_asked(marta: ApiAs) -> None:
    own = {row["user_id"] for row in marta.get("/api/v1/pipelines/1/deals", limit=500)}
    everyone = marta.request(
        "GET", "/api/v1/pipelines/1/deals", params={"everyone": 1, "get_summary": 1}
    ).json()
    summary = everyone["additional_data"]["deals_summary"]
    assert own == {MARTA}
    assert {row["user_id"] for row in everyone["data"]} > own
    assert sum(summary["per_currency"].values()) == len(everyone["data"])
    jacks = marta.get("/api/v1/stages/2/deals", user_id=JACK)
    assert {(row["user_id"], row["stage_id"], row["status"]) for row in jacks} == {(JACK, 2, "open")}
    marta.refused("GET", "/api/v1/pipelines/99/deals", 404)


def test_statistics_tell_how_far_deals_came(marta: ApiAs) -> None:
    made = marta.write("POST", "/api/v2/pipelines", name="Short")["id"]
    stages = [marta.write("POST", "/api/v2/stages", name=name, pipeline_id=made)["id"] for name in ("A", "B")]
    stay, move = add(marta, stage_id=stages[0]), add(marta, stage_id=stages[0], value=30, currency="EUR")
    marta.write("PATCH", f"{V2}/{move}", stage_id=stages[1])
    marta.write("PATCH", f"{V2}/{move}", status="won")
    today = marta.get(f"{V2}/{stay}")["add_time"][:10]
    period = {"start_date": today, "end_date": today}
    rates = marta.get(f"/api/v1/pipelines/{made}/conversion_statistics", **period)
    assert rates["stage_conversions"] == [
        {"from_stage_id": stages[0], "to_stage_id": stages[1], "conversion_rate": 50}
    ]
    assert (rates["won_conversion"], rates["lost_conversion"]) == (50, 0)
    moved = marta.get(f"/api/v1/pipelines/{made}/movement_statistics", **period)
    assert moved["movements_between_stages"] == {"count": 1}
    assert moved["new_deals"]["deals_ids"] == [stay, move]
    assert moved["won_deals"]["formatted_values"] == {"EUR": "€30"}
    assert moved["deals_left_open"]["deals_ids"] == [stay]
    others = marta.get(f"/api/v1/pipelines/{made}/movement_statistics", **period, user_id=JACK)
    assert others["new_deals"]["count"] == 0
    marta.write("PATCH", f"{V2}/{move}", stage_id=stages[0])
    back = marta.get(f"/api/v1/pipelines/{made}/conversion_statistics", **period)["stage_conversions"]
    assert back == rates["stage_conversions"]
    marta.refused("GET", f"/api/v1/pipelines/{made}/movement_statistics", 400, params={"start_date": today})


@pytest.mark.parametrize(("setting", "is_gone"), [("kept", False), ("deleted", True)])
def test_a_pipeline_takes_its_stages_along_and_its_deals_by_switch(
    emulator: EmulatorProcess, marta: ApiAs, setting: str, is_gone: bool
) -> None:
    emulator.control("switches", {"deals_of_deleted_stage": setting})
    marta.write("DELETE", "/api/v2/pipelines/2")
    assert marta.get("/api/v2/stages", pipeline_id=2) == []
    assert marta.get(f"{V2}/5")["is_deleted"] == is_gone
    marta.write("DELETE", "/api/v2/stages/3")
    assert marta.get(f"{V2}/1")["is_deleted"] == is_gone
    marta.refused("POST", V2, 400, json={"title": "Late", "stage_id": 3})


def test_new_pipelines_and_stages_stand_last(marta: ApiAs) -> None:
    first = marta.write("POST", "/api/v2/pipelines", name="Third")
    marta.write("DELETE", f"/api/v2/pipelines/{first['id']}")
    assert marta.write("POST", "/api/v2/pipelines", name="Fourth")["order_nr"] == first["order_nr"] + 1
    assert marta.write("POST", "/api/v2/stages", name="Sixth", pipeline_id=1)["order_nr"] == 6


def test_the_probability_of_a_stage_is_a_percentage(marta: ApiAs) -> None:
    for wrong in (-1, 101):
        error = marta.refused("PATCH", "/api/v2/stages/1", 400, json={"deal_probability": wrong})
        assert "'deal_probability' must be between 0 and 100" in error["error"]
    assert marta.write("PATCH", "/api/v2/stages/1", deal_probability=0)["deal_probability"] == 0


def test_a_deal_without_contact_is_refused_by_switch(emulator: EmulatorProcess, marta: ApiAs) -> None:
    deal = add(marta, org_id=2)
    emulator.control("switches", {"deal_without_contact": "refuse"})
    assert "person or an organization" in marta.refused("POST", V2, 400, json={"title": "Nobody"})["error"]
    marta.refused("PATCH", f"{V2}/{deal}", 400, json={"org_id": None})


def test_permitted_users_are_those_who_see_the_deal(marta: ApiAs) -> None:
    hidden = add(marta, owner_id=LINH, visible_to=1)
    assert marta.get(f"{V1}/{hidden}/permittedUsers") == [MARTA, LINH]
    assert set(marta.get(f"{V1}/{add(marta, visible_to=7)}/permittedUsers")) == {MARTA, LINH, JACK, VICTOR}


def test_filters_choose_archived_deals_sums_and_those_of_a_pipeline(marta: ApiAs) -> None:
    fields = {row["key"]: row["id"] for row in marta.get("/api/v1/dealFields", limit=500)}
    row = {"object": "deal", "field_id": str(fields["title"]), "operator": "LIKE '$%'", "value": "Zebra"}
    groups = [{"glue": "and", "conditions": [row]}, {"glue": "or", "conditions": []}]
    body = {"name": "Zebras", "type": "deals", "conditions": {"glue": "and", "conditions": groups}}
    wanted = marta.write("POST", "/api/v1/filters", **body)["id"]
    deal, kept = add(marta, title="Zebra 1", owner_id=JACK, stage_id=2), add(marta, title="Zebra 2")
    marta.write("PATCH", f"{V2}/{kept}", is_archived=True)
    assert [row["id"] for row in marta.get(f"{V1}/archived", filter_id=wanted, user_id=VICTOR)] == [kept]
    assert marta.get(f"{V1}/summary", filter_id=wanted, user_id=VICTOR)["total_count"] == 1
    stage = "/api/v1/stages/2/deals"
    assert [row["id"] for row in marta.get(stage, filter_id=wanted)] == [deal]
    assert len(marta.get(stage, filter_id=wanted, everyone=1)) > 1
