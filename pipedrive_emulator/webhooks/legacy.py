"""States of records in events of version 1: as API v1 shows them in lists, deleted ones as they last were."""

from collections.abc import Callable, Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.activity_types import activity_type
from pipedrive_emulator.api.v1 import (
    activities,
    deals,
    notes,
    organizations,
    persons,
    pipelines,
    products,
    stages,
    users,
)
from pipedrive_emulator.webhooks.subjects import action_of
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.events import Event
from pipedrive_emulator.world.records import Record

View = Callable[[Call, Record], Any]


def states(call: Call, event: Event) -> tuple[Any, Any]:
    """``current`` and ``previous``: null before a record is added and after it is deleted.

    The loser of a merge has the winner for its ``current``.
    """
    view: View = _VIEWS[event.table]
    current = None if action_of(event) == "delete" else event.after
    if event.merged_to is not None:
        current = call.records.find(event.table, event.merged_to)
    return _seen(view, call, current), _seen(view, call, event.before)


def _seen(view: View, call: Call, record: Record | None) -> Any:
    return None if record is None else view(call, record)


def _user(call: Call, record: Record) -> list[dict[str, Any]]:
    """Events about users have them in lists."""
    return [users.user(call, User(**record))]


_VIEWS: Mapping[str, View] = {
    "activities": activities.activity,
    "activityTypes": lambda _, record: activity_type(record),
    "deals": deals.deal,
    "notes": notes.note,
    "organizations": organizations.organization,
    "persons": persons.person,
    "pipelines": pipelines.pipeline,
    "products": products.product,
    "stages": stages.stage,
    "users": _user,
}
