"""Comments on notes, changed by their authors and admins: https://developers.pipedrive.com/docs/api/v1/Notes."""

from uuid import uuid4

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_allowed, not_found
from pipedrive_emulator.api.rules.notes import find as find_note
from pipedrive_emulator.api.rules.notes import harmless
from pipedrive_emulator.api.v1.notes import comment
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.world.records import Record

_TABLE = "note_comments"


def list_of(call: Call) -> Answer:
    rows = call.records.where(_TABLE, "note_id", find_note(call)["id"])
    page, marks = offset_page(call, sorted(rows, key=lambda row: row["number"]))
    return Answer([comment(call, row) for row in page], nested(marks))


def get(call: Call) -> Answer:
    return Answer(comment(call, _find(call)))


def add(call: Call) -> Answer:
    note = find_note(call)
    content = harmless(read_leniently(call)["content"])
    others = call.records.where(_TABLE, "note_id", note["id"])
    record = {
        "uuid": str(uuid4()),
        "number": 1 + max((row["number"] for row in others), default=0),
        "note_id": note["id"],
        "content": content,
        "user_id": call.user.id,
        "updater_id": call.user.id,
        "add_time": call.time,
        "update_time": call.time,
    }
    return Answer(comment(call, call.records.put(_TABLE, record["uuid"], record)))


def change(call: Call) -> Answer:
    before = _own(call)
    content = harmless(read_leniently(call)["content"])
    record = before | {"content": content, "updater_id": call.user.id, "update_time": call.time}
    return Answer(comment(call, call.records.put(_TABLE, before["uuid"], record)))


def delete(call: Call) -> Answer:
    call.records.remove(_TABLE, _own(call)["uuid"])
    return Answer(data=True)


def _find(call: Call) -> Record:
    note = find_note(call)
    record = call.records.find(_TABLE, call.variables["commentId"])
    if record is None or record["note_id"] != note["id"]:
        raise not_found("Comment")
    return record


def _own(call: Call) -> Record:
    record = _find(call)
    if not call.user.is_admin and record["user_id"] != call.user.id:
        raise not_allowed()
    return record


OPERATIONS = {
    "GET v1/notes/{id}/comments": list_of,
    "POST v1/notes/{id}/comments": add,
    "GET v1/notes/{id}/comments/{commentId}": get,
    "PUT v1/notes/{id}/comments/{commentId}": change,
    "DELETE v1/notes/{id}/comments/{commentId}": delete,
}
