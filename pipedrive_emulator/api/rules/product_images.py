"""The image of a product, and the address under which anyone sees it for seven days: API v2."""

import base64
import hashlib
import hmac
from secrets import token_hex
from typing import Any
from uuid import uuid4

from pipedrive_emulator.api.call import Answer, Call, Upload
from pipedrive_emulator.api.errors import invalid, not_found
from pipedrive_emulator.api.images import measure
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.world.records import Record

TABLE, CONTENTS = "product_images", "product_image_contents"
PATH = "/product-images/{company_id}/{name}"
LIFETIME_SECONDS = 7 * 86_400


def get(call: Call) -> Answer:
    image = _image(call, parent(call, "products"))
    until = int(call.now) + LIFETIME_SECONDS
    path = PATH.format(company_id=call.company.id, name=image["file_name"])
    url = f"{call.origin}{path}?expires={until}&signature={signature(image, until)}"
    return Answer(_shown(image) | {"public_url": url, "mime_type": image["mime_type"], "name": image["name"]})


def upload(call: Call) -> Answer:
    """A product has one image: a second is refused, PUT replaces."""
    product = parent(call, "products")
    part = _part(call)
    if call.records.where(TABLE, "product_id", product["id"]):
        raise invalid([("data", "The product has an image already")])
    return Answer(_shown(_keep(call, product, part)))


def replace(call: Call) -> Answer:
    product = parent(call, "products")
    part, before = _part(call), _image(call, product)
    _drop(call, before)
    return Answer(_shown(_keep(call, product, part)))


def remove(call: Call) -> Answer:
    image = _image(call, parent(call, "products"))
    _drop(call, image)
    return Answer({"id": image["id"]})


def signature(image: Record, until: int) -> str:
    """What makes a public address valid until that moment, epoch seconds."""
    return hmac.new(image["secret"].encode(), str(until).encode(), hashlib.sha256).hexdigest()


def _part(call: Call) -> Upload:
    part = call.files.get("data")
    if part is None:
        raise invalid([("data", "Parameter 'data' must be a file")])
    if measure(part.content) is None:
        raise invalid([("data", "Parameter 'data' must be a GIF, JPG or PNG image")])
    return part


def _keep(call: Call, product: Record, part: Upload) -> Record:
    image = measure(part.content)
    kind = image.kind if image else ""
    row = call.records.add(
        TABLE,
        {
            "product_id": product["id"],
            "company_id": str(call.company.id),
            "add_time": call.time,
            "mime_type": f"image/{kind}",
            "name": part.name or f"product-image.{kind}",
            "file_name": f"{uuid4()}.{kind}",
            "secret": token_hex(20),
        },
    )
    call.records.put(CONTENTS, row["id"], {"content": base64.b64encode(part.content).decode("ascii")})
    return row


def _image(call: Call, product: Record) -> Record:
    rows = call.records.where(TABLE, "product_id", product["id"])
    if not rows:
        raise not_found("Image")
    return rows[0]


def _drop(call: Call, image: Record) -> None:
    call.records.remove(CONTENTS, image["id"])
    call.records.remove(TABLE, image["id"])


def _shown(image: Record) -> dict[str, Any]:
    return {name: image[name] for name in ("id", "product_id", "company_id", "add_time")}


OPERATIONS = {
    "GET v2/products/{id}/images": get,
    "POST v2/products/{id}/images": upload,
    "PUT v2/products/{id}/images": replace,
    "DELETE v2/products/{id}/images": remove,
}
