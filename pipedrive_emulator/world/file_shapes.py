"""What the world keeps of a file, and where its bytes are."""

import hashlib
from pathlib import PurePath
from typing import Any

CONTENTS = "file_contents"  # by the number of the file: {"content": base64, "media_type"}

FILE: dict[str, Any] = {
    "user_id": None,
    "deal_id": None,
    "person_id": None,
    "org_id": None,
    "product_id": None,
    "activity_id": None,
    "lead_id": None,
    "project_id": None,
    "add_time": None,
    "update_time": None,
    "file_name": "",
    "file_type": "",
    "file_size": 0,
    "is_deleted": False,
    "remote_location": "s3",
    "remote_id": "",
    "mail_message_id": "",
    "name": "",
    "description": "",
}


def kind_of(name: str, media_type: str) -> str:
    """``img`` for every picture, else the ending of the name, else ``file``."""
    if media_type.startswith("image/"):
        return "img"
    return PurePath(name).suffix.lstrip(".").lower() or "file"


def stored_name(name: str, salt: str) -> str:
    """The name under which it lies in storage: made unique by 40 hex digits before the ending."""
    path = PurePath(name)
    digits = hashlib.sha1(f"{salt}/{name}".encode(), usedforsecurity=False).hexdigest()
    return f"{path.stem.replace(' ', '_')}_{digits}{path.suffix}"
