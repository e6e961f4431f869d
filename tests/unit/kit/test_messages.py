"""What goes to Pipedrive's inbox is exactly as documented, or one sentence names the field."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from marketplace_app.kit.messages import (
    AnswerRejected,
    Attachment,
    Conversation,
    Conversations,
    Message,
    Participant,
    Sender,
    minute,
    told,
)

AT = datetime(2026, 11, 30, 8, 15, 30, 250_000, tzinfo=timezone(timedelta(hours=7)))
NO_ZONE = AT.replace(tzinfo=None)
US = Participant(id="us", name="Acme", role="source_user")
THEM = Participant(id="them", name="Anna", role="end_user", avatar_url="https://a.test/1.png")
FILE = Attachment(id="f1", type="image/png", url="https://a.test/f1", size=12, link_expires=True)
HELLO = Message(
    id="m1", message="Hello", sender_id="them", created_at=AT, status="delivered", attachments=[FILE]
)
TALK = Conversation(id="c1", participants=[US, THEM], messages=[HELLO], next_messages_cursor="older")


def test_a_conversation_goes_out_with_the_documented_keys_and_utc() -> None:
    assert told(TALK, Conversation) == {
        "id": "c1",
        "link": "",
        "status": "open",
        "seen": False,
        "next_messages_cursor": "older",
        "participants": [
            {
                "id": "us",
                "name": "Acme",
                "role": "source_user",
                "fetch_avatar": False,
                "avatar_expires": False,
            },
            {
                "id": "them",
                "name": "Anna",
                "role": "end_user",
                "avatar_url": "https://a.test/1.png",
                "fetch_avatar": False,
                "avatar_expires": False,
            },
        ],
        "messages": [
            {
                "id": "m1",
                "message": "Hello",
                "sender_id": "them",
                "created_at": "2026-11-30T01:15:30.250Z",
                "status": "delivered",
                "attachments": [
                    {
                        "id": "f1",
                        "type": "image/png",
                        "url": "https://a.test/f1",
                        "size": 12,
                        "link_expires": True,
                    }
                ],
            }
        ],
    }


def test_a_minute_is_utc() -> None:
    assert minute(AT) == "2026-11-30 01:15"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(TALK, participants=[THEM]), "$.participants"),
        (replace(TALK, participants=[US, US, THEM]), "$.participants"),
        (replace(TALK, participants=[US]), "$.participants"),
        (replace(TALK, id="a/b"), "$.id"),
        (replace(TALK, id=""), "$.id"),
        (replace(TALK, id=".."), "$.id"),
        (replace(TALK, id="x" * 513), "$.id"),
        (replace(TALK, link="javascript:alert(1)"), "$.link"),
        (replace(TALK, status="SECRET"), "$.status"),  # type: ignore[arg-type]  # what an author may write
        (replace(TALK, seen="yes"), "$.seen"),  # type: ignore[arg-type]  # as above
        (replace(TALK, next_messages_cursor=7), "$.next_messages_cursor"),  # type: ignore[arg-type]  # as above
        (replace(TALK, messages=[replace(HELLO, id=5)]), "$.messages[0].id"),  # type: ignore[arg-type]  # as above
        (replace(TALK, messages=[replace(HELLO, created_at=NO_ZONE)]), "$.messages[0].created_at"),
        (replace(TALK, messages=[replace(HELLO, reply_by=NO_ZONE)]), "$.messages[0].reply_by"),
        (replace(TALK, messages=[replace(HELLO, status="SECRET")]), "$.messages[0].status"),  # type: ignore[arg-type]  # as above
        (
            replace(TALK, messages=[replace(HELLO, attachments=[replace(FILE, url="ftp://SECRET")])]),
            "$.messages[0].attachments[0].url",
        ),
        (replace(TALK, participants=[US, replace(THEM, role="SECRET")]), "$.participants[1].role"),  # type: ignore[arg-type]  # as above
        (
            replace(TALK, participants=[US, replace(THEM, avatar_url="data:x")]),
            "$.participants[1].avatar_url",
        ),
    ],
)
def test_what_is_wrong_is_named_without_its_value(wrong: Conversation, field: str) -> None:
    with pytest.raises(AnswerRejected) as caught:
        told(wrong, Conversation)
    assert f"at `{field}`" in str(caught.value)
    assert "SECRET" not in str(caught.value)
    with pytest.raises(AnswerRejected) as inside:
        told(Conversations(items=[TALK, wrong]), Conversations)
    assert f"at `$.items[1]{field[1:]}`" in str(inside.value)


@pytest.mark.parametrize("odd", [None, 7, "c1", [TALK], object(), {"id": "c1"}])
def test_something_else_is_refused(odd: Any) -> None:
    with pytest.raises(AnswerRejected):
        told(odd, Conversation)


def test_a_key_of_the_authors_own_does_not_go_out() -> None:
    odd: Any = {"id": "s1", "name": "Anna", "password": "hunter2"}
    assert told(odd, Sender) == {"id": "s1", "name": "Anna"}


def test_nothing_at_all_is_an_answer_too() -> None:
    assert told(Conversations(), Conversations) == {"items": []}
    assert AT.astimezone(UTC).hour == 1
