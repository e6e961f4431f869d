"""Records as events of version 2 show them, and what differs between two states."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.custom_fields_webhook import typed
from pipedrive_emulator.webhooks.shapes import FIELD, SHAPES
from pipedrive_emulator.world.records import Key, Record


def data(call: Call, table: str, key: Key, record: Record) -> dict[str, Any]:
    """The record under that key, as a v2 event's ``data`` and ``previous`` hold it."""
    shape = SHAPES.get(table, FIELD)
    told: dict[str, Any] = {"id": key} if shape.has_id else {}
    told |= {name: record.get(name) for name in shape.keys}
    told |= {name: record.get(source) for name, source in shape.renamed.items()}
    told |= {name: derive(record) for name, derive in shape.derived.items()}
    told |= {name: compute(call, record) for name, compute in shape.computed.items()}
    for spread in shape.spread:
        told |= spread(record)
    if shape.fields_table is not None:
        told["custom_fields"] = typed(call.records.all(shape.fields_table), record)
    return told


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What was different before, custom fields one by one."""
    changed = {key: before[key] for key in after if before[key] != after[key]}
    if "custom_fields" in changed:
        old, new = before["custom_fields"], after["custom_fields"]
        codes = [code for code in {**old, **new} if old.get(code) != new.get(code)]
        changed["custom_fields"] = {code: old.get(code) for code in codes}
    return changed
