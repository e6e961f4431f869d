"""JSON modals: the schema file that an app uploads, and the answers that it then may give.

Pages: https://pipedrive.readme.io/docs/app-extensions-json-modals, /docs/json-modals-component-library
and /docs/json-modals-user-interaction-handling
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pipedrive_emulator.json_library.complaints import Complaint, Schema, complaints, first_problem

MOST_BLOCKS, MOST_ACTIONS = 10, 2
Rows = Mapping[str, Mapping[str, Any]]

_WORD: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_SCALAR: Schema = {"type": ["string", "boolean", "number"]}
_INPUTS = ("text", "email", "number", "password", "search", "url")

# Per element: its options, "!" for those that must be there in the end. The form of each stands below.
ELEMENTS: Mapping[str, str] = {
    "element-text": "value! markdown visibleOn",
    "element-input": "label! type value placeholder message allowClear isRequired visibleOn fetchOnChange "
    "error",
    "element-textarea": "label! value placeholder message resize isRequired visibleOn fetchOnChange error",
    "element-select": "label! items value placeholder message allowClear isRequired filter visibleOn "
    "fetchOnChange error",
    "element-datepicker": "label! value message error allowClear isRequired visibleOn fetchOnChange "
    "placeholder",
    "element-radio-group": "label! items value isRequired message error visibleOn fetchOnChange",
    "element-checkbox-group": "label items value isRequired message visibleOn fetchOnChange error",
    "element-separator": "",
}
ACTIONS: Mapping[str, str] = {
    "action-primary": "label! handler! url visibleOn",
    "action-secondary": "label! handler! visibleOn",
}
_FORMS: Mapping[str, Schema] = {
    **dict.fromkeys(("label", "placeholder", "message", "error"), _WORD),
    **dict.fromkeys(("allowClear", "isRequired", "fetchOnChange", "resize", "filter", "markdown"), _FLAG),
    "type": {"type": "string", "enum": list(_INPUTS)},
    "url": {"type": "string", "format": "uri"},
    "value": _WORD,
}
_VALUES: Mapping[str, Schema] = {
    "element-input": {"type": ["string", "number"]},
    "element-select": {"type": ["string", "boolean", "number", "array"], "items": _SCALAR},
    "element-datepicker": {"type": "string", "format": "date"},
    "element-radio-group": _SCALAR,
    "element-checkbox-group": {"type": "array", "items": _WORD},
}
_HANDLERS = {"action-primary": ["request", "open-url"], "action-secondary": ["reset", "cancel"]}

_ERROR: Schema = {
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string", "minLength": 1}},
    "additionalProperties": False,
}
_SUCCESS: Schema = {
    "type": "object",
    "required": ["message", "type"],
    "properties": {
        "message": {"type": "string", "minLength": 1},
        "type": {"const": "snackbar"},
        "link": {
            "type": "object",
            "required": ["label", "value"],
            "properties": {"label": _WORD, "value": {"type": "string", "format": "uri"}},
            "additionalProperties": False,
        },
        "refreshPanelData": _FLAG,
    },
    "additionalProperties": False,
}


def rows_of(schema: Mapping[str, Any], part: str) -> Rows:
    """``blocks`` or ``actions`` of an uploaded file: key -> ``{"$ref", "options"?}``."""
    rows: Rows = schema["properties"].get(part, {}).get("properties", {})
    return rows


def kind_of(row: Mapping[str, Any]) -> str:
    return str(row["$ref"]).rpartition("/")[2]


def _visible_on(keys: Sequence[str]) -> Schema:
    """``"always"``, ``"never"``, or for other blocks what their value must be."""
    condition = {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": ["not_empty"]},
        "else": {
            "properties": {"equals": {"type": ["string", "boolean", "number"]}, "includes": _WORD},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        },
    }
    return {
        "type": ["string", "object"],
        "if": {"type": "string"},
        "then": {"enum": ["always", "never"]},
        "else": {
            "properties": dict.fromkeys(keys, condition),
            "additionalProperties": False,
            "minProperties": 1,
        },
    }


def _items(keys: Sequence[str]) -> Schema:
    properties = {"label": _WORD, "value": _SCALAR, "isDisabled": _FLAG, "visibleOn": _visible_on(keys)}
    one = {"type": "object", "required": ["label", "value"], "properties": properties}
    return {"type": "array", "items": {**one, "additionalProperties": False}}


def _options(kind: str, names: str, keys: Sequence[str], *, whole: bool) -> Schema:
    """``whole`` asks for what must be there in the end; a part may leave it to the other part."""
    forms = {
        **_FORMS,
        "visibleOn": _visible_on(keys),
        "items": _items(keys),
        "value": _VALUES.get(kind, _FORMS["value"]),
        "handler": {"type": "string", "enum": _HANDLERS.get(kind, [])},
    }
    rows = names.split()
    return {
        "type": "object",
        "required": [name[:-1] for name in rows if name.endswith("!")] if whole else [],
        "properties": {name: forms[name] for name in (row.rstrip("!") for row in rows)},
        "additionalProperties": False,
    }


def file_problem(schema: Any) -> str | None:
    """The first thing wrong with an uploaded file, with a JSON pointer to it; None when there is none."""
    problem = first_problem(_file({}, []), schema)
    if problem:
        return problem
    blocks = rows_of(schema, "blocks")
    return first_problem(_file({**blocks, **rows_of(schema, "actions")}, list(blocks)), schema)


def _file(rows: Rows, keys: Sequence[str]) -> Schema:
    """Without rows only the frame is looked at; with them the options of each as well."""
    parts = {
        "blocks": _part(ELEMENTS, MOST_BLOCKS, rows, keys),
        "actions": _part(ACTIONS, MOST_ACTIONS, rows, keys),
    }
    words = dict.fromkeys(("$schema", "title", "description"), _WORD)
    properties = _frame(parts, required=list(parts))
    return _frame(
        {"type": {"const": "object"}, "properties": properties, **words}, required=["type", "properties"]
    )


def _part(known: Mapping[str, str], most: int, rows: Rows, keys: Sequence[str]) -> Schema:
    """A file may hold half of the options of a row: the app's answers are laid over them."""
    row = {"$ref": {"enum": [f"#/definitions/{name}" for name in known]}, "options": {"type": "object"}}
    options = {
        key: _options(kind_of(one), known[kind_of(one)], keys, whole=False)
        for key, one in rows.items()
        if kind_of(one) in known
    }
    properties = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": most,
        "properties": {
            key: _frame({**row, "options": form}, required=["$ref"]) for key, form in options.items()
        },
        "additionalProperties": _frame(row, required=["$ref"]),
    }
    flags = {"required": {"type": "array"}, "additionalProperties": _FLAG}
    frame = {"type": {"const": "object"}, "properties": properties, **flags}
    return _frame(frame, required=["type", "properties"])


def _frame(properties: Mapping[str, Any], *, required: Sequence[str] = ()) -> Schema:
    frame = {"type": "object", "required": list(required), "properties": dict(properties)}
    return {**frame, "additionalProperties": False}


def merged(schema: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The uploaded options with those of an answer laid over them; keys that only the answer has stay."""
    return {part: _merged_part(rows_of(schema, part), data.get(part) or {}) for part in ("blocks", "actions")}


def _merged_part(rows: Rows, said: Mapping[str, Any]) -> dict[str, Any]:
    known = {key: {**row.get("options", {}), **said.get(key, {})} for key, row in rows.items()}
    return {**known, **{key: value for key, value in said.items() if key not in known}}


_LOOSE = {"type": "object", "additionalProperties": {"type": "object"}}
_DATA = _frame({"data": _frame({"blocks": _LOOSE, "actions": _LOOSE})}, required=["data"])


def form_complaints(schema: Mapping[str, Any], body: Any) -> list[Complaint]:
    """What is wrong with an answer that draws the form: its frame first, then the merged options."""
    return complaints(_DATA, body) or complaints(
        _answer(schema, whole=True), merged(schema, body["data"]), prefix=".data"
    )


def part_complaints(schema: Mapping[str, Any], body: Any) -> list[Complaint]:
    """What is wrong with an answer to a submit that changes the form: its options may be a part."""
    return complaints(_DATA, body) or complaints(_answer(schema, whole=False), body["data"], prefix=".data")


def _answer(schema: Mapping[str, Any], *, whole: bool) -> Schema:
    keys = list(rows_of(schema, "blocks"))
    parts = {
        part: _frame(
            {
                key: _options(kind_of(row), known[kind_of(row)], keys, whole=whole)
                for key, row in rows_of(schema, part).items()
            }
        )
        for part, known in (("blocks", ELEMENTS), ("actions", ACTIONS))
    }
    return _frame(parts)


def error_complaints(body: Any) -> list[Complaint]:
    return complaints(_frame({"error": _ERROR}, required=["error"]), body)


def success_complaints(body: Any) -> list[Complaint]:
    return complaints(_frame({"success": _SUCCESS}, required=["success"]), body)
