"""Files, near and far, and the lists of a record's files: https://developers.pipedrive.com/docs/api/v1/Files.

Whoever sees one of the records that a file is linked to sees the file; an unlinked one its owner and admins.
"""

import base64
from collections.abc import Callable
from secrets import token_hex, token_urlsafe
from typing import Any
from urllib.parse import quote

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call, Content, Upload
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.rules.related import LINKS, parent, seen
from pipedrive_emulator.api.v1.files import file as shown
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.sorting import in_order
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.file_shapes import CONTENTS, FILE, kind_of, stored_name
from pipedrive_emulator.world.records import Record

MOST = 100
_SORTS = ("id", "update_time")
_UNNAMED = "file"
_ITEMS = {"deal": "deal_id", "organization": "org_id", "person": "person_id"}
_PARENTS = {"deals": "deal_id", "persons": "person_id", "organizations": "org_id", "products": "product_id"}


def list_all(call: Call) -> Answer:
    rows = in_order(call, _live(call, call.records.all("files")), _SORTS)
    page, marks = offset_page(call, rows, most=MOST)
    return Answer([shown(call, row) for row in page], nested(marks))


def list_of(table: str) -> Callable[[Call], Answer]:
    """The files linked to one record."""
    key = _PARENTS[table]

    def listed(call: Call) -> Answer:
        linked = call.records.where("files", key, parent(call, table)["id"])
        rows = in_order(call, _live(call, linked), _SORTS)
        page, marks = offset_page(call, rows, most=MOST)
        return Answer([shown(call, row) for row in page], nested(marks))

    return listed


def get_one(call: Call) -> Answer:
    return Answer(shown(call, _find(call, shows_deleted=True)))


def upload(call: Call) -> Answer:
    """A part without a filename is taken too: that is how the official client sends a Buffer."""
    if "file" not in call.files and isinstance(call.body, dict) and "file" in call.body:
        raise refused(400, "Bad request: file must be sent as a file.")
    values = read_leniently(call)
    part: Upload = call.files["file"]
    links = {key: values.get(key) for key in LINKS}
    _check_links(call, links)
    name = part.name or _UNNAMED
    record = _add(
        call,
        **links,
        name=name,
        remote_id=name,
        file_name=stored_name(name, token_hex(8)),
        file_type=kind_of(name, part.media_type),
        file_size=len(part.content),
    )
    content = base64.b64encode(part.content).decode("ascii")
    call.records.put(CONTENTS, record["id"], {"content": content, "media_type": part.media_type})
    return Answer(shown(call, record))


def add_remote(call: Call) -> Answer:
    """An empty document, made in the drive."""
    values = read_leniently(call)
    return _linked_remote(call, values, token_urlsafe(33), values["title"], values["file_type"])


def link_remote(call: Call) -> Answer:
    """A document that is there already; only its owner's drive knows its title, so its id stands for it."""
    values = read_leniently(call)
    return _linked_remote(call, values, values["remote_id"], values["remote_id"], "gdoc")


def change(call: Call) -> Answer:
    before = _find(call)
    values = read_leniently(call)
    if values.get("name") == "":
        raise refused(400, "Bad request: name cannot be empty.")
    changes = {key: value for key, value in values.items() if value is not None}
    after = call.records.put("files", before["id"], {**before, **changes, "update_time": call.time})
    return Answer(shown(call, after))


def delete(call: Call) -> Answer:
    record = _find(call)
    call.records.put("files", record["id"], {**record, "is_deleted": True, "update_time": call.time})
    return Answer({"id": record["id"]})


def download(call: Call) -> Content:
    """The bytes themselves, or by the switch file_download a redirect to where anyone may fetch them."""
    record = _find(call)
    kept = call.records.find(CONTENTS, record["id"])
    if kept is None:
        return _redirect(f"https://drive.google.com/open?id={quote(record['remote_id'])}")
    if call.switches.get("file_download") == "redirect":
        return _redirect(f"{call.origin}/storage/{call.company.id}/{quote(record['file_name'])}")
    return content_of(record, kept)


def content_of(record: Record, kept: Record) -> Content:
    """A file as a browser saves it; never as a page of this server."""
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(record['name'], safe='')}",
        "x-content-type-options": "nosniff",
    }
    return Content(kept["media_type"], base64.b64decode(kept["content"]), headers)


def _redirect(location: str) -> Content:
    return Content("text/plain", b"", {"location": location}, 302)


def _linked_remote(call: Call, values: dict[str, Any], remote_id: str, name: str, kind: str) -> Answer:
    links = {_ITEMS[values["item_type"]]: values["item_id"]}
    _check_links(call, links)
    far = {"remote_location": "googledocs", "remote_id": remote_id, "file_type": kind}
    return Answer(shown(call, _add(call, **links, **far, name=name)))


def _add(call: Call, **values: Any) -> Record:
    times = {"add_time": call.time, "update_time": call.time}
    return call.records.add("files", {**FILE, "user_id": call.user.id, **times, **values})


def _check_links(call: Call, links: dict[str, Any]) -> None:
    for key, value in links.items():
        if value is not None and seen(call, key, value) is None:
            raise refused(400, f"Bad request: {LINKS[key].noun} {value} was not found.")


def _live(call: Call, rows: Any) -> list[Record]:
    return [row for row in rows if not row["is_deleted"] and _visible(call, row)]


def _visible(call: Call, record: Record) -> bool:
    if call.user.is_admin or record["user_id"] == call.user.id:
        return True
    return any(record[key] is not None and seen(call, key, record[key]) for key in LINKS)


def _find(call: Call, *, shows_deleted: bool = False) -> Record:
    record = call.records.find("files", whole_number(call.variables["id"]))
    may_show = shows_deleted and call.switches.get("deleted_record") == "shown"
    if record is None or not _visible(call, record) or (record["is_deleted"] and not may_show):
        raise not_found("File")
    return record


OPERATIONS = {
    "GET v1/files": list_all,
    "POST v1/files": upload,
    "POST v1/files/remote": add_remote,
    "POST v1/files/remoteLink": link_remote,
    "GET v1/files/{id}": get_one,
    "PUT v1/files/{id}": change,
    "DELETE v1/files/{id}": delete,
    "GET v1/files/{id}/download": download,
} | {f"GET v1/{table}/{{id}}/files": list_of(table) for table in _PARENTS}
