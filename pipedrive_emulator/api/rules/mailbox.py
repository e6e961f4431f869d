"""The mailbox of each user, and the mails of a deal, person or organization.

https://developers.pipedrive.com/docs/api/v1/Mailbox. A private thread is its owner's alone, admins or not.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_allowed, not_found, refused
from pipedrive_emulator.api.rules.related import LINKS, parent, seen
from pipedrive_emulator.api.v1 import mail
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.mail_shapes import MESSAGES, THREADS
from pipedrive_emulator.world.records import Record

_SERVICE = {"statusCode": 2000, "statusText": "Success", "service": "email-api"}
_PARENTS = {"deals": "deal_id", "persons": "person_id", "organizations": "org_id"}
_FLAGS = {"0": 0, "false": 0, "1": 1, "true": 1}


def list_threads(call: Call) -> Answer:
    """The caller's own threads of a folder, the most recent message first."""
    folder = call.query.get("folder")
    if folder is None:
        raise refused(400, "Bad request: folder is required: inbox, drafts, sent or archive.")
    mine = call.records.where(THREADS, "user_id", call.user.id)
    rows = [row for row in mine if not row["is_deleted"] and folder in mail.folders(call, row)]
    rows.sort(key=lambda row: (_latest(call, row), row["id"]), reverse=True)
    page, _ = offset_page(call, rows)
    persons = mail.persons_by_address(call)
    return Answer([mail.thread(call, row, persons) for row in page])


def get_thread(call: Call) -> Answer:
    return _shown(call, _thread(call))


def list_messages(call: Call) -> Answer:
    persons = mail.persons_by_address(call)
    rows = mail.messages_of(call, _thread(call))
    return Answer([mail.message(call, row, persons) for row in rows])


def get_message(call: Call) -> Answer:
    record = call.records.find(MESSAGES, whole_number(call.variables["id"]))
    if record is None or not _visible(call, call.records.find(THREADS, record["mail_thread_id"])):
        raise not_found("Mail message")
    with_body = call.query.get("include_body") == "1"
    shown = mail.message(call, record, mail.persons_by_address(call), with_body=with_body)
    return Answer(shown, extra=_SERVICE)


def change_thread(call: Call) -> Answer:
    """A thread hangs on a deal or on a lead: the new link replaces the other; an empty value unlinks."""
    before = _own_thread(call)
    changes = _changes(call)
    if changes.get("archived_flag") and "inbox" not in mail.folders(call, before):
        raise refused(400, "Bad request: only threads of the inbox can be archived.")
    record = {**before, **changes, "version": before["version"] + 1, "update_time": call.time}
    links = {"deal_id": record["deal_id"], "lead_id": record["lead_id"]}
    for row in mail.messages_of(call, before):
        read = changes.get("read_flag", row["read_flag"])
        call.records.put(MESSAGES, row["id"], {**row, **links, "read_flag": read})
    return _shown(call, call.records.put(THREADS, before["id"], record))


def delete_thread(call: Call) -> Answer:
    record = _own_thread(call)
    gone = {"is_deleted": True, "update_time": call.time}
    for row in mail.messages_of(call, record):
        call.records.put(MESSAGES, row["id"], {**row, **gone})
    call.records.put(THREADS, record["id"], {**record, **gone})
    return Answer({"id": record["id"]}, extra=_SERVICE)


def list_of(table: str) -> Callable[[Call], Answer]:
    """The mails that the caller may read of one record, the newest first."""

    def listed(call: Call) -> Answer:
        linked = call.records.where(MESSAGES, _PARENTS[table], parent(call, table)["id"])
        rows = [row for row in linked if readable(call, row)]
        rows.sort(key=lambda row: (row["message_time"], row["id"]), reverse=True)
        page, marks = offset_page(call, rows)
        persons, with_body = mail.persons_by_address(call), call.query.get("include_body") == "1"
        return Answer([mail.listed(call, row, persons, with_body=with_body) for row in page], nested(marks))

    return listed


def _changes(call: Call) -> dict[str, Any]:
    body = call.body if isinstance(call.body, dict) else {}
    emptied = {key: None for key in ("deal_id", "lead_id") if body.get(key) == ""}
    values = read_leniently(replace(call, body=body | emptied))
    links = {key: values[key] for key in ("deal_id", "lead_id") if key in values}
    if links.get("deal_id") is not None and links.get("lead_id") is not None:
        raise refused(400, "Bad request: a thread is linked to a deal or to a lead, not to both.")
    for key, value in list(links.items()):
        if value is not None and seen(call, key, value) is None:
            raise refused(400, f"Bad request: {LINKS[key].noun} {value} was not found.")
        if value is not None:
            links = {"deal_id": None, "lead_id": None} | {key: value}
    return links | {key: _flag(key, value) for key, value in values.items() if key.endswith("_flag")}


def _flag(key: str, value: Any) -> int:
    try:
        return _FLAGS[str(value).lower()]
    except KeyError:
        raise refused(400, f"Bad request: {key} must be 0 or 1.") from None


def _shown(call: Call, record: Record) -> Answer:
    return Answer(mail.thread(call, record, mail.persons_by_address(call)))


def _thread(call: Call) -> Record:
    record = call.records.find(THREADS, whole_number(call.variables["id"]))
    if record is None or not _visible(call, record):
        raise not_found("Mail thread")
    return record


def _own_thread(call: Call) -> Record:
    record = _thread(call)
    if record["user_id"] != call.user.id:
        raise not_allowed()
    return record


def _visible(call: Call, thread: Record | None) -> bool:
    if thread is None or thread["is_deleted"]:
        return False
    return bool(thread["shared_flag"]) or thread["user_id"] == call.user.id


def readable(call: Call, message: Record) -> bool:
    """Drafts are nobody's mail yet."""
    return not message["draft_flag"] and _visible(call, call.records.find(THREADS, message["mail_thread_id"]))


def _latest(call: Call, thread: Record) -> str:
    rows = mail.messages_of(call, thread)
    return str(rows[-1]["message_time"]) if rows else ""


OPERATIONS = {
    "GET v1/mailbox/mailThreads": list_threads,
    "GET v1/mailbox/mailThreads/{id}": get_thread,
    "PUT v1/mailbox/mailThreads/{id}": change_thread,
    "DELETE v1/mailbox/mailThreads/{id}": delete_thread,
    "GET v1/mailbox/mailThreads/{id}/mailMessages": list_messages,
    "GET v1/mailbox/mailMessages/{id}": get_message,
} | {f"GET v1/{table}/{{id}}/mailMessages": list_of(table) for table in _PARENTS}
