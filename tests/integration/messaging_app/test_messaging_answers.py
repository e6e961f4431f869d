"""Every question of Pipedrive's inbox gets one answer, as documented, whatever its handler does."""

import base64
import time
from typing import Any

import pytest

from tests.integration.messaging_app.messaging_town import FORM, IDS, PATHS, MessagingTown, Reply


@pytest.fixture(scope="module")
def channel(town: MessagingTown) -> str:
    return town.connects(town.person("Marta"), "answers")


def refusal(reply: Reply, status: int, code: str) -> dict[str, Any]:
    """What Pipedrive is told, besides the code."""
    body = reply.json()
    assert (reply.status_code, body["success"], body["data"]["code"]) == (status, False, code)
    assert reply.headers["content-type"] == "application/json"
    told: dict[str, Any] = body["data"]
    return told


def form(**changes: Any) -> dict[str, Any]:
    return {name: (None, value) for name, value in {**FORM, **changes}.items()}


@pytest.mark.parametrize("endpoint", PATHS)
def test_pipedrive_has_nothing_to_complain_of(town: MessagingTown, endpoint: str) -> None:
    account = f"documented-{endpoint}"
    town.connects(town.person("Marta"), account)
    names = {"getConversationById": ["sourceConversationId"], "getSenderById": ["senderId"]}
    names["getMessageById"] = ["sourceConversationId", "sourceMessageId"]
    question = {
        "channel": town.channel(town.person("Marta"), account)["id"],
        "endpoint": endpoint,
        "variables": dict(zip(names.get(endpoint, []), IDS.get(endpoint, ()), strict=True)),
        "form": FORM if endpoint == "postMessage" else {},
        "files": [{"name": "a.txt", "type": "text/plain", "base64": base64.b64encode(b"abc").decode()}],
    }
    reply = town.app.control.ask("POST", "messaging", question)
    assert (reply["status"], reply["complaints"]) == (200, [])


def test_pipedrive_asks_at_once_for_conversations_and_templates(town: MessagingTown) -> None:
    since = town.app.control.last_entry()
    channel = town.connects(town.person("Marta"), "at-once")
    for _ in range(100):
        entries = town.app.control.ledger(since)
        found = [each for each in entries if each["kind"] == "messaging_request"]
        if len(found) == 2:
            break
        time.sleep(0.05)
    assert {each["endpoint"] for each in found} == {"getConversations", "getTemplates"}
    assert {(each["channel"], each["status"], *each["complaints"]) for each in found} == {(channel, 200)}


def test_pages_go_in_and_cursors_come_out(town: MessagingTown, channel: str) -> None:
    query = {"conversations_limit": "7", "after": "a&b"}
    first = town.asks("getConversations", channel, params=query).json()
    assert [each["id"] for each in first["data"]] == ["talk-7-a&b"]
    assert first["additional_data"] == {"after": "next"}
    second = town.asks("getConversationById", channel, "talk-1", params={"messages_limit": "4"}).json()
    assert second["data"]["next_messages_cursor"] == second["additional_data"]["after"] == "4-None"


def test_a_message_comes_with_its_recipients_and_files(town: MessagingTown, channel: str) -> None:
    files = [*form().items(), ("files", ("a.txt", b"abc")), ("files", ("b.bin", b"x" * 2_000_000))]
    reply = town.asks("postMessage", channel, files=files)
    assert reply.json() == {"success": True, "data": {"id": "sent-us,anna,eva,a.txt=3,b.bin=2000000"}}


def test_a_message_of_getMessageById_is_bare(town: MessagingTown, channel: str) -> None:  # noqa: N802 (its name)
    body = town.asks("getMessageById", channel, "talk-1", "m5").json()
    assert (body["id"], "success" in body, body["attachments"][0]["link_expires"]) == ("m5", False, True)


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ("InvalidBody", 400, "INVALID_BODY"),
        ("Unauthorized", 401, "UNAUTHORIZED"),
        ("AccountSuspended", 401, "ACCOUNT_SUSPENDED"),
        ("Forbidden", 403, "FORBIDDEN"),
        ("NotFound", 404, "NOT_FOUND"),
        ("RateLimitExceeded", 429, "RATE_LIMIT_EXCEEDED"),
    ],
)
def test_a_handler_refuses_by_raising(
    town: MessagingTown, channel: str, wish: str, status: int, code: str
) -> None:
    posted = town.asks("postMessage", channel, files=form(conversationId=wish))
    for reply in (town.asks("getConversationById", channel, wish), posted):
        told = refusal(reply, status, code)
        assert ("retry_by" in told) == (status == 429)
        assert told["message"] in (f"Because of {wish}.", "Later.")


@pytest.mark.parametrize("wish", ["odd-none", "odd-participants", "odd-time", "odd-status", "odd-object"])
def test_an_answer_that_is_not_as_documented_does_not_go_out(
    town: MessagingTown, channel: str, wish: str
) -> None:
    before = len(town.app.log())
    told = refusal(town.asks("getConversationById", channel, wish), 500, "INTERNAL_ERROR")
    assert "not as documented" in told["message"]
    (line,) = [each for each in town.app.log()[before:].splitlines() if '"not as documented"' in each]
    assert "Traceback" not in town.app.log()[before:]
    assert "HUSH" not in line
    assert {"odd-time": "$.messages[0].created_at", "odd-status": "$.status"}.get(wish, "") in line


def test_a_limit_without_a_zone_is_not_sent(town: MessagingTown, channel: str) -> None:
    refusal(town.asks("getConversationById", channel, "limited-without-zone"), 500, "INTERNAL_ERROR")


def test_a_handler_that_breaks_tells_pipedrive_nothing_of_why(town: MessagingTown, channel: str) -> None:
    told = refusal(town.asks("getConversationById", channel, "breaks"), 500, "INTERNAL_ERROR")
    assert "HUSH" not in str(told)
    posted = town.asks("postMessage", channel, files=form(conversationId="breaks"))
    assert "may or may not be sent" in refusal(posted, 503, "INTERNAL_ERROR")["message"]


@pytest.mark.parametrize(
    ("wish", "status", "code"), [("no-scope", 403, "FORBIDDEN"), ("no-deal", 500, "INTERNAL_ERROR")]
)
def test_what_pipedrive_refuses_a_handler_is_told(
    town: MessagingTown, channel: str, wish: str, status: int, code: str
) -> None:
    refusal(town.asks("getConversationById", channel, wish), status, code)
    refusal(town.asks("postMessage", channel, files=form(conversationId=wish)), 503, "INTERNAL_ERROR")


def test_settings_of_the_company_are_its_admins(town: MessagingTown, channel: str) -> None:
    assert town.asks("getConversationById", channel, "for-admins").status_code == 200
    linh = town.person("Linh")
    promoted = {"is_admin": True}
    town.app.control.ask("POST", f"users/{linh.id}", promoted)
    own = town.connects(linh, "demoted")
    town.app.control.ask("POST", f"users/{linh.id}", {"is_admin": False})
    town.settings(linh)  # with another consent, which brings her profile up to date
    refusal(town.asks("getConversationById", own, "for-admins"), 403, "FORBIDDEN")


def test_pipedrives_own_limit_is_told_unless_a_message_may_be_on_its_way(
    town: MessagingTown, channel: str
) -> None:
    limit = {"route": "/api/v2/deals", "kind": "status:429", "count": 2}
    town.app.control.ask("POST", "faults", [limit])
    told = refusal(town.asks("getConversations", channel), 429, "RATE_LIMIT_EXCEEDED")
    assert told["retry_by"].endswith("Z")
    town.app.control.ask("POST", "faults", [limit])
    refusal(town.asks("postMessage", channel), 503, "INTERNAL_ERROR")
    assert town.asks("postMessage", channel).is_success


@pytest.mark.parametrize("wish", ["slow", "stubborn"])
def test_a_handler_that_does_not_end_is_not_waited_for(town: MessagingTown, channel: str, wish: str) -> None:
    began = time.monotonic()
    refusal(town.asks("getConversationById", channel, wish), 503, "INTERNAL_ERROR")
    assert 8.5 < time.monotonic() - began < 11


@pytest.mark.parametrize(
    "how",
    [
        {"files": form(conversationId="")},
        {"files": form(message="")},
        {"data": FORM},
        {"content": b"{}", "headers": {"content-type": "application/json"}},
        {"content": b"--b\r\n", "headers": {"content-type": "multipart/form-data; boundary=b"}},
        {"files": [*form().items(), *[("files", ("a", b"a"))] * 11]},
        {"files": [*form().items(), ("files", ("a", b"x" * 33 * 1024 * 1024))]},
    ],
)
def test_a_message_that_is_not_as_documented_reaches_no_handler(
    town: MessagingTown, channel: str, how: dict[str, Any]
) -> None:
    since = town.app.control.last_entry()
    refusal(town.asks("postMessage", channel, **how), 400, "INVALID_BODY")
    assert town.handled(since) == set()


def test_a_query_key_comes_once(town: MessagingTown, channel: str) -> None:
    for params in ([("after", "1"), ("after", "2")], [("messages_limit", "x")]):
        refusal(town.asks("getConversations", channel, params=params), 400, "INVALID_BODY")


def test_the_log_has_no_conversations_id(town: MessagingTown, channel: str) -> None:
    """It may be a telephone number."""
    assert town.asks("getConversationById", channel, "84901234567").status_code == 200
    town.asks("getConversationById", channel, "84901234568", auth=None)
    assert "8490123456" not in town.app.log()
    assert "/pd/channels/:providerChannelId/conversations/:sourceConversationId" in town.app.log()


def test_only_the_documented_methods_are_there(town: MessagingTown, channel: str) -> None:
    url = f"{town.app.url}/pd/channels/{channel}"
    for method, path in (("HEAD", "/conversations"), ("GET", ""), ("GET", "/messages"), ("PUT", "/messages")):
        assert town.http.request(method, url + path, auth=town.credentials).status_code == 405
