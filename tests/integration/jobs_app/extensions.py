"""An action that puts off what its form says, and jobs that end in every way in which one can."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marketplace_app.errors import PipedriveUnavailable, RateLimited
from marketplace_app.kit import (
    ActionContext,
    Again,
    Extension,
    FormRejected,
    JobContext,
    ModalContext,
    Replies,
    Snackbar,
    say,
)
from marketplace_app.kit.context import AppSettings

extension = Extension("later", title="Later")


@dataclass(frozen=True, slots=True)
class View:
    title: str


@dataclass(frozen=True, slots=True)
class PutOff:
    job: str
    title: str
    after_seconds: int = 0
    once: str = ""
    count: int = 1
    is_cut_off: bool = False


@dataclass(frozen=True, slots=True)
class Deal:
    title: str


@dataclass(frozen=True, slots=True)
class Tries:
    number: int


@extension.modal(template="later.html")
async def show(_context: ModalContext) -> View:
    return View("Later")


@extension.action("put-off")
async def put_off(context: ActionContext, form: PutOff) -> Replies:
    after = timedelta(seconds=form.after_seconds)
    form_of_it = None if form.job == "bare" else Deal(form.title)
    added = [
        await context.jobs.add(form.job, form_of_it, after=after, once=form.once) for _ in range(form.count)
    ]
    if form.is_cut_off:
        raise PipedriveUnavailable("away")
    return Snackbar(say("{count} put off", count=sum(added)))


async def _make(context: JobContext, title: str) -> None:
    await context.pipedrive.post("/api/v2/deals", dict[str, Any], {"title": title})


@extension.job("make")
async def make(context: JobContext, form: Deal) -> None:
    await _make(context, form.title)


@extension.job("bare")
async def bare(context: JobContext) -> None:
    await _make(context, f"bare by {context.viewer.name}")


@extension.job("slow")
async def slow(context: JobContext, form: Deal) -> None:
    """Its title says how many seconds it takes."""
    await context.pipedrive.get("/api/v2/deals", list[Any], limit=1)
    await asyncio.sleep(float(form.title.rpartition(" ")[2]))
    await _make(context, form.title)


@extension.job("break")
async def break_(_context: JobContext, form: Deal) -> None:
    raise KeyError(f"CANARY-OF-A-JOB {form.title}")


@extension.job("refuse")
async def refuse(_context: JobContext, form: Deal) -> None:
    raise FormRejected(f"{form.title} is no title")


@extension.job("limit")
async def limit(_context: JobContext, _form: Deal) -> None:
    raise RateLimited(30)


@extension.job("follow-in-vain")
async def follow_in_vain(context: JobContext, form: Deal) -> None:
    await context.jobs.add("make", Deal(f"{form.title} followed"))
    raise PipedriveUnavailable("away")


@extension.job("mend")
async def mend(context: JobContext, form: Deal) -> None:
    """Fails twice, then is done, and says in which attempt."""
    tries = await _count(context.settings)
    if tries < 3:
        raise KeyError("not yet")
    await _make(context, f"{form.title} in {context.attempt}")


@extension.job("wait")
async def wait(context: JobContext, form: Deal) -> None:
    """Asks to be asked again once, without a failure."""
    if await _count(context.settings) < 2:
        raise Again(timedelta(seconds=1))
    await _make(context, f"{form.title} in {context.attempt}")


@extension.job("follow")
async def follow(context: JobContext, form: Deal) -> None:
    await context.jobs.add("make", Deal(f"{form.title} followed"))


async def _count(settings: AppSettings) -> int:
    number = (await settings.of_user(Tries) or Tries(0)).number + 1
    await settings.set_of_user(Tries(number))
    return number


EXTENSIONS = (extension,)
