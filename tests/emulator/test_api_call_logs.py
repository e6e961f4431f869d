"""What telephones, messengers and video calls leave in Pipedrive: call logs, channels, links of users."""

from typing import Any

import pytest

from pipedrive_emulator.api import catalogue, operations
from pipedrive_emulator.api.call import Call
from pipedrive_emulator.store import MemoryStore
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world import World
from pipedrive_emulator.world.seed import plant
from tests.emulator.app_behind import CLIENT_ID, AppBehind
from tests.emulator.client import ACME, HUY, JACK, LINH, MARTA, SAIGON, ApiAs, Client
from tests.emulator.process import EmulatorProcess
from tests.emulator.scopes import client_with

LOGS = "/api/v1/callLogs"
CALL = {
    "outcome": "connected",
    "to_phone_number": "+372 555 0144",
    "start_time": "2026-11-20 09:00:00",
    "end_time": "2026-11-20 09:04:30",
}
AUDIO = {"file": ("call.mp3", b"ID3 sound", "audio/mpeg")}
CHANNELS = "/api/v1/channels"
LINKS = "/api/v1/meetings/userProviderLinks"
LINK_ID = "1e3943c9-6395-462b-b432-1f252c017f3d"


@pytest.fixture
def client(emulator: EmulatorProcess, app: AppBehind) -> Client:
    scopes = ("phone-integration", "messengers-integration", "video-calls")
    return client_with(emulator, app, *scopes, "deals:full", "contacts:full", "activities:full")


def log(api: ApiAs, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = api.write("POST", LOGS, **CALL | values)
    return made


def test_a_call_log_is_an_activity_that_is_done(marta: ApiAs) -> None:
    made = log(marta, deal_id=1, person_id=1, subject="About burrs", note="<b>Two</b> sets", duration="270")
    assert made["start_time"] == "2026-11-20T09:00:00.000Z"
    assert (made["user_id"], made["company_id"], made["has_recording"]) == (MARTA, ACME, False)
    activity = marta.get(f"/api/v2/activities/{made['activity_id']}")
    assert (activity["type"], activity["done"], activity["deal_id"]) == ("call", True, 1)
    assert (activity["due_date"], activity["due_time"]) == ("2026-11-20", "09:00:00")
    assert (activity["subject"], activity["duration"]) == ("About burrs", "00:04:30")
    assert activity["participants"] == [{"person_id": 1, "primary": True}]


def test_an_activity_becomes_a_call_log_and_keeps_its_links(marta: ApiAs) -> None:
    planned = marta.write("POST", "/api/v2/activities", subject="Call Kadri", type="call", deal_id=5)
    made = log(marta, activity_id=planned["id"], deal_id=1, outcome="busy")
    assert (made["activity_id"], made["deal_id"], made["subject"]) == (planned["id"], 5, "Call Kadri")
    assert marta.get(f"/api/v2/activities/{planned['id']}")["done"] is True
    again = CALL | {"activity_id": planned["id"]}
    assert "a call log already" in marta.refused("POST", LOGS, 400, json=again)["error"]


@pytest.mark.parametrize(
    ("status", "values", "error"),
    [
        (400, {"outcome": None}, "outcome is required"),
        (400, {"outcome": "slept"}, "'outcome' must be one of"),
        (400, {"deal_id": 1, "lead_id": "x"}, "a deal or to a lead, not to both"),
        (400, {"start_time": "yesterday"}, "'start_time' is not a valid datetime"),
        (400, {"end_time": "2026-11-20 08:59:59"}, "end_time is before start_time"),
        (400, {"duration": "long"}, "duration must be a number of seconds"),
        (404, {"deal_id": 999}, "Deal not found"),
        (404, {"lead_id": "nobody"}, "Lead not found"),
        (404, {"activity_id": 999}, "Activity not found"),
        (404, {"user_id": HUY}, "User not found"),
    ],
)
def test_bad_call_logs_are_refused(marta: ApiAs, status: int, values: dict[str, Any], error: str) -> None:
    activities = len(marta.everything("/api/v2/activities"))
    assert error in marta.refused("POST", LOGS, status, json=CALL | values)["error"]
    assert len(marta.everything("/api/v2/activities")) == activities


def test_only_calls_become_call_logs(marta: ApiAs) -> None:
    lunch = marta.write("POST", "/api/v2/activities", subject="Lunch", type="lunch")
    marta.refused("POST", LOGS, 400, json=CALL | {"activity_id": lunch["id"]})
    assert marta.get(f"/api/v2/activities/{lunch['id']}")["done"] is False


def test_only_admins_log_calls_of_others(client: Client, marta: ApiAs) -> None:
    jack = client.as_user(JACK)
    jack.refused("POST", LOGS, 403, json=CALL | {"user_id": LINH})
    assert log(jack, user_id=JACK)["user_id"] == JACK
    made = log(marta, user_id=LINH)
    assert made["id"] in {row["id"] for row in client.as_user(LINH).get(LOGS)}
    assert made["id"] not in {row["id"] for row in marta.get(LOGS)}


def test_a_list_is_the_callers_in_pages_of_fifty(client: Client) -> None:
    jack = client.as_user(JACK)
    seeded = len(jack.get(LOGS))
    for minute in range(51 - seeded):
        times = {"start_time": f"2020-01-01 09:{minute:02}:00", "end_time": f"2020-01-01 09:{minute:02}:30"}
        log(jack, **times)
    page = jack.request("GET", LOGS, params={"limit": 500}).json()
    assert len(page["data"]) == 50
    assert page["additional_data"]["pagination"]["next_start"] == 50
    starts = [row["start_time"] for row in page["data"]]
    assert starts == sorted(starts, reverse=True)


def test_a_call_has_one_recording_which_is_sound(client: Client) -> None:
    jack, linh = client.as_user(JACK), client.as_user(LINH)
    made = log(jack, deal_id=1)
    path = f"{LOGS}/{made['id']}"
    text = {"file": ("call.txt", b"hello", "text/plain")}
    jack.refused("POST", f"{path}/recordings", 400, files=text)
    linh.refused("POST", f"{path}/recordings", 403, files=AUDIO)
    assert jack.request("POST", f"{path}/recordings", files=AUDIO).status_code == 200
    assert jack.get(path)["has_recording"] is True
    jack.refused("POST", f"{path}/recordings", 409, files=AUDIO)
    jack.refused("POST", f"{LOGS}/CAnothing/recordings", 404, files=AUDIO)


def test_a_deleted_call_log_is_gone_and_its_activity_stays(client: Client) -> None:
    jack, linh = client.as_user(JACK), client.as_user(LINH)
    made = log(jack, deal_id=1)
    path = f"{LOGS}/{made['id']}"
    linh.refused("DELETE", path, 403)
    assert jack.request("DELETE", path).json()["success"] is True
    jack.refused("GET", path, 404)
    jack.refused("DELETE", path, 410)
    jack.refused("DELETE", f"{LOGS}/CAnothing", 404)
    assert jack.get(f"/api/v2/activities/{made['activity_id']}")["is_deleted"] is False


def test_a_call_log_is_seen_with_its_activity(client: Client, marta: ApiAs) -> None:
    made = log(marta, deal_id=15)
    client.as_user(LINH).refused("GET", f"{LOGS}/{made['id']}", 404)
    shared = log(marta, deal_id=1)
    assert client.as_user(LINH).get(f"{LOGS}/{shared['id']}")["id"] == shared["id"]
    client.as_user(HUY).refused("GET", f"{LOGS}/{shared['id']}", 404)


MESSAGE = {
    "id": "message-1",
    "channel_id": "shop",
    "sender_id": "s",
    "conversation_id": "talk",
    "message": "Hello",
    "status": "sent",
    "created_at": "2026-11-20 09:00",
}


def channel(api: ApiAs, **values: Any) -> dict[str, Any]:
    made: dict[str, Any] = api.write(
        "POST", CHANNELS, **{"name": "S", "provider_channel_id": "shop"} | values
    )
    return made


def test_channels_are_registered_by_admins_once(client: Client, marta: ApiAs) -> None:
    client.as_user(JACK).refused("POST", CHANNELS, 403, json={"name": "S", "provider_channel_id": "shop"})
    made = channel(marta)
    assert (made["marketplace_client_id"], made["pd_user_id"]) == (CLIENT_ID, MARTA)
    assert (made["provider_type"], made["template_support"]) == ("other", False)
    again = {"name": "T", "provider_channel_id": "shop"}
    refused = marta.refused("POST", CHANNELS, 400, json=again)
    assert refused["additional_data"]["code"] == "ERR_CHANNEL_EXISTS"


def test_messages_come_into_conversations_that_can_be_deleted(marta: ApiAs) -> None:
    made = channel(marta)
    marta.refused("POST", f"{CHANNELS}/messages/receive", 400, json=MESSAGE | {"channel_id": "none"})
    sent = marta.write("POST", f"{CHANNELS}/messages/receive", **MESSAGE)
    assert (sent["created_at"], sent["attachments"]) == ("2026-11-20T09:00:00.000Z", [])
    marta.refused("POST", f"{CHANNELS}/messages/receive", 400, json=MESSAGE | {"created_at": "now"})
    path = f"{CHANNELS}/{made['id']}/conversations"
    marta.refused("DELETE", f"{path}/other", 404)
    assert marta.request("DELETE", f"{path}/talk").status_code == 200
    marta.refused("DELETE", f"{path}/talk", 404)


def test_a_channel_ends_with_its_conversations(marta: ApiAs) -> None:
    channel(marta)
    marta.write("POST", f"{CHANNELS}/messages/receive", **MESSAGE)
    assert marta.request("DELETE", f"{CHANNELS}/shop").status_code == 200
    marta.refused("DELETE", f"{CHANNELS}/shop", 400)
    channel(marta)
    marta.refused("DELETE", f"{CHANNELS}/shop/conversations/talk", 404)


def test_nothing_is_kept_of_a_channel_that_ended() -> None:
    """No operation shows it, so this looks into the world."""
    store = MemoryStore()
    world = World(store)
    plant(world, "small", 1_795_000_000)
    company, user = world.company(ACME), world.user(MARTA)
    assert company is not None
    assert user is not None

    def called(method: str, path: str, body: Any = None) -> None:
        match = operations.load().match(method, path)
        assert match is not None
        handler = catalogue.handler(match.operation)
        assert handler is not None
        facts = {"operation": match.operation, "variables": match.variables, "query": {}, "body": body}
        handler(Call(world=world, company=company, user=user, switches=Switches(store), now=0, **facts))

    called("POST", CHANNELS, {"name": "S", "provider_channel_id": "shop"})
    called("POST", f"{CHANNELS}/messages/receive", MESSAGE)
    assert len(list(world.records(ACME).all("conversations"))) == 1
    called("DELETE", f"{CHANNELS}/shop")
    assert list(world.records(ACME).all("conversations")) == []


def test_a_channel_belongs_to_its_app(marta: ApiAs, emulator: EmulatorProcess) -> None:
    channel(marta)
    tokens = {user["id"]: user["api_token"] for user in emulator.control("world")["users"]}
    reply = emulator.http.delete(f"{CHANNELS}/shop", headers={"x-api-token": tokens[MARTA]})
    assert reply.status_code == 403


def test_users_are_linked_to_a_video_app_of_their_own(marta: ApiAs) -> None:
    body = {
        "user_provider_id": LINK_ID,
        "user_id": LINH,
        "company_id": ACME,
        "marketplace_client_id": CLIENT_ID,
    }
    for wrong in ({"user_id": HUY}, {"company_id": SAIGON}, {"marketplace_client_id": "other"}):
        assert "No permission" in marta.refused("POST", LINKS, 401, json=body | wrong)["message"]
    marta.refused("POST", LINKS, 400, json=body | {"user_provider_id": "1"})
    assert marta.write("POST", LINKS, **body) == {"message": "The user was added successfully"}
    marta.refused("DELETE", f"{LINKS}/1", 403)
    assert marta.write("DELETE", f"{LINKS}/{LINK_ID}") == {"message": "The user was removed successfully"}
    marta.refused("DELETE", f"{LINKS}/{LINK_ID}", 401)
