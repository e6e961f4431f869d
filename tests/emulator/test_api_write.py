"""Writing: strict bodies, links, and what follows from a change."""

from datetime import date
from typing import Any

import pytest

from tests.emulator.client import HUY, JACK, LINH, MARTA, ApiAs, Client

NOT_ALLOWED = "Parameter '{0}' is not allowed for this request"

BAD_BODIES: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "deals", {}, "title: Parameter 'title' is required for this request"),
    ("POST", "deals", {"title": " "}, "title: Parameter 'title' cannot be empty"),
    ("POST", "persons", {}, "name: Parameter 'name' is required for this request"),
    ("POST", "organizations", {}, "name: Parameter 'name' is required for this request"),
    ("PATCH", "deals/1", {"colour": 1}, f"colour: {NOT_ALLOWED.format('colour')}"),
    ("PATCH", "deals/1", {"title": None}, "title: Parameter 'title' cannot be null"),
    ("PATCH", "deals/1", {"value": "12"}, "value: Parameter 'value' must be a number"),
    ("PATCH", "deals/1", {"value": True}, "value: Parameter 'value' must be a number"),
    ("PATCH", "deals/1", {"owner_id": "7"}, "owner_id: Parameter 'owner_id' must be an integer"),
    ("PATCH", "deals/1", {"owner_id": HUY}, f"owner_id: User {HUY} was not found"),
    ("PATCH", "deals/1", {"stage_id": 99}, "stage_id: Parameter 'stage_id' names nothing that exists"),
    ("PATCH", "deals/1", {"person_id": 999}, "person_id: Person 999 was not found"),
    ("PATCH", "deals/1", {"expected_close_date": "31.12.2026"}, "is not a valid date"),
    ("PATCH", "deals/1", {"expected_close_date": "2026-02-30"}, "is not a valid date"),
    ("PATCH", "deals/1", {"status": "sold"}, "status: Parameter 'status' must be one of: open, won, lost"),
    ("PATCH", "deals/1", {"lost_reason": "x"}, "can only be set when status is lost"),
    ("POST", "activities", {"attendees": [{"name": "K"}]}, "must hold objects with email"),
    (
        "POST",
        "activities",
        {"attendees": [{"email": "k@k.example", "age": 1}]},
        "'attendees.age' is not allowed",
    ),
    ("PATCH", "deals/1", {"label_ids": ["1"]}, "Parameter 'label_ids' must hold integers"),
    ("PATCH", "deals/1", {"visible_to": 2}, "visible_to: Parameter 'visible_to' must be one of: 1, 3, 5, 7"),
    ("PATCH", "persons/1", {"emails": ["a@b.example"]}, "Parameter 'emails' must hold objects with value"),
    ("PATCH", "persons/1", {"emails": [{"value": "a", "main": True}]}, NOT_ALLOWED.format("emails.main")),
    ("PATCH", "activities/1", {"due_time": "9 am"}, "Parameter 'due_time' is not a valid time"),
    ("PATCH", "activities/1", {"done": 1}, "Parameter 'done' must be a boolean"),
    ("PATCH", "activities/1", {"type": "dance"}, "type: Parameter 'type' must be one of: call"),
    ("PATCH", "activities/1", {"participants": [{"person_id": 999}]}, "Person 999 was not found"),
    ("POST", "deals", {"title": "x" * 256}, "'title' must have at most 255 characters"),
    ("PATCH", "organizations/1", {"name": "x" * 256}, "'name' must have at most 255 characters"),
    ("PATCH", "activities/1", {"subject": "x" * 256}, "'subject' must have at most 255 characters"),
    ("PATCH", "deals/1", {"probability": -1}, "'probability' must be between 0 and 100"),
    ("PATCH", "deals/1", {"probability": 100.5}, "'probability' must be between 0 and 100"),
    ("PATCH", "organizations/1", {"employee_count": -1}, "'employee_count' must be 0 or more"),
    ("POST", "activities", {"attendees": [{"email": "kim at x"}]}, "'attendees.email' is not a valid e-mail"),
    ("POST", "deals", {"title": "New", "currency": "zz"}, "currency: Currency zz was not found"),
    ("PATCH", "deals/1", {"currency": "eur"}, "currency: Currency eur was not found"),
]


def test_what_is_just_long_or_large_enough_is_taken(marta: ApiAs) -> None:
    deal = marta.write("PATCH", "/api/v2/deals/1", title="x" * 255, probability=100, currency="USD")
    assert (len(deal["title"]), deal["probability"], deal["currency"]) == (255, 100, "USD")
    assert marta.write("PATCH", "/api/v2/deals/1", probability=0)["probability"] == 0
    assert marta.write("PATCH", "/api/v2/organizations/1", employee_count=0)["employee_count"] == 0


@pytest.mark.parametrize(("method", "path", "body", "message"), BAD_BODIES)
def test_bodies_are_read_strictly(
    marta: ApiAs, method: str, path: str, body: dict[str, Any], message: str
) -> None:
    refused = marta.refused(method, f"/api/v2/{path}", 400, json=body)
    assert refused["error"].startswith("Validation failed: ")
    assert message in refused["error"]
    assert refused["code"] == "ERR_SCHEMA_VALIDATION_FAILED"


def test_several_mistakes_are_named_together_and_nothing_is_written(marta: ApiAs) -> None:
    before = marta.get("/api/v2/deals/1")
    body = {"title": "New", "colour": 1, "value": "x"}
    assert marta.refused("PATCH", "/api/v2/deals/1", 400, json=body)["error"].count("; ") == 1
    assert marta.get("/api/v2/deals/1") == before


NO_OBJECTS = [
    b"",
    b"[1]",
    b"null",
    b"{",
    b'"x"',
    b'{"value": NaN}',
    b'{"title": "\\ud800"}',
    b"\xff",
    b"[" * 90_000,
]


@pytest.mark.parametrize("content", NO_OBJECTS, ids=range(len(NO_OBJECTS)))
def test_a_body_that_is_no_json_object_is_400(marta: ApiAs, content: bytes) -> None:
    marta.refused("PATCH", "/api/v2/deals/1", 400, content=content)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59Z", "yesterday", 5])
def test_moments_that_no_calendar_has_are_refused(marta: ApiAs, moment: Any) -> None:
    marta.refused("PATCH", "/api/v2/deals/1", 400, json={"status": "won", "won_time": moment})


def test_root_level_custom_fields_are_refused_and_nested_ones_taken(marta: ApiAs) -> None:
    code = next(iter(marta.get("/api/v2/deals/1")["custom_fields"]))
    marta.refused("PATCH", "/api/v2/deals/1", 400, json={code: 1})
    deal = marta.write("PATCH", "/api/v2/deals/1", custom_fields={code: 1})
    assert deal["custom_fields"][code] == 1
    cleared = marta.write("PATCH", "/api/v2/deals/1", custom_fields={code: None})
    assert cleared["custom_fields"][code] is None
    assert sum(value is not None for value in cleared["custom_fields"].values()) == 2


CUSTOM: list[tuple[str, Any, Any]] = [
    ("Lead temperature", 2, 9),
    ("Lead temperature", 2, "2"),
    ("Decision date", "2026-12-24", "tomorrow"),
    ("Approved budget", {"value": 5.5, "currency": "USD"}, 5.5),
    ("Payment terms", "30 days", 30),
    ("Sales engineer", JACK, "Jack"),
    ("Delivery countries", [1, 3], []),
    ("Contract period", {"value": "2027-01-01", "until": "2027-12-31"}, {"until": "2027-12-31"}),
    ("Delivery address", {"value": "Narva mnt 5"}, {"locality": "Tallinn"}),
    ("Discount %", 12.5, "12.5"),
]


@pytest.mark.parametrize(("name", "good", "bad"), CUSTOM)
def test_each_type_of_custom_field_has_its_form(marta: ApiAs, name: str, good: Any, bad: Any) -> None:
    fields = marta.get("/api/v2/dealFields", limit=500)
    code = next(field["field_code"] for field in fields if field["field_name"] == name)
    assert marta.write("PATCH", "/api/v2/deals/1", custom_fields={code: good})["custom_fields"][code] == good
    refused = marta.refused("PATCH", "/api/v2/deals/1", 400, json={"custom_fields": {code: bad}})
    assert f"custom_fields.{code}" in refused["error"]


def test_a_new_deal_gets_pipedrives_defaults(client: Client) -> None:
    jack = client.as_user(JACK)
    deal = jack.write("POST", "/api/v2/deals", title="Bare")
    assert deal["id"] == 41
    given = {"owner_id": JACK, "creator_user_id": JACK, "status": "open", "value": 0, "currency": "EUR"}
    given |= {"stage_id": 1, "pipeline_id": 1, "origin": "API", "visible_to": 3, "stage_change_time": None}
    assert {key: deal[key] for key in given} == given
    assert deal["add_time"] == deal["update_time"]


def test_the_stage_decides_the_pipeline(marta: ApiAs) -> None:
    deal = marta.write("PATCH", "/api/v2/deals/1", stage_id=7, pipeline_id=1)
    assert (deal["stage_id"], deal["pipeline_id"]) == (7, 2)
    assert deal["stage_change_time"] == deal["update_time"]
    back = marta.write("PATCH", "/api/v2/deals/1", pipeline_id=1)
    assert back["stage_id"] == 1


def test_a_change_that_moves_no_stage_leaves_its_time(client: Client, marta: ApiAs) -> None:
    before = marta.get("/api/v2/deals/1")
    client.emulator.advance(60)
    after = marta.write("PATCH", "/api/v2/deals/1", stage_id=before["stage_id"], title="Same place")
    assert after["stage_change_time"] == before["stage_change_time"]
    assert after["update_time"] > before["update_time"]


def test_winning_losing_and_reopening_set_and_clear_times(client: Client, marta: ApiAs) -> None:
    won = marta.write("PATCH", "/api/v2/deals/1", status="won")
    assert won["won_time"] == won["close_time"] == won["update_time"]
    assert won["local_won_date"] == won["local_close_date"]
    assert date.fromisoformat(won["local_won_date"]) >= date.fromisoformat(won["won_time"][:10])
    client.emulator.advance(60)
    lost = marta.write("PATCH", "/api/v2/deals/1", status="lost", lost_reason="Too slow")
    assert (lost["won_time"], lost["local_won_date"], lost["lost_reason"]) == (None, None, "Too slow")
    assert lost["lost_time"] == lost["close_time"] > won["close_time"]
    reopened = marta.write("PATCH", "/api/v2/deals/1", status="open")
    assert {reopened[f"{event}_time"] for event in ("won", "lost", "close")} == {None}
    assert reopened["lost_reason"] is None
    first = marta.get("/api/v2/deals/1", include_fields="first_won_time")["first_won_time"]
    assert first == won["won_time"]


def test_an_activity_done_has_a_time_and_undone_has_none(marta: ApiAs) -> None:
    done = marta.write("PATCH", "/api/v2/activities/1", done=True)
    assert done["marked_as_done_time"] == done["update_time"]
    assert marta.write("PATCH", "/api/v2/activities/1", done=False)["marked_as_done_time"] is None


def test_an_activity_takes_its_person_from_the_primary_participant(marta: ApiAs) -> None:
    people = [{"person_id": 2}, {"person_id": 3, "primary": True}]
    activity = marta.write("POST", "/api/v2/activities", subject="Meet", deal_id=1, participants=people)
    assert activity["person_id"] == 3
    assert [row["primary"] for row in activity["participants"]] == [False, True]
    first = marta.write("PATCH", f"/api/v2/activities/{activity['id']}", participants=people[:1])
    assert first["person_id"] == 2
    alone = marta.write("PATCH", f"/api/v2/activities/{activity['id']}", person_id=1)
    assert alone["person_id"] == 2, "person_id is not writable"


def test_an_activity_without_words_is_a_call(marta: ApiAs) -> None:
    activity = marta.write("POST", "/api/v2/activities", due_time="09:00")
    assert (activity["subject"], activity["type"], activity["due_time"]) == ("Call", "call", "09:00:00")
    assert activity["org_id"] is None, "a deal's links are not copied"


def test_an_activity_shows_every_part_of_its_place_and_its_guests(marta: ApiAs) -> None:
    body = {"location": {"value": "Tallinn"}, "attendees": [{"email": "kadri@korvits.example"}], "outcome": 7}
    made = marta.write("POST", "/api/v2/activities", **body)
    assert (made["location"]["value"], made["location"]["postal_code"]) == ("Tallinn", None)
    assert (made["public_description"], made["outcome"]) == ("", 7)
    (guest,) = marta.get(f"/api/v2/activities/{made['id']}", include_fields="attendees")["attendees"]
    assert guest.keys() == {"email", "name", "status", "is_organizer", "person_id", "user_id"}


def test_person_names_are_split_and_contacts_have_one_primary(marta: ApiAs) -> None:
    mails = [{"value": "a@b.example"}, {"value": "c@d.example", "label": "home", "primary": True}]
    person = marta.write("POST", "/api/v2/persons", name="Đào Thị Thu Hà", emails=mails)
    assert (person["first_name"], person["last_name"]) == ("Đào", "Thị Thu Hà")
    assert person["emails"][0] == {"value": "a@b.example", "primary": False, "label": "work"}
    assert person["emails"][1]["primary"] is True


def test_links_can_be_cleared_with_null(marta: ApiAs) -> None:
    deal = marta.write("PATCH", "/api/v2/deals/1", person_id=None, org_id=None, expected_close_date=None)
    assert deal["person_id"] is deal["org_id"] is deal["expected_close_date"] is None


def test_deleting_is_soft_and_final_for_the_api(marta: ApiAs) -> None:
    assert marta.write("DELETE", "/api/v2/deals/2") == {"id": 2}
    assert marta.get("/api/v2/deals/2")["is_deleted"] is True
    marta.refused("PATCH", "/api/v2/deals/2", 404, json={"title": "x"})
    marta.refused("DELETE", "/api/v2/deals/2", 404)
    assert {row["id"] for row in marta.get("/api/v2/deals", status="deleted")} == {2, 14}


def test_an_archived_deal_can_be_brought_back_and_archived(marta: ApiAs) -> None:
    back = marta.write("PATCH", "/api/v2/deals/13", is_archived=False)
    assert (back["is_archived"], back["archive_time"]) == (False, None)
    assert marta.write("PATCH", "/api/v2/deals/13", is_archived=True)["archive_time"] is not None


def test_a_record_can_be_handed_over(client: Client, marta: ApiAs) -> None:
    assert marta.write("PATCH", "/api/v2/deals/15", owner_id=LINH)["owner_id"] == LINH
    assert client.as_user(LINH).get("/api/v2/deals/15")["visible_to"] == 1
    assert client.as_user(LINH).get("/api/v2/deals/15")["creator_user_id"] == MARTA
