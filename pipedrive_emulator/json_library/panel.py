"""JSON panels: the schema file that an app uploads, and the answers that it then may give.

Pages: https://pipedrive.readme.io/docs/json-panels-adding-a-panel and /docs/app-extensions-json-panels
"""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.json_library.complaints import Complaint, Schema, complaints, first_problem, pointer

MOST_OBJECTS, MOST_FIELDS = 10, 20
COLOURS = ("green", "red", "blue", "yellow", "purple", "grey")
_LINE: Schema = {"type": ["string", "null"]}


def _object(required: tuple[str, ...], **properties: Schema) -> dict[str, Any]:
    return {"required": list(required), "properties": properties, "additionalProperties": False}


def _text_or(shape: Schema, **plain: Any) -> Schema:
    """A string, an object of that shape, or null."""
    return {"type": ["string", "object", "null"], "if": {"type": "object"}, "then": shape, "else": plain}


_WORD: Schema = {"type": "string"}
_ADDRESS: Schema = {"type": "string", "format": "uri"}

# What stands under "#/definitions/": the form of a value in the app's answer. Null renders empty.
DEFINITIONS: Mapping[str, Schema] = {
    "text": _text_or(_object(("markdown", "value"), markdown={"type": "boolean"}, value=_WORD)),
    "numerical": {"type": ["number", "null"]},
    "date": _LINE | {"format": "date"},
    "time": _LINE | {"format": "time"},
    "date-time": _LINE | {"format": "date-time"},
    "email": _LINE,
    "phone": _LINE,
    "address": _LINE,
    "link": _text_or(
        _object(("value", "external"), value=_ADDRESS, external={"type": "boolean"}, label=_WORD),
        format="uri",
    ),
    "currency": {
        "type": ["object", "null"],
        **_object(("code", "value"), code={"type": "string", "format": "currency"}, value={"type": "number"}),
    },
    "label": {
        "type": ["object", "null"],
        **_object(("color", "label"), color={"type": "string", "enum": list(COLOURS)}, label=_WORD),
    },
    "tags": {"type": ["array", "null"], "items": _WORD},
    "header": _LINE,
}

_FILE_OBJECT: Schema = {
    "type": "object",
    "required": ["type", "properties"],
    "properties": {
        "type": {"const": "object"},
        "properties": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "required": ["$ref"],
                "properties": {
                    "$ref": {"enum": [f"#/definitions/{name}" for name in DEFINITIONS]},
                    "label": {"type": "string", "minLength": 1},
                },
                "additionalProperties": False,
            },
        },
        "required": {"type": "array", "items": _WORD},
        "additionalProperties": {"type": "boolean"},
        **dict.fromkeys(("$schema", "title", "description"), _WORD),
    },
    "additionalProperties": False,
}
_FILE_LIST: Schema = {
    "type": "object",
    "required": ["type", "items"],
    "properties": {"type": {"const": "array"}, "items": _FILE_OBJECT, "$schema": _WORD, "title": _WORD},
    "additionalProperties": False,
}
_ERROR: Schema = {
    "type": "object",
    **_object(
        ("error",),
        error={
            "type": "object",
            **_object(
                ("title",),
                title={"type": "string", "minLength": 1, "maxLength": 30},
                subtitle=_WORD,
                action={"type": "object", **_object(("url", "label"), url=_ADDRESS, label=_WORD)},
            ),
        },
    ),
}


def is_list(schema: Mapping[str, Any]) -> bool:
    return bool(schema.get("type") == "array")


def fields_of(schema: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    """Key -> ``{"$ref", "label"?}``, in the order in which they are shown."""
    properties: Mapping[str, Mapping[str, str]] = _object_of(schema)["properties"]
    return properties


def type_of(field: Mapping[str, str]) -> str:
    return field["$ref"].rpartition("/")[2]


def _object_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    part: Mapping[str, Any] = schema["items"] if is_list(schema) else schema
    return part


def file_problem(schema: Any) -> str | None:
    """The first thing wrong with an uploaded file, with a JSON pointer to it; None when there is none."""
    shape = _FILE_LIST if isinstance(schema, Mapping) and is_list(schema) else _FILE_OBJECT
    return first_problem(shape, schema) or _limits_problem(schema)


def _limits_problem(schema: Mapping[str, Any]) -> str | None:
    fields, base = fields_of(schema), ["items"] if is_list(schema) else []
    headers = [key for key, field in fields.items() if type_of(field) == "header"]
    where = pointer([*base, "properties"])
    counted = len(fields) - len(headers)
    if counted > MOST_FIELDS:
        return f"{where} has {counted} fields; Pipedrive shows at most {MOST_FIELDS} beside the header"
    if len(headers) > 1:
        return f"{where} has {len(headers)} headers; an object has one"
    if is_list(schema) and not headers:
        return f"{where} needs a header, because the panel lists several objects"
    unknown = [key for key in _object_of(schema).get("required", []) if key not in fields]
    if unknown:
        return f"{pointer([*base, 'required'])} names {unknown[0]!r}, which is no property"
    return None


def _answer(schema: Mapping[str, Any]) -> Schema:
    part = _object_of(schema)
    thing = {
        "type": "object",
        "properties": {key: DEFINITIONS[type_of(field)] for key, field in part["properties"].items()},
        "additionalProperties": part.get("additionalProperties", False),
    }
    whole = {**thing, "required": part.get("required", [])}
    if is_list(schema):
        return {"type": "array", "items": whole, "maxItems": MOST_OBJECTS}
    # An empty object means that there is nothing to show, whatever is required otherwise.
    return {**thing, "if": {"minProperties": 1}, "then": {"required": whole["required"]}}


def answer_complaints(schema: Mapping[str, Any], body: Any) -> list[Complaint]:
    """What is wrong with a successful answer, by the app's own schema."""
    place = {"type": "object", **_object(("url",), url=_ADDRESS)}
    link = {"type": "object", **_object(("url", "label"), url=_ADDRESS, label=_WORD)}
    shape = _object(("data",), data=_answer(schema), external_link=link, settings=place)
    return complaints({"type": "object", **shape}, body)


def error_complaints(body: Any) -> list[Complaint]:
    """What keeps an answer with a failing status from becoming an error card."""
    return complaints(_ERROR, body)
