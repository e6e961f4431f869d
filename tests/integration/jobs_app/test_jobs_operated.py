"""`marketplace-app jobs`: what an operator sees of jobs, and does with dead letters."""

import re
from typing import Any

from tests.integration.cli.commands import command
from tests.integration.jobs_app.jobs_town import JobsTown
from tests.integration.person import Person


def buried(later: JobsTown, person: Person, job: str = "refuse", **form: Any) -> str:
    """The id of a new dead letter."""
    before = in_line(later, person)
    later.puts_off(person, job, "CANARY", **form)
    done = command(later.town.stack, "jobs", "run")
    assert done.returncode == 0, done.stderr
    (made,) = in_line(later, person) - before
    return made


def in_line(later: JobsTown, person: Person, line: str = "dead") -> set[str]:
    found: Any = later.redis.zrange(later.key(person, line), 0, -1)
    return {each.decode() for each in found}


def test_nothing_is_said_of_nothing(later: JobsTown) -> None:
    stack, company = later.town.stack, later.marta.company["id"]
    assert command(stack, "jobs").stdout == "There are no jobs.\n"
    assert command(stack, "jobs", "dead", "--company", company).stdout == (
        f"Company {company} has no dead letters.\n"
    )
    done = command(stack, "jobs", "retry", "--all", "--company", company)
    assert (done.returncode, done.stderr) == (1, f"Company {company} has no dead letters.\n")
    assert command(stack, "jobs", "run").stdout == "0 done; 0 put off; 0 dead.\n"


def test_jobs_are_counted_and_dead_letters_listed_without_what_they_were_given(later: JobsTown) -> None:
    stack, company = later.town.stack, later.marta.company["id"]
    letter = buried(later, later.marta)
    later.puts_off(later.huy, "make", "CANARY", after_seconds=60)
    said = command(stack, "jobs").stdout
    assert re.fullmatch(r"1 waiting, the first due [0-9TZ:-]+; 0 running; 1 dead\.\n", said)
    listed = command(stack, "jobs", "dead", "--company", company)
    assert listed.returncode == 1
    assert re.fullmatch(rf"{letter}  later refuse: form_rejected, [0-9TZ:-]+\n", listed.stdout)


def test_a_dead_letter_is_asked_for_again(later: JobsTown) -> None:
    """Its key is free while it is dead, and whoever took it meanwhile comes first."""
    letter = buried(later, later.marta, once="deal-1")
    assert later.puts_off(later.marta, "refuse", "CANARY", once="deal-1", after_seconds=9) == "1 put off"
    done = command(later.town.stack, "jobs", "retry", letter)
    assert (done.returncode, done.stdout) == (1, f"{letter}: another one with its key waits or runs.\n")
    (waiting,) = in_line(later, later.marta, "waiting")
    assert command(later.town.stack, "jobs", "drop", waiting).returncode == 0
    done = command(later.town.stack, "jobs", "retry", letter)
    assert (done.returncode, done.stdout) == (0, f"1 due now: {letter}\n")
    assert later.lines(later.marta) == (1, 0, 0)
    assert later.puts_off(later.marta, "refuse", "CANARY", once="deal-1") == "0 put off"
    assert command(later.town.stack, "jobs", "run").stdout == "0 done; 0 put off; 1 dead.\n"
    assert later.lines(later.marta) == (0, 0, 1)


def test_a_job_that_no_extension_knows_any_more_is_kept_until_one_does(later: JobsTown) -> None:
    stack, company = later.town.stack, later.marta.company["id"]
    later.puts_off(later.marta, "make", "once more known")
    earlier = {
        "EXTENSIONS": "tests.every_surface.extensions:EXTENSIONS",
        "MANIFEST": str(stack.local.plan.manifest),
    }
    assert command(stack, "jobs", "run", **earlier).stdout == "0 done; 0 put off; 1 dead.\n"
    assert "later make: unknown_job" in command(stack, "jobs", "dead", "--company", company).stdout
    assert command(stack, "jobs", "retry", "--all", "--company", company).returncode == 0
    assert command(stack, "jobs", "run").stdout == "1 done; 0 put off; 0 dead.\n"
    assert later.made(later.marta, "once more known") == 1


def test_a_dropped_one_leaves_nothing(later: JobsTown) -> None:
    letter = buried(later, later.marta, once="deal-1")
    assert command(later.town.stack, "jobs", "drop", letter).stdout == f"{letter} is gone.\n"
    assert command(later.town.stack, "jobs", "drop", letter).returncode == 1
    assert later.redis.hlen(later.records_key(later.marta)) == 0
    assert command(later.town.stack, "jobs").stdout == "There are no jobs.\n"


def test_a_dead_letter_goes_after_thirty_days(later: JobsTown) -> None:
    """Whatever else there is to do for its company."""
    buried(later, later.huy)
    later.town.advance(29 * 86_400)
    command(later.town.stack, "jobs", "run")
    assert later.lines(later.huy) == (0, 0, 1)
    later.town.advance(2 * 86_400)
    command(later.town.stack, "jobs", "run")
    assert later.lines(later.huy) == (0, 0, 0)
    assert later.redis.hlen(later.records_key(later.huy)) == 0


def test_ids_that_are_none_are_refused_in_words(later: JobsTown) -> None:
    for words in (["retry"], ["retry", "x", "--all", "--company", 1], ["retry", "--all"]):
        assert command(later.town.stack, "jobs", *words).returncode == 2
    for words in (["retry", "x"], ["drop", "x"]):
        done = command(later.town.stack, "jobs", *words)
        assert done.returncode == 1
        assert done.stdout + done.stderr in ("x: is no job's id.\n", "No job x waits or is dead.\n")


def test_nothing_is_left_of_a_forgotten_companys_jobs(later: JobsTown) -> None:
    company = later.huy.company["id"]
    later.puts_off(later.huy, "make", "never", after_seconds=60)
    later.puts_off(later.marta, "make", "still", after_seconds=60)
    assert command(later.town.stack, "installations", "forget", company, "--yes").returncode == 0
    names: Any = later.redis.keys(f"app:*{company}*")
    assert names == []
    assert later.redis.zrange("app:jobs", 0, -1) == [str(later.marta.company["id"]).encode()]
