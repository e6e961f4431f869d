"""Call logs, which are activities of type call: https://developers.pipedrive.com/docs/api/v1/CallLogs.

A new one brings a done activity along, or turns the one that ``activity_id`` names into its own.
"""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_allowed, not_found, refused
from pipedrive_emulator.api.rules.related import LINKS, seen
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.clock import rfc3339
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.call_log_shapes import CALL_LOG, TABLE
from pipedrive_emulator.world.file_shapes import CONTENTS
from pipedrive_emulator.world.records import Record

MOST = 50
_LINKS = ("person_id", "org_id", "deal_id", "lead_id")
_NO_AUDIO = ("text/", "image/", "application/json", "application/pdf")


def create(call: Call) -> Answer:
    values = _values(call)
    if values.get("deal_id") is not None and values.get("lead_id") is not None:
        raise refused(400, "Bad request: a call log belongs to a deal or to a lead, not to both.")
    owner_id = _owner(call, values)
    times = {key: _moment(values[key]) for key in ("start_time", "end_time")}
    if times["end_time"] < times["start_time"]:
        raise refused(400, "Bad request: end_time is before start_time.")
    activity = _activity(call, values, owner_id, times)
    record = {
        **CALL_LOG,
        **{key: value for key, value in values.items() if key in CALL_LOG},
        **{key: activity[key] for key in _LINKS},
        **{key: _exact(value) for key, value in times.items()},
        "id": "CA" + uuid4().hex[:27],
        "activity_id": activity["id"],
        "subject": activity["subject"],
        "user_id": owner_id,
        "company_id": call.company.id,
    }
    call.records.put(TABLE, record["id"], record)
    return Answer(_shown(record))


def list_own(call: Call) -> Answer:
    """The caller's own, the latest first."""
    mine = [row for row in call.records.where(TABLE, "user_id", call.user.id) if not row["is_deleted"]]
    mine.sort(key=lambda row: (row["start_time"], row["id"]), reverse=True)
    page, marks = offset_page(call, mine, most=MOST)
    return Answer([_shown(row) for row in page], nested(marks))


def get_one(call: Call) -> Answer:
    return Answer(_shown(_find(call)))


def delete(call: Call) -> Answer:
    """With its recording; the activity stays. A second time is 410."""
    record = call.records.find(TABLE, call.variables["id"])
    if record is not None and record["is_deleted"]:
        raise refused(410, "The call log is no longer available.")
    record = _find(call)
    if not _is_owners(call, record):
        raise not_allowed()
    call.records.put(TABLE, record["id"], {**record, "is_deleted": True, "has_recording": False})
    call.records.remove(CONTENTS, _recording(record))
    return Answer(None)


def add_recording(call: Call) -> Answer:
    """One for each call log; what is certainly no audio is refused."""
    record = _find(call)
    if not _is_owners(call, record):
        raise not_allowed()
    if record["has_recording"]:
        raise refused(409, "Recording for this call already exists.")
    part = call.files.get("file")
    if part is None or not part.content:
        raise refused(400, "Bad request: file is required, and must be sent as a file.")
    if part.media_type.startswith(_NO_AUDIO):
        raise refused(400, f"Bad request: {part.media_type} is no audio.")
    content = base64.b64encode(part.content).decode("ascii")
    call.records.put(CONTENTS, _recording(record), {"content": content, "media_type": part.media_type})
    call.records.put(TABLE, record["id"], {**record, "has_recording": True})
    return Answer(None)


def _values(call: Call) -> dict[str, Any]:
    """The duration is a number of seconds here, and not the time on a clock that it is elsewhere."""
    body = call.body if isinstance(call.body, dict) else {}
    timeless = {key: value for key, value in body.items() if key != "duration"}
    values = read_leniently(replace(call, body=timeless if isinstance(call.body, dict) else call.body))
    return values | {"duration": _duration(body.get("duration"))}


def _owner(call: Call, values: dict[str, Any]) -> int:
    """Only who has access to the account settings logs calls of others."""
    user_id = values.get("user_id") or call.user.id
    user = call.colleague(user_id)
    if user is None or not user.active:
        raise not_found("User")
    if user.id != call.user.id and not call.user.is_admin:
        raise not_allowed()
    return user.id


def _activity(call: Call, values: dict[str, Any], owner_id: int, times: dict[str, datetime]) -> Record:
    number = values.get("activity_id")
    told = {
        "done": True,
        "due_date": f"{times['start_time']:%Y-%m-%d}",
        "due_time": f"{times['start_time']:%H:%M:%S}",
        "duration": _clock(times["end_time"] - times["start_time"]),
        "update_time": call.time,
        "marked_as_done_time": call.time,
        **{key: values[key] for key in ("subject", "note") if values.get(key) is not None},
    }
    if number is None:
        return call.records.add("activities", _new_activity(call, values, owner_id) | told)
    before = seen(call, "activity_id", number)
    if before is None:
        raise not_found("Activity")
    if before["type"] != "call":
        raise refused(400, "Bad request: the activity is not of type call.")
    if any(not row["is_deleted"] for row in call.records.where(TABLE, "activity_id", number)):
        raise refused(400, "Bad request: the activity is a call log already.")
    return call.records.put("activities", before["id"], before | told)


def _new_activity(call: Call, values: dict[str, Any], owner_id: int) -> Record:
    links = {key: values.get(key) for key in _LINKS}
    for key, value in links.items():
        if value is not None and seen(call, key, value) is None:
            raise not_found(LINKS[key].noun)
    person_id = links["person_id"]
    return {
        **shapes.ACTIVITY,
        **links,
        "subject": "Call",
        "type": "call",
        "owner_id": owner_id,
        "creator_user_id": call.user.id,
        "participants": [{"person_id": person_id, "primary": True}] if person_id else [],
        "add_time": call.time,
    }


def _moment(text: str) -> datetime:
    """The checks of the body have seen that it is one, in UTC when it does not say."""
    parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)


def _exact(moment: datetime) -> str:
    return rfc3339(moment.timestamp()).replace("Z", ".000Z")


def _clock(length: Any) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}:{seconds:02}"


def _duration(value: Any) -> str:
    text = str(value or "0")
    if not text.isdecimal():
        raise refused(400, "Bad request: duration must be a number of seconds.")
    return text


def _find(call: Call) -> Record:
    """Its owner, admins and whoever sees the activity may have it."""
    record = call.records.find(TABLE, call.variables["id"])
    if record is None or record["is_deleted"]:
        raise not_found("Call log")
    if not _is_owners(call, record) and seen(call, "activity_id", record["activity_id"]) is None:
        raise not_found("Call log")
    return record


def _is_owners(call: Call, record: Record) -> bool:
    return call.user.is_admin or record["user_id"] == call.user.id


def _recording(record: Record) -> str:
    return f"callLogs/{record['id']}"


def _shown(record: Record) -> dict[str, Any]:
    return {key: record[key] for key in ("id", *CALL_LOG) if key != "is_deleted"}


OPERATIONS = {
    "POST v1/callLogs": create,
    "GET v1/callLogs": list_own,
    "GET v1/callLogs/{id}": get_one,
    "DELETE v1/callLogs/{id}": delete,
    "POST v1/callLogs/{id}/recordings": add_recording,
}
