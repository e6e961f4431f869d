"""What a user cannot see is told by no filter, search or note; what is another's is not changed."""

from typing import Any

import pytest

from tests.emulator.client import ACME, HUY, JACK, LINH, MARTA, VICTOR, ApiAs
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

MAIL, PHONE = "hush@zephyr.example", "+372 5555 0101"
_FIELDS = {"organization": "organizationFields", "product": "productFields", "deal": "dealFields"}


@pytest.fixture
def marta(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, MARTA)


@pytest.fixture
def victor(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, VICTOR)


@pytest.fixture
def jack(emulator: EmulatorProcess) -> ApiAs:
    return direct(emulator, JACK)


def add(api: ApiAs, path: str, **body: Any) -> Any:
    return added(api, path, **body)["id"]


def added(api: ApiAs, path: str, **body: Any) -> dict[str, Any]:
    reply = api.request("POST", path, json=body)
    assert reply.status_code in (200, 201), reply.text
    row: dict[str, Any] = reply.json()["data"]
    return row


def private_contacts(marta: ApiAs) -> dict[str, int]:
    person = {"emails": [{"value": MAIL}], "phones": [{"value": PHONE}], "visible_to": 1}
    return {
        "person_id": add(marta, "/api/v2/persons", name="Hush Hush", **person),
        "org_id": add(marta, "/api/v2/organizations", name="Zephyr Trust", visible_to=1),
    }


def guessed(api: ApiAs, kind: str, thing: str, key: str, words: str) -> set[int]:
    """The records of that kind which stand beside something whose text begins so."""
    fields = api.get(f"/v1/{_FIELDS[thing]}", limit=500)
    number = next(field["id"] for field in fields if field["key"] == key)
    condition = {"object": thing, "field_id": number, "operator": "LIKE '$%'", "value": words}
    inner = [{"glue": "and", "conditions": [condition]}, {"glue": "or", "conditions": []}]
    body = {"name": "Guess", "type": kind, "conditions": {"glue": "and", "conditions": inner}}
    saved = api.write("POST", "/v1/filters", **body)["id"]
    path = {"deals": "deals", "org": "organizations", "products": "products"}[kind]
    return {row["id"] for row in api.everything(f"/api/v2/{path}", filter_id=saved, limit=500)}


def test_a_condition_on_a_private_organization_holds_for_nobody_else(marta: ApiAs, victor: ApiAs) -> None:
    deal = add(marta, "/api/v2/deals", title="Open to all", visible_to=7, **private_contacts(marta))
    assert guessed(marta, "deals", "organization", "name", "Zeph") == {deal}
    assert guessed(victor, "deals", "organization", "name", "Zeph") == set()


def test_a_condition_on_a_private_deal_holds_for_nobody_else(marta: ApiAs, victor: ApiAs) -> None:
    organization = add(marta, "/api/v2/organizations", name="Mill", visible_to=7)
    product = add(marta, "/api/v2/products", name="Blend", visible_to=7)
    deal = add(marta, "/api/v2/deals", title="Quiet takeover", visible_to=1, org_id=organization)
    price = {"item_price": 10, "quantity": 1, "product_id": product}
    marta.request("POST", f"/api/v2/deals/{deal}/products", json=price).raise_for_status()
    for kind, number in (("org", organization), ("products", product)):
        assert guessed(marta, kind, "deal", "title", "Quiet") == {number}
        assert guessed(victor, kind, "deal", "title", "Quiet") == set()


def test_a_condition_on_a_private_product_holds_for_nobody_else(marta: ApiAs, victor: ApiAs) -> None:
    product = add(marta, "/api/v2/products", name="Hidden blend", visible_to=1)
    deal = add(marta, "/api/v2/deals", title="Open to all", visible_to=7)
    price = {"item_price": 10, "quantity": 1, "product_id": product}
    marta.request("POST", f"/api/v2/deals/{deal}/products", json=price).raise_for_status()
    assert guessed(marta, "deals", "product", "name", "Hidden") == {deal}
    assert guessed(victor, "deals", "product", "name", "Hidden") == set()


def test_a_found_lead_keeps_the_addresses_of_a_private_person(marta: ApiAs, victor: ApiAs) -> None:
    person = private_contacts(marta)["person_id"]
    add(marta, "/v1/leads", title="Zanzibar fair", person_id=person, visible_to="7")

    def told(api: ApiAs) -> tuple[Any, Any, Any]:
        (row,) = api.get("/api/v2/leads/search", term="zanzibar")["items"]
        return row["item"]["person"], row["item"]["emails"], row["item"]["phones"]

    assert told(marta)[1:] == ([MAIL], [PHONE])
    assert told(victor) == (None, [], [])


def test_a_note_tells_no_name_that_its_reader_does_not_see(marta: ApiAs, victor: ApiAs) -> None:
    deal = add(marta, "/api/v2/deals", title="Open to all", visible_to=7)
    note = add(marta, "/v1/notes", content="x", deal_id=deal, **private_contacts(marta))
    own, others = marta.get(f"/v1/notes/{note}"), victor.get(f"/v1/notes/{note}")
    assert (own["person"], own["organization"]) == ({"name": "Hush Hush"}, {"name": "Zephyr Trust"})
    assert (others["deal"], others["person"], others["organization"]) == (
        {"title": "Open to all"},
        None,
        None,
    )


def test_a_note_is_changed_by_its_author_and_admins(marta: ApiAs, jack: ApiAs, victor: ApiAs) -> None:
    deal = add(jack, "/api/v2/deals", title="Open to all", visible_to=7)
    path = f"/v1/notes/{add(jack, '/v1/notes', content='mine', deal_id=deal)}"
    assert victor.get(path)["content"] == "mine"
    for body in ({"content": "his"}, {"user_id": VICTOR}):
        victor.refused("PUT", path, 403, json=body)
    victor.refused("DELETE", path, 403)
    assert jack.write("PUT", path, content="again")["content"] == "again"
    assert marta.write("PUT", path, user_id=LINH)["user_id"] == LINH
    jack.refused("DELETE", path, 403)
    assert marta.write("DELETE", path) is True


def goal(assignee: int, kind: str = "person") -> dict[str, Any]:
    return {
        "title": "Sell",
        "assignee": {"id": assignee, "type": kind},
        "type": {"name": "deals_started", "params": {}},
        "expected_outcome": {"target": 5, "tracking_metric": "quantity"},
        "duration": {"start": "2026-01-01", "end": None},
        "interval": "monthly",
    }


def test_goals_are_changed_by_their_maker_who_has_them_and_admins(
    marta: ApiAs, jack: ApiAs, victor: ApiAs
) -> None:
    hers = f"/v1/goals/{marta.write('POST', '/v1/goals', **goal(JACK))['goal']['id']}"
    own = f"/v1/goals/{jack.write('POST', '/v1/goals', **goal(JACK))['goal']['id']}"
    for path in (hers, own):
        victor.refused("PUT", path, 403, json={"title": "His"})
        victor.refused("DELETE", path, 403)
        assert jack.write("PUT", path, title="Sells")["goal"]["title"] == "Sells"
    assert marta.write("PUT", own, assignee={"id": LINH, "type": "person"})["goal"]["assignee"]["id"] == LINH
    kept = {"assignee": {"id": LINH, "type": "person"}, "title": "Hers now"}
    assert jack.write("PUT", own, **kept)["goal"]["title"] == "Hers now"
    assert jack.request("DELETE", own).status_code == 200


def test_only_admins_set_goals_for_others(marta: ApiAs, jack: ApiAs) -> None:
    for kind, number in (("person", LINH), ("company", ACME)):
        jack.refused("POST", "/v1/goals", 403, json=goal(number, kind))
        own = jack.write("POST", "/v1/goals", **goal(JACK))["goal"]["id"]
        other = {"assignee": {"id": number, "type": kind}}
        jack.refused("PUT", f"/v1/goals/{own}", 403, json=other)
        assert marta.write("PUT", f"/v1/goals/{own}", **other)["goal"]["assignee"]["id"] == number


def test_guests_that_are_named_are_there_for_the_caller(marta: ApiAs, victor: ApiAs) -> None:
    hidden = private_contacts(marta)["person_id"]
    for guest, sentence in (
        ({"person_id": hidden}, f"Person {hidden} was not found"),
        ({"person_id": 424242}, "Person 424242 was not found"),
        ({"user_id": HUY}, f"User {HUY} was not found"),
    ):
        body = {"subject": "S", "attendees": [{"email": MAIL} | guest]}
        assert sentence in victor.refused("POST", "/api/v2/activities", 400, json=body)["error"]
    guests = [{"email": MAIL, "person_id": hidden}, {"email": "j@x.example", "user_id": JACK}]
    row = added(marta, "/api/v2/activities", subject="S", attendees=guests)
    shown = marta.get(f"/api/v2/activities/{row['id']}", include_fields="attendees")["attendees"]
    assert [(guest["person_id"], guest["user_id"]) for guest in shown] == [(hidden, None), (None, JACK)]


def test_nobody_takes_part_twice(marta: ApiAs) -> None:
    people = [{"person_id": 1}, {"person_id": 2}, {"person_id": 2, "primary": True}, {"person_id": 1}]
    row = added(marta, "/api/v2/activities", subject="S", participants=people)
    assert row["participants"] == [{"person_id": 1, "primary": False}, {"person_id": 2, "primary": True}]


@pytest.mark.parametrize("path", ["deals", "persons", "organizations"])
def test_a_label_is_an_option_of_the_companys_label_field(marta: ApiAs, path: str) -> None:
    field = marta.get(f"/api/v2/{path.removesuffix('s')}Fields/label_ids")
    label = field["options"][0]["id"]
    name = {"title" if path == "deals" else "name": "Labelled"}
    body = {**name, "label_ids": [label, 424242]}
    refused = marta.refused("POST", f"/api/v2/{path}", 400, json=body)
    assert "Label 424242 was not found" in refused["error"]
    row = added(marta, f"/api/v2/{path}", **name, label_ids=[label])
    assert row["label_ids"] == [label]
    marta.refused("PATCH", f"/api/v2/{path}/{row['id']}", 400, json={"label_ids": [424242]})
    assert marta.get(f"/api/v2/{path}/{row['id']}")["label_ids"] == [label]


def test_a_label_stays_when_its_option_has_gone(marta: ApiAs) -> None:
    deal = added(marta, "/api/v2/deals", title="Labelled", label_ids=[1, 2])["id"]
    reply = marta.request("DELETE", "/api/v2/dealFields/label_ids/options", json=[{"id": 2}])
    assert reply.status_code == 200, reply.text
    assert marta.write("PATCH", f"/api/v2/deals/{deal}", title="Still", label_ids=[2, 1])["title"] == "Still"
    other = added(marta, "/api/v2/deals", title="Other", label_ids=[1])["id"]
    marta.refused("PATCH", f"/api/v2/deals/{other}", 400, json={"label_ids": [2]})


def test_what_is_deleted_leaves_its_links(marta: ApiAs) -> None:
    links = private_contacts(marta)
    deal = add(marta, "/api/v2/deals", title="Left alone", **links)
    for path, key in (("persons", "person_id"), ("organizations", "org_id")):
        marta.request("DELETE", f"/api/v2/{path}/{links[key]}").raise_for_status()
        (row,) = marta.get("/api/v2/deals", **{key: links[key]})
        assert (row["id"], row[key]) == (deal, links[key])


@pytest.mark.parametrize("body", ["1", '"file"', "[1]", "null", "true"])
def test_an_upload_that_is_no_form_is_refused(marta: ApiAs, body: str) -> None:
    headers = {"content-type": "application/json", "x-api-token": marta.access_token}
    reply = marta.emulator.http.post("/api/v1/files", content=body, headers=headers)
    assert reply.status_code == 400, reply.text
