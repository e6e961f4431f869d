"""Activity types, https://developers.pipedrive.com/docs/api/v1/ActivityTypes.

``key_string`` is what activities name their type by; it is made of the first name and stays.
"""

import re
import unicodedata
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

_TABLE = "activityTypes"
_SAME = ("id", "order_nr", "name", "key_string", "icon_key", "active_flag")
_FOUNDED = "2024-02-12 09:14:35"  # types that every company starts with


def activity_type(record: Record) -> dict[str, Any]:
    """The v1 object, which is the only form."""
    return {
        **{
            name: record[name] for name in ("id", "order_nr", "name", "key_string", "icon_key", "active_flag")
        },
        "color": record.get("color") or "FFFFFF",
        "is_custom_flag": record["is_custom_flag"],
        "add_time": v1_form(record.get("add_time")) or _FOUNDED,
        "update_time": v1_form(record.get("update_time")) or _FOUNDED,
    }


def list_all(call: Call) -> Answer:
    """Deleted ones too, with ``active_flag`` false, so that old activities can be told."""
    rows = sorted(call.records.all(_TABLE), key=lambda row: (row["order_nr"], row["id"]))
    return Answer([activity_type(row) for row in rows])


def add(call: Call) -> Answer:
    values = read_leniently(call)
    _check_name(call, values["name"], None)
    record = values | {
        "key_string": _key(call, values["name"]),
        "order_nr": 1 + max((row["order_nr"] for row in call.records.all(_TABLE)), default=0),
        "active_flag": True,
        "is_custom_flag": True,
        "add_time": call.time,
        "update_time": call.time,
    }
    return Answer(activity_type(call.records.add(_TABLE, record)))


def change(call: Call) -> Answer:
    before = _find(call)
    values = {name: value for name, value in read_leniently(call).items() if value is not None}
    if "name" in values:
        _check_name(call, values["name"], before)
    record = before | values | {"update_time": call.time}
    return Answer(activity_type(call.records.put(_TABLE, before["id"], record)))


def delete(call: Call) -> Answer:
    """Only marked; the last one that is left cannot go."""
    before = _find(call)
    if len([row for row in call.records.all(_TABLE) if row["active_flag"]]) == 1:
        raise refused(400, "Bad request: the last activity type cannot be deleted.")
    record = before | {"active_flag": False, "update_time": call.time}
    return Answer(activity_type(call.records.put(_TABLE, before["id"], record)))


def _find(call: Call) -> Record:
    record = call.records.find(_TABLE, whole_number(call.variables["id"]))
    if record is None or not record["active_flag"]:
        raise not_found("Activity type")
    return record


def _check_name(call: Call, name: str, itself: Record | None) -> None:
    if not name.strip():
        raise refused(400, "Bad request: name is required.")
    others = [row for row in call.records.all(_TABLE) if row["active_flag"] and row is not itself]
    if any(row["name"].casefold() == name.strip().casefold() for row in others):
        raise refused(400, f"Bad request: there is an activity type {name.strip()} already.")


def _key(call: Call, name: str) -> str:
    """``Video call`` becomes ``video_call``, and ``video_call_2`` when that is taken."""
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    letters = plain.encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", letters).strip("_") or "type"
    taken = {row["key_string"] for row in call.records.all(_TABLE)}
    numbers = (number for number in range(2, len(taken) + 3) if f"{key}_{number}" not in taken)
    return key if key not in taken else f"{key}_{next(numbers)}"


OPERATIONS = {
    "GET v1/activityTypes": list_all,
    "POST v1/activityTypes": add,
    "PUT v1/activityTypes/{id}": change,
    "DELETE v1/activityTypes/{id}": delete,
}
