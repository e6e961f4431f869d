"""Labels of leads, https://developers.pipedrive.com/docs/api/v1/LeadLabels."""

from typing import Any
from uuid import uuid4

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.v1.times import with_milliseconds
from pipedrive_emulator.world.records import Record

_TABLE = "leadLabels"


def all_labels(call: Call) -> Answer:
    return Answer([_label(row) for row in call.records.all(_TABLE)])


def add(call: Call) -> Answer:
    record = {"id": str(uuid4()), **_read(call), "add_time": call.time, "update_time": call.time}
    return Answer(_label(call.records.put(_TABLE, record["id"], record)))


def change(call: Call) -> Answer:
    record = {**_find(call), **_read(call), "update_time": call.time}
    return Answer(_label(call.records.put(_TABLE, record["id"], record)))


def remove(call: Call) -> Answer:
    """The leads that carried it go on without."""
    label = _find(call)["id"]
    call.records.remove(_TABLE, label)
    for lead in [row for row in call.records.all("leads") if label in row["label_ids"]]:
        left = [other for other in lead["label_ids"] if other != label]
        call.records.put("leads", lead["id"], {**lead, "label_ids": left})
    return Answer({"id": label})


def _find(call: Call) -> Record:
    record = call.records.find(_TABLE, call.variables["id"])
    if record is None:
        raise refused(404, "Lead label not found")
    return record


def _read(call: Call) -> dict[str, Any]:
    changes = read_leniently(call)
    if any(value in (None, "") for value in changes.values()):
        raise refused(400, "Bad request: name and color cannot be empty.")
    return changes


def _label(record: Record) -> Record:
    times = {key: with_milliseconds(record[key]) for key in ("add_time", "update_time")}
    return {"id": record["id"], "name": record["name"], "color": record["color"], **times}


OPERATIONS = {
    "GET v1/leadLabels": all_labels,
    "POST v1/leadLabels": add,
    "PATCH v1/leadLabels/{id}": change,
    "DELETE v1/leadLabels/{id}": remove,
}
