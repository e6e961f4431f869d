"""Field definitions: what can be made of them, and what becomes of values, in both versions of the API."""

from typing import Any

import pytest

from tests.emulator.client import MARTA, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

V2_TABLES = ("dealFields", "personFields", "organizationFields", "productFields", "projectFields")
V1_TABLES = ("dealFields", "personFields", "organizationFields", "productFields")
TYPES = ["varchar", "text", "double", "phone", "date", "daterange", "time", "timerange", "varchar_auto"]
TYPES += ["address", "monetary", "org", "people", "user"]


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    """An admin by API token: the app of these tests has no scope for fields."""
    return direct(emulator, MARTA)


def made(api: ApiAs, table: str = "dealFields", **body: Any) -> dict[str, Any]:
    said = {"field_name": "Roast", "field_type": "enum", "options": [{"label": "Light"}, {"label": "Dark"}]}
    field: dict[str, Any] = api.write("POST", f"/api/v2/{table}", **said | body)
    return field


def codes(api: ApiAs, table: str) -> list[str]:
    return [field["field_code"] for field in api.everything(f"/api/v2/{table}", limit=20)]


@pytest.mark.parametrize("table", V2_TABLES)
def test_a_field_lives_from_post_to_delete(marta: ApiAs, table: str) -> None:
    field = made(marta, table)
    assert len(field["field_code"]) == 40
    assert [option["label"] for option in field["options"]] == ["Light", "Dark"]
    path = f"/api/v2/{table}/{field['field_code']}"
    assert marta.write("PATCH", path, field_name="Roast degree")["field_name"] == "Roast degree"
    assert marta.get(path)["field_name"] == "Roast degree"
    assert field["field_code"] in codes(marta, table)
    assert marta.write("DELETE", path)["field_code"] == field["field_code"]
    marta.refused("GET", path, 404)
    assert field["field_code"] not in codes(marta, table)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_without_options_can_be_made(marta: ApiAs, kind: str) -> None:
    field = marta.write("POST", "/api/v2/dealFields", field_name="Grind", field_type=kind)
    assert (field["field_type"], field["options"]) == (kind, None)
    has_parts = kind in ("daterange", "time", "timerange", "address", "monetary")
    assert bool(field["subfields"]) is has_parts


BAD: list[tuple[dict[str, Any], str]] = [
    ({"field_name": "A"}, "field_type: Parameter 'field_type' is required"),
    ({"field_name": "A", "field_type": "colour"}, "must be one of: varchar"),
    ({"field_name": "", "field_type": "text"}, "cannot be empty"),
    ({"field_name": "A" * 256, "field_type": "text"}, "1 to 255 characters"),
    ({"field_name": "A", "field_type": "enum"}, "A field of type enum needs options"),
    ({"field_name": "A", "field_type": "text", "options": [{"label": "B"}]}, "takes no options"),
    ({"field_name": "A", "field_type": "set", "options": [{"label": " "}]}, "label of an option"),
    ({"field_name": "A", "field_type": "set", "options": [{}]}, "label"),
]


@pytest.mark.parametrize(("body", "message"), BAD)
def test_a_field_that_cannot_be_is_refused(marta: ApiAs, body: dict[str, Any], message: str) -> None:
    assert message in marta.refused("POST", "/api/v2/dealFields", 400, json=body)["error"]


def test_code_and_type_never_change(marta: ApiAs) -> None:
    path = f"/api/v2/dealFields/{made(marta)['field_code']}"
    for key, value in (("field_type", "text"), ("field_code", "a" * 40)):
        refused = marta.refused("PATCH", path, 400, json={key: value})
        assert f"'{key}' is not allowed" in refused["error"]
    assert "At least one" in marta.refused("PATCH", path, 400, json={})["error"]


def test_standard_fields_keep_their_name_and_place(marta: ApiAs) -> None:
    marta.refused("DELETE", "/api/v2/dealFields/title", 400)
    marta.refused("PATCH", "/api/v2/dealFields/title", 400, json={"field_name": "Heading"})
    marta.refused("POST", "/api/v2/dealFields/title/options", 400, json=[{"label": "A"}])
    rules = {"enabled": True, "stage_ids": [1]}
    marta.write("PATCH", "/api/v2/dealFields/title", important_fields=rules)
    assert (
        marta.get("/api/v2/dealFields/title", include_fields="important_fields")["important_fields"] == rules
    )


def test_rules_are_told_on_request_and_merged(marta: ApiAs) -> None:
    path = f"/api/v2/personFields/{made(marta, 'personFields')['field_code']}"
    marta.write("PATCH", path, ui_visibility={"add_visible_flag": True})
    assert "ui_visibility" not in marta.get(path)
    visible = marta.get(path, include_fields="ui_visibility")["ui_visibility"]
    assert (visible["add_visible_flag"], visible["details_visible_flag"]) == (True, True)


def test_options_are_added_changed_and_deleted_together(marta: ApiAs) -> None:
    field = made(marta)
    path = f"/api/v2/dealFields/{field['field_code']}"
    light, dark = (option["id"] for option in field["options"])

    def labels() -> list[str]:
        return [option["label"] for option in marta.get(path)["options"]]

    added = marta.request("POST", f"{path}/options", json=[{"label": "Medium"}, {"label": "French"}]).json()
    assert [row["label"] for row in added["data"]] == ["Medium", "French"]
    wrong = [{"id": light, "label": "Pale"}, {"id": 999, "label": "None"}]
    assert "Option 999 was not found" in marta.refused("PATCH", f"{path}/options", 400, json=wrong)["error"]
    assert labels() == ["Light", "Dark", "Medium", "French"]
    changed = marta.request("PATCH", f"{path}/options", json=wrong[:1]).json()
    assert changed["data"] == [{"id": light, "label": "Pale"}]
    marta.refused("DELETE", f"{path}/options", 400, json=[{"id": dark}, {"id": 999}])
    gone = marta.request("DELETE", f"{path}/options", json=[{"id": dark}]).json()
    assert gone["data"] == [{"id": dark, "label": "Dark"}]
    assert labels() == ["Pale", "Medium", "French"]
    marta.refused("POST", f"{path}/options", 400, json=[])


def test_the_number_of_a_deleted_option_is_not_given_again(marta: ApiAs) -> None:
    field = made(marta)
    path = f"/api/v2/dealFields/{field['field_code']}/options"
    last = field["options"][-1]["id"]
    marta.request("DELETE", path, json=[{"id": last}])
    assert marta.request("POST", path, json=[{"label": "New"}]).json()["data"][0]["id"] == last + 1


def test_a_value_goes_with_its_option_and_with_its_field(marta: ApiAs) -> None:
    field = made(marta, field_type="set")
    code, (light, dark) = field["field_code"], [option["id"] for option in field["options"]]
    marta.write("PATCH", "/api/v2/deals/1", custom_fields={code: [light, dark]})
    path = f"/api/v2/dealFields/{code}"
    marta.request("DELETE", f"{path}/options", json=[{"id": light}])
    deal = marta.get("/api/v2/deals/1", include_option_labels="true")
    assert deal["custom_fields"][code] == [{"id": dark, "label": "Dark"}]
    marta.request("DELETE", f"{path}/options", json=[{"id": dark}])
    assert marta.get("/api/v2/deals/1")["custom_fields"][code] is None
    marta.request("DELETE", path)
    assert code not in marta.get("/api/v2/deals/1")["custom_fields"]
    refused = marta.refused("PATCH", "/api/v2/deals/1", 400, json={"custom_fields": {code: [dark]}})
    assert "is not allowed" in refused["error"]


def test_one_choice_goes_with_its_option_in_both_versions(marta: ApiAs) -> None:
    field = made(marta)
    code, light = field["field_code"], field["options"][0]["id"]
    lead = marta.request("POST", "/v1/leads", json={"title": "A", "person_id": 1, code: light}).json()["data"]
    assert lead[code] == str(light)
    marta.write("PATCH", "/api/v2/deals/1", custom_fields={code: light})
    marta.request("DELETE", f"/api/v2/dealFields/{code}/options", json=[{"id": light}])
    assert marta.get("/api/v2/deals/1")["custom_fields"][code] is None
    assert marta.get(f"/v1/leads/{lead['id']}").get(code) is None


def test_a_company_has_so_many_custom_fields(marta: ApiAs) -> None:
    had = sum(field["is_custom_field"] for field in marta.get("/api/v2/personFields", limit=500))
    marta.emulator.control("switches", {"custom_fields_per_company": str(had + 1)})
    made(marta, "personFields")
    body = {"field_name": "One too many", "field_type": "text"}
    refused = marta.refused("POST", "/api/v2/personFields", 403, json=body)
    assert "You've reached" in refused["error"]


@pytest.mark.parametrize("table", V1_TABLES)
def test_v1_calls_a_field_by_its_number(marta: ApiAs, table: str) -> None:
    created = 201 if table == "productFields" else 200
    body = {"name": "Grind", "field_type": "enum", "options": [{"label": "Fine"}, {"label": "Coarse"}]}
    reply = marta.request("POST", f"/api/v1/{table}", json=body)
    assert reply.status_code == created
    field = reply.json()["data"]
    assert (field["edit_flag"], len(field["key"])) == (True, 40)
    assert marta.get(f"/api/v1/{table}/{field['id']}") == field
    fine = field["options"][0]
    body = {"name": "Grind size", "options": [fine | {"label": "Very fine"}, {"label": "Turkish"}]}
    changed = marta.write("PUT", f"/api/v1/{table}/{field['id']}", **body)
    assert [option["label"] for option in changed["options"]] == ["Very fine", "Turkish"]
    assert [option["label"] for option in changed["options_deleted"]] == ["Coarse"]
    assert changed["options"][0]["id"] == fine["id"]
    assert marta.write("DELETE", f"/api/v1/{table}/{field['id']}") == {"id": field["id"]}
    marta.refused("GET", f"/api/v1/{table}/{field['id']}", 404)


def test_v1_deletes_many_fields_but_no_standard_one(marta: ApiAs) -> None:
    numbers = [
        marta.write("POST", "/v1/dealFields", name=name, field_type="text")["id"] for name in ("One", "Two")
    ]
    ids = ",".join(map(str, [1, *numbers, 99999]))
    reply = marta.request("DELETE", "/v1/dealFields", params={"ids": ids}).json()
    assert reply["data"] == {"id": numbers}
    assert marta.write("POST", "/v1/dealFields", name="Three", field_type="text")["id"] > max(numbers)
    marta.refused("DELETE", "/v1/dealFields", 400)
    marta.refused("DELETE", "/v1/dealFields/1", 400)


def test_v1_names_fields_as_its_records_do(marta: ApiAs) -> None:
    keys = {field["key"]: field for field in marta.get("/v1/dealFields", limit=500)}
    assert {"user_id", "label", "stage_id"} <= keys.keys()
    assert "owner_id" not in keys
    money = next(key for key in keys if key.endswith("_currency"))
    assert (keys[money]["id"], keys[money]["is_subfield"]) == (None, True)
    assert [part["key"] for part in keys[money.removesuffix("_currency")]["subfields"]] == [money]


def test_leads_have_the_custom_fields_of_deals(marta: ApiAs) -> None:
    code = made(marta)["field_code"]
    keys = [field["key"] for field in marta.get("/v1/leadFields", limit=500)]
    assert "organization_id" in keys
    assert code in keys


def test_activity_types_are_the_options_of_an_activitys_type(marta: ApiAs) -> None:
    options = marta.get("/api/v2/activityFields/type")["options"]
    assert {"id": "call", "label": "Call"} in options


@pytest.mark.parametrize("path", ["dealFields/" + "0" * 40, "activityFields/none", "productFields/%20"])
def test_no_such_field(marta: ApiAs, path: str) -> None:
    assert marta.refused("GET", f"/api/v2/{path}", 404)["error"] == "Field not found"


V1_VALUES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("monetary", {"": "12.5"}, {"": 12.5, "_currency": "EUR"}),
    ("monetary", {"": 7, "_currency": "USD"}, {"": 7, "_currency": "USD"}),
    ("daterange", {"": "2030-01-01", "_until": "2030-02-01"}, {"": "2030-01-01", "_until": "2030-02-01"}),
    ("time", {"": "09:30", "_timezone_id": "134"}, {"": "09:30", "_timezone_id": 134}),
    ("double", {"": "3.25"}, {"": 3.25}),
    ("user", {"": str(MARTA)}, {"": MARTA}),
    ("varchar", {"": 5}, {"": "5"}),
    ("address", {"": "Narva mnt 5", "_locality": "Tallinn"}, {"": "Narva mnt 5", "_locality": "Tallinn"}),
    ("enum", {"": "2"}, {"": "2"}),
    ("set", {"": "2,1"}, {"": "2,1"}),
    ("set", {"": [1]}, {"": "1"}),
]


@pytest.mark.parametrize(("kind", "written", "told"), V1_VALUES)
def test_v1_has_values_at_the_root_and_their_parts_beside_them(
    marta: ApiAs, kind: str, written: dict[str, Any], told: dict[str, Any]
) -> None:
    said = {"field_name": "Own", "field_type": kind}
    options = {"options": [{"label": "A"}, {"label": "B"}]} if kind in ("enum", "set") else {}
    code = marta.write("POST", "/api/v2/dealFields", **said, **options)["field_code"]
    body = {"title": "Lead", "person_id": 1} | {f"{code}{part}": value for part, value in written.items()}
    reply = marta.request("POST", "/v1/leads", json=body)
    assert reply.status_code == 201, reply.text
    lead = reply.json()["data"]
    assert {part: lead[f"{code}{part}"] for part in told} == told
    cleared = marta.write("PATCH", f"/v1/leads/{lead['id']}", **{code: None})
    assert cleared.get(code) is None


@pytest.mark.parametrize(
    ("kind", "value"), [("double", "many"), ("date", "soon"), ("user", "me"), ("enum", "9")]
)
def test_v1_refuses_a_value_that_its_type_does_not_take(marta: ApiAs, kind: str, value: str) -> None:
    options = {"options": [{"label": "A"}]} if kind == "enum" else {}
    body = {"field_name": "Own", "field_type": kind} | options
    code = marta.write("POST", "/api/v2/dealFields", **body)["field_code"]
    lead = {"title": "Lead", "person_id": 1, code: value}
    assert code in marta.refused("POST", "/v1/leads", 400, json=lead)["error"]
