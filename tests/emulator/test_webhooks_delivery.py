"""How webhooks arrive: credentials, retries, bans, the end after three days, and what can be ordered."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.app_behind import AppBehind
from tests.emulator.client import MARTA
from tests.emulator.hooks import LOGIN, Hooks
from tests.emulator.process import running_emulator

BAN, THREE_DAYS = 30 * 60, 3 * 24 * 60 * 60
ALL_RETRIES = 3 + 30 + 150


def test_it_is_a_post_of_json_with_basic_credentials(hooks: Hooks) -> None:
    hooks.subscribe(subscription_url=f"{hooks.app.url}/hook?tenant=acme")
    hooks.rename("Told")
    (arrival,) = hooks.arrivals()
    assert (arrival.method, arrival.query) == ("POST", {"tenant": "acme"})
    assert arrival.headers["content-type"].startswith("application/json")
    assert arrival.headers["authorization"] == "Basic aG9vazpww6Rzc3dvcmQtb2YtdGhlLWhvb2s="


def test_without_a_login_there_are_no_credentials(hooks: Hooks) -> None:
    hooks.subscribe(http_auth_user=..., http_auth_password=...)
    hooks.rename("Told")
    assert "authorization" not in hooks.arrivals()[0].headers


def test_the_row_says_how_it_went(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.rename("Told")
    hooks.came()
    (row,) = hooks.listed()
    assert row["last_http_status"] == 200
    assert row["last_delivery_time"] > row["add_time"]


@pytest.mark.parametrize("status", [404, 500, 301])
def test_three_retries_follow_a_failure_then_it_is_given_up(hooks: Hooks, status: int) -> None:
    hooks.subscribe()
    hooks.app.status = status
    hooks.rename("Hard to tell")
    counts = []
    for seconds in (2, 2, 28, 3, 145, 5, 10_000):
        hooks.emulator.advance(seconds)
        counts.append(len(hooks.came()))
    assert counts == [1, 2, 2, 3, 3, 4, 4]
    assert [attempt for _, attempt in hooks.attempts()] == [1, 2, 3, 4]
    assert len({body["meta"]["id"] for body in hooks.came()}) == 1
    failed = [(entry["attempt"], entry["status"]) for entry in hooks.emulator.ledger("webhook_failed")]
    assert failed == [(attempt, status) for attempt in (1, 2, 3, 4)]
    assert hooks.emulator.control("webhooks")["waiting"] == 0


def test_a_retry_that_arrives_is_the_last(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.subscribe(version="1.0", subscription_url=f"{hooks.app.url}/v1")
    hooks.app.status = 503
    hooks.rename("Told at last")
    hooks.came()
    hooks.app.status = 202
    hooks.emulator.advance(1000)
    assert [attempt for _, attempt in hooks.attempts()] == [1, 2]
    assert [body["retry"] for body in hooks.came("/v1")] == [0, 1]


def test_later_events_do_not_wait_for_a_retry(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.app.status = 500
    hooks.rename("First")
    hooks.came()
    hooks.app.status = 200
    hooks.rename("Second")
    hooks.came()
    hooks.emulator.advance(5)
    assert hooks.attempts() == [("First", 1), ("Second", 1), ("First", 2)]


def test_a_redirect_is_a_failure_and_leads_nowhere(hooks: Hooks) -> None:
    hooks.app.authorize_url = f"{hooks.app.url}/elsewhere"
    hooks.subscribe(subscription_url=f"{hooks.app.url}/oauth/install")
    hooks.rename("Told")
    assert len(hooks.arrivals("/oauth/install")) == 1
    assert hooks.arrivals("/elsewhere") == []
    assert [entry["status"] for entry in hooks.emulator.ledger("webhook_failed")] == [302]


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of somebody who takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/hook"


def test_who_does_not_answer_in_time_has_failed_and_holds_up_nobody_else(hooks: Hooks, silent: str) -> None:
    hooks.subscribe(subscription_url=silent)
    hooks.subscribe()
    hooks.rename("Told")
    assert hooks.request("GET", "/api/v2/deals/1").status_code == 200
    assert hooks.app.came.wait(5)
    assert hooks.emulator.ledger("webhook_failed") == []
    hooks.emulator.control("reset", {})


def test_the_switch_says_how_long_an_answer_may_take(hooks: Hooks, silent: str) -> None:
    hooks.emulator.turn(webhook_timeout_ms="50")
    hooks.subscribe(subscription_url=silent)
    hooks.rename("Told")
    hooks.emulator.advance(0)
    (entry,) = hooks.emulator.ledger("webhook_failed")
    assert (entry["status"], entry["attempt"]) == (None, 1)
    assert hooks.listed()[0]["last_http_status"] is None


def test_no_time_at_all_is_little_time(hooks: Hooks, silent: str) -> None:
    hooks.emulator.turn(webhook_timeout_ms="0")
    hooks.subscribe(subscription_url=silent)
    hooks.rename("Told")
    hooks.emulator.advance(0)
    assert len(hooks.emulator.ledger("webhook_failed")) == 1


def test_nobody_there_is_a_failure(hooks: Hooks) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    hooks.subscribe(subscription_url=f"http://127.0.0.1:{port}/")
    hooks.rename("Told")
    hooks.emulator.advance(0)
    assert [entry["status"] for entry in hooks.emulator.ledger("webhook_failed")] == [None]


def test_they_come_in_the_order_of_what_happened(hooks: Hooks) -> None:
    hooks.subscribe()
    titles = [f"Title {number}" for number in range(20)]
    for title in titles:
        hooks.rename(title)
    assert [title for title, _ in hooks.attempts()] == titles


def test_some_go_out_backwards_on_request(hooks: Hooks) -> None:
    hooks.subscribe()
    assert hooks.order(reorder=3)["orders"]["reorder"] == 3
    for title in ("a", "b"):
        hooks.rename(title)
    assert (hooks.came(), hooks.emulator.control("webhooks")["held"]) == ([], 2)
    for title in ("c", "d"):
        hooks.rename(title)
    assert [title for title, _ in hooks.attempts()] == ["c", "b", "a", "d"]


def test_some_go_out_twice_on_request(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.order(duplicate=1)
    for title in ("a", "b"):
        hooks.rename(title)
    assert hooks.attempts() == [("a", 1), ("a", 1), ("b", 1)]
    assert len({body["meta"]["id"] for body in hooks.came()}) == 2


@pytest.mark.parametrize("release", [{"release": True}, {"hold": False}])
def test_all_wait_while_they_are_held(hooks: Hooks, release: dict[str, bool]) -> None:
    hooks.subscribe()
    hooks.order(hold=True)
    for title in ("a", "b"):
        hooks.rename(title)
    hooks.emulator.advance(3600)
    assert hooks.came() == []
    assert hooks.order(**release)["released"] == 2
    hooks.rename("c")
    assert [title for title, _ in hooks.attempts()] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "orders", [{"reorder": -1}, {"duplicate": True}, {"hold": 1}, {"release": "now"}, {"lose": 3}]
)
def test_orders_that_make_no_sense_are_refused(hooks: Hooks, orders: dict[str, Any]) -> None:
    reply = hooks.emulator.ask("webhooks", orders)
    assert (reply.status_code, next(iter(orders)) in reply.json()["error"]) == (400, True)


def test_the_ledger_tells_it_all_without_a_secret(hooks: Hooks) -> None:
    number = hooks.subscribe(subscription_url=f"{hooks.app.url}/hook?key=querysecret")
    hooks.rename("Told")
    hooks.came()
    entries = hooks.emulator.ledger("webhook_event", "webhook_delivered")
    assert [entry["kind"] for entry in entries] == ["webhook_event", "webhook_delivered"]
    assert {(entry["webhook_id"], entry["user_id"], entry["event"], entry["entity_id"]) for entry in entries}
    assert {entry["webhook_id"] for entry in entries} == {number}
    assert {entry["url"] for entry in entries} == {f"{hooks.app.url}/hook"}
    assert LOGIN[1] not in json.dumps(hooks.emulator.ledger(), ensure_ascii=False)
    assert "querysecret" not in json.dumps(hooks.emulator.ledger())


def test_a_reset_forgets_them_and_what_was_on_its_way(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.app.status = 500
    hooks.rename("Told")
    hooks.came()
    hooks.emulator.control("reset", {})
    hooks.emulator.advance(1000)
    hooks.rename("Untold")
    assert ([title for title, _ in hooks.attempts()], hooks.listed()) == (["Told"], [])


def test_a_snapshot_holds_them_and_what_waits(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.order(hold=True)
    hooks.rename("Waiting")
    hooks.emulator.control("snapshot", {"name": "waiting"})
    hooks.order(release=True)
    assert len(hooks.came()) == 1
    hooks.emulator.control("restore", {"name": "waiting"})
    hooks.order(release=True)
    assert [title for title, _ in hooks.attempts()] == ["Waiting", "Waiting"]


def test_a_restart_loses_nothing(tmp_path: Path, app: AppBehind) -> None:
    state = ("--state", str(tmp_path / "state.db"))
    with running_emulator(*state) as emulator:
        hooks = Hooks(emulator, app, MARTA)
        number = hooks.subscribe()
        app.status = 500
        hooks.rename("Tried once")
        hooks.came()
        hooks.order(hold=True)
        hooks.rename("Held")
        emulator.kill()
    app.status = 200
    with running_emulator(*state) as emulator:
        hooks = Hooks(emulator, app, MARTA)
        emulator.advance(60)
        assert hooks.attempts() == [("Tried once", 1), ("Tried once", 2)]
        hooks.order(release=True)
        assert hooks.attempts()[2:] == [("Held", 1)]
        assert [row["id"] for row in hooks.listed()] == [number]


def test_the_end_of_a_failing_one_outlives_a_restart(tmp_path: Path, app: AppBehind) -> None:
    state = ("--state", str(tmp_path / "state.db"))
    app.status = 500
    with running_emulator(*state) as emulator:
        hooks = Hooks(emulator, app, MARTA)
        hooks.subscribe()
        hooks.rename("Tried")
        emulator.advance(1000)
        emulator.kill()
    with running_emulator(*state) as emulator:
        emulator.advance(THREE_DAYS)
        assert [row["is_active"] for row in Hooks(emulator, app, MARTA).listed()] == [0]
