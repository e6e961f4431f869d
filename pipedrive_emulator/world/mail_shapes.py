"""What the world keeps of mail: threads, each in the mailbox of one user, and their messages.

A message names its parties by address; who they are follows from the addresses of persons. It repeats the
links of its thread, so that a deal's messages are found without reading threads, and has those of the
contact whom it was first exchanged with.
"""

from typing import Any

THREADS, MESSAGES = "mail_threads", "mail_messages"

THREAD: dict[str, Any] = {
    "user_id": None,
    "subject": "",
    "deal_id": None,
    "lead_id": None,
    "read_flag": 1,
    "archived_flag": 0,
    "shared_flag": 1,
    "is_deleted": False,
    "version": 1,
    "add_time": None,
    "update_time": None,
}

MESSAGE: dict[str, Any] = {
    "mail_thread_id": None,
    "user_id": None,
    "deal_id": None,
    "lead_id": None,
    "person_id": None,
    "org_id": None,
    "from": [],
    "to": [],
    "cc": [],
    "bcc": [],
    "subject": "",
    "body": "",
    "read_flag": 1,
    "draft_flag": 0,
    "sent_flag": 0,
    "is_deleted": False,
    "tracking_status": None,
    "message_time": None,
    "add_time": None,
    "update_time": None,
}
