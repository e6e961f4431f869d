"""Leads: what one needs, what is answered, who sees it, and labels."""

from typing import Any

import pytest

from tests.emulator.client import HUY, JACK, LINH, MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

LEADS = "/api/v1/leads"


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    """An admin by API token: the app of these tests has no scope for leads."""
    return direct(emulator, MARTA)


def add(api: ApiAs, **body: Any) -> dict[str, Any]:
    reply = api.request("POST", LEADS, json={"title": "Fair contact", "person_id": 1} | body)
    assert reply.status_code == 201, reply.text
    made: dict[str, Any] = reply.json()["data"]
    return made


def codes(api: ApiAs) -> dict[str, str]:
    return {field["field_name"]: field["field_code"] for field in api.everything("/api/v2/dealFields")}


def test_a_lead_made_by_the_api_says_so_and_belongs_to_its_maker(marta: ApiAs) -> None:
    made = add(marta, source_name="Import", origin="Import", origin_id="row 7")
    assert (made["source_name"], made["origin"], made["origin_id"]) == ("API", "API", "row 7")
    assert (made["owner_id"], made["creator_id"]) == (MARTA, MARTA)
    assert made["add_time"].endswith(".000Z")
    assert made["visible_to"] == "3"
    assert marta.get(f"{LEADS}/{made['id']}") == made


REFUSED = [
    ({"title": ""}, "title"),
    ({"person_id": None}, "must be linked to a person or an organization"),
    ({"person_id": 999}, "Person 999 was not found"),
    ({"organization_id": 999}, "Organization 999 was not found"),
    ({"owner_id": HUY}, f"User {HUY} was not found"),
    ({"value": {"amount": 10}}, "value.currency"),
    ({"value": {"currency": "EUR"}}, "value.amount"),
    ({"value": {"amount": 10, "currency": "zz"}}, "Currency zz was not found"),
    ({"label_ids": ["none"]}, "Lead label none was not found"),
    ({"visible_to": "2"}, "visible_to must be one of"),
    ({"expected_close_date": "tomorrow"}, "expected_close_date"),
]


@pytest.mark.parametrize(("body", "message"), REFUSED)
def test_what_a_lead_cannot_be(marta: ApiAs, body: dict[str, Any], message: str) -> None:
    before = len(marta.get(LEADS, limit=500))
    refused = marta.refused("POST", LEADS, 400, json={"title": "L", "person_id": 1} | body)
    assert message in refused["error"]
    assert len(marta.get(LEADS, limit=500)) == before


def test_one_of_its_links_may_go_but_not_both(marta: ApiAs) -> None:
    made = add(marta, organization_id=1)
    assert marta.write("PATCH", f"{LEADS}/{made['id']}", person_id=None)["person_id"] is None
    refused = marta.refused("PATCH", f"{LEADS}/{made['id']}", 400, json={"organization_id": None})
    assert "must be linked" in refused["error"]


def test_custom_fields_of_deals_stand_at_the_root_and_only_where_set(marta: ApiAs) -> None:
    code, other = codes(marta)["Payment terms"], codes(marta)["Competitors"]
    made = add(marta, **{code: "30 days"})
    assert made[code] == "30 days"
    assert other not in made
    changed = marta.write("PATCH", f"{LEADS}/{made['id']}", **{other: "Nobody"})
    assert (changed[code], changed[other]) == ("30 days", "Nobody")
    assert code not in marta.write("PATCH", f"{LEADS}/{made['id']}", **{code: None})


def test_the_archive_has_a_list_of_its_own_and_takes_no_change(marta: ApiAs) -> None:
    made = add(marta)
    marta.write("PATCH", f"{LEADS}/{made['id']}", is_archived=True)
    assert made["id"] not in [row["id"] for row in marta.get(LEADS, limit=500)]
    assert made["id"] in [row["id"] for row in marta.get(f"{LEADS}/archived", limit=500)]
    marta.refused("PATCH", f"{LEADS}/{made['id']}", 403, json={"title": "Other"})
    marta.write("PATCH", f"{LEADS}/{made['id']}", is_archived=False, title="Back")
    assert marta.get(f"{LEADS}/{made['id']}")["title"] == "Back"


def test_lists_are_sorted_filtered_and_paged(marta: ApiAs) -> None:
    rows = [add(marta, title=title, organization_id=8) for title in ("b", "c", "a")]
    query = {"organization_id": 8, "sort": "title DESC"}
    own = {row["id"] for row in rows}
    titles = [row["title"] for row in marta.get(LEADS, **query, limit=500) if row["id"] in own]
    assert titles == ["c", "b", "a"]
    page = marta.request("GET", LEADS, params={"limit": 1, "start": 1}).json()["additional_data"]
    assert page == {"start": 1, "limit": 1, "more_items_in_collection": True, "next_start": 2}
    assert marta.refused("GET", LEADS, 400, params={"sort": "colour"})["error"]
    assert marta.get(LEADS, owner_id=VICTOR, organization_id=8) == []


def test_updated_since_leaves_out_what_is_older(emulator: EmulatorProcess, marta: ApiAs) -> None:
    emulator.control("clock", {"advance_seconds": 3600})
    made = add(marta)
    since = made["update_time"].replace(".000Z", "Z")
    assert [row["id"] for row in marta.get(LEADS, updated_since=since)] == [made["id"]]


def test_hidden_deleted_and_foreign_leads_are_not_there(emulator: EmulatorProcess, marta: ApiAs) -> None:
    hidden = add(marta, visible_to="1")
    linh = direct(emulator, LINH)
    missing = linh.refused("GET", f"{LEADS}/{hidden['id']}", 404)
    assert (missing["error"], missing["error_info"]) == ("requested lead not found", "Object was not found.")
    assert hidden["id"] not in [row["id"] for row in linh.get(LEADS, limit=500)]
    direct(emulator, HUY).refused("GET", f"{LEADS}/{hidden['id']}", 404)
    assert marta.get(f"{LEADS}/{hidden['id']}/permittedUsers") == [MARTA]
    assert marta.write("DELETE", f"{LEADS}/{hidden['id']}") == {"id": hidden["id"]}
    marta.refused("GET", f"{LEADS}/{hidden['id']}", 404)
    shared = add(marta)
    assert set(marta.get(f"{LEADS}/{shared['id']}/permittedUsers")) == {MARTA, LINH, JACK}


def test_a_label_that_is_deleted_leaves_its_leads(marta: ApiAs) -> None:
    label = marta.write("POST", "/api/v1/leadLabels", name="Fair", color="dark-gray")
    made = add(marta, label_ids=[label["id"]])
    assert marta.write("PATCH", f"/api/v1/leadLabels/{label['id']}", name="Expo")["color"] == "dark-gray"
    marta.refused("POST", "/api/v1/leadLabels", 400, json={"name": "X", "color": "black"})
    marta.write("DELETE", f"/api/v1/leadLabels/{label['id']}")
    assert marta.get(f"{LEADS}/{made['id']}")["label_ids"] == []
    marta.refused("DELETE", f"/api/v1/leadLabels/{label['id']}", 404)
