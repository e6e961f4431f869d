"""Whose a job is: nothing is done for one who left, and nothing of one company in another's place."""

import time
from typing import Any

from marketplace_app.storage.jobs import MOST_OF_ONE_COMPANY
from tests.every_surface.visitor import Visitor
from tests.harness.processes import wait_for
from tests.integration.cli.commands import command
from tests.integration.jobs_app.jobs_town import JobsTown
from tests.integration.person import Person, button_in


def seconds_of(later: JobsTown, person: Person) -> list[tuple[bytes, float]]:
    found: Any = later.redis.zrange(later.key(person, "waiting"), 0, -1, withscores=True)
    return [(member, score) for member, score in found]


def test_nothing_is_done_for_a_user_who_has_uninstalled(later: JobsTown) -> None:
    jack = later.town.jack.installed()
    later.puts_off(jack, "make", "after the end", after_seconds=30)
    worker = later.worker()
    jack.uninstalls()
    wait_for(lambda: '"event":"rounds"' in worker.output(), 20)
    since = later.town.now()
    later.town.advance(31)
    later.is_in_line(jack, 0, 0, 1)
    assert later.town.calls(since) == []
    assert later.made(later.marta, "after the end") == 0
    assert '"reason":"not_installed"' in worker.output()


def test_what_was_put_off_before_an_uninstall_is_over_when_the_user_comes_back(later: JobsTown) -> None:
    jack = later.town.jack.installed()
    later.puts_off(jack, "make", "of the first time", after_seconds=30)
    worker = later.worker()
    jack.uninstalls()
    wait_for(lambda: '"event":"rounds"' in worker.output(), 20)
    jack.installed()
    later.puts_off(jack, "make", "of the second time", after_seconds=30)
    later.town.advance(31)
    later.is_made(jack, "of the second time")
    later.is_in_line(jack, 0, 0, 1)
    assert later.made(jack, "of the first time") == 0


def test_a_suspect_proves_itself_before_any_handler_is_called(later: JobsTown) -> None:
    """Told to have uninstalled while no worker runs, so nobody has asked yet; the handler asks nothing."""
    jack = later.town.jack.installed()
    later.puts_off(jack, "break", "of a suspect")
    jack.uninstalls()
    worker = later.worker()
    later.is_in_line(jack, 0, 0, 1)
    assert '"reason":"not_installed"' in worker.output()
    assert "job broken" not in worker.output()


def test_a_job_waits_while_the_companys_account_is_closed(later: JobsTown) -> None:
    company = later.marta.company["id"]
    later.puts_off(later.marta, "make", "when it is open")
    later.town.stack.control.change_company(company, is_open=False)
    try:
        worker = later.worker()
        wait_for(lambda: '"reason":"company_closed"' in worker.output(), 20)
        later.is_in_line(later.marta, 1, 0, 0)
    finally:
        later.town.stack.control.change_company(company, is_open=True)
    later.town.advance(15)
    later.is_made(later.marta, "when it is open")
    assert '"attempts":1,"reason":""' in worker.output()


def test_a_record_of_another_company_does_not_open_in_mine(later: JobsTown) -> None:
    """By hand in Redis: Huy's record where Marta's lay, and Huy's job in the line of Marta's company."""
    later.puts_off(later.marta, "make", "Marta's")
    later.puts_off(later.huy, "make", "Huy's")
    ((own, _),) = seconds_of(later, later.marta)
    ((theirs, _),) = seconds_of(later, later.huy)
    sealed: Any = later.redis.hget(later.records_key(later.huy), theirs.decode())
    later.redis.hset(later.records_key(later.marta), own.decode(), sealed)
    later.redis.zrem(later.key(later.huy, "waiting"), theirs)
    later.redis.zadd(later.key(later.marta, "waiting"), {theirs: 0})
    later.redis.hset(later.records_key(later.marta), theirs.decode(), sealed)
    since = later.town.now()
    worker = later.worker()
    wait_for(lambda: worker.output().count("job unreadable") >= 2, 20)
    assert later.town.calls(since) == []
    assert [later.made(each, "Huy's") for each in (later.marta, later.huy)] == [0, 0]
    assert later.made(later.marta, "Marta's") == 0


def test_no_company_waits_for_another_ones_thousands(later: JobsTown) -> None:
    """Both workers' places are taken by one company if nobody sees to it."""
    later.puts_off(later.marta, "slow", "one of thousands 0.5", count=400)
    worker = later.worker()
    wait_for(lambda: worker.output().count("job done") >= 2, 20)
    begun = time.monotonic()
    later.puts_off(later.huy, "make", "a single one")
    later.is_made(later.huy, "a single one")
    took = time.monotonic() - begun
    waiting, running, _ = later.lines(later.marta)
    assert took < 5, took
    assert waiting > 300
    assert running <= 4


def test_a_company_has_so_many_jobs_and_then_its_users_are_told(later: JobsTown) -> None:
    """Waiting and dead ones together; other companies have their own number."""
    dead = {f"{later.marta.company['id']}-1-{number:016x}": 9e9 for number in range(MOST_OF_ONE_COMPANY - 1)}
    later.redis.zadd(later.key(later.marta, "dead"), dead)
    assert later.puts_off(later.marta, "make", "the last", once="last", after_seconds=60) == "1 put off"
    assert later.puts_off(later.marta, "make", "the last", once="last") == "0 put off"
    visitor = Visitor(later.town, later.marta, "later", {"record_id": 1})
    button = button_in(visitor.picture(), "put-off")
    refused = visitor.presses(button, job="make", title="one too many", once="more")
    assert refused.status_code == 503
    assert "Too much is waiting to be done" in refused.text
    assert later.lines(later.marta) == (1, 0, MOST_OF_ONE_COMPANY - 1)
    assert later.redis.hlen(later.records_key(later.marta)) == 2
    assert later.puts_off(later.huy, "make", "of another company", after_seconds=60) == "1 put off"
    later.redis.zrem(later.key(later.marta, "dead"), *list(dead)[:5])
    assert visitor.presses(button, job="make", title="one too many", once="more").status_code == 200


def test_a_company_whose_line_cannot_be_looked_at_costs_only_itself(later: JobsTown) -> None:
    """By hand in Redis: a dead letter of nobody's, long over, in the line of the company that comes first."""
    later.puts_off(later.marta, "make", "of the company itself")
    later.puts_off(later.huy, "make", "of whoever comes next")
    later.redis.zadd(later.key(later.marta, "dead"), {"1-1-0123456789abcdef": 1})
    later.redis.zadd("app:jobs", {str(later.marta.company["id"]): 1, str(later.huy.company["id"]): 2})
    worker = later.worker()
    later.is_made(later.huy, "of whoever comes next", seconds=10)
    later.is_made(later.marta, "of the company itself", seconds=10)
    assert '"reason":"token_unreadable"' in worker.output()
    later.stop_workers()
    later.town.advance(20)
    done = command(later.town.stack, "jobs", "run")
    assert "line that is not its company's" in done.stderr
    assert done.returncode != 0


def test_what_lies_in_redis_says_nothing(later: JobsTown) -> None:
    later.puts_off(later.marta, "make", "CANARY-TITLE", once="CANARY-KEY", after_seconds=60)
    found: Any = later.redis.hgetall(later.records_key(later.marta))
    assert len(found) == 2
    assert not any(b"CANARY" in octets or b"make" in octets for pair in found.items() for octets in pair)


def test_all_of_it_goes_with_its_user(later: JobsTown) -> None:
    jack = later.town.jack.installed()
    later.puts_off(jack, "make", "never", after_seconds=400 * 86_400 // 2)
    later.puts_off(jack, "refuse", "never")
    later.puts_off(later.marta, "make", "a colleague's", after_seconds=400 * 86_400 // 2)
    worker = later.worker()
    later.is_in_line(jack, 2, 0, 1)
    jack.uninstalls()
    wait_for(lambda: '"event":"rounds"' in worker.output(), 20)
    later.town.advance(31 * 86_400)
    wait_for(lambda: not later.redis.exists(later.records_key(jack)), 30)
    later.is_in_line(later.marta, 1, 0, 0)
    assert later.redis.hlen(later.records_key(later.marta)) == 1
