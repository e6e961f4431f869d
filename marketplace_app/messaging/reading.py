"""What Pipedrive asks and sends, read strictly: each key once, within bounds.

Keys that no page names are passed over, so that one more of them breaks nothing.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from marketplace_app.domain.ids import parse_id
from marketplace_app.errors import BodyTooLarge, RequestRejected
from marketplace_app.kit.messaging import MOST_AT_ONCE, NewMessage, Page

MESSAGE_BYTES = 32 * 1024 * 1024  # of one postMessage with its files
MOST_FILES = 10
MOST_FIELDS = 16
FIELD_BYTES = 64 * 1024
LONGEST_UPLOAD_SECONDS = 15.0
_MOST_OF_A_PAGE = 500
_MOST_OF_A_CURSOR = 2048
_MULTIPART = re.compile(r'multipart/form-data\s*;\s*boundary="?([^\s";,]{1,70})"?\s*', re.IGNORECASE)


def page_of(request: Request) -> Page:
    pairs = request.query_params.multi_items()
    values = dict(pairs)
    if len(values) != len(pairs):
        raise RequestRejected("a query key is given twice")
    after = values.get("after") or None
    if after is not None and len(after) > _MOST_OF_A_CURSOR:
        raise RequestRejected("the cursor is longer than any that we gave")
    limits = [_limit(values.get(f"{name}_limit")) for name in ("conversations", "messages")]
    return Page(after, *limits)


def _limit(text: str | None) -> int:
    if not text:
        return MOST_AT_ONCE
    given = parse_id(text)
    if given is None:
        raise RequestRejected("a limit is no number above nought")
    return min(given, _MOST_OF_A_PAGE)


@asynccontextmanager
async def message_of(request: Request) -> AsyncIterator[NewMessage]:
    """Its files are there until the end of the block. Raises RequestRejected, BodyTooLarge."""
    form = await _form(request)
    try:
        yield _message(form)
    finally:
        await form.close()


async def _form(request: Request) -> FormData:
    found = _MULTIPART.fullmatch(request.headers.get("content-type", ""))
    if found is None:
        raise RequestRejected("a message comes as multipart/form-data")
    stream = _whole(request.stream(), found[1].encode("latin-1"))
    parser = MultiPartParser(
        request.headers, stream, max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES
    )
    try:
        async with asyncio.timeout(LONGEST_UPLOAD_SECONDS), aclosing(stream):
            return await parser.parse()
    except (ClientDisconnect, TimeoutError):
        raise RequestRejected("the body ended early, or took too long") from None
    except (MultiPartException, ValueError, LookupError):
        raise RequestRejected("the body does not read as multipart/form-data within our bounds") from None


async def _whole(stream: AsyncIterator[bytes], boundary: bytes) -> AsyncGenerator[bytes, None]:
    """As it comes, within our bound; ValueError at an end that is not that of a form: a file would be lost.

    Starlette's own bound of a route would answer in plain text, whatever we say.
    """
    last, tail, total = b"--" + boundary + b"--", b"", 0
    async for chunk in stream:
        total += len(chunk)
        if total > MESSAGE_BYTES:
            raise BodyTooLarge("the message is larger than we read")
        tail = (tail + chunk)[-len(last) - 2 :]
        yield chunk
    if not tail.removesuffix(b"\r\n").endswith(last):
        raise ValueError("the body ends in the middle")


def _message(form: FormData) -> NewMessage:
    texts: dict[str, str] = {}
    files: list[UploadFile] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            if name not in ("files", "files[]"):
                raise RequestRejected("a file comes in a field that is not documented")
            files.append(value)
        elif name in texts:
            raise RequestRejected("a field is given twice")
        else:
            texts[name] = value
    recipients = tuple(filter(None, (each.strip() for each in texts.get("recipientIds[]", "").split(","))))
    message = NewMessage(
        message=texts.get("message", ""),
        sender_id=texts.get("senderId", ""),
        conversation_id=texts.get("conversationId", ""),
        recipient_ids=recipients,
        files=tuple(files),
    )
    if not (message.sender_id and message.conversation_id):
        raise RequestRejected("a message has no senderId or no conversationId")
    if not (message.message or message.files):
        raise RequestRejected("a message has neither text nor files")
    return message
