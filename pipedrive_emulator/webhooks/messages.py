"""The body of one event for one webhook.

Version 2: https://pipedrive.readme.io/docs/guide-for-webhooks-v2. Version 1:
https://pipedrive.readme.io/docs/guide-for-webhooks.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.base import Base
from pipedrive_emulator.webhooks import data, legacy, subjects, vocabulary
from pipedrive_emulator.webhooks.subscriptions import moment
from pipedrive_emulator.webhooks.vocabulary import IN_V1, MERGED, OBJECTS, V1
from pipedrive_emulator.world.events import Event
from pipedrive_emulator.world.records import Record

_TIME = "update_time"


@dataclass(frozen=True)
class News:
    """An event in the name of some user of its company; ``call`` is theirs."""

    base: Base
    event: Event
    call: Call

    @cached_property
    def permitted(self) -> list[int]:
        return subjects.permitted(self.call, self.event)

    @cached_property
    def before(self) -> dict[str, Any] | None:
        return self._data(self.event.before)

    @cached_property
    def after(self) -> dict[str, Any] | None:
        return None if subjects.action_of(self.event) == "delete" else self._data(self.event.after)

    @property
    def host(self) -> str:
        """Where the company's pages are."""
        return urlsplit(self.base.addresses.company(self.call.company)).netloc

    def action(self, version: str) -> str:
        """In the words of that version."""
        action = subjects.action_of(self.event)
        if version != V1:
            return action
        return MERGED if self.event.merged_to is not None else IN_V1[action]

    def noun(self, version: str) -> str | None:
        return OBJECTS[version].get(self.event.table)

    def concerns(self, row: Record) -> bool:
        """Whether the webhook asked for this action on this object."""
        noun = self.noun(row["version"])
        if noun is None or row["event_object"] not in (vocabulary.ANY, noun):
            return False
        return vocabulary.means(row["version"], row["event_action"], self.action(row["version"]))

    def previous(self) -> dict[str, Any] | None:
        """What a v2 event says of the state before: all of it after a deletion, else what differed."""
        if self.before is None or self.after is None:
            return self.before
        changed = data.differences(self.before, self.after)
        if self.call.switches.get("webhook_previous_update_time") == "absent":
            changed.pop(_TIME, None)
        return changed

    def body(self, row: Record) -> dict[str, Any]:
        return self._body_v1(row) if row["version"] == V1 else self._body_v2(row)

    def is_told(self) -> bool:
        """A write of what no event shows is none."""
        return self.event.table not in vocabulary.V2_OBJECTS or self.before != self.after

    def _data(self, record: Record | None) -> dict[str, Any] | None:
        return None if record is None else data.data(self.call, self.event.table, self.event.key, record)

    def _body_v2(self, row: Record) -> dict[str, Any]:
        event = self.event
        meta: dict[str, Any] = {
            "action": self.action(row["version"]),
            "entity": self.noun(row["version"]),
            "company_id": str(event.author.company_id),
            "correlation_id": event.correlation_id,
            "entity_id": str(event.key),
            "id": str(uuid4()),
            "is_bulk_edit": event.is_bulk,
            "timestamp": moment(event.author.at),
            "type": row["type"],
            "user_id": str(event.author.user_id),
            "version": row["version"],
            "webhook_id": str(row["id"]),
            "webhook_owner_id": str(row["owner_id"]),
            "change_source": event.author.source,
            "attempt": 1,
            "host": self.host,
        }
        if event.table != "users":
            meta["permitted_user_ids"] = [str(user_id) for user_id in self.permitted]
        for name, key in (("merged_to_id", event.merged_to), ("merged_from_id", event.merged_from)):
            if key is not None:
                meta[name] = str(key)
        return {"meta": meta, "data": self.after, "previous": self.previous()}

    def _body_v1(self, row: Record) -> dict[str, Any]:
        event, author = self.event, self.event.author
        current, previous = legacy.states(self.call, event)
        action, noun = self.action(row["version"]), self.noun(row["version"])
        matches: dict[str, list[Any]] = {"current": [], "previous": []}
        meta = {
            "v": 1,
            "action": action,
            "object": noun,
            "id": event.key,
            "company_id": author.company_id,
            "user_id": author.user_id,
            "host": self.host,
            "timestamp": int(author.at),
            "timestamp_micro": int(author.at * 1_000_000),
            "permitted_user_ids": self.permitted,
            "trans_pending": False,
            "is_bulk_update": event.is_bulk,
            "pipedrive_service_name": False,
            "change_source": author.source,
            "matches_filters": matches,
            "webhook_id": str(row["id"]),
        }
        told = {"v": 1, "matches_filters": matches, "meta": meta, "retry": 0}
        return told | {"current": current, "previous": previous, "event": f"{action}.{noun}"}


def numbered(body: dict[str, Any], attempt: int) -> dict[str, Any]:
    """The same body for the attempt of that number, counted from 1; v1 counts retries."""
    if "retry" in body:
        return {**body, "retry": attempt - 1}
    return {**body, "meta": {**body["meta"], "attempt": attempt}}
