"""How jobs are declared, and what may be given to them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from marketplace_app.errors import ConfigurationError, FormRejected
from marketplace_app.kit import Extension, JobContext, JobRejected
from marketplace_app.kit.job_declaring import MOST_BYTES, DeclaredJobs, Job
from marketplace_app.kit.messaging import Messaging

pytestmark = pytest.mark.anyio


@dataclass(frozen=True, slots=True)
class Reminder:
    deal: int
    day: date
    every: timedelta = timedelta(days=1)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Other:
    deal: int


async def _bare(context: JobContext) -> None: ...


async def _no_form(context: JobContext, form: int) -> None: ...


def declared(given: list[Any]) -> Extension:
    extension = Extension("deal-panel", title="Deal")

    @extension.job("remind")
    async def remind(_context: JobContext, form: Reminder) -> None:
        given.append(form)

    extension.job("bare")(_bare)
    return extension


def job(name: str = "remind", given: list[Any] | None = None) -> Job:
    return declared([] if given is None else given).jobs[name]


async def test_a_form_comes_out_as_it_went_in() -> None:
    given: list[Any] = []
    form = Reminder(7, date(2026, 11, 30), timedelta(minutes=5), ("a", "ỗ"))
    found = job(given=given)
    context: Any = None
    await found.run(context, found.encode(form))
    assert given == [form]


async def test_a_form_of_an_older_version_that_does_not_fit_is_refused() -> None:
    context: Any = None
    for octets in (b'{"deal":"x"}', b"null", b"[]", b"{", b'{"deal":1,"day":"never"}'):
        with pytest.raises(FormRejected):
            await job().run(context, octets)


@pytest.mark.parametrize("form", [None, Other(1), {"deal": 1}, Reminder])
def test_a_value_of_another_type_is_refused_by_name(form: Any) -> None:
    with pytest.raises(JobRejected, match="deal-panel: the job remind takes Reminder, and was given"):
        job().encode(form)


def test_a_job_without_a_form_takes_none() -> None:
    with pytest.raises(JobRejected, match="the job bare takes no form, and was given Other"):
        job("bare").encode(Other(1))


def test_a_value_that_would_not_be_read_again_is_refused_at_once() -> None:
    wrong: Any = "seven"
    with pytest.raises(JobRejected, match="could not read its form again"):
        job().encode(Reminder(wrong, date(2026, 1, 1)))


def test_a_job_holds_16_kibibytes() -> None:
    room = MOST_BYTES - len(job().encode(Reminder(1, date(2026, 1, 1), words=("",))))
    assert len(job().encode(Reminder(1, date(2026, 1, 1), words=("x" * room,)))) == MOST_BYTES
    with pytest.raises(JobRejected, match="16385 bytes; a job takes 16384"):
        job().encode(Reminder(1, date(2026, 1, 1), words=("x" * (room + 1),)))


def test_an_unknown_job_is_told_with_those_that_there_are() -> None:
    known = DeclaredJobs.of([declared([])])
    with pytest.raises(JobRejected, match="extension deal-panel has no job send; it has: bare, remind"):
        known.named("deal-panel", "send")
    with pytest.raises(JobRejected, match="it has: none"):
        known.named("other", "remind")


def test_a_name_is_one_job() -> None:
    with pytest.raises(ConfigurationError, match="deal-panel has two jobs named bare"):
        declared([]).job("bare")(_bare)
    with pytest.raises(ConfigurationError, match="two extensions named deal-panel have a job named remind"):
        DeclaredJobs.of([declared([]), declared([])])


def test_a_form_is_a_dataclass() -> None:
    with pytest.raises(ConfigurationError, match="deal-panel: the form of job wrong is no dataclass"):
        declared([]).job("wrong")(_no_form)


def test_nothing_is_declared_once_the_app_is_made() -> None:
    for made in (declared([]), Messaging("inbox")):
        made.freeze()
        with pytest.raises(ConfigurationError, match="was changed after the app was made"):
            made.job("late")(_bare)
