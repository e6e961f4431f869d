"""How processes end: a renewal under way is finished first, and no signal is lost."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from marketplace_app.cli.local.child import Child
from marketplace_app.cli.local.fetch import request
from marketplace_app.cli.serve import REQUESTS_SECONDS
from tests.faults.lab.points import Points
from tests.harness.processes import wait_for
from tests.harness.stack import Stack, running_stack
from tests.integration.person import button_in
from tests.integration.town import town_of

HELD_SECONDS = 13  # a token endpoint may take ten, and Redis and the disk come after it


@pytest.fixture
def points(tmp_path: Path) -> Points:
    folder = tmp_path / "points"
    folder.mkdir()
    return Points(folder)


@pytest.fixture
def stack(tmp_path: Path, points: Points) -> Iterator[Stack]:
    settings = {"FAULT_POINTS": str(points.folder)}
    with running_stack(tmp_path / "stack", settings=settings, parts=("valkey", "emulator")) as running:
        yield running


@pytest.mark.timeout(120)
def test_a_stop_waits_for_the_pair_that_pipedrive_has_given(stack: Stack, points: Points) -> None:
    """The reply is there and not yet noted down: who is killed now has lost the grant."""
    serve = stack.local.start_serve()
    user = stack.control.world()["users"][0]
    stack.install(user)
    stack.advance(3100)  # due whatever its jitter, and still good: the panel does not wait for it
    points.order("renewal.replied", "hold")
    assert request("GET", stack.surface("deal-panel", user, 1)["url"]).status == 200
    points.wait_taken("renewal.replied")
    stack.local.watch.release("serve")
    serve.send(signal.SIGTERM)
    time.sleep(HELD_SECONDS)
    assert serve.is_alive
    points.release("renewal.replied")
    serve.wait(10)
    assert "Traceback" not in serve.output()

    refreshed = refreshes(stack)
    stack.local.start_serve()
    assert request("GET", stack.surface("deal-panel", user, 1)["url"]).status == 200
    assert refreshes(stack) == refreshed == 1  # the new pair was kept: nobody needs another


@pytest.mark.parametrize("seconds", [0, 0.05, 1.0])
def test_a_stop_that_follows_a_hang_up_is_heard(stack: Stack, seconds: float) -> None:
    worker = started_worker(stack)
    worker.send(signal.SIGHUP)
    time.sleep(seconds)
    worker.send(signal.SIGTERM)
    worker.wait(10)
    assert worker.exit_code == 0, worker.last_lines()


def test_a_stop_is_heard_while_a_hang_up_waits_for_what_is_under_way(stack: Stack, points: Points) -> None:
    worker = started_worker(stack)
    user = stack.control.world()["users"][0]
    stack.local.start_serve()
    stack.install(user)
    stack.advance(86_400)
    points.order("renewal.begun", "hold")
    points.wait_taken("renewal.begun")
    worker.send(signal.SIGHUP)
    time.sleep(0.3)
    worker.send(signal.SIGTERM)
    time.sleep(0.3)
    points.release("renewal.begun")
    worker.wait(10)
    assert worker.exit_code == 0, worker.last_lines()
    assert refreshes(stack) == 0  # it had not asked yet, so it asks no more


def test_no_hang_up_ends_the_worker(stack: Stack) -> None:
    worker = started_worker(stack)
    for _ in range(200):
        worker.send(signal.SIGHUP)
        time.sleep(0.01)
    started = worker.output().count("started")
    assert started > 1
    worker.send(signal.SIGHUP)
    wait_for(lambda: worker.output().count("started") > started)
    worker.send(signal.SIGTERM)
    worker.wait(10)
    assert worker.exit_code == 0, worker.last_lines()


def started_worker(stack: Stack) -> Child:
    """One that may end."""
    stack.local.start_worker()
    return stack.local.watch.release("worker")


def refreshes(stack: Stack) -> int:
    return sum(entry["kind"] == "token_refreshed" for entry in stack.control.ledger())


@pytest.mark.timeout(120)
def test_a_press_outlives_its_request_and_is_done_once(tmp_path: Path) -> None:
    """uvicorn cuts requests off after a while; Pipedrive is asked to the end, and the next press is told."""
    parts = ("valkey", "emulator")
    with (
        running_stack(tmp_path / "stack", server="uvicorn", parts=parts) as stack,
        town_of(stack) as town,
        ThreadPoolExecutor(1) as pool,
    ):
        serve = stack.local.start_serve()
        marta = town.marta.installed()
        button = button_in(marta.picture(1), "done")
        since = town.now()
        slow = {"route": "/api/v2/activities/*", "kind": f"delay:{REQUESTS_SECONDS + 4}", "count": 1}
        stack.control.fail(slow)
        pressing = pool.submit(marta.presses, 1, button)
        time.sleep(1)
        stack.local.watch.release("serve")
        serve.send(signal.SIGTERM)
        serve.wait(30)
        assert pressing.result().status_code == 500
        assert [call["method"] for call in town.calls(since)].count("PATCH") == 1
        stack.local.start_serve()
        again = marta.presses(1, button)
        assert again.status_code == 200, again.text
        assert [call["method"] for call in town.calls(since)].count("PATCH") == 1
