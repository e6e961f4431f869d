"""What the world keeps of a call log, under the text that is its id."""

from typing import Any

TABLE = "callLogs"

CALL_LOG: dict[str, Any] = {
    "activity_id": None,
    "person_id": None,
    "org_id": None,
    "deal_id": None,
    "lead_id": None,
    "subject": None,
    "duration": "0",
    "outcome": None,
    "from_phone_number": None,
    "to_phone_number": None,
    "has_recording": False,
    "start_time": None,
    "end_time": None,
    "user_id": None,
    "company_id": None,
    "note": None,
    "is_deleted": False,
}
