"""Messaging apps: a manifest as strict as Developer Hub's, and what Pipedrive's server asks by it."""

import base64
import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from tests.emulator.client import ACME, JACK, MARTA
from tests.emulator.json_app import JsonApp, running_json_app
from tests.emulator.process import EmulatorProcess

CLIENT_ID, SECRET = "messaging-client", "messaging-secret"
TALK: dict[str, Any] = {
    "id": "t1",
    "link": "",
    "status": "open",
    "seen": True,
    "messages": [
        {
            "id": "m1",
            "status": "read",
            "created_at": "2026-11-30T01:15:30.250Z",
            "message": "Hello",
            "sender_id": "anna",
        }
    ],
    "participants": [
        {"id": "us", "name": "Acme", "role": "source_user"},
        {"id": "anna", "name": "Anna", "role": "end_user"},
    ],
}
CONVERSATIONS = {"success": True, "data": [TALK], "additional_data": {"after": None}}


def manifest(app: JsonApp) -> dict[str, Any]:
    below = f"{app.url}/api/:providerChannelId"
    return {
        "version": "v202101",
        "endpoints": {
            "getConversations": f"{below}/talks",
            "getConversationById": f"{below}/talks/:sourceConversationId",
            "postMessage": f"{below}/send",
        },
    }


def registration(app: JsonApp, messaging: Any, *scopes: str) -> dict[str, Any]:
    return {
        "name": "Chat",
        "callback_url": f"{app.url}/callback",
        "client_id": CLIENT_ID,
        "client_secret": SECRET,
        "scopes": ["base", *scopes],
        "surfaces": [],
        "messaging": messaging,
    }


@pytest.fixture
def chat(emulator: EmulatorProcess) -> Iterator[JsonApp]:
    with running_json_app() as app:
        emulator.control("apps", registration(app, manifest(app), "messengers-integration"))
        yield app


@pytest.fixture
def channel(emulator: EmulatorProcess, chat: JsonApp) -> str:
    """The provider's id of one that Marta's grant has registered, whose conversations were asked for."""
    chat.say("GET /api/chan-1/talks", CONVERSATIONS)
    reply = api(emulator, "/api/v1/channels", name="Chat", provider_channel_id="chan-1")
    assert reply["success"] is True
    asked(emulator, 1)
    return "chan-1"


def api(emulator: EmulatorProcess, path: str, **body: Any) -> Any:
    """The API with the app's own token."""
    codes = emulator.control("codes", {"client_id": CLIENT_ID, "user_ids": [MARTA]})
    fields = {"grant_type": "authorization_code", "code": codes["codes"][0]["code"]}
    fields["redirect_uri"] = codes["callback_url"]
    token = emulator.http.post("/oauth/token", data=fields, auth=(CLIENT_ID, SECRET)).json()["access_token"]
    return emulator.http.post(path, json=body, headers={"Authorization": f"Bearer {token}"}).json()


def asked(emulator: EmulatorProcess, count: int) -> list[dict[str, Any]]:
    """The ledger's entries once there are so many."""
    for _ in range(200):
        found = emulator.ledger("messaging_request")
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"Pipedrive asked {len(found)} times instead of {count}")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": "v202102"}, "/messaging/version"),
        ({"clientId": "x"}, "no other key"),
        ({"endpoints": None}, "an object of URLs"),
        ({"endpoints": {"postMessage": None}}, "postMessage is required"),
        ({"endpoints": {"getEverything": "https://a.test/:providerChannelId"}}, "getEverything"),
        ({"endpoints": {"getTemplates": "https://a.test/templates"}}, "lacks :providerChannelId"),
        ({"endpoints": {"getTemplates": "http://a.test/:providerChannelId"}}, "an https URL"),
        ({"endpoints": {"getSenderById": "https://a.test/:providerChannelId"}}, "lacks :senderId"),
        (
            {"endpoints": {"getMessageById": "https://a.test/:providerChannelId/:sourceMessageId"}},
            "lacks :sourceConversationId",
        ),
    ],
)
def test_a_manifest_is_read_as_developer_hub_reads_it(
    emulator: EmulatorProcess, chat: JsonApp, change: dict[str, Any], words: str
) -> None:
    odd = deepcopy(manifest(chat))
    for key, value in change.items():
        if key == "endpoints" and value is not None:
            merged = {**odd["endpoints"], **value}
            odd["endpoints"] = {name: url for name, url in merged.items() if url is not None}
        else:
            odd[key] = value
    reply = emulator.ask("apps", registration(chat, odd, "messengers-integration"))
    assert reply.status_code == 400
    assert words in reply.json()["error"]


def test_a_manifest_needs_its_scope(emulator: EmulatorProcess, chat: JsonApp) -> None:
    reply = emulator.ask("apps", registration(chat, manifest(chat)))
    assert (reply.status_code, "messengers-integration" in reply.json()["error"]) == (400, True)


def test_a_new_channel_is_asked_for_its_conversations(
    emulator: EmulatorProcess, chat: JsonApp, channel: str
) -> None:
    (entry,) = asked(emulator, 1)
    assert (entry["company_id"], entry["user_id"], entry["channel"]) == (ACME, MARTA, channel)
    assert (entry["endpoint"], entry["status"], entry["complaints"]) == ("getConversations", 200, [])
    (arrival,) = [each for each in chat.arrivals if each.path.endswith("/talks")]
    given = base64.b64decode(arrival.headers["authorization"].removeprefix("Basic ")).decode()
    assert given == f"{CLIENT_ID}:{SECRET}"
    assert arrival.query == {"conversations_limit": "30", "messages_limit": "30"}
    (known,) = emulator.control("channels")["channels"]
    assert (known["provider_channel_id"], known["pd_user_id"]) == (channel, MARTA)


def test_a_conversation_that_begins_is_asked_for(
    emulator: EmulatorProcess, chat: JsonApp, channel: str
) -> None:
    chat.say("GET /api/chan-1/talks/t1", {"success": True, "data": TALK, "additional_data": {}})
    message = {"id": "m2", "sender_id": "anna", "message": "Hi", "status": "sent"}
    for number in ("m2", "m3"):
        said = {**message, "id": number, "created_at": "2026-11-30 01:16", "conversation_id": "t1"}
        assert api(emulator, "/api/v1/channels/messages/receive", channel_id=channel, **said)["success"]
    found = asked(emulator, 2)
    assert [each["endpoint"] for each in found] == ["getConversations", "getConversationById"]
    assert found[-1]["complaints"] == []


def test_a_message_goes_as_a_form_with_its_files(
    emulator: EmulatorProcess, chat: JsonApp, channel: str
) -> None:
    chat.say("POST /api/chan-1/send", {"success": True, "data": {"id": "m9"}})
    file = {"name": "a.txt", "type": "text/plain", "base64": base64.b64encode(b"abc").decode()}
    form = {"message": "Hi", "senderId": "us", "conversationId": "t1", "recipientIds[]": "anna,eva"}
    question = {"channel": channel, "endpoint": "postMessage", "form": form, "files": [file]}
    assert emulator.control("messaging", question) == {
        "status": 200,
        "body": {"success": True, "data": {"id": "m9"}},
        "complaints": [],
    }
    arrival = chat.last("/api/chan-1/send", "POST")
    assert arrival.headers["content-type"].startswith("multipart/form-data; boundary=")
    for words in (b'name="recipientIds[]"', b"anna,eva", b'filename="a.txt"', b"text/plain", b"abc"):
        assert words in arrival.body


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        ({**CONVERSATIONS, "success": False}, 200, "$.success"),
        ({**CONVERSATIONS, "data": [{**TALK, "status": "new"}]}, 200, "$.data[0].status"),
        (
            {**CONVERSATIONS, "data": [{**TALK, "participants": TALK["participants"][:1]}]},
            200,
            "participants",
        ),
        (
            {**CONVERSATIONS, "data": [{**TALK, "participants": TALK["participants"][1:]}]},
            200,
            "participants",
        ),
        ({**CONVERSATIONS, "data": [{**TALK, "messages": [{"id": "m1"}]}]}, 200, "$.data[0].messages[0]"),
        (b"<html>", 200, "$"),
        ({"success": False, "data": {"message": "No", "code": "NOPE"}}, 404, "$.data.code"),
        ({"success": False, "data": {"message": "No", "code": "RATE_LIMIT_EXCEEDED"}}, 429, "retry_by"),
        ({}, 302, "the status is 302"),
    ],
)
def test_what_is_not_as_documented_is_complained_about(
    emulator: EmulatorProcess, chat: JsonApp, channel: str, body: Any, status: int, place: str
) -> None:
    chat.say("GET /api/chan-1/talks", body, status)
    reply = emulator.control("messaging", {"channel": channel, "endpoint": "getConversations"})
    assert reply["status"] == status
    assert any(place in words for words in reply["complaints"])


def test_a_refusal_as_documented_is_fine(emulator: EmulatorProcess, chat: JsonApp, channel: str) -> None:
    data = {"message": "Later", "code": "RATE_LIMIT_EXCEEDED", "retry_by": "2026-11-30T01:15:30Z"}
    chat.say("GET /api/chan-1/talks", {"success": False, "data": data}, 429)
    reply = emulator.control("messaging", {"channel": channel, "endpoint": "getConversations"})
    assert (reply["status"], reply["complaints"]) == (429, [])


def test_only_what_is_there_can_be_asked(emulator: EmulatorProcess, channel: str) -> None:
    unknown = emulator.ask("messaging", {"channel": "chan-2", "endpoint": "getConversations"})
    unnamed = emulator.ask("messaging", {"channel": channel, "endpoint": "getTemplates"})
    assert (unknown.status_code, unnamed.status_code) == (404, 404)
    assert emulator.ask("messaging", {"channel": channel, "what": 1}).status_code == 400


def page(emulator: EmulatorProcess, query: str = "", user: int = MARTA) -> str:
    headers = emulator.company_host("acme") | {"Cookie": f"pipedrive_emulator_user={user}"}
    return emulator.http.get(f"/leads/messages{query}", headers=headers).text


@pytest.mark.usefixtures("channel")
def test_the_inbox_shows_the_conversations_of_ones_own_channels(
    emulator: EmulatorProcess, chat: JsonApp
) -> None:
    hostile = deepcopy(TALK)
    hostile["messages"][0]["message"] = "<script>alert(1)</script>"
    chat.say("GET /api/chan-1/talks", {**CONVERSATIONS, "data": [hostile]})
    shown = page(emulator)
    assert "Anna" in shown
    assert "&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    asked_before = len(asked(emulator, 1))
    assert "Anna" not in page(emulator, user=JACK)
    assert len(asked(emulator, 1)) == asked_before


@pytest.mark.usefixtures("channel")
def test_a_reply_goes_to_the_app_and_back_to_the_conversation(
    emulator: EmulatorProcess, chat: JsonApp
) -> None:
    chat.say("GET /api/chan-1/talks/t1", {"success": True, "data": TALK, "additional_data": {}})
    chat.say("POST /api/chan-1/send", {"success": True, "data": {"id": "m9"}})
    own = emulator.control("channels")["channels"][0]["id"]
    assert "Hello" in page(emulator, f"?channel={own}&conversation=t1")
    headers = emulator.company_host("acme") | {"Cookie": f"pipedrive_emulator_user={MARTA}"}
    form = {"channel": own, "conversation": "t1", "message": "Hi Anna"}
    reply = emulator.http.post("/_host/messages", data=form, headers=headers)
    assert reply.status_code == 303
    assert reply.headers["location"] == f"/leads/messages?channel={own}&conversation=t1"
    body = chat.last("/api/chan-1/send", "POST").body
    for words in (b"Hi Anna", b'name="senderId"\r\n', b"us", b"anna"):
        assert words.replace(b"\r\n", b"") in body
    foreign = headers | {"Cookie": f"pipedrive_emulator_user={JACK}"}
    assert emulator.http.post("/_host/messages", data=form, headers=foreign).status_code == 404


@pytest.mark.usefixtures("channel")
def test_what_cannot_be_shown_is_said(emulator: EmulatorProcess, chat: JsonApp) -> None:
    refusal = {"success": False, "data": {"message": "Come back.", "code": "ACCOUNT_SUSPENDED"}}
    chat.say("GET /api/chan-1/talks", refusal, 401)
    assert "The app refused: Come back. (ACCOUNT_SUSPENDED)" in page(emulator)
    chat.say("GET /api/chan-1/talks", {**CONVERSATIONS, "data": [{**TALK, "status": "new"}]})
    assert "not as documented: $.data[0].status" in page(emulator)
