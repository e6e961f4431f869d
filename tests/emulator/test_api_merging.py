"""Merging persons and organizations, and the history that is left of it."""

from typing import Any

import pytest

from tests.emulator.client import JACK, LINH, MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.hooks import Hooks
from tests.emulator.process import EmulatorProcess


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    """An admin of Acme with her own token: no app asks for every scope of these pages."""
    return direct(emulator, MARTA)


def make(api: ApiAs, path: str, **body: Any) -> int:
    return int(api.write("POST", f"/api/v2/{path}", **body)["id"])


def merge(api: ApiAs, path: str, loser: int, winner: int) -> Any:
    return api.write("PUT", f"/api/v1/{path}/{loser}/merge", merge_with_id=winner)


def test_the_person_named_in_the_body_survives_and_its_values_win(marta: ApiAs) -> None:
    loser = make(
        marta,
        "persons",
        name="Kadri Tam",
        org_id=2,
        phones=[{"value": "1"}],
        emails=[{"value": "a@a.example"}, {"value": "b@b.example"}],
    )
    winner = make(marta, "persons", name="Kadri Tamm", emails=[{"value": "a@a.example"}])
    shown = merge(marta, "persons", loser, winner)
    assert (shown["id"], shown["merge_what_id"], shown["name"]) == (winner, loser, "Kadri Tamm")
    person = marta.get(f"/api/v2/persons/{winner}")
    assert person["org_id"] == 2
    assert [row["value"] for row in person["phones"]] == ["1"]
    assert [(row["value"], row["primary"]) for row in person["emails"]] == [
        ("a@a.example", True),
        ("b@b.example", False),
    ]
    assert marta.get(f"/api/v2/persons/{loser}")["is_deleted"] is True


def test_everything_of_a_person_moves(marta: ApiAs) -> None:
    loser, winner = make(marta, "persons", name="A"), make(marta, "persons", name="B")
    deal = make(marta, "deals", title="D", person_id=loser)
    rows = [{"person_id": 1, "primary": True}, {"person_id": loser, "primary": False}]
    guest = make(marta, "activities", subject="S", participants=rows)
    host = make(marta, "activities", subject="S", participants=[{"person_id": loser}])
    note = marta.write("POST", "/api/v1/notes", content="x", person_id=loser)["id"]
    for user in (JACK, LINH):
        marta.request("POST", f"/api/v2/persons/{loser}/followers", json={"user_id": user})
    marta.request("POST", f"/api/v2/persons/{winner}/followers", json={"user_id": JACK})
    merge(marta, "persons", loser, winner)
    assert marta.get(f"/api/v2/deals/{deal}")["person_id"] == winner
    assert marta.get(f"/api/v2/activities/{host}")["person_id"] == winner
    guests = marta.get(f"/api/v2/activities/{guest}")["participants"]
    assert {(row["person_id"], row["primary"]) for row in guests} == {(1, True), (winner, False)}
    assert marta.get(f"/api/v1/notes/{note}")["person_id"] == winner
    followers = [row["user_id"] for row in marta.get(f"/api/v2/persons/{winner}/followers")]
    assert sorted(followers) == sorted([JACK, LINH])


def test_guests_move_at_every_merge_and_those_who_left_stay_away(marta: ApiAs) -> None:
    first, second, third = (make(marta, "persons", name=name) for name in "ABC")
    rows = [{"person_id": 1, "primary": True}, {"person_id": first, "primary": False}]
    kept, left = (make(marta, "activities", subject="S", participants=rows) for _ in range(2))
    merge(marta, "persons", first, second)
    marta.write("PATCH", f"/api/v2/activities/{left}", participants=[{"person_id": 1}])
    merge(marta, "persons", second, third)
    people = [
        {row["person_id"] for row in marta.get(f"/api/v2/activities/{key}")["participants"]}
        for key in (kept, left)
    ]
    assert people == [{1, third}, {1}]


def test_one_contact_stays_primary_and_unset_custom_fields_are_filled(marta: ApiAs) -> None:
    fields = marta.everything("/api/v2/personFields", limit=500)
    text = [row["field_code"] for row in fields if row["is_custom_field"] and row["field_type"] == "varchar"]
    code = text[0] if text else new_field(marta)
    other = new_field(marta)
    loser = make(
        marta,
        "persons",
        name="A",
        emails=[{"value": "a@a.example"}],
        custom_fields={code: "kept", other: "lost"},
    )
    winner = make(marta, "persons", name="B", emails=[{"value": "b@b.example"}], custom_fields={other: "won"})
    merge(marta, "persons", loser, winner)
    person = marta.get(f"/api/v2/persons/{winner}")
    assert {row["value"]: row["primary"] for row in person["emails"]} == {
        "b@b.example": True,
        "a@a.example": False,
    }
    assert (person["custom_fields"][code], person["custom_fields"][other]) == ("kept", "won")


def new_field(api: ApiAs) -> str:
    body = {"field_name": "Nickname", "field_type": "varchar"}
    return str(api.write("POST", "/api/v2/personFields", **body)["field_code"])


def test_a_person_takes_part_in_a_deal_once(marta: ApiAs) -> None:
    loser, winner = make(marta, "persons", name="A"), make(marta, "persons", name="B")
    deal = make(marta, "deals", title="D")
    for person in (loser, winner):
        marta.write("POST", f"/api/v1/deals/{deal}/participants", person_id=person)
    merge(marta, "persons", loser, winner)
    rows = marta.get(f"/api/v1/deals/{deal}/participants")
    assert [row["person_id"]["value"] for row in rows] == [winner]


def test_an_organization_takes_over_people_and_relationships(marta: ApiAs) -> None:
    loser, winner = make(marta, "organizations", name="A"), make(marta, "organizations", name="B")
    third, person = make(marta, "organizations", name="C"), make(marta, "persons", name="P", org_id=loser)
    for linked in (winner, third):
        body = {"type": "parent", "rel_owner_org_id": loser, "rel_linked_org_id": linked}
        marta.write("POST", "/api/v1/organizationRelationships", **body)
    assert merge(marta, "organizations", loser, winner)["id"] == winner
    assert marta.get(f"/api/v2/persons/{person}")["org_id"] == winner
    relations = marta.get("/api/v1/organizationRelationships", org_id=winner)
    assert [row["calculated_related_org_id"] for row in relations] == [third]


@pytest.mark.parametrize(("path", "entity"), [("persons", "person"), ("organizations", "organization")])
def test_webhooks_tell_which_record_is_left(marta: ApiAs, hooks: Hooks, path: str, entity: str) -> None:
    loser, winner = make(marta, path, name="A", label_ids=[1]), make(marta, path, name="B")
    hooks.subscribe(event_object=entity)
    merge(marta, path, loser, winner)
    told = {body["meta"]["action"]: body["meta"] for body in hooks.came()}
    assert (told["delete"]["entity_id"], told["delete"]["merged_to_id"]) == (str(loser), str(winner))
    assert (told["change"]["entity_id"], told["change"]["merged_from_id"]) == (str(winner), str(loser))


@pytest.mark.parametrize("path", ["persons", "organizations"])
def test_what_cannot_be_merged_stays_as_it_was(emulator: EmulatorProcess, path: str) -> None:
    victor = direct(emulator, VICTOR)
    mine = make(victor, path, name="Mine")
    before = victor.get(f"/api/v2/{path}/{mine}")
    victor.refused("PUT", f"/api/v1/{path}/{mine}/merge", 404, json={"merge_with_id": 1})
    victor.refused("PUT", f"/api/v1/{path}/1/merge", 404, json={"merge_with_id": mine})
    victor.refused("PUT", f"/api/v1/{path}/{mine}/merge", 400, json={"merge_with_id": mine})
    victor.refused("PUT", f"/api/v1/{path}/{mine}/merge", 400, json={})
    assert victor.get(f"/api/v2/{path}/{mine}") == before


def test_the_changelog_pages_from_the_newest_change(marta: ApiAs) -> None:
    person = make(marta, "persons", name="A")
    marta.write("PATCH", f"/api/v2/persons/{person}", emails=[{"value": "a@a.example"}])
    marta.write("PATCH", f"/api/v2/persons/{person}", visible_to=7)
    rows = marta.everything(f"/api/v1/persons/{person}/changelog", limit=1)
    said = [(row["field_key"], row["old_value"], row["new_value"]) for row in rows]
    assert said[0] == ("visible_to", "3", "7")
    assert ("email", None, "a@a.example") in said
    assert rows[-1]["field_key"] == "add_time"
    assert {row["actor_user_id"] for row in rows} == {MARTA}
    assert {row["change_source"] for row in rows} == {"api"}
    for cursor in ("x", "aWQ6eA", "bm86MQ"):
        marta.refused("GET", f"/api/v1/persons/{person}/changelog", 400, params={"cursor": cursor})
    marta.refused("GET", f"/api/v1/persons/{person}/changelog", 400, params={"limit": 0})


def test_the_flow_tells_everything_around_a_person_the_newest_first(marta: ApiAs) -> None:
    person = make(marta, "persons", name="A")
    path = f"/api/v1/persons/{person}/flow"
    marta.write("POST", "/api/v1/notes", content="x", person_id=person)
    make(marta, "deals", title="D", person_id=person)
    make(marta, "activities", subject="S", participants=[{"person_id": person}])
    make(marta, "activities", subject="S", done=True, participants=[{"person_id": person}])
    marta.request("POST", f"/api/v2/persons/{person}/followers", json={"user_id": JACK})
    marta.emulator.control("clock", {"advance_seconds": 60})
    marta.write("PATCH", f"/api/v2/persons/{person}", name="B")
    kinds = [row["object"] for row in marta.get(path)]
    assert kinds[0] == "personChange"
    assert set(kinds) == {"personChange", "note", "deal", "plannedActivity", "activity", "follower"}
    assert {row["object"] for row in marta.get(path, items="note,activity")} == {"activity", "note"}
    assert {row["object"] for row in marta.get(path, items="change")} == {"personChange"}
    first, second = (marta.get(path, start=start, limit=1)[0]["object"] for start in (0, 1))
    assert [first, second] == kinds[:2]
    marta.refused("GET", path, 400, params={"items": "note,dance"})


def test_custom_fields_stand_in_the_flow_only_when_asked_for(marta: ApiAs) -> None:
    codes = [row["field_code"] for row in marta.get("/api/v2/dealFields", limit=500)]
    code = next(code for code in codes if marta.get("/api/v2/deals/2")["custom_fields"].get(code, 0) is None)
    kind = marta.get(f"/api/v2/dealFields/{code}")["field_type"]
    value = {"enum": 1, "date": "2027-01-01", "varchar": "x", "text": "x"}[kind]
    marta.write("PATCH", "/api/v2/deals/2", custom_fields={code: value})
    path = "/api/v1/deals/2/flow"
    assert code not in {row["data"].get("field_key") for row in marta.get(path)}
    assert code in {row["data"].get("field_key") for row in marta.get(path, all_changes=1)}


def test_permitted_users_are_those_who_see_the_record(emulator: EmulatorProcess, marta: ApiAs) -> None:
    person = make(direct(emulator, VICTOR), "persons", name="P", visible_to=1)
    path = f"/api/v1/persons/{person}/permittedUsers"
    assert marta.get(path) == sorted([MARTA, VICTOR])
    marta.request("POST", f"/api/v2/persons/{person}/followers", json={"user_id": JACK})
    assert marta.get(path) == sorted([MARTA, VICTOR, JACK])
    marta.write("PATCH", f"/api/v2/persons/{person}", visible_to=7)
    assert LINH in marta.get(path)
    direct(emulator, LINH).refused("GET", "/api/v1/persons/99999/permittedUsers", 404)
