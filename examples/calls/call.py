"""A floating window for phone calls: who is it, how long does it take, and one press that logs it.

Nothing is kept between begin and end: when the call began goes along with the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from marketplace_app.kit import (
    ActionContext,
    Extension,
    FloatingContext,
    FocusMode,
    Fragment,
    HideFloatingWindow,
    Notification,
    Replies,
    Snackbar,
    SurfaceContext,
    say,
)
from marketplace_app.pipedrive.resources import activities, persons

LONGEST_MINUTES = 24 * 60
extension = Extension("call", title="Call")


@dataclass(frozen=True, slots=True)
class Match:
    """Somebody in Pipedrive with this number."""

    id: int
    name: str
    company: str


@dataclass(frozen=True, slots=True)
class View:
    """`began_at` is 0 before the call, then epoch seconds, and `since` the same to be read."""

    number: str
    matches: tuple[Match, ...] = ()
    began_at: int = 0
    since: str = ""


@dataclass(frozen=True, slots=True)
class Begin:
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class End:
    began_at: int
    person_id: int | None = None
    note: Annotated[str, msgspec.Meta(max_length=500)] = ""


@extension.floating_window(template="call.html", width=360)
async def show(context: FloatingContext) -> View:
    number = number_of(context.data)
    return View(number, await _matches(context, number))


@extension.action("begin")
async def begin(context: ActionContext, form: Begin) -> Replies:
    """The window cannot be closed by mistake while somebody talks, and its icon says that somebody does."""
    matches = await _matches(context, number_of(context.data))
    chosen = tuple(each for each in matches if each.id == form.person_id)
    view = View(
        number_of(context.data), chosen, int(context.now.timestamp()), context.words.time(context.now)
    )
    return FocusMode(is_on=True), Notification(1), Fragment(view)


@extension.action("end")
async def end(context: ActionContext, form: End) -> Replies:
    """Logs the call: an activity that is done, with the person, and as long as it took."""
    number = number_of(context.data)
    minutes = min(max(int(context.now.timestamp()) - form.began_at, 0) // 60 + 1, LONGEST_MINUTES)
    people = [{"person_id": form.person_id, "primary": True}] if form.person_id is not None else []
    await activities.create(
        context.pipedrive,
        subject=context.words.say(say("Call with {number}", number=number or "?")),
        type="call",
        done=True,
        due_date=context.today.isoformat(),
        duration=f"{minutes // 60:02d}:{minutes % 60:02d}",
        **({"note": form.note} if form.note else {}),
        **({"participants": people} if people else {}),
    )
    view = View(number, await _matches(context, number))
    return FocusMode(is_on=False), Notification(0), Snackbar(say("The call is logged")), Fragment(view)


@extension.action("hide")
async def hide(_context: ActionContext) -> Replies:
    return HideFloatingWindow()


def number_of(data: Mapping[str, Any]) -> str:
    """The number that was pressed. Under which key it comes is not documented: each that was seen does."""
    call = data.get("call")
    found = (
        data.get("number")
        or data.get("phoneNumber")
        or (call.get("number") if isinstance(call, dict) else "")
    )
    return found[:40] if isinstance(found, str) else ""


async def _matches(context: SurfaceContext, number: str) -> tuple[Match, ...]:
    found = await persons.with_phone(context.pipedrive, number) if number else []
    return tuple(
        Match(each.id, each.name, each.organization.name if each.organization else "") for each in found
    )
