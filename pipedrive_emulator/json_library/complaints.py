"""What is wrong with a value, told as Pipedrive tells it: in the form of the ajv library.

Page: https://pipedrive.readme.io/docs/json-modals-user-interaction-handling
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, cast

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError

from pipedrive_emulator.json_library.formats import FORMATS

Complaint = dict[str, Any]
Schema = dict[str, Any]

_PLAIN = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)
_MOST = 20


def complaints(schema: Schema, value: Any, *, prefix: str = "") -> list[Complaint]:
    """``{keyword, dataPath, schemaPath, params, message}`` each, at most 20; empty when all is well."""
    found = Draft7Validator(schema, format_checker=FORMATS).iter_errors(value)
    rows = [row for error in found for row in _rows(error, prefix)]
    return rows[:_MOST]


def first_problem(schema: Schema, value: Any) -> str | None:
    """One sentence that begins with a JSON pointer; None when all is well."""
    for error in Draft7Validator(schema, format_checker=FORMATS).iter_errors(value):
        for row in _rows(error, ""):
            return f"{pointer(error.absolute_path) or 'the whole'} {row['message']}"
    return None


def pointer(path: Iterable[str | int]) -> str:
    """A JSON pointer: ``/items/properties/state``."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def sentence(complaint: Complaint) -> str:
    return f"{complaint['dataPath'] or 'the answer'} {complaint['message']}"


def _rows(error: ValidationError, prefix: str) -> Iterable[Complaint]:
    keyword = str(error.validator)
    speak = _SPEECH.get(keyword, _other)
    for params, message in speak(error.validator_value, error):
        yield {
            "keyword": keyword,
            "dataPath": prefix + _data_path(error.absolute_path),
            "schemaPath": f"#{pointer(error.absolute_schema_path)}",
            "params": params,
            "message": message,
        }


def _data_path(path: Iterable[str | int]) -> str:
    return "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" if _PLAIN.fullmatch(step) else f"['{step}']"
        for step in path
    )


Speech = Iterable[tuple[dict[str, Any], str]]


def _other(_: Any, error: ValidationError) -> Speech:
    return [({}, f"should pass {error.validator!r} keyword validation")]


def _type(wanted: Any, _: ValidationError) -> Speech:
    name = wanted if isinstance(wanted, str) else ",".join(wanted)
    return [({"type": name}, f"should be {name}")]


def _required(wanted: Any, error: ValidationError) -> Speech:
    """The library makes one error of each missing key, and names it in its own message only."""
    missing = [key for key in wanted if error.message.startswith(repr(key))]
    return [({"missingProperty": key}, f"should have required property '{key}'") for key in missing]


def _undeclared(_: Any, error: ValidationError) -> Speech:
    schema: Any = error.schema
    known, instance = schema.get("properties", {}), cast("dict[str, Any]", error.instance)
    return [
        ({"additionalProperty": key}, f"should NOT have additional property '{key}'")
        for key in instance
        if key not in known
    ]


def _limit(words: str) -> Callable[[Any, ValidationError], Speech]:
    def speak(limit: Any, _: ValidationError) -> Speech:
        return [({"limit": limit}, words.format(limit))]

    return speak


def _enum(values: Any, _: ValidationError) -> Speech:
    words = ", ".join(str(value) for value in values)
    return [({"allowedValues": list(values)}, f"should be equal to one of the allowed values: {words}")]


_SPEECH: dict[str, Callable[[Any, ValidationError], Speech]] = {
    "type": _type,
    "required": _required,
    "additionalProperties": _undeclared,
    "enum": _enum,
    "const": lambda wanted, _: [({"allowedValue": wanted}, f"should be equal to constant {wanted!r}")],
    "format": lambda wanted, _: [({"format": wanted}, f'should match format "{wanted}"')],
    "minLength": _limit("should NOT be shorter than {} characters"),
    "maxLength": _limit("should NOT be longer than {} characters"),
    "minItems": _limit("should NOT have fewer than {} items"),
    "maxItems": _limit("should NOT have more than {} items"),
    "minProperties": _limit("should NOT have fewer than {} properties"),
    "maxProperties": _limit("should NOT have more than {} properties"),
}
