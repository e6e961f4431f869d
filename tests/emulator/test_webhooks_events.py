"""What webhooks say: actions, objects, both versions, who hears of what."""

import pytest

from tests.emulator.client import ACME, HUY, JACK, LINH, MARTA
from tests.emulator.hooks import Hooks
from tests.emulator.webhook_lives import LIVES

A_PRODUCT = {"product_id": 1, "item_price": 500, "quantity": 2}


@pytest.mark.parametrize("entity", LIVES)
def test_a_life_is_told_in_three_events(hooks: Hooks, entity: str) -> None:
    hooks.write("POST", "/api/v2/deals/1/products", **A_PRODUCT)  # installments need one
    hooks.subscribe(event_object=entity)
    collection, new, changes, method = LIVES[entity]
    data = hooks.write("POST", f"/api/{collection}", **new)
    key = data.get("field_code", data.get("id"))
    hooks.write(method, f"/api/{collection}/{key}", **changes)
    gone = hooks.request("DELETE", f"/api/{collection}/{key}")
    assert gone.status_code == 200, gone.text
    created, changed, deleted = hooks.came()
    assert [body["meta"]["action"] for body in (created, changed, deleted)] == ["create", "change", "delete"]
    assert {body["meta"]["entity"] for body in (created, changed, deleted)} == {entity}
    assert {body["meta"]["entity_id"] for body in (created, changed, deleted)} == {str(key)}
    assert (created["previous"], deleted["data"]) == (None, None)
    assert created["data"].items() >= {name: new[name] for name in changes if name in new}.items()
    for name, value in changes.items():
        assert (changed["data"][name], changed["previous"][name]) == (value, created["data"][name])
    assert changed["previous"].keys() < changed["data"].keys()
    assert deleted["previous"].items() >= changes.items()
    assert deleted["previous"].keys() == created["data"].keys()


def test_meta_is_as_documented(hooks: Hooks) -> None:
    number = hooks.subscribe(user_id=LINH)
    hooks.rename("Told")
    (body,) = hooks.came()
    meta = body["meta"]
    assert len({meta.pop("id"), meta.pop("correlation_id")}) == 2
    assert meta.pop("timestamp").endswith("Z")
    assert meta.pop("host").startswith("acme.localhost:")
    assert meta == {
        "action": "change",
        "entity": "deal",
        "company_id": str(ACME),
        "entity_id": "1",
        "is_bulk_edit": False,
        "type": "general",
        "user_id": str(MARTA),
        "version": "2.0",
        "webhook_id": str(number),
        "webhook_owner_id": str(MARTA),
        "change_source": "api",
        "attempt": 1,
        "permitted_user_ids": [str(MARTA), str(LINH), str(JACK)],
    }


def test_what_differs_from_the_api(hooks: Hooks) -> None:
    hooks.subscribe()
    place = {"value": "Tartu", "country": "Estonia"}
    hooks.write("POST", "/api/v2/organizations", name="Mill", visible_to=7, label_ids=[], address=place)
    when = {"due_date": "2027-01-02", "due_time": "09:30", "duration": "01:00", "busy": True}
    hooks.write("POST", "/api/v2/activities", subject="Call", **when)
    hooks.write("POST", "/api/v2/stages", name="Step", pipeline_id=1)
    organization, activity, stage = (body["data"] for body in hooks.came())
    assert (organization["visible_to"], organization["label"]) == ("7", None)
    assert (organization["address"], organization["address_country"]) == ("Tartu", "Estonia")
    assert activity["due_time"]["value"].startswith("09:30")
    assert activity["duration"]["value"].startswith("01:00")
    assert (activity["busy_flag"], activity["active_flag"]) == (True, True)
    assert (stage["active_flag"], stage["rotten_flag"]) == (True, False)


def test_custom_fields_name_their_types_and_differ_one_by_one(hooks: Hooks) -> None:
    field = {"field_name": "Height", "field_type": "double"}
    height = hooks.write("POST", "/api/v2/dealFields", **field)["field_code"]
    price = hooks.write("POST", "/api/v2/dealFields", field_name="Price", field_type="monetary")["field_code"]
    hooks.subscribe(event_object="deal")
    hooks.write("PATCH", "/api/v2/deals/1", custom_fields={height: 3})
    money = {"value": 5, "currency": "EUR"}
    hooks.write("PATCH", "/api/v2/deals/1", custom_fields={price: money})
    first, second = hooks.came()
    assert first["data"]["custom_fields"][height] == {"type": "double", "value": 3}
    assert second["data"]["custom_fields"][price] == {"type": "monetary", **money}
    assert (first["previous"], second["previous"]) == (
        {"custom_fields": {height: None}},
        {"custom_fields": {price: None}},
    )


@pytest.mark.parametrize(("position", "told"), [("absent", {"title"}), ("present", {"title", "update_time"})])
def test_the_switch_tells_when_it_was_updated_before(hooks: Hooks, position: str, told: set[str]) -> None:
    hooks.emulator.turn(webhook_previous_update_time=position)
    hooks.subscribe()
    hooks.emulator.advance(60)
    hooks.rename("Later")
    (body,) = hooks.came()
    assert set(body["previous"]) == told


@pytest.mark.parametrize(
    ("action", "noun", "heard"),
    [
        ("change", "deal", ["change.deal"]),
        ("*", "deal", ["change.deal", "delete.deal"]),
        ("*", "*", ["change.deal", "create.person", "delete.deal"]),
        ("create", "*", ["create.person"]),
        ("create", "deal", []),
    ],
)
def test_only_what_was_asked_for_is_sent(hooks: Hooks, action: str, noun: str, heard: list[str]) -> None:
    hooks.subscribe(event_action=action, event_object=noun)
    hooks.rename("New")
    hooks.write("POST", "/api/v2/persons", name="Ann")
    hooks.request("DELETE", "/api/v2/deals/1")
    assert hooks.events() == heard


def test_a_refused_call_and_one_that_changes_nothing_shown_say_nothing(hooks: Hooks) -> None:
    hooks.subscribe()
    assert hooks.request("PATCH", "/api/v2/deals/1", json={"value": "much"}).status_code == 400
    hooks.write("POST", "/api/v2/deals/1/followers", user_id=JACK)
    hooks.emulator.control(f"users/{JACK}", {"country_code": "FI"})
    assert hooks.came() == []


def test_nobody_hears_of_what_their_user_may_not_see(hooks: Hooks) -> None:
    hooks.subscribe(subscription_url=f"{hooks.app.url}/jack", user_id=JACK)
    hooks.subscribe(subscription_url=f"{hooks.app.url}/linh", user_id=LINH)
    Hooks(hooks.emulator, hooks.app, HUY).subscribe(subscription_url=f"{hooks.app.url}/huy")
    hooks.write("PATCH", "/api/v2/deals/1", owner_id=LINH, visible_to=1)
    hooks.rename("Private")
    assert [body["data"]["title"] for body in hooks.came("/linh")][1:] == ["Private"]
    assert (hooks.came("/jack"), hooks.came("/huy")) == ([], [])
    permitted = hooks.came("/linh")[-1]["meta"]["permitted_user_ids"]
    assert permitted == [str(MARTA), str(LINH)]


def test_a_deactivated_user_may_see_nothing(hooks: Hooks) -> None:
    hooks.subscribe(user_id=JACK)
    hooks.rename("Heard")
    hooks.emulator.control(f"users/{JACK}", {"active": False})
    hooks.rename("Unheard")
    assert [body["data"]["title"] for body in hooks.came()] == ["Heard"]


def test_parts_are_as_private_as_the_whole(hooks: Hooks) -> None:
    hooks.write("PATCH", "/api/v2/deals/1", owner_id=LINH, visible_to=1)
    hooks.subscribe(subscription_url=f"{hooks.app.url}/jack", user_id=JACK)
    hooks.write("POST", "/api/v2/deals/1/products", product_id=1, item_price=5, quantity=2)
    hooks.write("POST", "/api/v1/notes", content="Private", deal_id=1)
    assert hooks.came("/jack") == []


def test_a_user_is_told_with_an_id_of_text_and_to_everyone(hooks: Hooks) -> None:
    hooks.subscribe(event_object="user")
    hooks.subscribe(event_object="user", version="1.0", subscription_url=f"{hooks.app.url}/v1")
    users = {user["id"]: user["name"] for user in hooks.emulator.control("world")["users"]}
    hooks.emulator.control(f"users/{JACK}", {"name": "Jack Newname"})
    (body,), (old,) = hooks.came(), hooks.came("/v1")
    assert (body["data"]["id"], body["data"]["name"]) == (str(JACK), "Jack Newname")
    assert "permitted_user_ids" not in body["meta"]
    assert (body["meta"]["change_source"], body["previous"]) == ("app", {"name": users[JACK]})
    assert "api_token" not in str(body)
    assert [row["name"] for row in old["current"]] == ["Jack Newname"]


def test_what_a_page_writes_comes_from_the_app_of_pipedrive(hooks: Hooks) -> None:
    hooks.subscribe()
    wish = {"method": "PATCH", "path": "/api/v2/deals/1", "body": {"title": "Typed in"}}
    headers = hooks.emulator.company_host("acme") | {"Cookie": f"pipedrive_emulator_user={LINH}"}
    assert hooks.emulator.http.post("/_host/write", json=wish, headers=headers).status_code == 200
    (body,) = hooks.came()
    assert (body["meta"]["change_source"], body["meta"]["user_id"]) == ("app", str(LINH))


def test_the_tasks_of_a_deleted_project_are_told_too(hooks: Hooks) -> None:
    project = hooks.write("POST", "/api/v2/projects", title="Project", board_id=1, phase_id=1)["id"]
    hooks.write("POST", "/api/v2/tasks", title="Task", project_id=project)
    hooks.subscribe(event_action="delete")
    hooks.request("DELETE", f"/api/v2/projects/{project}")
    assert sorted(hooks.events()) == ["delete.project", "delete.task"]


def test_a_merge_names_the_other_one(hooks: Hooks) -> None:
    hooks.subscribe(event_object="deal")
    hooks.subscribe(event_object="deal", version="1.0", subscription_url=f"{hooks.app.url}/v1")
    hooks.write("PUT", "/v1/deals/2/merge", merge_with_id=1)
    told = {body["meta"]["action"]: body["meta"] for body in hooks.came()}
    assert (told["delete"]["entity_id"], told["delete"]["merged_to_id"]) == ("2", "1")
    assert (told["change"]["entity_id"], told["change"]["merged_from_id"]) == ("1", "2")
    old = {body["event"]: body for body in hooks.came("/v1")}
    assert set(old) == {"merged.deal", "updated.deal"}
    assert (old["merged.deal"]["previous"]["id"], old["merged.deal"]["current"]["id"]) == (2, 1)


@pytest.mark.parametrize(
    ("order", "events"),
    [
        ("created_first", ["create.deal", "delete.lead"]),
        ("deleted_first", ["delete.lead", "create.deal"]),
    ],
)
def test_the_switch_orders_a_conversion(hooks: Hooks, order: str, events: list[str]) -> None:
    hooks.emulator.turn(conversion_events=order)
    lead = hooks.write("POST", "/v1/leads", title="Grown", person_id=1)["id"]
    hooks.subscribe()
    hooks.write("POST", f"/api/v2/leads/{lead}/convert/deal")
    hooks.emulator.advance(600)
    heard = [event for event in hooks.events() if event in events]
    assert heard == events


def test_a_bulk_edit_says_so(hooks: Hooks) -> None:
    hooks.emulator.turn(deals_of_deleted_stage="deleted")
    hooks.subscribe(event_object="deal")
    stage = hooks.write("GET", "/api/v2/deals/1")["stage_id"]
    hooks.request("DELETE", f"/api/v2/stages/{stage}")
    bodies = hooks.came()
    assert len(bodies) > 1
    assert {(body["meta"]["action"], body["meta"]["is_bulk_edit"]) for body in bodies} == {("delete", True)}
    assert len({body["meta"]["correlation_id"] for body in bodies}) == 1
