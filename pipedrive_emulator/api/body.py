"""Strict reading of a JSON body, as API v2 does it: unknown keys and wrong types are refused, all at once.

https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide: nothing is coerced from text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.custom_fields import custom_field_complaints
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.formats import form_complaint, is_type, type_complaint
from pipedrive_emulator.world.shapes import ADDRESS_PARTS

Complaint = tuple[str, str]

_CONTACT = {"value": "string", "primary": "boolean", "label": "string"}
_ROWS: Mapping[str, Mapping[str, str]] = {
    "emails": _CONTACT,
    "phones": _CONTACT,
    "im": _CONTACT,
    "participants": {"person_id": "integer", "primary": "boolean"},
    "attendees": {
        "email": "string",
        "name": "?string",
        "status": "string",
        "is_organizer": "boolean",
        "person_id": "?integer",
        "user_id": "?integer",
    },
}
_OBJECTS: Mapping[str, Mapping[str, str]] = dict.fromkeys(
    ("address", "location", "postal_address"), dict.fromkeys(ADDRESS_PARTS, "?string")
)
_NEEDED_IN_ROWS = {
    "emails": "value",
    "phones": "value",
    "im": "value",
    "participants": "person_id",
    "attendees": "email",
}


def read_body(call: Call, entity: Entity, *, is_new: bool) -> dict[str, Any]:
    """The body's keys, checked.

    Raises:
        ApiError: 400 ERR_SCHEMA_VALIDATION_FAILED with every complaint.
    """
    if not isinstance(call.body, dict):
        raise invalid([("body", "The request body must be a JSON object")])
    complaints = [
        *_missing(call, entity, is_new=is_new),
        *_misfits(call, entity),
        *custom_field_complaints(call, entity),
    ]
    if complaints:
        raise invalid(complaints)
    return dict(call.body)


def _missing(call: Call, entity: Entity, *, is_new: bool) -> Iterator[Complaint]:
    needed = {*call.operation.required, *(entity.needed if is_new else ())}
    for key in sorted(needed - call.body.keys()):
        yield key, f"Parameter '{key}' is required for this request"


def _misfits(call: Call, entity: Entity) -> Iterator[Complaint]:
    for key, value in call.body.items():
        expected = call.operation.body.get(key)
        if expected is None:
            yield key, f"Parameter '{key}' is not allowed for this request"
        elif complaint := _complaint(entity, key, value, expected):
            yield key, complaint


def _complaint(entity: Entity, key: str, value: Any, expected: str) -> str | None:
    if value is None:
        return f"Parameter '{key}' cannot be null" if key in (*entity.needed, *entity.firm) else None
    if key in entity.needed and not str(value).strip():
        return f"Parameter '{key}' cannot be empty"
    return type_complaint(key, value, expected) or form_complaint(key, value) or _inner_complaint(key, value)


def _inner_complaint(key: str, value: Any) -> str | None:
    if key == "label_ids":
        return (
            None
            if all(is_type(item, "integer") for item in value)
            else f"Parameter '{key}' must hold integers"
        )
    if key in _OBJECTS:
        return _object_complaint(key, value, _OBJECTS[key])
    for row in value if key in _ROWS else ():
        if not isinstance(row, dict) or _NEEDED_IN_ROWS[key] not in row:
            return f"Parameter '{key}' must hold objects with {_NEEDED_IN_ROWS[key]}"
        if complaint := _object_complaint(key, row, _ROWS[key]):
            return complaint
    return None


def _object_complaint(key: str, value: Mapping[str, Any], types: Mapping[str, str]) -> str | None:
    for name, inner in value.items():
        if name not in types:
            return f"Parameter '{key}.{name}' is not allowed for this request"
        if inner is None and types[name].startswith("?"):
            continue
        if complaint := type_complaint(f"{key}.{name}", inner, types[name]):
            return complaint
    return None
