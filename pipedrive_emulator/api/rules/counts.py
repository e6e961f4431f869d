"""The optional attributes that include_fields asks for: counted, looked up, or simply kept."""

from collections.abc import Callable
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.world.records import Record

Extra = Callable[[Call, Record], Any]


def activity_extras(link: str) -> dict[str, Extra]:
    """Next and last activity, and how many there are, of the records that ``link`` points at."""

    def linked(call: Call, record: Record) -> list[Record]:
        rows = call.records.all("activities")
        return [row for row in rows if row[link] == record["id"] and not row["is_deleted"]]

    def undone(call: Call, record: Record) -> list[Record]:
        rows = [row for row in linked(call, record) if not row["done"]]
        return sorted(rows, key=lambda row: (row["due_date"] or "9999", row["due_time"] or "", row["id"]))

    def done(call: Call, record: Record) -> list[Record]:
        rows = [row for row in linked(call, record) if row["done"]]
        return sorted(rows, key=lambda row: (row["marked_as_done_time"] or "", row["id"]))

    return {
        "next_activity_id": lambda call, record: next((row["id"] for row in undone(call, record)), None),
        "last_activity_id": lambda call, record: next(
            (row["id"] for row in reversed(done(call, record))), None
        ),
        "activities_count": lambda call, record: len(linked(call, record)),
        "done_activities_count": lambda call, record: len(done(call, record)),
        "undone_activities_count": lambda call, record: len(undone(call, record)),
    }


def deal_counts(link: str) -> dict[str, Extra]:
    """How many deals of each outcome point here."""

    def count(*statuses: str) -> Extra:
        def counted(call: Call, record: Record) -> int:
            deals = call.records.all("deals")
            linked = [deal for deal in deals if deal[link] == record["id"] and not deal["is_deleted"]]
            return sum(deal["status"] in statuses for deal in linked)

        return counted

    return {
        "open_deals_count": count("open"),
        "closed_deals_count": count("won", "lost"),
        "won_deals_count": count("won"),
        "lost_deals_count": count("lost"),
    }


def stored(*names: str) -> dict[str, Extra]:
    return {name: lambda _, record, name=name: record.get(name) for name in names}  # type: ignore[misc] # the default binds the name


def zero(*names: str) -> dict[str, Extra]:
    """Counts of what this world does not hold yet, unless a record says otherwise."""
    return {name: lambda _, record, name=name: record.get(name, 0) for name in names}  # type: ignore[misc] # the default binds the name


def smart_bcc(kind: str) -> Extra:
    return lambda call, record: f"{call.company.domain}+{kind}{record['id']}@pipedrivemail.example"
