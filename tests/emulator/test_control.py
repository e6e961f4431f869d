"""/_emulator/*: the routes by which tests and people steer."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from pipedrive_emulator.remote import Pipedrive
from tests.emulator.app_behind import CLIENT_ID, MANIFEST, SECRETS, SURFACE_SECRET, AppBehind
from tests.emulator.client import ACME, HUY, MARTA, SAIGON, Client
from tests.emulator.process import EmulatorProcess


def claims(token: str, secret: str) -> Any:
    """Checked by hand: HS256 over header and payload."""
    signed, _, signature = token.rpartition(".")
    expected = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(signature + "=") == expected
    return json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))


def test_the_world_lists_companies_users_apps_and_records(client: Client) -> None:
    world = client.emulator.control("world")
    assert {company["domain"] for company in world["companies"]} == {"acme", "saigon-star"}
    assert {"id", "company_id", "name", "is_admin", "api_token"} <= set(world["users"][0])
    assert world["apps"][0]["client_id"] == CLIENT_ID
    assert {"deals", "persons", "organizations", "activities", "leads", "products"} <= set(world["records"])
    assert [deal["id"] for deal in world["records"]["deals"] if deal["company_id"] == SAIGON] == list(
        range(1, 21)
    )


def test_the_world_tells_of_records_as_many_tables_as_are_asked_for(emulator: EmulatorProcess) -> None:
    whole = emulator.control("world")["records"]
    some = emulator.control("world?tables=deals,persons")
    assert some["records"] == {table: whole[table] for table in ("deals", "persons")}
    none = emulator.control("world?tables=")
    assert (none["records"], none["users"]) == ({}, some["users"])
    refused = emulator.ask("world?tables=deals,spoons")
    assert refused.status_code == 400
    assert "There is no table 'spoons'. There are: deals, " in refused.json()["error"]


def test_the_remote_client_finds_a_user_without_the_records(emulator: EmulatorProcess) -> None:
    answers: list[Any] = []

    class Watched(Pipedrive):
        def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
            answers.append(Pipedrive.control(self, path, body, method))
            return answers[-1]

    assert Watched(emulator.url).user("Marta Kask")["id"] == MARTA
    assert [answer["records"] for answer in answers] == [{}]


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "{", b"\xff"])
@pytest.mark.parametrize("what", ["switches", "faults", "clock", "apps", "install"])
def test_a_body_that_no_reader_gets_through_is_refused(
    emulator: EmulatorProcess, what: str, body: str | bytes
) -> None:
    reply = emulator.http.post(f"/_emulator/{what}", content=body)
    assert (reply.status_code, reply.json()) == (400, {"error": "The body must be JSON."})


def install_order(user_id: int = MARTA, company_id: int = ACME) -> dict[str, Any]:
    return {"client_id": CLIENT_ID, "company_id": company_id, "user_id": user_id}


def test_install_walks_to_the_callback_without_state(client: Client) -> None:
    answer = client.emulator.control("install", install_order())
    assert answer == {"status": "not_installed", "callback_status": 200, "callback_url": client.app.callback}
    (arrival,) = client.app.arrivals
    assert (arrival.method, set(arrival.query)) == ("GET", {"code"})
    assert client.exchange(arrival.query["code"]).status_code == 200


def test_install_starts_at_the_installation_url_when_there_is_one(client: Client) -> None:
    client.emulator.control("apps", client.app.registration(use_installation_url=True))
    client.app.authorize_url = f"{client.emulator.url}/oauth/authorize?{urlencode(client.wish(state='own'))}"
    assert client.emulator.control("install", install_order())["callback_status"] == 200
    start, end = client.app.arrivals
    assert (start.path, start.query) == (MANIFEST["install_path"], {})
    assert set(end.query) == {"code", "state"}
    assert end.query["state"] == "own"


def test_install_says_where_it_got_stuck(client: Client) -> None:
    client.emulator.control("apps", client.app.registration(use_installation_url=True))
    refused = client.emulator.ask("install", install_order())
    assert refused.status_code == 502
    assert "ended at" in refused.json()["error"]
    assert client.app.arrivals[0].path == MANIFEST["install_path"]


def test_install_says_when_the_app_does_not_answer(emulator: EmulatorProcess, app: AppBehind) -> None:
    registration = app.registration() | {"base_url": "http://127.0.0.1:9"}
    emulator.control("apps", registration)
    refused = emulator.ask("install", install_order())
    assert refused.status_code == 502
    assert refused.json()["error"].endswith("is it running?")


def test_a_surface_has_the_documented_query_and_a_token_of_its_own_secret(client: Client) -> None:
    order = install_order() | {"surface": "deal-panel", "record_id": 1}
    answer = client.emulator.control("surface", order)
    parts = urlsplit(answer["url"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{client.app.url}/surfaces/deal-panel"
    query = dict(parse_qsl(parts.query))
    assert query.pop("token") == answer["token"]
    assert query.pop("id").startswith("rt_")
    assert query == {
        "resource": "deal",
        "view": "details",
        "selectedIds": "1",
        "userId": str(MARTA),
        "companyId": str(ACME),
        "theme": "light",
    }
    signed = claims(answer["token"], SURFACE_SECRET)
    assert (signed["userId"], signed["companyId"]) == (MARTA, ACME)
    assert signed["exp"] - signed["iat"] == 300
    assert abs(signed["iat"] - time.time_ns() / 1e9) < 5
    assert set(signed) == {"userId", "companyId", "iat", "exp"}


def test_without_a_secret_of_its_own_a_surface_signs_with_the_newest_client_secret(client: Client) -> None:
    client.emulator.control("apps", client.app.registration(surface_secrets={}))
    answer = client.emulator.control("surface", install_order() | {"surface": "deal-panel", "record_id": 1})
    assert claims(answer["token"], SECRETS[0])["userId"] == MARTA


def test_each_token_for_a_surface_is_in_the_ledger(client: Client) -> None:
    client.emulator.control("surface", install_order() | {"surface": "deal-panel", "record_id": 1})
    (entry,) = client.emulator.ledger("surface_token")
    assert (entry["company_id"], entry["user_id"], entry["surface"]) == (ACME, MARTA, "deal-panel")


BAD_ORDERS: list[tuple[str, Any, int, str]] = [
    ("install", {"client_id": "x"}, 404, "No app has the client_id 'x'"),
    ("install", install_order(HUY, ACME), 404, f"Company {ACME} has no user {HUY}"),
    ("install", [], 400, "The body must be a JSON object."),
    ("surface", install_order() | {"surface": "nope"}, 404, "It has: deal-panel."),
    ("clock", {"advance_seconds": "1"}, 400, "advance_seconds is a number of seconds."),
    ("clock", {"advance_seconds": -1}, 400, "advance_seconds must be 0 or more"),
    ("switches", {"colour": "red"}, 400, "There is no switch 'colour'. There are: "),
    ("switches", {"refresh_rotation": "maybe"}, 400, "refresh_rotation can be same or rotate or"),
    (
        "switches",
        {"panel_default_height": "tall"},
        400,
        "panel_default_height can be a whole number, not 'tall'.",
    ),
    ("faults", {}, 400, "Faults are a JSON list"),
    ("faults", [{"kind": "reset"}], 400, "A fault needs a route"),
    ("faults", [{"route": "/v1/*", "kind": "boom"}], 400, "is none of: status:<code>"),
    ("faults", [{"route": "/v1/*", "kind": "reset", "count": 0}], 400, "count is a whole number"),
    ("apps", {"manifest": {}}, 400, 'must be an object with "format": "marketplace-app/1"'),
    ("apps", {"manifest": "/nowhere.json"}, 400, "/nowhere.json cannot be read"),
    ("apps", {"manifest": MANIFEST, "base_url": "ftp://x"}, 400, "base_url must be an origin"),
    ("ledger?since=x", None, 400, "since is the number"),
]


@pytest.mark.parametrize(("what", "body", "status", "sentence"), BAD_ORDERS)
def test_orders_that_do_not_fit_get_a_sentence(
    client: Client, what: str, body: Any, status: int, sentence: str
) -> None:
    reply = client.emulator.ask(what, body)
    assert (reply.status_code, sentence in reply.json()["error"]) == (status, True), reply.text


def test_several_switches_turn_together_or_not_at_all(client: Client) -> None:
    client.emulator.ask("switches", {"deny_error": "access_denied", "nope": "x"})
    switches = client.emulator.control("switches")
    assert switches["deny_error"]["value"] == "user_denied"
    assert switches["deny_error"]["values"] == ["user_denied", "access_denied"]
    assert all(switch["meaning"].endswith(".") for switch in switches.values())


def test_the_ledger_is_numbered_and_can_be_read_onward(client: Client) -> None:
    entries = client.emulator.control("ledger")["entries"]
    assert [entry["n"] for entry in entries] == list(range(1, len(entries) + 1))
    last = entries[-1]["n"]
    client.grant(MARTA)
    fresh = client.emulator.control(f"ledger?since={last}")["entries"]
    assert [entry["kind"] for entry in fresh] == ["code_issued", "token_issued", "installed"]
    assert {(entry["company_id"], entry["user_id"]) for entry in fresh} == {(ACME, MARTA)}


def test_time_travel_is_shared_by_everything(client: Client, marta: Any) -> None:
    before = client.emulator.control("clock")["now"]
    client.emulator.advance(1800)
    assert client.emulator.control("clock")["now"] - before >= 1800
    written = marta.write("PATCH", "/api/v2/deals/1", title="Later")
    assert written["update_time"] > time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(before + 1700))
    assert client.emulator.ledger("clock")[0]["advance_seconds"] == 1800


def test_reset_brings_the_world_back_and_forgets_grants_but_not_apps(client: Client, marta: Any) -> None:
    marta.write("PATCH", "/api/v2/deals/1", title="Changed")
    client.emulator.turn(deny_error="access_denied")
    client.emulator.control("faults", [{"route": "/v1/*", "kind": "status:500", "count": 9}])
    client.emulator.control("reset", {})
    assert marta.request("GET", "/api/v2/deals/1").status_code == 401
    assert client.as_user(MARTA).get("/api/v2/deals/1")["title"].startswith("Coffee roasting line")
    assert client.emulator.control("switches")["deny_error"]["value"] == "user_denied"
    assert client.emulator.control("world")["apps"][0]["client_id"] == CLIENT_ID


def test_registering_an_app_again_keeps_what_was_drawn_for_it(
    emulator: EmulatorProcess, app: AppBehind
) -> None:
    manifest = MANIFEST | {"name": "Drawn"}
    first = emulator.control("apps", {"manifest": manifest, "base_url": app.url})
    again = emulator.control("apps", {"manifest": manifest, "base_url": "http://127.0.0.1:9999"})
    assert (again["client_id"], again["client_secret"]) == (first["client_id"], first["client_secret"])
    assert again["callback_url"] == "http://127.0.0.1:9999/oauth/callback"
    assert len(first["client_id"]) == 20
