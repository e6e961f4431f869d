"""What a messaging app tells Pipedrive: conversations, messages, people; checked before it is sent.

Times must have a zone, and are sent in UTC. Ids stand in addresses, so they have no slash.
https://pipedrive.readme.io/docs/implementing-messaging-app-extension
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from marketplace_app.kit.json_checks import is_web_address

Kind = TypeVar("Kind")
Some = Annotated[str, msgspec.Meta(min_length=1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=512, pattern=r"^(?!\.{1,2}$)[^/]+$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]
Status = Literal["sent", "delivered", "read", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """`type` is a MIME type. One whose `link_expires` is asked for anew through the message."""

    id: Name
    type: Some
    url: Some
    name: str | None = None
    size: int | None = None
    preview_url: str | None = None
    link_expires: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`reply_by` is until when the provider lets anybody answer."""

    id: Name
    message: str
    sender_id: Name
    created_at: Moment
    status: Status
    reply_by: Moment | None = None
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """One is the `source_user`, whose account the channel is; the others are each an `end_user`."""

    id: Name
    name: str
    role: Literal["source_user", "end_user"]
    avatar_url: str | None = None
    fetch_avatar: bool = False
    avatar_expires: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """`next_messages_cursor` is what `page.after` will be when older messages are asked for."""

    id: Name
    participants: Sequence[Participant]
    messages: Sequence[Message] = ()
    link: str = ""
    status: Literal["open", "closed"] = "open"
    seen: bool = False
    next_messages_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Conversations:
    """`after` is what `page.after` will be when more are asked for; None at the end."""

    items: Sequence[Conversation] = ()
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    id: Name
    name: str
    avatar_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    id: Some
    name: str
    content: str
    language: Some


class AnswerRejected(ValueError):
    """A handler's answer is not as documented; the text names the field, and none of its values."""


def told(answer: object, kind: Any) -> Any:
    """What goes to Pipedrive, as JSON values; what is None is left out. Raises AnswerRejected."""
    checked = _checked(answer, kind)
    for problem in _problems(checked):
        raise AnswerRejected(problem)
    return _plain(msgspec.to_builtins(checked, builtin_types=(datetime,)))


def _checked(answer: object, kind: type[Kind]) -> Kind:
    try:
        raw = msgspec.to_builtins(answer, builtin_types=(datetime,))
        checked = msgspec.convert(raw, kind)
    except (TypeError, ValueError, RecursionError) as error:
        # msgspec repeats a wrong word, which may be a customer's
        raise AnswerRejected(re.sub(r"value '.*'", "value", str(error), flags=re.DOTALL)) from None
    return checked


def _problems(value: Any, where: str = "$") -> Iterator[str]:
    """What types do not say, of the value and of all that it holds."""
    if isinstance(value, Conversation):
        roles = [each.role for each in value.participants]
        count = roles.count("source_user")
        if count != 1:
            yield f"{count} are the source_user instead of one - at `{where}.participants`"
        if "end_user" not in roles:
            yield f"nobody is an end_user - at `{where}.participants`"
    for key in ("avatar_url", "preview_url", "url", "link"):
        address = getattr(value, key, None)
        if address and not is_web_address(address):
            yield f"Expected a web address - at `{where}.{key}`"
    if isinstance(value, (list, tuple)):
        for number, each in enumerate(value):
            yield from _problems(each, f"{where}[{number}]")
        return
    for key in ("items", "participants", "messages", "attachments"):
        yield from _problems(getattr(value, key, ()), f"{where}.{key}") if _holds(value, key) else ()


def _holds(value: Any, key: str) -> bool:
    return isinstance(getattr(value, key, None), (list, tuple))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def moment(at: datetime) -> str:
    """As Pipedrive writes it: UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def minute(at: datetime) -> str:
    """As POST /v1/channels/messages/receive documents it."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"
