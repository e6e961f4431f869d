"""Mail as API v1 shows it, https://developers.pipedrive.com/docs/api/v1/Mailbox."""

import hashlib
import re
from datetime import datetime
from html import unescape
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.world.mail_shapes import MESSAGES
from pipedrive_emulator.world.records import Record

PARTIES = ("from", "to", "cc", "bcc")
_SNIPPET = 225
_NO_ATTACHMENTS = {
    "has_attachments_flag": 0,
    "has_inline_attachments_flag": 0,
    "has_real_attachments_flag": 0,
}


def messages_of(call: Call, thread: Record) -> list[Record]:
    """The thread's messages, oldest first."""
    rows = call.records.where(MESSAGES, "mail_thread_id", thread["id"])
    return sorted(rows, key=lambda row: (row["message_time"], row["id"]))


def persons_by_address(call: Call) -> dict[str, Record]:
    """The oldest person with each e-mail address, which is how mail finds its persons."""
    found: dict[str, Record] = {}
    for person in call.records.all("persons"):
        if not person["is_deleted"]:
            for row in person["emails"]:
                found.setdefault(row["value"].lower(), person)
    return found


def message(
    call: Call, record: Record, persons: dict[str, Record], *, with_body: bool = False
) -> dict[str, Any]:
    """``body`` only when asked for; ``body_url`` always tells where to get it."""
    shape = {
        "id": record["id"],
        **{name: _parties(record, name, persons) for name in PARTIES},
        "body_url": f"{call.origin}/api/v1/mailbox/mailMessages/{record['id']}?include_body=1",
        "account_id": account(record),
        "user_id": record["user_id"],
        "mail_thread_id": record["mail_thread_id"],
        "subject": record["subject"],
        "snippet": _snippet(record),
        "mail_tracking_status": record["tracking_status"],
        "mail_link_tracking_enabled_flag": 0,
        "read_flag": record["read_flag"],
        "draft": "",
        "draft_flag": record["draft_flag"],
        "synced_flag": 1,
        "deleted_flag": int(record["is_deleted"]),
        "has_body_flag": int(bool(record["body"])),
        "sent_flag": record["sent_flag"],
        "sent_from_pipedrive_flag": record["sent_flag"],
        "smart_bcc_flag": 0,
        "message_time": _exact(record["message_time"]),
        "add_time": _exact(record["add_time"]),
        "update_time": _exact(record["update_time"]),
        **_NO_ATTACHMENTS,
    }
    return shape | ({"body": record["body"]} if with_body else {})


def listed(call: Call, record: Record, persons: dict[str, Record], *, with_body: bool) -> dict[str, Any]:
    """A message in the list of a deal, person or organization: wrapped, with where it is stored."""
    nylas_id = hashlib.sha1(f"mail {record['id']}".encode(), usedforsecurity=False).hexdigest()[:25]
    moment = _exact(record["message_time"])
    stored = {
        "nylas_id": nylas_id,
        "s3_bucket": "pipedrive-mail-emulated",
        "s3_bucket_path": f"{call.company.id}/{record['user_id']}/{record['id']}/body",
        "external_deleted_flag": False,
        "mua_message_id": f"{nylas_id}-0@mailer.example",
        "template_id": None,
        "item_type": "mailMessage",
        "timestamp": moment,
        "company_id": call.company.id,
    }
    data = message(call, record, persons, with_body=with_body) | stored
    return {"object": "mailMessage", "timestamp": moment[:19].replace("T", " "), "data": data}


def thread(call: Call, record: Record, persons: dict[str, Record]) -> dict[str, Any]:
    """A thread with all that follows from its messages."""
    rows = messages_of(call, record)
    sent, drafts = [row for row in rows if row["sent_flag"]], [row for row in rows if row["draft_flag"]]
    deal = call.records.find("deals", record["deal_id"])
    return {
        "id": record["id"],
        "parties": {name: _everyone(rows, name, persons) for name in ("to", "from")},
        "drafts_parties": [{name: _parties(row, name, persons) for name in PARTIES[1:]} for row in drafts],
        "folders": folders(call, record),
        "account_id": account(record),
        "user_id": record["user_id"],
        "version": record["version"],
        "subject": record["subject"],
        "snippet": _snippet(rows[-1]) if rows else "",
        "snippet_draft": _snippet(drafts[-1]) if drafts else None,
        "snippet_sent": _snippet(sent[-1]) if sent else "",
        **_counted(rows, sent, drafts),
        "read_flag": record["read_flag"],
        "mail_tracking_status": sent[-1]["tracking_status"] if sent else None,
        **_NO_ATTACHMENTS,
        "archived_flag": record["archived_flag"],
        "deleted_flag": int(record["is_deleted"]),
        "shared_flag": record["shared_flag"],
        "synced_flag": 1,
        "external_deleted_flag": 0,
        "smart_bcc_flag": 0,
        "mail_link_tracking_enabled_flag": 0,
        "add_time": _exact(record["add_time"]),
        "update_time": _exact(record["update_time"]),
        "deal_id": record["deal_id"],
        "deal_status": deal["status"] if deal else None,
        "lead_id": record["lead_id"],
    }


def _counted(rows: list[Record], sent: list[Record], drafts: list[Record]) -> dict[str, Any]:
    received = [row for row in rows if not row["sent_flag"] and not row["draft_flag"]]
    return {
        "message_count": len(rows),
        "has_draft_flag": int(bool(drafts)),
        "has_sent_flag": int(bool(sent)),
        "first_message_to_me_flag": int(bool(rows) and rows[0] in received),
        "all_messages_sent_flag": int(bool(rows) and len(sent) == len(rows)),
        "last_message_timestamp": _last(rows),
        "first_message_timestamp": _last(rows[:1]),
        "last_message_sent_timestamp": _last(sent),
        "last_message_received_timestamp": _last(received),
    }


def folders(call: Call, record: Record) -> list[str]:
    """Where a thread lies: what came in is in the inbox until it is archived."""
    rows = messages_of(call, record)
    received = any(not row["sent_flag"] and not row["draft_flag"] for row in rows)
    lies = {
        "inbox": received and not record["archived_flag"],
        "drafts": any(row["draft_flag"] for row in rows),
        "sent": any(row["sent_flag"] for row in rows),
        "archive": bool(record["archived_flag"]),
    }
    return [name for name, is_there in lies.items() if is_there]


def account(record: Record) -> str:
    """The mailbox of the user, by a name that says nothing."""
    return hashlib.sha1(f"mailbox {record['user_id']}".encode(), usedforsecurity=False).hexdigest()[:25]


def _parties(record: Record, name: str, persons: dict[str, Record]) -> list[dict[str, Any]]:
    return [_party(record, row, name, place, persons) for place, row in enumerate(record[name])]


def _party(record: Record, row: Record, name: str, place: int, persons: dict[str, Record]) -> dict[str, Any]:
    person = persons.get(row["email_address"].lower())
    number = record["id"] * 100 + PARTIES.index(name) * 25 + place
    return {
        "id": number,
        "email_address": row["email_address"],
        "name": row["name"],
        "linked_person_id": person["id"] if person else None,
        "linked_person_name": person["name"] if person else "",
        "mail_message_party_id": number,
    }


def _everyone(rows: list[Record], name: str, persons: dict[str, Record]) -> list[dict[str, Any]]:
    """Each address once, as in the newest message that names it."""
    latest = {}
    for row in rows:
        for party in _parties(row, name, persons):
            person = persons.get(party["email_address"].lower())
            latest[party["email_address"]] = party | {
                "latest_sent": bool(row["sent_flag"]),
                "message_time": int(datetime.fromisoformat(row["message_time"]).timestamp() * 1000),
                "linked_organization_id": person["org_id"] if person else None,
            }
    return list(latest.values())


def _snippet(record: Record) -> str:
    text = unescape(re.sub(r"<[^>]*>", " ", record["body"]))
    return " ".join(text.split())[:_SNIPPET]


def _exact(moment: str) -> str:
    """``2026-11-23T21:40:00Z`` with the milliseconds that mail has."""
    return moment[:19] + ".000Z"


def _last(rows: list[Record]) -> str | None:
    return _exact(rows[-1]["message_time"]) if rows else None
