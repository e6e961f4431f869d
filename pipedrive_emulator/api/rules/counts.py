"""The optional attributes that include_fields asks for: counted, looked up, or simply kept.

Counts are of everything there is, whether the caller sees it or not.
"""

from collections.abc import Callable, Iterable
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.world.records import Record

Extra = Callable[[Call, Record], Any]

_OUTCOMES = {"open": ("open",), "closed": ("won", "lost"), "won": ("won",), "lost": ("lost",)}


def activity_extras(link: str) -> dict[str, Extra]:
    """Next and last activity, and how many there are, of the records that ``link`` points at."""

    def linked(call: Call, record: Record) -> list[Record]:
        return live(call.records.where("activities", link, record["id"]))

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
    return _by_outcome("{}_deals_count", lambda call, record: call.records.where("deals", link, record["id"]))


def participant_counts() -> dict[str, Extra]:
    """How many deals a person takes part in without being their contact person."""
    counts = _by_outcome("participant_{}_deals_count", _participated)
    return {name: counts[name] for name in counts if "open" in name or "closed" in name}


def related_counts(deals: Callable[[Call, Record], Iterable[Record]]) -> dict[str, Extra]:
    """How many deals of each outcome are related in some other way, which the caller knows."""
    return _by_outcome("related_{}_deals_count", deals)


def _participated(call: Call, record: Record) -> list[Record]:
    rows = call.records.where("deal_participants", "person_id", record["id"])
    deals = [call.records.find("deals", deal_id) for deal_id in {row["deal_id"] for row in rows}]
    return [deal for deal in deals if deal and deal["person_id"] != record["id"]]


def _by_outcome(name: str, deals: Callable[[Call, Record], Iterable[Record]]) -> dict[str, Extra]:
    def count(statuses: tuple[str, ...]) -> Extra:
        return lambda call, record: sum(deal["status"] in statuses for deal in live(deals(call, record)))

    return {name.format(outcome): count(statuses) for outcome, statuses in _OUTCOMES.items()}


def item_counts(table: str, link: str) -> dict[str, Extra]:
    """Notes, files, mails and followers of the records of ``table``, to which ``link`` points."""
    return {
        "notes_count": linked_count("notes", link),
        "files_count": linked_count("files", link),
        "email_messages_count": _mails(link),
        "followers_count": lambda call, record: len(
            call.records.where("followers", "subject", f"{table}/{record['id']}")
        ),
    }


def linked_count(table: str, link: str) -> Extra:
    return lambda call, record: len(live(call.records.where(table, link, record["id"])))


def _mails(link: str) -> Extra:
    """What the mailbox holds, or the larger number that a record brought along."""
    counted = linked_count("mail_messages", link)
    return lambda call, record: max(record.get("email_messages_count", 0), counted(call, record))


def live(rows: Iterable[Record]) -> list[Record]:
    """Those that are not deleted, in whichever way their table says so."""
    return [row for row in rows if not row.get("is_deleted") and row.get("active_flag", True)]


def stored(*names: str) -> dict[str, Extra]:
    return {name: lambda _, record, name=name: record.get(name) for name in names}  # type: ignore[misc] # the default binds the name


def smart_bcc(kind: str) -> Extra:
    return lambda call, record: f"{call.company.domain}+{kind}{record['id']}@pipedrivemail.example"
