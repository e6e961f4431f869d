"""Focus and History: what is to be done about a record, and what has happened to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from re import Match, sub
from typing import NamedTuple

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.wording import Wording

# Pipedrive's own activity types; anything else gets the icon of a task.
KINDS = {
    "call": "Call",
    "meeting": "Meeting",
    "task": "Task",
    "deadline": "Deadline",
    "email": "Email",
    "lunch": "Lunch",
}


_FORMATS = ("ul", "li", "b", "u", "i")


class Event(NamedTuple):
    """Something that happened to a record; ``at`` is a stamp of the API, ``more`` what was written then."""

    at: str
    icon: str
    text: str
    facts: tuple[str, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: an activity when ``activity_id`` is there, else something that happened.

    ``state`` is overdue, today, later, someday, done or event.
    """

    icon: str
    subject: str
    when: str
    state: str
    facts: tuple[str, ...] = ()
    note: str = ""
    activity_id: int | None = None


def focus(activities: Sequence[Record], wording: Wording, names: Mapping[int, str]) -> list[Moment]:
    """Open activities, the most urgent first; those without a date come last."""
    undone = [activity for activity in activities if not activity["done"]]
    return [_open(activity, wording, names) for activity in sorted(undone, key=urgency)]


def history(
    activities: Sequence[Record], events: Sequence[Event], wording: Wording, names: Mapping[int, str]
) -> list[Moment]:
    """Done activities and the record's own milestones, newest first."""
    done = [
        (_done_at(activity), _done(activity, wording, names)) for activity in activities if activity["done"]
    ]
    happened = [(event.at, _event(event, wording)) for event in events]
    newest_first = sorted(done + happened, key=lambda pair: wording.local(pair[0]), reverse=True)
    return [moment for _, moment in newest_first]


def notes_and_files(
    notes: Sequence[Record], files: Sequence[Record], names: Mapping[int, str]
) -> list[Event]:
    """Notes with their text, files with their names, each with who added it; of API v1's rows."""
    written = [
        Event(row["add_time"], "note", "Note", _who(row, names), plain(row["content"])) for row in notes
    ]
    put = [Event(row["add_time"], "file", row["name"], _who(row, names)) for row in files]
    return written + put


def _who(row: Record, names: Mapping[int, str]) -> tuple[str, ...]:
    name = names.get(row.get("user_id") or 0)
    return (name,) if name else ()


def urgency(activity: Record) -> tuple[str, str]:
    """Sorts by due date and time; what has none comes last."""
    return activity.get("due_date") or "9999", activity.get("due_time") or "99"


def plain(markup: str | None) -> str:
    """A note's text without its markup; line breaks stay."""
    text = sub(r"(?i)<br\s*/?>|</(p|li|div)>", "\n", markup or "")
    return unescape(sub(r"<[^>]*>", "", text)).strip()


def formatted(markup: str | None) -> str:
    """What an activity's texts may hold of HTML: ``ul``, ``li``, ``b``, ``u``, ``i`` without attributes."""

    def kept(tag: Match[str]) -> str:
        return f"<{tag[1]}{tag[2].lower()}>" if tag[2].lower() in _FORMATS else ""

    return sub(r"<(/?)(\w*)[^>]*>", kept, markup or "")


def _open(activity: Record, wording: Wording, names: Mapping[int, str]) -> Moment:
    day, clock = wording.due(activity.get("due_date"), activity.get("due_time"))
    if day is None:
        when, state = "No date", "someday"
    else:
        when = wording.due_text(day, clock)
        late = wording.is_over(day, clock)
        state = "overdue" if late else "today" if day == wording.today else "later"
    return _activity(activity, when, state, names)


def _done(activity: Record, wording: Wording, names: Mapping[int, str]) -> Moment:
    return _activity(activity, wording.moment(_done_at(activity)), "done", names)


def _activity(activity: Record, when: str, state: str, names: Mapping[int, str]) -> Moment:
    kind = activity.get("type") or "task"
    facts = (KINDS.get(kind, kind), names.get(activity.get("owner_id") or 0, ""))
    return Moment(
        icon=kind if kind in KINDS else "task",
        subject=activity.get("subject") or KINDS.get(kind, "Activity"),
        when=when,
        state=state,
        facts=tuple(fact for fact in facts if fact),
        note=plain(activity.get("note")),
        activity_id=activity["id"],
    )


def _event(event: Event, wording: Wording) -> Moment:
    return Moment(event.icon, event.text, wording.moment(event.at), "event", event.facts, event.more)


def _done_at(activity: Record) -> str:
    return str(activity.get("marked_as_done_time") or activity.get("update_time") or activity["add_time"])
