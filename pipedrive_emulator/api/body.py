"""Reading a body: strictly, as API v2 does it, or leniently, as API v1 does it.

v2 refuses unknown keys and wrong types, all at once, and coerces nothing from text; v1 takes numbers and
booleans as text too, and ignores what it does not know.
https://pipedrive.readme.io/docs/pipedrive-api-v2-migration-guide.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.custom_fields import custom_field_complaints
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.errors import invalid, refused
from pipedrive_emulator.api.formats import form_complaint, type_complaint
from pipedrive_emulator.api.limits import limit_complaint

Complaint = tuple[str, str]

# Keys of rows that the OpenAPI file forgets to call required.
_NEEDED_IN_ROWS = {
    "emails": "value",
    "phones": "value",
    "im": "value",
    "participants": "person_id",
    "attendees": "email",
}
_TRUE, _FALSE = ("1", "true"), ("0", "false")


def read_body(call: Call, entity: Entity, *, is_new: bool) -> dict[str, Any]:
    """The body's keys for a record of that entity, checked as API v2 does it.

    Raises:
        ApiError: 400 ERR_SCHEMA_VALIDATION_FAILED with every complaint.
    """
    return read_strictly(
        call,
        needed=entity.needed if is_new else (),
        firm=(*entity.needed, *entity.firm),
        more=lambda: custom_field_complaints(call, entity),
    )


def read_strictly(
    call: Call,
    *,
    needed: Iterable[str] = (),
    firm: Iterable[str] = (),
    more: Any = tuple,
) -> dict[str, Any]:
    """The same without an entity: ``firm`` keys cannot be null, ``more()`` yields further complaints."""
    if not isinstance(call.body, dict):
        raise invalid([("body", "The request body must be a JSON object")])
    wanted, kept = set(needed), set(firm)
    complaints = [*_missing(call, wanted), *_misfits(call, wanted, kept), *more()]
    if complaints:
        raise invalid(complaints)
    return dict(call.body)


def read_rows(call: Call, shape: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A body that is a list of objects, such as options of a field; ``shape`` as in the fact table.

    Raises:
        ApiError: 400 with every complaint.
    """
    if not isinstance(call.body, list) or not call.body:
        raise invalid([("body", "The request body must be a list of objects")])
    complaints = [c for row in call.body if (c := _inner_complaint("body", row, shape))]
    if complaints:
        raise invalid([("body", complaint) for complaint in complaints])
    return [dict(row) for row in call.body]


def read_leniently(call: Call, *needed: str) -> dict[str, Any]:
    """The known keys of a v1 body, coerced to their documented types where that can be done.

    Raises:
        ApiError: 400 for what is missing or cannot be what it should be.
    """
    body = call.body if isinstance(call.body, dict) else {}
    if call.body is not None and not isinstance(call.body, dict):
        raise refused(400, "Bad request: the body must be an object.")
    for key in (*call.operation.required, *needed):
        if body.get(key) in (None, "") and key not in call.files:
            raise refused(400, f"Bad request: {key} is required.")
    values = {}
    for key, value in body.items():
        expected = call.operation.body.get(key)
        if expected is not None:
            values[key] = None if value is None else _coerced(key, value, expected)
    return values


def _coerced(key: str, value: Any, expected: Any) -> Any:
    wanted = expected.removeprefix("?") if isinstance(expected, str) else expected
    if isinstance(wanted, str) and "|" in wanted:
        fit: Any = str(value).lower() if isinstance(value, bool) else value
        fit = fit if not _inner_complaint(key, fit, wanted) else str(int(value)) if value in (0, 1) else fit
    else:
        fit = _CASTS.get(wanted, lambda given: given)(value) if isinstance(wanted, str) else value
    if complaint := _inner_complaint(key, fit, wanted):
        raise refused(400, f"Bad request: {complaint}.")
    return fit


def _integer(value: Any) -> Any:
    text = str(value).strip()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return int(text) if not isinstance(value, bool) and text.lstrip("-").isdecimal() else value


def _number(value: Any) -> Any:
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return number if not isinstance(number, float) or number - number == 0 else value


def _boolean(value: Any) -> Any:
    text = str(value).lower()
    return text in _TRUE if text in (*_TRUE, *_FALSE) else value


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _list(value: Any) -> Any:
    return value.split(",") if isinstance(value, str) else value


_CASTS: Mapping[str, Any] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "string": _text,
    "array": _list,
}


def _missing(call: Call, needed: set[str]) -> Iterator[Complaint]:
    for key in sorted((needed | set(call.operation.required)) - call.body.keys()):
        yield key, f"Parameter '{key}' is required for this request"


def _misfits(call: Call, needed: set[str], firm: set[str]) -> Iterator[Complaint]:
    for key, value in call.body.items():
        expected = call.operation.body.get(key)
        if expected is None:
            yield key, f"Parameter '{key}' is not allowed for this request"
        elif value is None:
            if key in needed | firm | set(call.operation.required):
                yield key, f"Parameter '{key}' cannot be null"
        elif key in needed and not str(value).strip():
            yield key, f"Parameter '{key}' cannot be empty"
        elif complaint := _inner_complaint(key, value, expected):
            yield key, complaint


def _inner_complaint(path: str, value: Any, expected: Any) -> str | None:
    """Compare a value with a shape of the fact table, as deep as it goes; null fits inside."""
    if isinstance(expected, list):
        return _list_complaint(path, value, expected[0])
    if isinstance(expected, Mapping):
        return _object_complaint(path, value, expected)
    name = path.rpartition(".")[2]
    return (
        type_complaint(path, value, expected) or form_complaint(name, value) or limit_complaint(path, value)
    )


def _list_complaint(path: str, value: Any, expected: Any) -> str | None:
    if not isinstance(value, list):
        return f"Parameter '{path}' must be an array"
    for row in value:
        if (
            row is None
            or _lacks(path, row)
            or (isinstance(expected, str) and type_complaint(path, row, expected))
        ):
            return f"Parameter '{path}' must hold {_content(path, expected)}"
        if complaint := _inner_complaint(path, row, expected):
            return complaint
    return None


def _lacks(path: str, row: Any) -> bool:
    """Whether a row has not the one key that rows of this name must have."""
    if path not in _NEEDED_IN_ROWS:
        return False
    return not isinstance(row, dict) or row.get(_NEEDED_IN_ROWS[path]) is None


def _content(path: str, expected: Any) -> str:
    if path in _NEEDED_IN_ROWS:
        return f"objects with {_NEEDED_IN_ROWS[path]}"
    return f"{expected}s" if isinstance(expected, str) else "objects"


def _object_complaint(path: str, value: Any, expected: Mapping[str, Any]) -> str | None:
    if not isinstance(value, dict):
        return f"Parameter '{path}' must be an object"
    shapes = {name.removesuffix("!"): shape for name, shape in expected.items()}
    for name in (name.removesuffix("!") for name in expected if name.endswith("!")):
        if value.get(name) is None:
            return f"Parameter '{path}.{name}' is required for this request"
    for name, inner in value.items():
        if name not in shapes:
            return f"Parameter '{path}.{name}' is not allowed for this request"
        if inner is not None and (complaint := _inner_complaint(f"{path}.{name}", inner, shapes[name])):
            return complaint
    return None
