"""What events are about: who may hear of them, and what really happened to the record."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.operations import Operation
from pipedrive_emulator.api.visibility import everyone, linked, sees
from pipedrive_emulator.base import Base
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.events import Action, Event
from pipedrive_emulator.world.records import Record

See = Callable[[Call, Record], bool]

_NOBODY_ASKED = Operation("", "", "/", 0, frozenset(), 200, {}, {}, frozenset())
_OWNED = ("deals", "persons", "organizations", "leads", "products", "projects")


def who(base: Base, user: User) -> Call:
    """A Call in that user's name, for the rules that need one."""
    company = base.world.company(user.company_id)
    if company is None:
        raise LookupError(f"user {user.id} belongs to no company")
    return Call(
        operation=_NOBODY_ASKED,
        world=base.world,
        company=company,
        user=user,
        switches=base.switches,
        now=base.clock.now(),
        variables={},
        query={},
        body=None,
        origin=base.addresses.api,
    )


def action_of(event: Event) -> Action:
    """Where API v1 deletes by a flag, the flag is a deletion."""
    if event.action != "change" or event.table == "users" or event.before is None or event.after is None:
        return event.action
    ended = event.before.get("active_flag") is True and event.after.get("active_flag") is False
    return "delete" if ended else "change"


def record_of(event: Event) -> Record:
    """The record as it is, or as it last was."""
    record = event.before if action_of(event) == "delete" else event.after
    if record is None:
        raise LookupError(f"an event without a record: {event.table}/{event.key}")
    return record


def can_hear(call: Call, event: Event) -> bool:
    """Whether the caller may see what the event is about."""
    return call.user.active and _SEES.get(event.table, everyone)(call, {"id": event.key, **record_of(event)})


def permitted(call: Call, event: Event) -> list[int]:
    """The active colleagues who may see it, by id."""
    users = sorted(call.colleagues(), key=lambda user: user.id)
    return [user.id for user in users if can_hear(replace(call, user=user), event)]


def _note(call: Call, note: Record) -> bool:
    return linked(call, {**note, "owner_id": note.get("user_id")})


def _through(table: str, key: str) -> See:
    """Whoever sees the record that this one is a part of."""

    def see(call: Call, record: Record) -> bool:
        whole = call.records.find(table, record.get(key))
        return whole is not None and sees(table)(call, whole)

    return see


_SEES: Mapping[str, See] = {table: sees(table) for table in _OWNED} | {
    "activities": linked,
    "notes": _note,
    "deal_products": _through("deals", "deal_id"),
    "deal_installments": _through("deals", "deal_id"),
    "tasks": _through("projects", "project_id"),
}
