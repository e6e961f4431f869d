"""A panel and actions that fail in every way in which an author's can."""

import asyncio
from dataclasses import dataclass

from marketplace_app.errors import (
    BudgetSpent,
    Disconnected,
    FormRejected,
    PipedriveRefused,
    PipedriveUnavailable,
    RateLimited,
    ScopeMissing,
    StoreUnavailable,
    TokenUnreadable,
    UnexpectedPayload,
)
from marketplace_app.kit import (
    ActionContext,
    Extension,
    Fragment,
    PanelContext,
    Refresh,
    Replies,
    Snackbar,
    say,
)
from marketplace_app.pipedrive.resources import deals

FAILURES: dict[str, Exception] = {
    "form": FormRejected("title: must not be empty", {"title": "must not be empty"}),
    "refused": PipedriveRefused(404),
    "busy": RateLimited(30),
    "spent": BudgetSpent(1e10),
    "disconnected": Disconnected("refused"),
    "scope": ScopeMissing(["deals:full"]),
    "away": PipedriveUnavailable("no answer"),
    "unexpected": UnexpectedPayload("no JSON"),
    "store": StoreUnavailable("Redis does not answer"),
    "unreadable": TokenUnreadable("does not open"),
    "bug": KeyError("CANARY-OF-A-BUG"),
}

extension = Extension("own-panel", title="Own")


@dataclass(frozen=True, slots=True)
class View:
    title: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Fail:
    how: str


@extension.panel("deal", template="own_panel.html")
async def show(context: PanelContext) -> View:
    deal = await deals.get(context.pipedrive, context.record_id)
    if deal.title.startswith("fail "):
        raise FAILURES[deal.title.removeprefix("fail ")]
    if deal.title.startswith("slow "):
        await asyncio.sleep(4)
    return View(deal.title)


@extension.action("fail")
async def fail(_context: ActionContext, form: Fail) -> Replies:
    raise FAILURES[form.how]


@extension.action("write-and-fail")
async def write_and_fail(context: ActionContext, form: Fail) -> Replies:
    await deals.update(context.pipedrive, context.record_id, title="written")
    raise FAILURES[form.how]


@extension.action("rename")
async def rename(context: ActionContext) -> Replies:
    """Writes, then takes its time, in which a test may stop what it likes."""
    deal = await deals.update(context.pipedrive, context.record_id, title="renamed")
    await asyncio.sleep(1.5)
    return Snackbar(say("Renamed")), Fragment(View(deal.title, 1))


@extension.action("plain")
async def plain(_context: ActionContext) -> Replies:
    link = Snackbar(say("Look there"), say("There"), "https://example.com/x")
    return link, Snackbar(say("Not there"), say("Bad"), "javascript:alert(1)"), Refresh()


@extension.action("budget")
async def budget(context: ActionContext) -> Replies:
    """What is left after one call."""
    await deals.get(context.pipedrive, context.record_id)
    return Snackbar(say("{left}", left=context.budget.left))


EXTENSIONS = (extension,)
