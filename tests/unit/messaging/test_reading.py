"""What Pipedrive sends is read strictly: pages of a list, and a message with its files."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.requests import Request

from marketplace_app.errors import RequestRejected
from marketplace_app.kit.messaging import Page
from marketplace_app.messaging.reading import FIELD_BYTES, MOST_FILES, message_of, page_of

BOUNDARY = "a-boundary"
FIELDS = {"message": "Hello", "senderId": "us", "conversationId": "c1", "recipientIds[]": "a, b,,c"}
Parts = list[tuple[str, bytes]]


def part(name: str, value: bytes, more: str = "") -> tuple[str, bytes]:
    return f'form-data; name="{name}"{more}', value


def file(name: str = "files", content: bytes = b"GIF89a", title: str = "a.gif") -> tuple[str, bytes]:
    return part(name, content, f'; filename="{title}"\r\nContent-Type: image/gif')


def fields(changes: Mapping[str, str | None] | None = None) -> Parts:
    given = {**FIELDS, **(changes or {})}
    return [part(name, value.encode()) for name, value in given.items() if value is not None]


def body(parts: Parts) -> bytes:
    pieces = [
        f"--{BOUNDARY}\r\nContent-Disposition: {head}\r\n\r\n".encode() + value + b"\r\n"
        for head, value in parts
    ]
    return b"".join(pieces) + f"--{BOUNDARY}--\r\n".encode()


def request(
    octets: bytes, kind: str = f"multipart/form-data; boundary={BOUNDARY}", query: str = ""
) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": octets, "more_body": False}

    headers = [(b"content-type", kind.encode())] if kind else []
    scope = {
        "type": "http",
        "method": "POST",
        "headers": headers,
        "query_string": query.encode(),
        "app": None,
    }
    return Request(scope, receive)


def read(asked: Request) -> dict[str, Any]:
    async def reading() -> dict[str, Any]:
        async with message_of(asked) as message:
            files = [(each.filename, each.content_type, await each.read()) for each in message.files]
            return {
                "message": message.message,
                "from": message.sender_id,
                "in": message.conversation_id,
                "to": message.recipient_ids,
                "files": files,
            }

    return asyncio.run(reading())


def test_a_message_with_files_is_read() -> None:
    big = b"x" * 3_000_000
    found = read(request(body([*fields(), file(), file("files[]", big, "../../etc/passwd")])))
    assert (found["message"], found["from"], found["in"]) == ("Hello", "us", "c1")
    assert found["to"] == ("a", "b", "c")
    assert found["files"] == [("a.gif", "image/gif", b"GIF89a"), ("../../etc/passwd", "image/gif", big)]


def test_a_file_may_come_without_a_text() -> None:
    found = read(request(body([*fields({"message": None, "recipientIds[]": None}), file()])))
    assert (found["message"], found["to"], len(found["files"])) == ("", (), 1)


def test_a_field_that_no_page_names_is_passed_over() -> None:
    assert read(request(body([*fields(), part("templateId", b"t1")])))["message"] == "Hello"


WHOLE = body(fields())


@pytest.mark.parametrize(
    "asked",
    [
        request(b""),
        request(b"{}", "application/json"),
        request(b"message=Hello&senderId=us&conversationId=c1", "application/x-www-form-urlencoded"),
        request(WHOLE, "multipart/form-data"),
        request(WHOLE, ""),
        request(WHOLE, "multipart/mixed; boundary=" + BOUNDARY),
        request(WHOLE, "multipart/form-data; boundary=another"),
        request(body(fields({"senderId": None}))),
        request(body(fields({"senderId": ""}))),
        request(body(fields({"conversationId": None}))),
        request(body(fields({"message": None}))),
        request(body([*fields(), part("conversationId", b"c2")])),
        request(body([*fields({"conversationId": None}), file("conversationId")])),
        request(body([*fields(), file("avatar")])),
        request(body([*fields(), *[file()] * (MOST_FILES + 1)])),
        request(body([*fields(), *[part(f"x{each}", b"") for each in range(30)]])),
        request(body(fields({"message": "x" * (FIELD_BYTES + 1)}))),
        request(body([*fields(), ("form-data", b"no name")])),
        request(body([*fields(), file()])[:-20]),
        request(WHOLE[: len(WHOLE) // 2]),
    ],
)
def test_what_is_not_as_documented_is_refused(asked: Request) -> None:
    with pytest.raises(RequestRejected):
        read(asked)


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", Page(None, 30, 30)),
        ("after=", Page(None, 30, 30)),
        ("conversations_limit=5&messages_limit=7&after=c%2F1", Page("c/1", 5, 7)),
        ("messages_limit=100000&whatever=1", Page(None, 30, 500)),
    ],
)
def test_a_page_is_read(query: str, page: Page) -> None:
    assert page_of(request(b"", query=query)) == page


@pytest.mark.parametrize(
    "query",
    [
        "after=1&after=2",
        "messages_limit=0",
        "messages_limit=-1",
        "messages_limit=1e3",
        "messages_limit=٣",
        f"after={'x' * 3000}",
    ],
)
def test_an_odd_page_is_refused(query: str) -> None:
    with pytest.raises(RequestRejected):
        page_of(request(b"", query=query))
