"""The next step, what was done just now, and the gaps, as the panel shows them."""

from collections.abc import Sequence
from datetime import date, timedelta

from marketplace_app.extensions.controls import Control, Jump, Picker, Press
from marketplace_app.extensions.days import latest_step
from marketplace_app.extensions.due import Due, Step, monday_after, steps
from marketplace_app.extensions.facts import DealFacts, Part
from marketplace_app.extensions.fixes import (
    call_preset,
    controls_for,
    organization_dialog,
    person_dialog,
    plan_dialog,
)
from marketplace_app.extensions.gap import Gap, GapKind
from marketplace_app.extensions.seen import seen_text
from marketplace_app.extensions.standpoint import Standpoint
from marketplace_app.extensions.view import Finished, GapRow, Gaps, NextStep, Starter
from marketplace_app.pipedrive.resources.activities import Activity

_AT_ONCE = 3
_MINUS = "\N{MINUS SIGN}"
_IN_NEXT_STEP = (GapKind.NO_NEXT_STEP, GapKind.OVERDUE)  # said there, with what they cost


def next_step(facts: DealFacts, found: Sequence[Gap], stand: Standpoint) -> NextStep:
    cost = next((_cost(gap) for gap in found if gap.kind in _IN_NEXT_STEP), "")
    line = steps(facts.activities, stand.zone)
    if not line:
        controls = (plan_dialog(facts, stand), call_preset(facts, stand, "no-next-step"))
        return NextStep(title=stand.say("No next step"), tone="none", cost=cost, controls=controls)
    first, *rest = line
    return NextStep(
        title=first.activity.subject or stand.say("Activity without a subject"),
        tone=_tone(first, stand.today),
        kind=first.activity.type,
        when=when(first, stand),
        cost=cost,
        controls=_step_controls(first, stand),
        more=stand.count("{number} more planned", "{number} more planned", len(rest)) if rest else "",
    )


def when(step: Step, stand: Standpoint) -> str:
    """Tomorrow 9:00 AM, or how late it is: Overdue by 3 days · Thu, Nov 20 9:00 AM."""
    if step.due is None:
        return stand.say("No date")
    day = _day_and_time(step.due, stand)
    late = step.days_late(stand.today)
    if not late:
        return day[:1].upper() + day[1:]
    return f"{stand.count('Overdue by {number} day', 'Overdue by {number} days', late)} · {day}"


def finished(activity: Activity, stand: Standpoint) -> Finished:
    form = {"activity_id": activity.id, "seen": seen_text(activity.update_time)}
    undo = Press(f"reopen-{activity.id:d}", stand.say("Undo"), "reopen", form)
    return Finished(stand.say("Done: {subject}", subject=activity.subject), undo)


def gap_rows(facts: DealFacts, found: Sequence[Gap], stand: Standpoint) -> Gaps | None:
    """None when the next step says it all."""
    if not any(gap.points for gap in found) and facts.knows(*Part):
        hints = tuple(_row(gap, facts, stand, number) for number, gap in enumerate(found))
        return Gaps(hints[:_AT_ONCE], hints[_AT_ONCE:], _more(hints, stand), _all_clear(facts, stand))
    listed = [gap for gap in found if gap.kind not in _IN_NEXT_STEP]
    rows = tuple(_row(gap, facts, stand, number) for number, gap in enumerate(listed))
    return Gaps(rows[:_AT_ONCE], rows[_AT_ONCE:], _more(rows, stand)) if rows else None


def starters(facts: DealFacts, stand: Standpoint) -> tuple[Starter, ...]:
    """For a deal with nobody, nothing and no plan yet."""
    return (
        Starter(stand.say("What happens first?"), plan_dialog(facts, stand)),
        Starter(stand.say("Who decides?"), person_dialog(facts, stand)),
        Starter(stand.say("Which company is it?"), organization_dialog(stand)),
    )


def _step_controls(step: Step, stand: Standpoint) -> tuple[Control, ...]:
    activity, today = step.activity, stand.today
    known = {"activity_id": activity.id, "seen": seen_text(activity.update_time)}
    start = max(step.due.day, today) if step.due else today
    monday = monday_after(today)
    done = Press(f"done-{activity.id:d}", stand.say("Done"), "done", known, is_primary=True)
    pick = Picker(
        id=f"move-{activity.id:d}-pick",
        label=stand.say("Pick date"),
        action="move-date",
        form=known,
        field="due_date",
        value=start.isoformat(),
        least=today.isoformat(),
        most=latest_step(today).isoformat(),
        hint=stand.say("New due date"),
        choices=(_move("three-days", stand.say("+3 d"), start + timedelta(days=3), known, stand),),
    )
    return (
        done,
        _move("day", stand.say("+1 d"), start + timedelta(days=1), known, stand),
        _move("monday", stand.words.weekday(monday), monday, known, stand),
        pick,
        Jump(f"open-{activity.id:d}", stand.say("Open"), _address(activity, stand)),
    )


def _address(activity: Activity, stand: Standpoint) -> str:
    """In the list of activities; the SDK has no view for a single one."""
    return f"{stand.company_url}/activities/list/user/everyone?selected={activity.id:d}"


def _move(name: str, label: str, day: date, known: dict[str, object], stand: Standpoint) -> Press:
    form = known | {"due_date": day.isoformat()}
    hint = stand.say("Move to {day}", day=stand.day(day))
    return Press(f"move-{known['activity_id']}-{name}", label, "move-date", form, hint)


def _day_and_time(due: Due, stand: Standpoint) -> str:
    day = stand.day(due.day)
    return f"{day} {stand.words.time(due.moment)}" if due.moment else day


def _tone(step: Step, today: date) -> str:
    if step.due is None:
        return "someday"
    if step.days_late(today):
        return "late"
    return "today" if step.due.day == today else "ahead"


def _row(gap: Gap, facts: DealFacts, stand: Standpoint, number: int) -> GapRow:
    name = f"gap-{gap.kind}-{number:d}"
    return GapRow(name, stand.tell(gap.message), _cost(gap), controls_for(gap, facts, stand))


def _cost(gap: Gap) -> str:
    return f"{_MINUS}{gap.points:d}" if gap.points else ""


def _more(rows: Sequence[GapRow], stand: Standpoint) -> str:
    rest = len(rows) - _AT_ONCE
    return stand.count("and {number} more", "and {number} more", rest) if rest > 0 else ""


def _all_clear(facts: DealFacts, stand: Standpoint) -> str:
    due = next((step.due for step in steps(facts.activities, stand.zone)), None)
    if due is None:
        return stand.say("All clear.")
    days = (due.day - stand.today).days
    if abs(days) <= 1:
        return stand.say("All clear. Next step {day}.", day=stand.day(due.day))
    return stand.count(
        "All clear. Next step in {number} day.", "All clear. Next step in {number} days.", days
    )
