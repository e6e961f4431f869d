"""What the engine must know about one kind of record: its keys, and the few rules that are its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.visibility import everyone
from pipedrive_emulator.world.records import Record


@dataclass(frozen=True, slots=True)
class Draft:
    """A record about to be written: ``before`` is None for a new one, ``changes`` is what the body said."""

    call: Call
    before: Record | None
    changes: Mapping[str, Any]
    record: Record

    def changed(self, key: str) -> bool:
        """Whether the value differs from what it was; every key of a new record has changed."""
        return self.before is None or self.before.get(key) != self.record.get(key)


def _keep(_: Draft) -> None:
    """Most records need nothing derived."""


def _nothing_more(_call: Call, _record: Record) -> Mapping[str, Any]:
    return {}


def _not_deleted(_: Call, record: Record) -> bool:
    return not record.get("is_deleted")


@dataclass(frozen=True, slots=True)
class Entity:
    """``blank`` names the keys of an answer in their order, with the values of a record that says nothing.

    ``needed`` are the keys a new record cannot do without; ``firm`` the ones that can never become null.
    ``key`` is what a path names a record by; every record has an ``id`` besides, which orders lists.
    ``extras`` are answered when include_fields asks, ``more`` always; ``filters`` replace equality for a
    query name.
    """

    table: str
    noun: str
    blank: Mapping[str, Any]
    needed: tuple[str, ...] = ()
    firm: tuple[str, ...] = ()
    fields_table: str | None = None
    key: str = "id"
    see: Callable[[Call, Record], bool] = everyone
    listed: Callable[[Call, Record], bool] = _not_deleted
    prepare: Callable[[Draft], None] = _keep
    filters: Mapping[str, Callable[[Call, Record, Any], bool]] = field(default_factory=dict)
    extras: Mapping[str, Callable[[Call, Record], Any]] = field(default_factory=dict)
    more: Callable[[Call, Record], Mapping[str, Any]] = _nothing_more
