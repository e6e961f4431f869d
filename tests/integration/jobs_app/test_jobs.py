"""What an action has put off, from the press of the button to what Pipedrive saw of it."""

import signal
import time
from typing import Any

from tests.every_surface.visitor import Visitor
from tests.harness.processes import wait_for
from tests.integration.jobs_app.jobs_town import JobsTown
from tests.integration.person import button_in


def test_a_job_is_done_as_the_user_who_put_it_off(later: JobsTown) -> None:
    assert later.puts_off(later.marta, "make", "by Marta") == "1 put off"
    later.puts_off(later.huy, "make", "by Huy")
    assert later.lines(later.marta) == (1, 0, 0)
    since = later.town.now()
    later.worker()
    later.is_made(later.marta, "by Marta")
    later.is_made(later.huy, "by Huy")
    whose = {(call["company_id"], call["user_id"]) for call in later.town.calls(since)}
    assert whose == {later.marta.ids, later.huy.ids}
    later.is_in_line(later.marta, 0, 0, 0)
    assert later.redis.hlen(later.records_key(later.marta)) == 0


def test_a_job_waits_for_its_time(later: JobsTown) -> None:
    later.puts_off(later.marta, "make", "in an hour", after_seconds=3600)
    later.worker()
    later.puts_off(later.marta, "bare", "-")
    later.is_made(later.marta, f"bare by {later.marta.user['name']}")
    assert later.made(later.marta, "in an hour") == 0
    assert later.lines(later.marta) == (1, 0, 0)
    later.town.advance(3600)
    later.is_made(later.marta, "in an hour")


def test_patience_with_a_job_begins_when_it_is_due(later: JobsTown) -> None:
    """It was put off for longer than anything is waited for."""
    later.puts_off(later.marta, "limit", "in 31 days", after_seconds=31 * 86_400)
    later.town.advance(31 * 86_400)
    worker = later.worker()
    wait_for(lambda: '"reason":"rate_limited"' in worker.output(), 20)
    later.is_in_line(later.marta, 1, 0, 0)


def test_one_key_is_one_job_while_it_waits_or_runs(later: JobsTown) -> None:
    assert later.puts_off(later.marta, "slow", "once 2", once="deal-1", count=3) == "1 put off"
    assert later.puts_off(later.huy, "slow", "once 2", once="deal-1") == "1 put off"
    assert later.puts_off(later.marta, "slow", "once 2", once="deal-2", after_seconds=3600) == "1 put off"
    later.worker()
    later.is_in_line(later.marta, 1, 1, 0)
    assert later.puts_off(later.marta, "slow", "once 2", once="deal-1") == "0 put off"
    later.is_made(later.marta, "once 2")
    later.is_in_line(later.marta, 1, 0, 0)
    assert later.made(later.marta, "once 2") == 1
    assert later.puts_off(later.marta, "slow", "once 2", once="deal-1", after_seconds=60) == "1 put off"


def test_two_workers_do_each_job_once(later: JobsTown) -> None:
    titles = [f"each once {number}" for number in range(30)]
    for title in titles[:10]:
        later.puts_off(later.marta, "make", title)
    later.worker()
    later.worker()
    for title in titles[10:]:
        later.puts_off(later.marta, "make", title)
    later.is_in_line(later.marta, 0, 0, 0)
    assert [later.made(later.marta, title) for title in titles] == [1] * 30


def test_what_fails_is_tried_again_and_counts_its_attempts(later: JobsTown) -> None:
    later.puts_off(later.marta, "mend", "mended")
    worker = later.worker()
    for _ in range(2):
        wait_for(lambda: "job put off" in worker.output(), 20)
        later.is_in_line(later.marta, 1, 0, 0)
        later.town.advance(80)
        time.sleep(1)
    later.is_made(later.marta, "mended in 3")
    later.is_in_line(later.marta, 0, 0, 0)


def test_whoever_asks_to_be_asked_again_has_not_failed(later: JobsTown) -> None:
    later.huy.installed()
    later.puts_off(later.huy, "wait", "waited")
    later.worker()
    later.is_made(later.huy, "waited in 1")


def test_a_press_that_has_put_something_off_is_not_pressed_again(later: JobsTown) -> None:
    """What came after it failed, and by itself would have given the button back."""
    visitor = Visitor(later.town, later.marta, "later", {"record_id": 1})
    button = button_in(visitor.picture(), "put-off")
    for _ in range(2):
        reply = visitor.presses(button, job="make", title="one invoice", is_cut_off=True)
        assert reply.status_code == 202
    assert later.lines(later.marta) == (1, 0, 0)


def test_a_press_that_put_nothing_off_may_be_pressed_again(later: JobsTown) -> None:
    """Its key was taken, so nothing has changed."""
    later.puts_off(later.marta, "make", "one invoice", once="deal-1", after_seconds=60)
    visitor = Visitor(later.town, later.marta, "later", {"record_id": 1})
    button = button_in(visitor.picture(), "put-off")
    form: dict[str, Any] = {"job": "make", "title": "one invoice", "once": "deal-1"}
    assert visitor.presses(button, **form, is_cut_off=True).status_code == 503
    assert visitor.presses(button, **form).status_code == 200
    assert later.lines(later.marta) == (1, 0, 0)


def test_a_job_that_adds_another_and_then_fails_has_used_up_an_attempt(later: JobsTown) -> None:
    """It would else add one each time for as long as Pipedrive is away."""
    later.puts_off(later.marta, "follow-in-vain", "first")
    worker = later.worker()
    wait_for(lambda: '"job":"follow-in-vain","attempts":1,' in worker.output(), 20)


def test_a_job_may_add_another(later: JobsTown) -> None:
    later.puts_off(later.marta, "follow", "first")
    later.worker()
    later.is_made(later.marta, "first followed")


def test_the_log_has_a_line_for_each_and_nothing_that_was_put_in(later: JobsTown) -> None:
    later.puts_off(later.marta, "break", "PAYLOAD-CANARY")
    later.puts_off(later.marta, "refuse", "PAYLOAD-CANARY")
    later.puts_off(later.marta, "make", "PAYLOAD-CANARY")
    worker = later.worker()
    later.is_in_line(later.marta, 1, 0, 1)
    said = worker.output()
    lines = {what: said.count(f'"event":"job {what}"') for what in ("done", "put off", "dead", "broken")}
    assert lines == {"done": 1, "put off": 1, "dead": 1, "broken": 1}
    assert '"error":"KeyError","at":"extensions.py:' in said
    assert "CANARY" not in said


def has_read_deals(later: JobsTown, since: int) -> bool:
    return any((call["method"], call["path"]) == ("GET", "/api/v2/deals") for call in later.town.calls(since))


def test_nothing_is_lost_when_redis_stands_still_meanwhile(later: JobsTown) -> None:
    """The server stops in the middle of a job, for longer than anybody waits for it."""
    later.puts_off(later.marta, "make", "with a token that is fresh")
    later.puts_off(later.marta, "slow", "through an outage 2", after_seconds=5)
    later.puts_off(later.marta, "make", "after an outage", after_seconds=30)
    since = later.town.now()
    worker = later.worker()
    later.is_made(later.marta, "with a token that is fresh")
    later.is_in_line(later.marta, 1, 1, 0)
    # A lease alone is no work yet: Redis tells whose it is.
    wait_for(lambda: has_read_deals(later, since), 20)
    valkey = later.town.stack.local.valkey
    assert valkey is not None
    valkey.child.send(signal.SIGSTOP)
    try:
        later.is_made(later.marta, "through an outage 2")
        time.sleep(2)
    finally:
        valkey.child.send(signal.SIGCONT)
    later.is_in_line(later.marta, 1, 0, 0)
    later.town.advance(30)
    later.is_made(later.marta, "after an outage")
    later.is_in_line(later.marta, 0, 0, 0)
    assert later.made(later.marta, "through an outage 2") == 1
    assert worker.is_alive


def test_a_stopped_worker_ends_what_runs_and_begins_nothing(later: JobsTown) -> None:
    worker = later.worker()
    later.puts_off(later.marta, "slow", "in grace 3")
    later.is_in_line(later.marta, 0, 1, 0)
    worker.send(signal.SIGTERM)
    later.puts_off(later.marta, "make", "too late")
    wait_for(lambda: not worker.is_alive, 15)
    assert later.made(later.marta, "in grace 3") == 1
    assert later.made(later.marta, "too late") == 0
    assert later.lines(later.marta) == (1, 0, 0)
    assert '"event":"stopped"' in worker.output()
