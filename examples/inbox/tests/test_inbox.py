"""The account that the settings page connects is what Pipedrive's inbox asks for, and what it is told of."""

import base64
from typing import Any

import pytest

from marketplace_app.testing.pages import Page
from marketplace_app.testing.surface import Surface


class Inbox:
    """Pipedrive's inbox: asks by the manifest of the channel that was registered last."""

    def __init__(self, pipedrive: Any) -> None:
        self.pipedrive = pipedrive

    @property
    def channels(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.pipedrive.control("channels")["channels"]
        return found

    def asks(self, endpoint: str, **question: Any) -> tuple[int, Any]:
        channel = self.channels[-1]["id"]
        reply = self.pipedrive.control("messaging", {"channel": channel, "endpoint": endpoint, **question})
        assert reply["complaints"] == []
        return reply["status"], reply["body"]


@pytest.fixture
def inbox(surface: Surface, pipedrive: Any) -> Inbox:
    connected = surface.open("connect").press("Connect", account="Acme on Chat")
    assert connected.snackbars == ["Connected"]
    assert [call["path"] for call in connected.api_calls] == ["/api/v1/channels"]
    return Inbox(pipedrive)


def connected(surface: Surface) -> Page:
    return surface.open("connect")


def test_a_connected_account_is_shown_with_its_conversations(inbox: Inbox) -> None:
    (channel,) = inbox.channels
    assert (channel["name"], channel["provider_type"]) == ("Acme on Chat", "other")
    status, body = inbox.asks("getConversations", query={"conversations_limit": "10", "messages_limit": "5"})
    assert status == 200
    (talk,) = body["data"]
    assert [each["message"] for each in talk["messages"]] == ["Hello Acme on Chat"]
    assert [each["role"] for each in talk["participants"]] == ["source_user", "end_user"]


def test_what_is_sent_from_pipedrive_stands_in_the_conversation(inbox: Inbox) -> None:
    inbox.asks("getConversations")
    form = {"message": "Hi Anna", "senderId": "us", "conversationId": "talk-1", "recipientIds[]": "anna"}
    file = {"name": "offer.pdf", "type": "application/pdf", "base64": base64.b64encode(b"%PDF").decode()}
    status, sent = inbox.asks("postMessage", form=form, files=[file])
    assert (status, sent["success"]) == (200, True)
    talk = {"sourceConversationId": "talk-1"}
    _, body = inbox.asks("getConversationById", variables=talk, query={"messages_limit": "1"})
    assert [each["message"] for each in body["data"]["messages"]] == ["Hi Anna\noffer.pdf (4 bytes)"]
    assert [each["id"] for each in body["data"]["messages"]] == [sent["data"]["id"]]
    older = {"messages_limit": "1", "after": body["additional_data"]["after"]}
    _, body = inbox.asks("getConversationById", variables=talk, query=older)
    assert [each["message"] for each in body["data"]["messages"]] == ["Hello Acme on Chat"]
    assert body["additional_data"]["after"] is None


def test_a_conversation_that_is_not_there_is_refused(inbox: Inbox) -> None:
    status, body = inbox.asks("getConversationById", variables={"sourceConversationId": "talk-9"})
    assert (status, body["data"]["code"]) == (404, "NOT_FOUND")


def test_pipedrive_is_told_of_what_a_customer_writes(inbox: Inbox, surface: Surface) -> None:
    told = connected(surface).press("A customer writes")
    assert [call["path"] for call in told.api_calls] == ["/api/v1/channels/messages/receive"]
    assert told.snackbars == ["Look at the inbox"]
    _, body = inbox.asks("getConversationById", variables={"sourceConversationId": "talk-2"})
    assert [each["message"] for each in body["data"]["messages"]] == ["Are you there?"]


def test_connecting_twice_is_one_channel(inbox: Inbox, surface: Surface) -> None:
    again = connected(surface).press("Connect", account="Acme on Chat")
    assert (again.snackbars, again.api_calls) == (["Connected"], ())
    assert len(inbox.channels) == 1


def test_disconnecting_takes_the_channel_away(inbox: Inbox, surface: Surface) -> None:
    done = connected(surface).press("Disconnect")
    assert done.snackbars == ["Disconnected"]
    assert inbox.channels == []
    assert "Acme on Chat" not in connected(surface).text


def test_a_channel_that_is_deleted_in_pipedrive_goes_here_too(inbox: Inbox, surface: Surface) -> None:
    assert inbox.asks("deleteChannelById") == (200, {"success": True})
    assert "Acme on Chat" not in connected(surface).text
