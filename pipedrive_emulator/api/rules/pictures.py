"""Pictures of persons: taken by API v1, shown by both versions, fetched by anyone who knows the address.

https://developers.pipedrive.com/docs/api/v1/Persons#addPersonPicture.
"""

import base64
from secrets import token_hex
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.images import Image, measure
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record

PICTURES, CONTENTS = "pictures", "picture_contents"
SIZES = (128, 512)
_LEAST = 128


def upload(call: Call) -> Answer:
    """A new picture takes the place of the old one."""
    person = parent(call, "persons")
    crop = read_leniently(call)
    if "file" not in call.files:
        raise refused(400, "Bad request: file must be sent as a file.")
    content = call.files["file"].content
    image = measure(content)
    if image is None:
        raise refused(400, "Bad request: file must be a GIF, JPG or PNG picture.")
    _check_square(image, crop)
    _drop(call, person)
    record = _keep(call, person, content, image)
    return Answer(pictures(call, record))


def remove(call: Call) -> Answer:
    person = parent(call, "persons")
    record = _picture(call, person)
    _drop(call, person)
    return Answer({"id": record["id"]})


def get(call: Call) -> Answer:
    record = _picture(call, parent(call, "persons"))
    shape = pictures(call, record)
    return Answer(
        {name: shape[name] for name in ("id", "item_type", "item_id", "added_by_user_id", "active_flag")}
        | {"file_size": record["file_size"], "pictures": shape["pictures"]}
    )


def pictures(call: Call, record: Record) -> dict[str, Any]:
    """The v1 object of a picture; its addresses by size in pixels."""
    place = f"{call.origin}/pictures/{call.company.id}/{record['name']}"
    return {
        "id": record["id"],
        "item_type": "person",
        "item_id": record["item_id"],
        "active_flag": True,
        "add_time": v1_form(record["add_time"]),
        "update_time": v1_form(record["update_time"]),
        "added_by_user_id": record["added_by_user_id"],
        "pictures": {str(size): f"{place}_{size}.{record['kind']}" for size in SIZES},
    }


def _check_square(image: Image, crop: dict[str, Any]) -> None:
    """The whole picture or the part of it that is wanted: square, and not too small."""
    left, top = crop.get("crop_x") or 0, crop.get("crop_y") or 0
    width = crop.get("crop_width") or image.width - left
    height = crop.get("crop_height") or image.height - top
    if width != height or width < _LEAST:
        raise refused(400, f"Bad request: a picture must be square, of at least {_LEAST} pixels.")
    if min(left, top) < 0 or left + width > image.width or top + height > image.height:
        raise refused(400, "Bad request: the part to crop lies outside the picture.")


def _keep(call: Call, person: Record, content: bytes, image: Image) -> Record:
    name = token_hex(20)
    record = call.records.add(
        PICTURES,
        {
            "item_id": person["id"],
            "added_by_user_id": call.user.id,
            "add_time": call.time,
            "update_time": call.time,
            "file_size": len(content),
            "kind": image.kind,
            "name": name,
        },
    )
    text = base64.b64encode(content).decode("ascii")
    call.records.put(CONTENTS, name, {"content": text, "media_type": f"image/{image.kind}"})
    _point(call, person, record["id"])
    return record


def _picture(call: Call, person: Record) -> Record:
    record = call.records.find(PICTURES, person.get("picture_id"))
    if record is None:
        raise not_found("Picture")
    return record


def _drop(call: Call, person: Record) -> None:
    record = call.records.find(PICTURES, person.get("picture_id"))
    if record is not None:
        call.records.remove(PICTURES, record["id"])
        call.records.remove(CONTENTS, record["name"])
        _point(call, person, None)


def _point(call: Call, person: Record, picture_id: int | None) -> None:
    record = {**person, "picture_id": picture_id, "update_time": call.time}
    call.records.put("persons", person["id"], record)


OPERATIONS = {
    "GET v2/persons/{id}/picture": get,
    "POST v1/persons/{id}/picture": upload,
    "DELETE v1/persons/{id}/picture": remove,
}
