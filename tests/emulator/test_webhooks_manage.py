"""Webhooks through the API: who may make them, what may stand in them, whose they are, when they end."""

from typing import Any

import httpx2
import pytest

from tests.emulator.app_behind import MANIFEST, AppBehind
from tests.emulator.client import ACME, HUY, JACK, LINH, MARTA, ApiAs, Client
from tests.emulator.hooks import LOGIN, Hooks
from tests.emulator.process import EmulatorProcess

OF_APPS = {"client_id": "b4d083d9216986345b32", "company_id": ACME, "user_id": MARTA}


def test_a_new_one_is_told_whole_and_stands_in_the_list(hooks: Hooks) -> None:
    reply = hooks.ask(event_action="change", event_object="deal", user_id=LINH)
    row = reply.json()["data"]
    assert (reply.status_code, reply.json()["status"], reply.json()["success"]) == (201, "ok", True)
    assert row | {"id": 0, "add_time": ""} == {
        "id": 0,
        "company_id": ACME,
        "owner_id": MARTA,
        "user_id": LINH,
        "event_action": "change",
        "event_object": "deal",
        "subscription_url": f"{hooks.app.url}/hook",
        "version": "2.0",
        "is_active": 1,
        "add_time": "",
        "remove_time": None,
        "type": "general",
        "http_auth_user": LOGIN[0],
        "http_auth_password": LOGIN[1],
        "remove_reason": None,
        "last_delivery_time": None,
        "last_http_status": None,
        "admin_id": MARTA,
        "name": "Everything",
    }
    assert hooks.listed() == [row]


def test_a_deleted_one_is_silent_and_unknown(hooks: Hooks) -> None:
    number = hooks.subscribe()
    gone = hooks.request("DELETE", f"/v1/webhooks/{number}")
    assert (gone.status_code, gone.json()) == (200, {"status": "ok", "success": True})
    again = hooks.request("DELETE", f"/v1/webhooks/{number}")
    unknown = {"status": "error", "success": False, "errors": {"id": ["not found"]}}
    assert (again.status_code, again.json()) == (404, unknown)
    assert hooks.request("DELETE", "/v1/webhooks/first").json() == unknown
    hooks.rename("Unheard")
    assert (hooks.listed(), hooks.came()) == ([], [])


def test_its_number_is_not_given_again(hooks: Hooks) -> None:
    number = hooks.subscribe()
    hooks.request("DELETE", f"/v1/webhooks/{number}")
    assert hooks.subscribe() == number + 1
    huy = Hooks(hooks.emulator, hooks.app, HUY)
    assert huy.subscribe() not in (number, number + 1)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"subscription_url": ...}, "subscription_url"),
        ({"subscription_url": 5}, "subscription_url"),
        ({"subscription_url": "example.com/hook"}, "subscription_url"),
        ({"subscription_url": "ftp://example.com/hook"}, "subscription_url"),
        ({"subscription_url": "https://"}, "subscription_url"),
        ({"subscription_url": "https://user:secret@example.com/"}, "subscription_url"),
        ({"subscription_url": "https://example.com:port/"}, "subscription_url"),
        ({"subscription_url": "https://exa mple.com/"}, "subscription_url"),
        ({"subscription_url": "https://acme.pipedrive.com/api/v1/deals"}, "subscription_url"),
        ({"event_action": "added"}, "event_action"),
        ({"event_action": "change", "version": "1.0", "event_object": "lead"}, "event_object"),
        ({"event_action": ["change"]}, "event_action"),
        ({"event_object": "activityType"}, "event_object"),
        ({"event_object": ...}, "event_object"),
        ({"version": "3.0"}, "version"),
        ({"name": ...}, "name"),
        ({"name": " "}, "name"),
        ({"name": "n" * 256}, "name"),
        ({"user_id": HUY}, "user_id"),
        ({"user_id": "somebody"}, "user_id"),
        ({"user_id": True}, "user_id"),
        ({"http_auth_user": "with:colon"}, "http_auth_user"),
        ({"http_auth_password": 1234}, "http_auth_password"),
    ],
)
def test_what_does_not_fit_is_named(hooks: Hooks, change: dict[str, Any], key: str) -> None:
    reply = hooks.ask(**change)
    body = reply.json()
    assert (reply.status_code, body["status"], body["success"]) == (400, "error", False)
    assert list(body["errors"]) == [key]
    assert hooks.listed() == []


def test_a_body_that_is_no_object_lacks_everything(hooks: Hooks) -> None:
    reply = hooks.request("POST", "/v1/webhooks", json=["change", "deal"])
    assert reply.status_code == 400
    assert set(reply.json()["errors"]) == {"subscription_url", "event_action", "event_object", "name"}


HTTP, HTTPS = "http://hooks.example.com/a", "https://hooks.example.com/a"
LOCAL, LOCAL_TLS = "http://127.0.0.1:9/a", "https://app.localhost:9/a"


@pytest.mark.parametrize(
    ("policy", "taken"),
    [
        ("loopback_ok", [HTTPS, LOCAL, LOCAL_TLS]),
        ("any_http", [HTTP, HTTPS, LOCAL, LOCAL_TLS]),
        ("https_only", [HTTPS]),
    ],
)
def test_the_switch_says_where_they_may_lead(hooks: Hooks, policy: str, taken: list[str]) -> None:
    hooks.emulator.turn(webhook_url_policy=policy)
    urls = (HTTP, HTTPS, LOCAL, LOCAL_TLS)
    assert [url for url in urls if hooks.ask(subscription_url=url).status_code == 201] == taken


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "acme.localhost", "[::]", "[::1]"])
def test_none_leads_to_pipedrive_itself(hooks: Hooks, host: str) -> None:
    hooks.emulator.turn(webhook_url_policy="any_http")
    port = httpx2.URL(hooks.emulator.url).port
    reply = hooks.ask(subscription_url=f"http://{host}:{port}/v1/deals")
    assert reply.json()["errors"] == {"subscription_url": ["invalid or non-reachable URL"]}


def test_each_user_has_forty(hooks: Hooks) -> None:
    numbers = [hooks.subscribe() for _ in range(40)]
    refused = hooks.ask()
    assert (refused.status_code, refused.json()["status"]) == (422, "error")
    hooks.request("DELETE", f"/v1/webhooks/{numbers[0]}")
    assert hooks.ask().status_code == 201
    assert Hooks(hooks.emulator, hooks.app, HUY).ask().status_code == 201


def test_only_admins_make_them(hooks: Hooks) -> None:
    assert Hooks(hooks.emulator, hooks.app, JACK).ask().status_code == 403


def installed(emulator: EmulatorProcess, app: AppBehind, *scopes: str) -> ApiAs:
    """Marta's token of an app with these scopes."""
    manifest = MANIFEST | {"scopes": [{"name": scope, "reason": "To test."} for scope in scopes]}
    emulator.control("apps", app.registration(manifest=manifest))
    return Client(emulator, app).as_user(MARTA)


@pytest.mark.parametrize(
    ("scope", "reads", "writes"),
    [
        ("admin", True, True),
        ("webhooks:full", True, True),
        ("webhooks:read", True, False),
        ("deals:full", False, False),
    ],
)
def test_scopes_decide(hooks: Hooks, scope: str, *, reads: bool, writes: bool) -> None:
    marta = installed(hooks.emulator, hooks.app, "base", scope)
    assert marta.request("GET", "/v1/webhooks").status_code == (200 if reads else 403)
    made = marta.request("POST", "/v1/webhooks", json=hooks.wish())
    assert made.status_code == (201 if writes else 403)


@pytest.fixture
def marta_of_app(hooks: Hooks) -> ApiAs:
    return installed(hooks.emulator, hooks.app, "base", "admin", "deals:full")


def test_what_an_app_makes_is_its_own(hooks: Hooks, marta_of_app: ApiAs) -> None:
    general = hooks.subscribe()
    made = marta_of_app.request("POST", "/v1/webhooks", json=hooks.wish()).json()["data"]
    assert made["type"] == "application"
    assert [row["id"] for row in hooks.listed()] == [general]
    assert [row["id"] for row in marta_of_app.get("/v1/webhooks")] == [made["id"]]
    forbidden = {"success": False, "message": "Forbidden"}
    assert marta_of_app.refused("DELETE", f"/v1/webhooks/{general}", 403) == forbidden
    assert hooks.request("DELETE", f"/v1/webhooks/{made['id']}").json() == forbidden
    assert marta_of_app.request("DELETE", f"/v1/webhooks/{made['id']}").status_code == 200


def test_an_app_has_forty_besides_the_users_own(hooks: Hooks, marta_of_app: ApiAs) -> None:
    for _ in range(40):
        hooks.subscribe()
        assert marta_of_app.request("POST", "/v1/webhooks", json=hooks.wish()).status_code == 201
    marta_of_app.refused("POST", "/v1/webhooks", 422, json=hooks.wish())


def test_an_uninstalled_apps_are_gone_the_users_own_stay(hooks: Hooks, marta_of_app: ApiAs) -> None:
    general = hooks.subscribe()
    made = marta_of_app.request("POST", "/v1/webhooks", json=hooks.wish()).json()["data"]
    hooks.emulator.control("uninstall", OF_APPS)
    removed = [(entry["webhook_id"], entry["reason"]) for entry in hooks.emulator.ledger("webhook_removed")]
    assert removed == [(made["id"], "uninstalled")]
    hooks.rename("One hears this")
    assert [body["meta"]["webhook_id"] for body in hooks.came()] == [str(general)]


def test_one_users_uninstall_leaves_the_other_users(hooks: Hooks, marta_of_app: ApiAs) -> None:
    marta_of_app.request("POST", "/v1/webhooks", json=hooks.wish())
    hooks.emulator.control(f"users/{LINH}", {"is_admin": True})
    linh = Client(hooks.emulator, hooks.app).as_user(LINH)
    kept = linh.request("POST", "/v1/webhooks", json=hooks.wish()).json()["data"]["id"]
    hooks.emulator.control("uninstall", OF_APPS)
    assert [row["id"] for row in linh.get("/v1/webhooks")] == [kept]


def test_a_deactivated_user_loses_all(hooks: Hooks) -> None:
    linh = Hooks(hooks.emulator, hooks.app, LINH)
    hooks.emulator.control(f"users/{LINH}", {"is_admin": True})
    number = linh.subscribe()
    hooks.emulator.control(f"users/{LINH}", {"active": False})
    (entry,) = hooks.emulator.ledger("webhook_removed")
    assert (entry["webhook_id"], entry["reason"]) == (number, "user_deactivated")
    hooks.rename("Nobody hears this")
    assert hooks.came() == []


def test_a_deleted_apps_are_gone(hooks: Hooks, marta_of_app: ApiAs) -> None:
    marta_of_app.request("POST", "/v1/webhooks", json=hooks.wish())
    hooks.emulator.http.delete(f"/_emulator/apps/{OF_APPS['client_id']}")
    hooks.rename("Nobody hears this")
    assert hooks.came() == []
