"""What happened to the records of a company: the one stream that webhooks and changelogs are made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from uuid import uuid4

from pipedrive_emulator.world.records import Change, Key, Record

Source = Literal["app", "api"]
Action = Literal["create", "change", "delete"]


@dataclass(slots=True)
class Marks:
    """What a handler says about its writes besides the records: which survived a merge, and bulk edits.

    ``merged`` maps (table, key of the loser) to the key of the winner.
    """

    merged: dict[tuple[str, Key], Key] = field(default_factory=dict)
    is_bulk: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    """Who changed something, when (epoch seconds) and how; ``agent`` is the User-Agent of an API call."""

    company_id: int
    user_id: int
    at: float
    source: Source
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One record that differs; ``author`` says by whom."""

    author: Author
    table: str
    key: Key
    action: Action
    before: Record | None
    after: Record | None
    correlation_id: str
    is_bulk: bool
    merged_to: Key | None
    merged_from: Key | None


Listener = Callable[[Event], None]


class Events:
    """Hands each event to everyone who listens, in the order in which they subscribed."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def publish(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)


def events_of(changes: list[Change], marks: Marks, author: Author) -> list[Event]:
    """One event for each record that differs in the end, however often it was written on the way."""
    first: dict[tuple[str, Key], Change] = {}
    for change in changes:
        seen = first.get((change.table, change.key))
        before = seen.before if seen else change.before
        first[change.table, change.key] = Change(change.table, change.key, before, change.after)
    correlation_id = str(uuid4())
    winners = {(table, winner): loser for (table, loser), winner in marks.merged.items()}
    return [
        Event(
            author=author,
            table=change.table,
            key=change.key,
            action=_action(change),
            before=change.before,
            after=change.after,
            correlation_id=correlation_id,
            is_bulk=marks.is_bulk,
            merged_to=marks.merged.get((change.table, change.key)),
            merged_from=winners.get((change.table, change.key)),
        )
        for change in first.values()
        if change.before != change.after
    ]


def _action(change: Change) -> Action:
    """Marking a record as deleted is what Pipedrive calls deleting it."""
    if change.before is None:
        return "create"
    if change.after is None or (change.after.get("is_deleted") and not change.before.get("is_deleted")):
        return "delete"
    return "change"
