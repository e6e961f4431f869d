"""Activities and their types: who takes part, what they are linked to, and what a type may be."""

from typing import Any

import pytest

from tests.emulator.client import JACK, MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    """An admin of Acme with her own token."""
    return direct(emulator, MARTA)


def add(api: ApiAs, **body: Any) -> dict[str, Any]:
    row: dict[str, Any] = api.write("POST", "/api/v2/activities", subject="S", **body)
    return row


def new_type(api: ApiAs, name: str, **body: Any) -> Any:
    return api.request("POST", "/api/v1/activityTypes", json={"name": name, "icon_key": "lunch"} | body)


@pytest.mark.parametrize(("position", "org_id", "people"), [("no", None, []), ("yes", 1, [1])])
def test_a_switch_decides_whether_a_deal_brings_its_contacts(
    marta: ApiAs, position: str, org_id: int | None, people: list[int]
) -> None:
    marta.emulator.turn(activity_links_deal_contacts=position)
    row = add(marta, deal_id=1)
    assert row["org_id"] == org_id
    assert [guest["person_id"] for guest in row["participants"]] == people
    own = add(marta, deal_id=1, org_id=2, participants=[{"person_id": 4}])
    assert (own["org_id"], own["person_id"]) == (2, 4)


def test_links_must_lead_somewhere(marta: ApiAs) -> None:
    for key, value in (("deal_id", 999), ("org_id", 999), ("lead_id", "none"), ("project_id", 999)):
        body = {"subject": "S", key: value}
        refused = marta.refused("POST", "/api/v2/activities", 400, json=body)
        assert f"{value} was not found" in refused["error"]


def test_a_guest_list_is_told_on_request_and_in_full(marta: ApiAs) -> None:
    row = add(marta, attendees=[{"email": "k@k.example", "is_organizer": True}])
    assert "attendees" not in row
    shown = marta.get(f"/api/v2/activities/{row['id']}", include_fields="attendees")["attendees"]
    assert shown == [
        {
            "email": "k@k.example",
            "name": None,
            "status": "noreply",
            "is_organizer": True,
            "person_id": None,
            "user_id": None,
        }
    ]


def test_due_dates_sort_and_changes_are_found_by_time(marta: ApiAs) -> None:
    org = marta.write("POST", "/api/v2/organizations", name="O")["id"]
    late, none, early = (
        add(marta, org_id=org, due_date=day)["id"] for day in ("2030-02-01", None, "2030-01-01")
    )
    rows = marta.everything("/api/v2/activities", org_id=org, sort_by="due_date", limit=1)
    assert [row["id"] for row in rows] == [none, early, late]
    marta.emulator.control("clock", {"advance_seconds": 120})
    changed = marta.write("PATCH", f"/api/v2/activities/{early}", done=True)
    since = {"org_id": org, "updated_since": changed["update_time"]}
    until = {"org_id": org, "updated_until": changed["update_time"]}
    assert [row["id"] for row in marta.everything("/api/v2/activities", **since)] == [early]
    assert [row["id"] for row in marta.everything("/api/v2/activities", **until)] == [late, none]
    assert [row["id"] for row in marta.everything("/api/v2/activities", org_id=org, done="true")] == [early]


def test_what_an_activity_is_linked_to_decides_who_sees_it(marta: ApiAs) -> None:
    jack, victor = direct(marta.emulator, JACK), direct(marta.emulator, VICTOR)
    hidden = add(marta, deal_id=15)["id"]
    jack.refused("GET", f"/api/v2/activities/{hidden}", 404)
    victors = add(victor, deal_id=8)["id"]
    jack.refused("GET", f"/api/v2/activities/{victors}", 404)
    marta.request("POST", "/api/v2/deals/8/followers", json={"user_id": JACK})
    assert jack.get(f"/api/v2/activities/{victors}")["deal_id"] == 8


def test_the_key_of_a_type_comes_from_its_first_name_and_stays(marta: ApiAs) -> None:
    key = "thu_ca_phe_da_lat"
    row = new_type(marta, "Thử cà phê / Đà Lạt!", color="aeb31b").json()["data"]
    assert (row["key_string"], row["is_custom_flag"], row["color"]) == (key, True, "aeb31b")
    path = f"/api/v1/activityTypes/{row['id']}"
    renamed = marta.write("PUT", path, name="Cupping", order_nr="1")
    assert (renamed["key_string"], renamed["name"], renamed["order_nr"]) == (key, "Cupping", 1)
    assert add(marta, type=key)["type"] == key
    again = new_type(marta, "Thử cà phê Đà Lạt").json()["data"]
    assert again["key_string"] == f"{key}_2"


def test_a_deleted_type_stays_with_what_has_it_and_takes_nothing_new(marta: ApiAs) -> None:
    row = new_type(marta, "Cupping").json()["data"]
    activity = add(marta, type="cupping")["id"]
    assert marta.write("DELETE", f"/api/v1/activityTypes/{row['id']}")["active_flag"] is False
    marta.refused("PUT", f"/api/v1/activityTypes/{row['id']}", 404, json={"name": "x"})
    marta.refused("POST", "/api/v2/activities", 400, json={"subject": "S", "type": "cupping"})
    assert marta.write("PATCH", f"/api/v2/activities/{activity}", done=True)["type"] == "cupping"
    flags = {kind["key_string"]: kind["active_flag"] for kind in marta.get("/api/v1/activityTypes")}
    assert flags["cupping"] is False
    assert flags["call"] is True


def test_types_are_an_admins_business_and_have_a_name_of_their_own(marta: ApiAs) -> None:
    assert new_type(direct(marta.emulator, JACK), "Cupping").status_code == 403
    assert new_type(marta, " ").status_code == 400
    assert new_type(marta, "call").status_code == 400
    assert new_type(marta, "Cupping", icon_key="unicorn").status_code == 400


def test_the_last_type_cannot_go(marta: ApiAs) -> None:
    *others, last = [kind["id"] for kind in marta.get("/api/v1/activityTypes")]
    for number in others:
        marta.write("DELETE", f"/api/v1/activityTypes/{number}")
    marta.refused("DELETE", f"/api/v1/activityTypes/{last}", 400)
    assert add(marta)["type"] == marta.get("/api/v1/activityTypes")[-1]["key_string"]
