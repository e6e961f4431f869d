"""The webhooks of a company, rows of its table ``webhooks``; ones that have ended stay, marked.

A row has the keys of https://developers.pipedrive.com/docs/api/v1/Webhooks and, for the emulator alone,
``client_id`` of the app that made it, ``failures`` since the last ban, ``banned_until`` and ``failing_since``
(epoch seconds or None).
"""

from datetime import UTC, datetime
from typing import Any

from pipedrive_emulator.world.company import Company
from pipedrive_emulator.world.records import Record, Records

TABLE = "webhooks"
FAILED, DELETED, UNINSTALLED, DEACTIVATED = "failed", "deleted", "uninstalled", "user_deactivated"
MOST = 40  # per user, and per user and app

_SHOWN = (
    "id",
    "company_id",
    "owner_id",
    "user_id",
    "event_action",
    "event_object",
    "subscription_url",
    "version",
    "is_active",
    "add_time",
    "remove_time",
    "type",
    "http_auth_user",
    "http_auth_password",
    "remove_reason",
    "last_delivery_time",
    "last_http_status",
    "admin_id",
    "name",
)


def subscribe(records: Records, company: Company, row: Record) -> Record:
    """Keep a new one, active. Numbers of one company are never those of another."""
    blank = {
        "is_active": 1,
        "remove_time": None,
        "remove_reason": None,
        "last_delivery_time": None,
        "last_http_status": None,
        "failures": 0,
        "banned_until": None,
        "failing_since": None,
    }
    first = company.id % 100_000 * 1_000 + 1
    row = {"company_id": company.id, **row, **blank}
    is_first = next(iter(records.all(TABLE)), None) is None
    return records.put(TABLE, first, row) if is_first else records.add(TABLE, row)


def active(records: Records) -> list[Record]:
    return records.where(TABLE, "is_active", 1)


def find_active(records: Records, number: int) -> Record | None:
    row = records.find(TABLE, number)
    return row if row and row["is_active"] else None


def held_by(records: Records, owner_id: int, client_id: str | None) -> list[Record]:
    """The active ones that this user made, with that app or with none."""
    return [row for row in owned_by(records, owner_id) if row["client_id"] == client_id]


def owned_by(records: Records, owner_id: int) -> list[Record]:
    return [row for row in records.where(TABLE, "owner_id", owner_id) if row["is_active"]]


def died(records: Records, owner_id: int, client_id: str | None) -> list[Record]:
    """The ones that were given up because nothing arrived."""
    rows = records.where(TABLE, "owner_id", owner_id)
    return [row for row in rows if row["client_id"] == client_id and row["remove_reason"] == FAILED]


def end(records: Records, row: Record, reason: str, now: float) -> Record:
    gone = {"is_active": 0, "remove_time": moment(now), "remove_reason": reason}
    return records.put(TABLE, row["id"], {**row, **gone})


def shown(row: Record) -> dict[str, Any]:
    """The row as the API answers it."""
    return {key: row[key] for key in _SHOWN}


def moment(at: float) -> str:
    """The form of times in this part of the API: ``2026-11-23T21:40:00.000Z``."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
