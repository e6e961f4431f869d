"""What an app may answer, by endpoint; the schemas follow pipedrive/omnichannel-api-docs."""

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

Schema = dict[str, Any]
_OK, _FIRST_REFUSAL = 200, 400
_TEXT: Schema = {"type": "string"}
_ID: Schema = {"type": "string", "minLength": 1}
_CURSOR: Schema = {"type": ["string", "null"]}
_YES: Schema = {"type": "boolean"}
_TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"}


def _object(required: Schema, **optional: Schema) -> Schema:
    return {"type": "object", "required": [*required], "properties": {**required, **optional}}


def _list(each: Schema) -> Schema:
    return {"type": "array", "items": each}


def _words(*words: str) -> Schema:
    return {"enum": [*words]}


_ATTACHMENT = _object(
    {"id": _ID, "type": _ID, "url": _ID},
    name=_TEXT,
    size={"type": "number"},
    link_expires=_YES,
    preview_url=_TEXT,
)
_MESSAGE = _object(
    {
        "id": _ID,
        "status": _words("sent", "delivered", "read", "failed"),
        "created_at": _TIME,
        "message": _TEXT,
        "sender_id": _ID,
    },
    reply_by=_TIME,
    attachments=_list(_ATTACHMENT),
)
_PARTICIPANT = _object(
    {"id": _ID, "name": _TEXT, "role": _words("source_user", "end_user")},
    avatar_url=_TEXT,
    fetch_avatar=_YES,
    avatar_expires=_YES,
)


def _role(role: str) -> Schema:
    return {"type": "object", "properties": {"role": {"const": role}}}


_PARTICIPANTS = _list(_PARTICIPANT) | {
    "allOf": [
        {"contains": _role("source_user"), "minContains": 1, "maxContains": 1},
        {"contains": _role("end_user")},
    ]
}
_CONVERSATION = _object(
    {
        "id": _ID,
        "link": _TEXT,
        "status": _words("open", "closed"),
        "seen": _YES,
        "messages": _list(_MESSAGE),
        "participants": _PARTICIPANTS,
    },
    next_messages_cursor=_CURSOR,
)
_TEMPLATE = _object({"id": _ID, "name": _TEXT, "content": _TEXT, "language": _ID})


def _success(data: Schema | None = None, **more: Schema) -> Schema:
    return _object({"success": {"const": True}} | ({"data": data} if data else {}), **more)


_AFTER = _object({}, after=_CURSOR)
_SCHEMAS = {
    "getConversations": _success(_list(_CONVERSATION), additional_data=_AFTER),
    "getConversationById": _success(_CONVERSATION, additional_data=_AFTER),
    "postMessage": _success(_object({"id": _ID})),
    "getSenderById": _success(_object({"id": _ID, "name": _TEXT}, avatar_url=_TEXT)),
    "deleteChannelById": _success(),
    "getTemplates": _success(_object({"templates": _list(_TEMPLATE)})),
    "getMessageById": _MESSAGE,
}
_CODES = {
    400: ("INVALID_BODY",),
    401: ("UNAUTHORIZED", "ACCOUNT_SUSPENDED"),
    403: ("FORBIDDEN",),
    404: ("NOT_FOUND",),
    429: ("RATE_LIMIT_EXCEEDED",),
}


def _refusal(status: int) -> Schema:
    """What no page documents, such as the 500s, has the same shape and any code."""
    code = _words(*_CODES[status]) if status in _CODES else _ID
    limited = ["retry_by"] if status == 429 else []  # noqa: PLR2004 - too many requests
    data = _object({"message": _TEXT, "code": code}, retry_by=_TIME)
    data["required"] += limited
    return _object({"success": {"const": False}, "data": data})


def complaints(endpoint: str, status: int, body: Any) -> tuple[str, ...]:
    """A sentence for each thing that is not as documented, with the place where it stands."""
    if status != _OK and status < _FIRST_REFUSAL:
        return (f"the status is {status}",)
    schema = _SCHEMAS[endpoint] if status == _OK else _refusal(status)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return tuple(f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body))
