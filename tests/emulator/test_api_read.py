"""Reading: fields, filters, order, pages, optional attributes."""

import base64
import json
from typing import Any

import pytest

from tests.emulator.client import JACK, MARTA, ApiAs, Client

V2_DEAL = """
id title creator_user_id owner_id value person_id org_id stage_id pipeline_id currency archive_time add_time
update_time stage_change_time status is_archived is_deleted probability lost_reason visible_to close_time
won_time lost_time local_won_date local_lost_date local_close_date expected_close_date label_ids origin
origin_id channel channel_id source_lead_id acv arr mrr custom_fields
"""


def field_code(api: ApiAs, name: str) -> str:
    fields = api.get("/api/v2/dealFields", limit=500)
    return str(next(field["field_code"] for field in fields if field["field_name"] == name))


def test_a_deal_has_the_documented_keys_in_their_order(marta: ApiAs) -> None:
    assert list(marta.get("/api/v2/deals/1")) == V2_DEAL.split()


def test_custom_fields_list_every_defined_key(marta: ApiAs) -> None:
    values = marta.get("/api/v2/deals/3")["custom_fields"]
    assert len(values) == 10
    assert set(values.values()) == {None}
    assert all(len(code) == 40 for code in values)


def test_custom_fields_can_be_narrowed_and_labelled(marta: ApiAs) -> None:
    code = field_code(marta, "Lead temperature")
    assert marta.get("/api/v2/deals/1", custom_fields=code)["custom_fields"] == {code: 3}
    labelled = marta.get("/api/v2/deals/1", include_option_labels="true")["custom_fields"]
    assert labelled[code] == {"id": 3, "label": "Hot"}


def test_optional_attributes_come_when_asked_for(marta: ApiAs) -> None:
    asked = "next_activity_id,participants_count,last_outgoing_mail_time,undone_activities_count"
    deal = marta.get("/api/v2/deals/1", include_fields=asked)
    assert (deal["participants_count"], deal["undone_activities_count"]) == (3, 1)
    step = marta.get(f"/api/v2/activities/{deal['next_activity_id']}")
    assert (step["deal_id"], step["done"]) == (1, False)
    assert deal["last_outgoing_mail_time"].endswith("Z")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"include_fields": "nonsense"}, "include_fields: Parameter 'include_fields' must be among:"),
        ({"owner_id": "me"}, "owner_id: Parameter 'owner_id' must be an integer"),
        ({"status": "sold"}, "status: Parameter 'status' must be one of: open, won, lost, deleted"),
        ({"updated_since": "2026-01-01T00:00:00.000Z"}, "Parameter 'updated_since' is not a valid datetime"),
        ({"limit": "0"}, "Parameter 'limit' must be between 1 and 500"),
        ({"cursor": "%%%"}, "Parameter 'cursor' is not a valid cursor"),
        ({"ids": ",".join(map(str, range(101)))}, "Parameter 'ids' takes at most 100 ids"),
        ({"sort_by": "title"}, "Parameter 'sort_by' must be one of: id, update_time, add_time"),
    ],
)
def test_queries_that_do_not_fit_are_refused(marta: ApiAs, query: dict[str, str], message: str) -> None:
    body = marta.refused("GET", "/api/v2/deals", 400, params=query)
    assert message in body["error"]
    assert body["code"] == "ERR_SCHEMA_VALIDATION_FAILED"


def test_all_complaints_come_at_once(marta: ApiAs) -> None:
    query = {"owner_id": "x", "stage_id": "y"}
    assert marta.refused("GET", "/api/v2/deals", 400, params=query)["error"].count("; ") == 1


def test_a_limit_above_the_cap_is_clamped_or_refused_by_the_switch(client: Client, marta: ApiAs) -> None:
    assert marta.request("GET", "/api/v2/deals?limit=501").status_code == 200
    client.emulator.turn(limit_above_cap="reject")
    marta.refused("GET", "/api/v2/deals?limit=501", 400)


@pytest.mark.parametrize("path", ["deals", "persons", "organizations", "activities", "stages", "pipelines"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 7])
def test_walking_the_cursor_meets_every_record_once(
    marta: ApiAs, path: str, direction: str, limit: int
) -> None:
    whole = marta.get(f"/api/v2/{path}", limit=500)
    walked = marta.everything(f"/api/v2/{path}", limit=limit, sort_by="update_time", sort_direction=direction)
    assert sorted(row["id"] for row in walked) == sorted(row["id"] for row in whole)
    order = [(row["update_time"] or "", row["id"]) for row in walked]
    assert order == sorted(order, reverse=direction == "desc")


def test_a_cursor_marks_the_first_item_of_the_next_page(marta: ApiAs) -> None:
    page = marta.request("GET", "/api/v2/deals", params={"limit": 2}).json()
    text = page["additional_data"]["next_cursor"]
    assert "=" not in text
    mark = json.loads(base64.urlsafe_b64decode(text + "=="))
    assert mark == {"field": "id", "fieldValue": 3, "sortDirection": "asc", "id": 3}


def test_a_record_written_during_a_walk_neither_repeats_nor_hides_others(marta: ApiAs) -> None:
    page = marta.request("GET", "/api/v2/deals", params={"limit": 5}).json()
    marta.write("DELETE", "/api/v2/deals/2")
    rest = marta.everything("/api/v2/deals", limit=5, cursor=page["additional_data"]["next_cursor"])
    assert rest[0]["id"] == 6


def test_a_cursor_of_another_order_or_with_odd_values_is_refused(marta: ApiAs) -> None:
    page = marta.request("GET", "/api/v2/deals", params={"limit": 2}).json()
    cursor = page["additional_data"]["next_cursor"]
    marta.refused("GET", "/api/v2/deals", 400, params={"cursor": cursor, "sort_direction": "desc"})
    odd = {"field": "id", "fieldValue": "x", "sortDirection": "asc", "id": []}
    forged = base64.urlsafe_b64encode(json.dumps(odd).encode()).decode()
    marta.refused("GET", "/api/v2/deals", 400, params={"cursor": forged})


FILTERS: list[tuple[str, dict[str, Any], set[int]]] = [
    ("deals", {"org_id": 1}, {1, 5, 6}),
    ("deals", {"person_id": 1}, {1, 6}),
    ("deals", {"ids": "1,2,14,999"}, {1, 2}),
    ("deals", {"status": "won", "org_id": 4}, {11}),
    ("deals", {"status": "deleted"}, {14}),
    ("activities", {"deal_id": 1, "done": "false"}, {1}),
    ("activities", {"deal_id": 1, "done": "true"}, {2, 3}),
    ("persons", {"deal_id": 1}, {1, 2, 3}),
    ("persons", {"org_id": 5}, {6, 13}),
    ("stages", {"pipeline_id": 1}, {1, 2, 3, 4, 5}),
]


@pytest.mark.parametrize(("path", "query", "ids"), FILTERS)
def test_filters_find(marta: ApiAs, path: str, query: dict[str, Any], ids: set[int]) -> None:
    assert {row["id"] for row in marta.get(f"/api/v2/{path}", **query)} == ids


def test_persons_of_a_deal_without_participants_by_the_switch(client: Client, marta: ApiAs) -> None:
    client.emulator.turn(persons_by_deal="main_only")
    assert [row["id"] for row in marta.get("/api/v2/persons", deal_id=1)] == [1]


def test_archived_deals_are_in_no_list_but_can_be_opened(marta: ApiAs) -> None:
    assert 13 not in {row["id"] for row in marta.get("/api/v2/deals", limit=500)}
    assert marta.get("/api/v2/deals/13")["is_archived"] is True
    marta.refused("PATCH", "/api/v2/deals/13", 403, json={"title": "x"})


def test_a_deleted_deal_is_shown_or_not_found_by_the_switch(client: Client, marta: ApiAs) -> None:
    assert marta.get("/api/v2/deals/14")["is_deleted"] is True
    client.emulator.turn(deleted_record="not_found")
    assert marta.refused("GET", "/api/v2/deals/14", 404)["error"] == "Deal not found"


def test_updated_since_is_inclusive_and_until_exclusive(marta: ApiAs) -> None:
    moment = marta.get("/api/v2/deals/1")["update_time"]
    assert 1 in {row["id"] for row in marta.get("/api/v2/deals", updated_since=moment, limit=500)}
    assert 1 not in {row["id"] for row in marta.get("/api/v2/deals", updated_until=moment, limit=500)}


@pytest.mark.parametrize("record", ["0", "999999", "-1", "1x", "٣", "%20", "9" * 5000])
def test_what_is_no_record_is_not_found(marta: ApiAs, record: str) -> None:
    assert marta.refused("GET", f"/api/v2/deals/{record}", 404)["success"] is False


def test_deal_fields_carry_stage_rules_on_request(marta: ApiAs) -> None:
    plain = marta.get("/api/v2/dealFields", limit=500)
    assert all("required_fields" not in field for field in plain)
    fields = marta.get("/api/v2/dealFields", limit=500, include_fields="required_fields,important_fields")
    for_negotiation = {field["field_name"] for field in fields if 4 in field["required_fields"]["stage_ids"]}
    assert for_negotiation == {"Lead temperature", "Decision date", "Approved budget", "Payment terms"}
    values = marta.get("/api/v2/deals/1")["custom_fields"]
    codes = [field["field_code"] for field in fields if field["field_name"] in for_negotiation]
    assert sum(values[code] is not None for code in codes) == 2
    one = marta.get(f"/api/v2/dealFields/{codes[0]}", include_fields="required_fields")
    assert one["field_type"] == "enum"


def test_users_me_tells_user_company_and_language(client: Client, marta: ApiAs) -> None:
    me = marta.get("/api/v1/users/me")
    assert (me["id"], me["company_domain"], me["company_name"]) == (MARTA, "acme", "Acme Trading")
    assert me["language"] == {"language_code": "en", "country_code": "US"}
    assert {key: me["access"][0][key] for key in ("app", "admin")} == {"app": "sales", "admin": True}
    jack = client.as_user(JACK).get("/v1/users/me")
    assert (jack["timezone_name"], jack["is_you"]) == ("America/New_York", True)
    assert not any(entry["admin"] for entry in jack["access"])
