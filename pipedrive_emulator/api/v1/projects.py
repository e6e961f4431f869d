"""Projects and what belongs to them as API v1 shows them: https://developers.pipedrive.com/docs/api/v1/Projects.

v1 knows one person and one organization of a project, the first, and writes moments with milliseconds.
"""

from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.v1.custom_fields import flat
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record

_TIMES = ("add_time", "update_time")


def exact(moment: str | None) -> str | None:
    """``2026-11-23T21:40:00Z`` becomes ``2026-11-23 21:40:00.000``."""
    text = v1_form(moment)
    return None if text is None else f"{text}.000"


def project(call: Call, record: Record) -> dict[str, Any]:
    same = ("id", "title", "description", "status", "start_date", "end_date", "owner_id", "health_status")
    times = (*_TIMES, "status_change_time", "archive_time")
    return {
        **{key: record[key] for key in same},
        "board_id": record["board_id"],
        "phase_id": record["phase_id"],
        "deal_ids": record["deal_ids"],
        "person_id": _first(record["person_ids"]),
        "org_id": _first(record["org_ids"]),
        "labels": record["label_ids"],
        **{key: exact(record[key]) for key in times},
        **flat(call, "projectFields", record),
    }


def board(record: Record) -> dict[str, Any]:
    return _with_times(record, "id", "name", "order_nr")


def phase(record: Record) -> dict[str, Any]:
    return _with_times(record, "id", "name", "board_id", "order_nr")


def template(record: Record) -> dict[str, Any]:
    keys = ("id", "title", "description", "projects_board_id", "owner_id")
    return {key: record[key] for key in keys} | {key: exact(record[key]) for key in _TIMES}


def _with_times(record: Record, *keys: str) -> dict[str, Any]:
    return {key: record[key] for key in keys} | {key: v1_form(record[key]) for key in _TIMES}


def _first(ids: list[int]) -> int | None:
    return ids[0] if ids else None
