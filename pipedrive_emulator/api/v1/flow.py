"""The flow of a deal, person or organization: everything that happened around it, the newest first.

https://developers.pipedrive.com/docs/api/v1/Deals#getDealUpdates.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.rules import followers, mailbox
from pipedrive_emulator.api.rules.counts import live
from pipedrive_emulator.api.rules.notes import visible_note
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.v1 import deals, mail, refs
from pipedrive_emulator.api.v1.activities import activity
from pipedrive_emulator.api.v1.changelog import changes, field_key, plain
from pipedrive_emulator.api.v1.files import file
from pipedrive_emulator.api.v1.notes import note
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.api.visibility import linked, sees
from pipedrive_emulator.world.mail_shapes import MESSAGES
from pipedrive_emulator.world.records import Record

_LINKS = {"deals": "deal_id", "persons": "person_id", "organizations": "org_id"}
_CHANGES = {"deals": "dealChange", "persons": "personChange", "organizations": "organizationChange"}
_FOLLOWERS = {"deals": "dealFollower", "persons": "personFollower", "organizations": "organizationFollower"}
# What ``items`` may ask for; the last ones are of products that this world does not have.
_ITEMS = frozenset(
    {
        *(*_CHANGES.values(), "change", *_FOLLOWERS.values(), "follower"),
        *("call", "activity", "plannedActivity", "note", "file", "deal", "participant", "comment"),
        *("mailMessage", "mailMessageWithAttachment", "activityFile"),
        *("invoice", "document", "marketing_campaign_stat", "marketing_status_change"),
    }
)

Source = Callable[[Call, str, Record], Iterator["_Item"]]


@dataclass(frozen=True, slots=True)
class _Item:
    """``show`` makes the data of one that stands on the page; the others are only counted."""

    kind: str
    moment: str
    key: int | str
    show: Callable[[], dict[str, Any]]


def flow(call: Call, table: str) -> Answer:
    """A page of ``{object, timestamp, data}``; ``items`` narrows it to some kinds.

    Raises:
        ApiError: 400 for a kind that does not exist.
    """
    record = parent(call, table)
    asked = set(filter(None, call.query.get("items", "").split(",")))
    if unknown := asked - _ITEMS:
        raise refused(400, f"Bad request: items cannot hold {', '.join(sorted(unknown))}.")
    found = [
        item
        for aliases, source in _SOURCES.items()
        if not asked or asked & _words(aliases, table)
        for item in source(call, table, record)
        if not asked or "activity" not in aliases or item.kind in asked
    ]
    found.sort(key=lambda item: (item.moment, item.kind, str(item.key)), reverse=True)
    page, marks = offset_page(call, found)
    shown: list[dict[str, Any]] = [
        {"object": item.kind, "timestamp": item.moment, "data": item.show()} for item in page
    ]
    return Answer(shown, nested(marks), _related(call, [item["data"] for item in shown]))


def _words(aliases: tuple[str, ...], table: str) -> set[str]:
    """A record's own kind of change is a word for ``change``."""
    return {*aliases, *((_CHANGES[table],) if "change" in aliases else ())}


def _item(kind: str, moment: str | None, row: Record, show: Callable[..., Any], *args: Any) -> _Item:
    return _Item(kind, v1_form(moment) or "", row["id"], partial(show, *args))


def _changed(call: Call, table: str, record: Record) -> Iterator[_Item]:
    """Custom fields only when all_changes asks for them."""
    custom = record.get("custom_fields") or {}
    for row in changes(call, table, record["id"]):
        if row["field_key"] in custom and call.query.get("all_changes") != "1":
            continue
        data = {
            "id": row["id"],
            "item_id": record["id"],
            "user_id": row["actor_user_id"],
            "field_key": field_key(table, row),
            "old_value": plain(row["old_value"]),
            "new_value": plain(row["new_value"]),
            "is_bulk_update_flag": row["is_bulk_update_flag"] or None,
            "log_time": row["time"],
            "change_source": row["change_source"],
            "change_source_user_agent": row["change_source_user_agent"],
            "additional_data": _formatted(call, row),
        }
        yield _item(_CHANGES[table], row["time"], row, dict, data)


# Fields that hold the id of something with a name.
_NAMED = {
    "org_id": ("organizations", "name"),
    "person_id": ("persons", "name"),
    "stage_id": ("stages", "name"),
    "pipeline_id": ("pipelines", "name"),
}


def _formatted(call: Call, row: Record) -> dict[str, Any]:
    """``old_value_formatted`` and ``new_value_formatted``, for what the value is the id of."""
    shown = {}
    for name in ("old_value", "new_value"):
        if row["field_key"] == "owner_id":
            shown[f"{name}_formatted"] = refs.owner_name(call, row[name])
        elif row["field_key"] in _NAMED:
            table, title = _NAMED[row["field_key"]]
            shown[f"{name}_formatted"] = (call.records.find(table, row[name]) or {}).get(title)
    return {name: value for name, value in shown.items() if value is not None}


def _activities(call: Call, table: str, record: Record) -> Iterator[_Item]:
    for row in live(call.records.where("activities", _LINKS[table], record["id"])):
        if linked(call, row):
            kind = "activity" if row["done"] else "plannedActivity"
            yield _item(kind, row["marked_as_done_time"] or row["add_time"], row, activity, call, row)


def _notes(call: Call, table: str, record: Record) -> Iterator[_Item]:
    for row in live(call.records.where("notes", _LINKS[table], record["id"])):
        if visible_note(call, row):
            yield _item("note", row["add_time"], row, note, call, row)


def _files(call: Call, table: str, record: Record) -> Iterator[_Item]:
    for row in live(call.records.where("files", _LINKS[table], record["id"])):
        yield _item("file", row["add_time"], row, file, call, row)


def _mails(call: Call, table: str, record: Record) -> Iterator[_Item]:
    persons = mail.persons_by_address(call)
    for row in live(call.records.where(MESSAGES, _LINKS[table], record["id"])):
        if mailbox.readable(call, row):
            yield _item("mailMessage", row["message_time"], row, mail.message, call, row, persons)


def _deals(call: Call, table: str, record: Record) -> Iterator[_Item]:
    """The deals of a person or organization; of a deal, none."""
    rows = call.records.where("deals", _LINKS[table], record["id"]) if table != "deals" else []
    for row in live(rows):
        if sees("deals")(call, row):
            yield _item("deal", row["add_time"], row, deals.deal, call, row)


def _followers(call: Call, table: str, record: Record) -> Iterator[_Item]:
    for row in followers.of(call, table, record["id"]):
        data = {"id": row["id"], "user_id": row["user_id"], _LINKS[table]: record["id"]}
        data["add_time"] = v1_form(row["add_time"])
        yield _item("follower", row["add_time"], row, dict, data)


def _participants(call: Call, table: str, record: Record) -> Iterator[_Item]:
    if table == "organizations":
        return
    for row in call.records.where("deal_participants", _LINKS[table], record["id"]):
        data = {name: row[name] for name in ("id", "deal_id", "person_id")}
        data["add_time"] = v1_form(row["add_time"])
        yield _item("participant", row["add_time"], row, dict, data)


# The words of ``items`` -> what they stand for.
_SOURCES: Mapping[tuple[str, ...], Source] = {
    ("change",): _changed,
    ("activity", "plannedActivity", "call"): _activities,
    ("note",): _notes,
    ("file",): _files,
    ("mailMessage",): _mails,
    ("deal",): _deals,
    ("follower", *_FOLLOWERS.values()): _followers,
    ("participant",): _participants,
}


def _related(call: Call, rows: list[dict[str, Any]]) -> dict[str, Any]:
    found = [call.records.find("deals", key) for key in {row.get("deal_id") for row in rows}]
    names = ("id", "title", "status", "value", "currency", "stage_id", "pipeline_id")
    shown = {str(row["id"]): {name: row[name] for name in names} for row in found if row}
    return refs.related(
        call,
        users={row.get("user_id") for row in rows},
        persons={row.get("person_id") for row in rows},
        organizations={row.get("org_id") for row in rows},
    ) | ({"deal": shown} if shown else {})
