"""Renewing: once per expiry, however many panels and processes want it, and never against an uninstall."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pytest

from marketplace_app.cli.local.fetch import answers
from marketplace_app.cli.local.ports import free_port
from marketplace_app.cli.local.stack import LocalStack
from tests.harness.stack import Stack
from tests.integration.person import Person
from tests.integration.town import Town

HOUR = 3600


@contextmanager
def second_serve(town: Town) -> Iterator[Stack]:
    """Another server of the same app beside the first, on the same Redis."""
    local = town.stack.local
    plan = replace(local.plan, app_port=free_port(), folder=local.plan.folder / "second")
    settings = {**plan.settings, "APP_BASE_URL": local.plan.app_url}
    beside = LocalStack(
        replace(plan, settings=settings), local.identity, type(local.watch)(), local.redis_url
    )
    try:
        beside.start_serve()
        yield replace(town.stack, local=beside)
    finally:
        beside.stop()


def refreshes(person: Person, since: int) -> int:
    """His alone: the worker looks at others, each at a time of day of their own."""
    renewed = person.stack.control.ledger(since)
    ours = (person.company["id"], person.user["id"])
    return sum(
        entry["kind"] == "token_refreshed" and (entry["company_id"], entry["user_id"]) == ours
        for entry in renewed
    )


@pytest.mark.parametrize("mode", ["same", "rotate", "single_use"])
def test_twenty_panels_in_two_processes_renew_once(own_town: Town, mode: str) -> None:
    own_town.stack.control.turn(refresh_rotation=mode)
    marta = own_town.marta.installed()
    with second_serve(own_town) as second:
        people = [marta, replace(marta, stack=second)]
        for person in people:
            assert person.refreshes(1, fresh=True).status_code == 200
        own_town.advance(HOUR + 60)
        own_town.stack.control.fail({"route": "/oauth/token", "kind": "delay:1", "count": 1})
        since = own_town.now()
        with ThreadPoolExecutor(20) as pool:
            replies = list(pool.map(lambda n: people[n % 2].refreshes(n % 8 + 1, fresh=True), range(20)))
        assert {reply.status_code for reply in replies} == {200}
        assert refreshes(marta, since) == 1
        assert own_town.ledger(since, "token_refused") == []
        for person in people:  # both have the new token
            assert person.refreshes(9, fresh=True).status_code == 200
        assert refreshes(marta, since) == 1
        assert {call["status"] for call in own_town.calls(since)} == {200}


def test_a_token_is_renewed_ahead_of_its_end_while_the_panel_does_not_wait(town: Town) -> None:
    person = town.person("Phạm Ngọc Mai", "saigon-star").installed()
    town.advance(HOUR * 0.7)
    since = town.now()
    assert person.refreshes(2, fresh=True).status_code == 200
    assert refreshes(person, since) == 0
    town.advance(HOUR * 0.15)
    assert person.refreshes(2, fresh=True).status_code == 200
    town.stack.local.watch.until(lambda: refreshes(person, since) == 1, "A renewal", 10)
    for _ in range(3):
        assert person.refreshes(2, fresh=True).status_code == 200
    assert refreshes(person, since) == 1


def test_a_token_that_is_refused_early_is_renewed_once_and_the_call_succeeds(town: Town) -> None:
    person = town.person("Nguyễn Thùy Linh", "saigon-star").installed()
    person.refreshes(3, fresh=True)
    fault = {"route": "/api/v2/deals/3", "company_id": person.company["id"], "kind": "status:401", "count": 1}
    town.stack.control.fail(fault)
    since = town.now()
    assert person.refreshes(3, fresh=True).status_code == 200
    assert refreshes(person, since) == 1


@pytest.mark.parametrize("kind", ["status:503", "garbage", "reset", "status:429", "lost"])
def test_a_renewal_in_trouble_ends_no_installation(town: Town, kind: str) -> None:
    """Also when the answer was lost on its way: the next renewal finds a token that still works."""
    person = town.person("Phạm Ngọc Mai", "saigon-star").installed()
    town.advance(HOUR + 60)
    town.stack.control.fail({"route": "/oauth/token", "kind": kind, "count": 1})
    first = person.refreshes(2, fresh=True)
    assert first.status_code in (200, 502, 503)  # a read is tried twice, so this may be mended by then
    assert person.refreshes(2, fresh=True).status_code == 200


def test_a_renewal_does_not_bring_an_uninstalled_user_back(own_town: Town) -> None:
    """The renewal is under way when the user uninstalls."""
    person = own_town.jack.installed()
    own_town.advance(HOUR + 60)
    own_town.stack.control.fail({"route": "/oauth/token", "kind": "delay:2", "count": 1})
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(person.refreshes, 2, fresh=True)
        time.sleep(0.5)
        person.uninstalls()
        assert waiting.result().status_code == 403
    assert 'id="connect"' in person.opens(2).text
    since = own_town.now()
    time.sleep(3)  # the worker looks at it too
    assert 'id="connect"' in person.opens(2).text
    assert {call["status"] for call in own_town.calls(since)} <= {401}


def test_a_viewer_who_leaves_does_not_stop_the_renewal_for_the_others(town: Town) -> None:
    person = town.person("Nguyễn Thùy Linh", "saigon-star").installed()
    person.refreshes(3, fresh=True)
    town.advance(HOUR + 60)
    town.stack.control.fail({"route": "/oauth/token", "kind": "delay:1", "count": 1})
    since = town.now()
    token = person.token()
    with ThreadPoolExecutor(4) as pool:
        staying = [pool.submit(person.refreshes, 3, fresh=True, token=token) for _ in range(3)]
        answers(f"{town.stack.app_url}/surfaces/deal-panel/sections/all?selectedIds=3", timeout=0.2)
        assert {each.result().status_code for each in staying} == {200}
    assert refreshes(person, since) == 1


def test_each_renews_his_own(town: Town) -> None:
    people: list[Person] = [town.marta.installed(), town.jack.installed(), town.huy.installed()]
    town.advance(HOUR + 60)
    since = town.now()
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda n: people[n % 3].refreshes(1, fresh=True), range(12)))
    owners = sorted(entry["user_id"] for entry in town.ledger(since, "token_refreshed"))
    assert owners == sorted(person.user["id"] for person in people)
