"""What was changed, field by field: the rows behind changelogs and flows of deals, persons, organizations."""

from typing import Any

from pipedrive_emulator.clock import v1_time
from pipedrive_emulator.world.events import Event
from pipedrive_emulator.world.records import Record
from pipedrive_emulator.world.world import World

TABLE = "changelog"
_TRACKED = ("deals", "persons", "organizations", "leads", "projects", "products")
_SILENT = ("update_time", "custom_fields", "id")


def keep_changelog(world: World, event: Event) -> None:
    """A row for each field that differs, under ``changelog``; ``subject`` is ``table/key``."""
    if event.table not in _TRACKED or event.action == "delete":
        return
    records = world.records(event.author.company_id)
    about = {
        "subject": f"{event.table}/{event.key}",
        "actor_user_id": event.author.user_id,
        "time": v1_time(event.author.at),
        "change_source": event.author.source,
        "change_source_user_agent": event.author.agent or None,
        "is_bulk_update_flag": event.is_bulk,
    }
    if event.before is None:
        records.add(
            TABLE,
            {"field_key": "add_time", "old_value": None, "new_value": v1_time(event.author.at), **about},
        )
        return
    before, after = _flat(event.before), _flat(event.after or {})
    for key in after:
        if before.get(key) != after[key]:
            values = {"field_key": key, "old_value": before.get(key), "new_value": after[key]}
            records.add(TABLE, values | about)


def _flat(record: Record) -> dict[str, Any]:
    fields = {key: value for key, value in record.items() if key not in _SILENT}
    return fields | dict(record.get("custom_fields") or {})
