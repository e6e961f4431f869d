"""Notes: always about something, their HTML made harmless.

https://developers.pipedrive.com/docs/api/v1/Notes.
"""

from datetime import UTC, datetime
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_allowed, not_found, refused
from pipedrive_emulator.api.html import sanitised
from pipedrive_emulator.api.rules.related import seen
from pipedrive_emulator.api.v1.notes import PINS, note
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.sorting import in_order
from pipedrive_emulator.clock import rfc3339
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

LONGEST = 100_000  # bytes
LINKS = ("lead_id", "deal_id", "person_id", "org_id", "project_id", "task_id")
_SORTS = ("id", "user_id", "deal_id", "org_id", "person_id", "content", "add_time", "update_time")
_BLANK: dict[str, Any] = dict.fromkeys(LINKS) | dict.fromkeys(PINS, False)
_NOUNS = {
    "lead_id": "Lead",
    "deal_id": "Deal",
    "person_id": "Person",
    "org_id": "Organization",
    "project_id": "Project",
    "task_id": "Task",
}


def list_all(call: Call) -> Answer:
    """Those the caller sees, oldest first unless ``sort`` says otherwise."""
    rows = [row for row in _candidates(call) if _is_asked(call, row) and visible_note(call, row)]
    page, marks = offset_page(call, in_order(call, rows, _SORTS))
    return Answer([note(call, row) for row in page], nested(marks))


def get(call: Call) -> Answer:
    return Answer(note(call, find(call)))


def add(call: Call) -> Answer:
    values = _read(call)
    author = values.get("user_id") or call.user.id
    times = {"add_time": values.get("add_time") or call.time, "update_time": call.time}
    said = {name: value for name, value in values.items() if name in _BLANK and value is not None}
    record = _BLANK | said | {"content": values["content"], "is_deleted": False} | times
    record |= {"user_id": author, "last_update_user_id": None}
    _check(call, record, None)
    return Answer(note(call, call.records.add("notes", record)))


def change(call: Call) -> Answer:
    before = _own(call)
    values = {name: value for name, value in _read(call).items() if name in LINKS or value is not None}
    record = before | values | {"update_time": call.time, "last_update_user_id": call.user.id}
    for pin, link in PINS.items():
        if record[link] is None and pin not in values:
            record[pin] = False
    _check(call, record, before)
    return Answer(note(call, call.records.put("notes", before["id"], record)))


def delete(call: Call) -> Answer:
    record = _own(call) | {"is_deleted": True, "update_time": call.time}
    call.records.put("notes", record["id"], record)
    return Answer(data=True)


def find(call: Call) -> Record:
    """The note in the path.

    Raises:
        ApiError: 404 when the caller sees nothing that it is about.
    """
    record = call.records.find("notes", whole_number(call.variables["id"]))
    if record is None or record["is_deleted"] or not visible_note(call, record):
        raise not_found("Note")
    return record


def _own(call: Call) -> Record:
    """Its author and admins write a note; whoever else sees it gets 403."""
    record = find(call)
    if not call.user.is_admin and record["user_id"] != call.user.id:
        raise not_allowed()
    return record


def visible_note(call: Call, record: Record) -> bool:
    if call.user.is_admin or record["user_id"] == call.user.id:
        return True
    return any(_linked(call, link, record[link]) is not None for link in LINKS if record[link] is not None)


def _linked(call: Call, link: str, key: Any) -> Record | None:
    if link != "task_id":
        return seen(call, link, key)
    task = call.records.find("tasks", key)
    return task if task and not task.get("is_deleted") else None


def _read(call: Call) -> dict[str, Any]:
    """The body with flags as booleans, the time in its kept form, and HTML without scripts."""
    values = read_leniently(call)
    for pin in PINS:
        if values.get(pin) is not None:
            values[pin] = _flag(pin, values[pin])
    if values.get("add_time") is not None:
        values["add_time"] = _moment(values["add_time"])
    if values.get("content") is not None:
        values["content"] = harmless(values["content"])
    if "user_id" in values and not call.user.is_admin and values["user_id"] not in (None, call.user.id):
        raise not_allowed()
    if values.get("user_id") is not None and call.colleague(values["user_id"]) is None:
        raise refused(400, f"Bad request: User {values['user_id']} was not found.")
    return values


def harmless(content: str) -> str:
    """The content as it is kept.

    Raises:
        ApiError: 400 when nothing is said, or more than fits.
    """
    if len(content.encode()) > LONGEST:
        raise refused(400, f"Bad request: content is longer than {LONGEST} bytes.")
    kept = sanitised(content)
    if not kept.strip():
        raise refused(400, "Bad request: content is required.")
    return kept


def _check(call: Call, record: Record, before: Record | None) -> None:
    """A note is about something that its writer sees, and is pinned only to that."""
    if all(record[link] is None for link in LINKS):
        raise refused(400, f"Bad request: one of {', '.join(LINKS)} is required.")
    for link in LINKS:
        key = record[link]
        if key is not None and key != (before or {}).get(link) and _linked(call, link, key) is None:
            raise refused(400, f"Bad request: {_NOUNS[link]} {key} was not found.")
    for pin, link in PINS.items():
        if record[pin] and record[link] is None:
            raise refused(400, f"Bad request: {pin} needs {link}.")


def _flag(name: str, value: Any) -> bool:
    text = str(value).lower()
    if text not in ("0", "1", "true", "false"):
        raise refused(400, f"Bad request: {name} must be 0 or 1.")
    return text in ("1", "true")


def _moment(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
        return rfc3339((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        raise refused(400, "Bad request: add_time must be a time like 2026-11-23 21:40:00.") from None


def _candidates(call: Call) -> list[Record]:
    """Through an index where a link is asked for."""
    link = next((link for link in LINKS if link in call.query), None)
    if link is None:
        return list(call.records.all("notes"))
    return call.records.where("notes", link, call.query[link])


def _is_asked(call: Call, row: Record) -> bool:
    query = call.query
    days = (query.get("start_date", "0"), row["add_time"][:10], query.get("end_date", "9999-99-99"))
    return (
        not row["is_deleted"]
        and all(row[name] == query[name] for name in (*LINKS, "user_id") if name in query)
        and all(row[pin] == (query[pin] == "1") for pin in PINS if pin in query)
        and days[0] <= days[1] <= days[2]
        and row["update_time"] >= query.get("updated_since", "")
    )


OPERATIONS = {
    "GET v1/notes": list_all,
    "POST v1/notes": add,
    "GET v1/notes/{id}": get,
    "PUT v1/notes/{id}": change,
    "DELETE v1/notes/{id}": delete,
}
