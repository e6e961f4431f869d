"""Who sees what: between colleagues, and never between companies."""

from typing import Any

import pytest

from tests.emulator.client import HUY, JACK, LINH, LINH_SAIGON, MAI, MARTA, VICTOR, ApiAs, Client

TABLES = ("deals", "persons", "organizations", "activities", "stages", "pipelines")


def records(client: Client, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.emulator.control("world")["records"][table]
    return rows


@pytest.mark.parametrize("user_id", [MARTA, LINH, JACK, VICTOR, HUY, MAI, LINH_SAIGON])
def test_no_user_reads_a_record_of_the_other_company_by_any_id(client: Client, user_id: int) -> None:
    api = client.as_user(user_id)
    own = api.get("/v1/users/me")["company_id"]
    for table in TABLES:
        rows = records(client, table)
        mine = {row["id"]: row for row in rows if row["company_id"] == own}
        listed = api.everything(f"/api/v2/{table}", limit=500)
        assert {row["id"] for row in listed} <= set(mine)
        for record in {row["id"] for row in rows}:
            reply = api.request("GET", f"/api/v2/{table}/{record}")
            if reply.status_code == 200:
                shown = reply.json()["data"]
                assert all(
                    shown[key] == value
                    for key, value in mine[record].items()
                    if key in shown and key != "custom_fields"
                )
            else:
                assert reply.status_code == 404


def test_the_same_id_means_another_record_in_another_company(client: Client) -> None:
    titles = {client.as_user(user).get("/api/v2/deals/1")["title"] for user in (MARTA, HUY)}
    assert titles == {"Coffee roasting line for Saigon Harvest", "Cà phê cho 120 phòng"}
    client.as_user(HUY).refused("GET", "/api/v2/deals/35", 404)


def test_one_person_in_two_companies_is_two_users(client: Client) -> None:
    here, there = client.as_user(LINH).get("/v1/users/me"), client.as_user(LINH_SAIGON).get("/v1/users/me")
    assert here["email"] == there["email"]
    assert (here["id"], here["company_domain"]) != (there["id"], there["company_domain"])


def test_writing_reaches_no_record_of_the_other_company(client: Client) -> None:
    huy = client.as_user(HUY)
    before = [row for row in records(client, "deals") if row["company_id"] == 13000037]
    huy.write("PATCH", "/api/v2/deals/1", title="Mine")
    huy.refused("PATCH", "/api/v2/deals/35", 404, json={"title": "Yours"})
    huy.refused("DELETE", "/api/v2/deals/35", 404)
    huy.refused("PATCH", "/api/v2/deals/2", 400, json={"org_id": 13})
    assert [row for row in records(client, "deals") if row["company_id"] == 13000037] == before


def test_an_admin_sees_all_and_a_restricted_user_only_the_own(client: Client) -> None:
    own = {row["id"] for row in records(client, "deals") if row["owner_id"] == VICTOR}
    assert own == {7, 8}
    victor = client.as_user(VICTOR)
    assert {row["id"] for row in victor.get("/api/v2/deals", limit=500)} == own
    assert {row["id"] for row in victor.get("/api/v2/organizations")} == {7}
    for path in ("deals/1", "organizations/2", "persons/4", "activities/1"):
        victor.refused("GET", f"/api/v2/{path}", 404)
        assert client.as_user(MARTA).request("GET", f"/api/v2/{path}").status_code == 200


def test_a_deal_for_its_owner_alone_hides_from_colleagues(client: Client) -> None:
    client.as_user(JACK).refused("GET", "/api/v2/deals/15", 404)
    client.as_user(JACK).refused("PATCH", "/api/v2/deals/15", 404, json={"title": "x"})
    assert client.as_user(MARTA).get("/api/v2/deals/15")["visible_to"] == 1


def test_everyone_sees_a_record_that_is_for_everyone(client: Client) -> None:
    marta: ApiAs = client.as_user(MARTA)
    marta.write("PATCH", "/api/v2/deals/1", visible_to=7)
    assert client.as_user(VICTOR).get("/api/v2/deals/1")["id"] == 1


def test_what_one_cannot_see_one_cannot_link(client: Client) -> None:
    victor = client.as_user(VICTOR)
    victor.refused("PATCH", "/api/v2/deals/8", 400, json={"org_id": 1})
    victor.refused("POST", "/api/v2/activities", 400, json={"subject": "x", "deal_id": 1})
    assert victor.get("/api/v2/persons", deal_id=1) == []


def test_an_activity_is_seen_through_its_links(client: Client) -> None:
    jack = client.as_user(JACK)
    hidden = client.as_user(MARTA).write("POST", "/api/v2/activities", subject="Secret", deal_id=15)
    jack.refused("GET", f"/api/v2/activities/{hidden['id']}", 404)
    assert jack.get("/api/v2/activities/1")["deal_id"] == 1
