"""Search: what is found by which text, in which order, and by whom; and values of one field."""

from typing import Any

import pytest

from tests.emulator.client import JACK, MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

NOBODY = "nobody-has-this"


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, MARTA)


def add(api: ApiAs, path: str, **body: Any) -> Any:
    reply = api.request("POST", path, json=body)
    assert reply.status_code in (200, 201), reply.text
    return reply.json()["data"]["id"]


def found(api: ApiAs, path: str, **query: Any) -> list[tuple[str, Any]]:
    items = api.get(f"/api/v2/{path}", **query)["items"]
    return [(row["item"]["type"], row["item"]["id"]) for row in items]


def test_the_term_is_found_in_every_kind_of_item(marta: ApiAs) -> None:
    deal = add(marta, "/api/v2/deals", title="Zanzibar cloves")
    person = add(marta, "/api/v2/persons", name="Ali of Zanzibar", emails=[{"value": "ali@spice.example"}])
    organization = add(marta, "/api/v2/organizations", name="Zanzibar Spice Board")
    product = add(marta, "/api/v2/products", name="Cloves", code="ZANZIBAR-1")
    lead = add(marta, "/v1/leads", title="zanzibar fair", person_id=1)
    items = found(marta, "itemSearch", term="ZANZIBAR")
    expected = {("deal", deal), ("person", person), ("organization", organization)}
    assert set(items) == expected | {("product", product), ("lead", lead)}
    narrowed = found(marta, "itemSearch", term="zanzibar", item_types="lead,product")
    assert set(narrowed) == {("product", product), ("lead", lead)}
    for path, name, number in (
        ("deals", "deal", deal),
        ("persons", "person", person),
        ("organizations", "organization", organization),
        ("products", "product", product),
        ("leads", "lead", lead),
    ):
        assert found(marta, f"{path}/search", term="zanzibar") == [(name, number)]
    assert [row["item"]["id"] for row in marta.get("/v1/leads/search", term="zanzibar")["items"]] == [lead]


def test_every_text_of_a_person_counts_and_can_be_chosen(marta: ApiAs) -> None:
    person = add(
        marta,
        "/api/v2/persons",
        name="Quentin Quire",
        emails=[{"value": "qq@paper.example"}],
        phones=[{"value": "+44 20 7946 0199"}],
    )
    add(marta, "/v1/notes", content="<p>likes vellum</p>", person_id=person)
    gone = add(marta, "/v1/notes", content="<p>hates papyrus</p>", person_id=person)
    assert found(marta, "persons/search", term="papyrus") == [("person", person)]
    marta.write("DELETE", f"/v1/notes/{gone}")
    assert found(marta, "persons/search", term="papyrus") == []
    for term in ("quire quentin", "QQ@paper", "79460199", "vellum"):
        assert found(marta, "persons/search", term=term) == [("person", person)]
    assert found(marta, "persons/search", term="vellum", fields="name,email") == []
    assert found(marta, "persons/search", term="vellum", fields="name,notes") == [("person", person)]
    item = marta.get("/api/v2/persons/search", term="vellum")["items"][0]["item"]
    assert (item["notes"], item["emails"]) == (["<p>likes vellum</p>"], ["qq@paper.example"])


def test_custom_fields_are_found_unless_their_type_is_not_text(marta: ApiAs) -> None:
    fields = {
        field["field_name"]: field["field_code"] for field in marta.get("/api/v2/dealFields", limit=500)
    }
    values = {fields["Payment terms"]: "Letter of credit 90", fields["Decision date"]: "2031-05-06"}
    marta.write("PATCH", "/api/v2/deals/2", custom_fields=values)
    assert found(marta, "deals/search", term="letter of credit") == [("deal", 2)]
    assert found(marta, "deals/search", term="2031-05") == []
    item = marta.get("/api/v2/deals/search", term="credit 90", fields="custom_fields")["items"][0]["item"]
    assert item["custom_fields"] == ["Letter of credit 90"]


def test_an_exact_match_is_the_whole_text_in_any_case(marta: ApiAs) -> None:
    whole = add(marta, "/api/v2/deals", title="Oolong")
    part = add(marta, "/api/v2/deals", title="Oolong Tea for the spring season")
    assert found(marta, "deals/search", term="oolong") == [("deal", whole), ("deal", part)]
    assert found(marta, "deals/search", term="OOLONG", exact_match="true") == [("deal", whole)]
    scores = [row["result_score"] for row in marta.get("/api/v2/deals/search", term="oolong")["items"]]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 2


@pytest.mark.parametrize("path", ["/api/v2/itemSearch", "/api/v2/deals/search", "/v1/leads/search"])
def test_a_term_has_two_characters_or_one_for_an_exact_match(marta: ApiAs, path: str) -> None:
    for query in ({}, {"term": "a"}, {"term": " a "}, {"term": ""}):
        assert "2 characters" in marta.refused("GET", path, 400, params=query)["error"]
    assert marta.request("GET", path, params={"term": "a", "exact_match": "true"}).status_code == 200
    marta.refused("GET", "/api/v2/itemSearch", 400, params={"term": "ab", "item_types": "deal,planet"})
    marta.refused("GET", "/api/v2/deals/search", 400, params={"term": "ab", "fields": "colour"})


def test_searches_narrow_by_link_and_status(marta: ApiAs) -> None:
    ours = add(marta, "/api/v2/deals", title="Ylang oil", person_id=1, org_id=1)
    other = add(marta, "/api/v2/deals", title="Ylang soap", person_id=4)
    marta.write("PATCH", f"/api/v2/deals/{other}", status="won")
    assert found(marta, "deals/search", term="ylang", person_id=1) == [("deal", ours)]
    assert found(marta, "deals/search", term="ylang", organization_id=1) == [("deal", ours)]
    assert found(marta, "deals/search", term="ylang", status="won") == [("deal", other)]
    person = add(marta, "/api/v2/persons", name="Ylang Xi", org_id=1)
    assert found(marta, "persons/search", term="ylang", organization_id=1) == [("person", person)]
    assert found(marta, "persons/search", term="ylang", organization_id=2) == []


def test_nobody_finds_what_he_cannot_see_and_nobody_what_is_deleted(
    emulator: EmulatorProcess, marta: ApiAs
) -> None:
    jack, victor = direct(emulator, JACK), direct(emulator, VICTOR)
    secret = add(jack, "/api/v2/deals", title="Xanadu plan", visible_to=1)
    assert found(jack, "itemSearch", term="xanadu") == [("deal", secret)]
    assert found(victor, "itemSearch", term="xanadu") == []
    assert found(marta, "deals/search", term="xanadu") == [("deal", secret)]
    marta.write("DELETE", f"/api/v2/deals/{secret}")
    assert found(marta, "itemSearch", term="xanadu") == []


def test_files_are_found_by_name(marta: ApiAs) -> None:
    upload = {"file": ("wolfram-offer.txt", b"text", "text/plain")}
    number = marta.request("POST", "/v1/files", files=upload, data={"deal_id": "1"}).json()["data"]["id"]
    item = marta.get("/api/v2/itemSearch", term="wolfram")["items"][0]["item"]
    assert (item["type"], item["id"], item["url"]) == ("file", number, f"/files/{number}/download")
    assert item["deal"]["id"] == 1
    assert found(marta, "itemSearch", term="wolfram", item_types="mail_attachment") == []


def test_related_items_come_on_request(marta: ApiAs) -> None:
    organization = add(marta, "/api/v2/organizations", name="Umbra Holding")
    person = add(marta, "/api/v2/persons", name="Ines", org_id=organization)
    deal = add(marta, "/api/v2/deals", title="Lamps", org_id=organization)
    lead = add(marta, "/v1/leads", title="Shades", organization_id=organization)
    assert marta.get("/api/v2/itemSearch", term="umbra")["related_items"] == []
    answer = marta.get("/api/v2/itemSearch", term="umbra", search_for_related_items="true")
    related = {(row["item"]["type"], row["item"]["id"]) for row in answer["related_items"]}
    assert related == {("person", person), ("deal", deal), ("lead", lead)}
    assert {row["result_score"] for row in answer["related_items"]} == {0}


def test_optional_attributes_come_on_request(marta: ApiAs) -> None:
    number = add(marta, "/api/v2/products", name="Thistle", prices=[{"currency": "EUR", "price": 7}])
    item = marta.get("/api/v2/products/search", term="thistle")["items"][0]["item"]
    assert (item["id"], "price" in item) == (number, False)
    item = marta.get("/api/v2/products/search", term="thistle", include_fields="product.price")["items"][0][
        "item"
    ]
    assert item["price"] == 7
    deal = add(marta, "/api/v2/deals", title="Thistle deal")
    item = marta.get("/api/v2/deals/search", term="thistle", include_fields="deal.cc_email")["items"][0][
        "item"
    ]
    assert f"deal{deal}@" in item["cc_email"]


def test_pages_follow_the_ranking(marta: ApiAs) -> None:
    numbers = [add(marta, "/api/v2/deals", title=f"Saffron {'x' * size}") for size in (30, 1, 15)]
    first = marta.request("GET", "/api/v2/deals/search", params={"term": "saffron", "limit": 2}).json()
    assert [row["item"]["id"] for row in first["data"]["items"]] == [numbers[1], numbers[2]]
    query = {"term": "saffron", "limit": 2, "cursor": first["additional_data"]["next_cursor"]}
    second = marta.request("GET", "/api/v2/deals/search", params=query).json()
    assert [row["item"]["id"] for row in second["data"]["items"]] == [numbers[0]]
    assert second["additional_data"]["next_cursor"] is None


def test_a_field_is_searched_with_regard_to_case(marta: ApiAs) -> None:
    number = add(marta, "/api/v2/deals", title="Monkey Business")

    def ids(**query: Any) -> list[int]:
        asked = {"entity_type": "deal", "field": "title"} | query
        return [row["id"] for row in marta.get("/api/v2/itemSearch/field", **asked)]

    assert ids(term="Monkey Business") == [number]
    assert ids(term="Monkey") == []
    assert ids(term="Monk", match="beginning") == [number]
    assert ids(term="monk", match="beginning") == []
    assert ids(term="key Bus", match="middle") == [number]
    answer = marta.get("/api/v2/itemSearch/field", entity_type="deal", field="title", term="Monkey Business")
    assert answer == [{"id": number, "name": "Monkey Business"}]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"entity_type": "deal", "field": "title", "term": "a", "match": "middle"}, "2 characters"),
        ({"entity_type": "deal", "field": "stage_id", "term": "ab"}, "no searchable field"),
        ({"entity_type": "deal", "field": NOBODY, "term": "ab"}, "no searchable field"),
        ({"entity_type": "deal", "term": "ab"}, "'field' is required"),
        ({"field": "title", "term": "ab"}, "'entity_type' is required"),
        ({"entity_type": "planet", "field": "title", "term": "ab"}, "must be one of"),
    ],
)
def test_a_search_by_field_says_what_is_wrong(marta: ApiAs, query: dict[str, str], message: str) -> None:
    assert message in marta.refused("GET", "/api/v2/itemSearch/field", 400, params=query)["error"]
