"""The mailbox: each user's own, private threads private, and a thread's link is its messages' link."""

from typing import Any

import pytest

from tests.emulator.app_behind import AppBehind
from tests.emulator.client import JACK, LINH, ApiAs, Client
from tests.emulator.process import EmulatorProcess
from tests.emulator.scopes import client_with

THREADS = "/api/v1/mailbox/mailThreads"
BURRS, PRIVATE, DRAFT = 1, 3, 4  # of Marta, of Jack, of Marta
DEAL_OF_BURRS = 21


@pytest.fixture
def client(emulator: EmulatorProcess, app: AppBehind) -> Client:
    return client_with(emulator, app, "mail:full", "deals:full", "contacts:full")


def put(api: ApiAs, thread: int, **form: Any) -> dict[str, Any]:
    reply = api.request("PUT", f"{THREADS}/{thread}", data=form)
    assert reply.status_code == 200, reply.text
    shown: dict[str, Any] = reply.json()["data"]
    return shown


def ids(rows: list[dict[str, Any]]) -> list[int]:
    return [row["id"] for row in rows]


def test_folders_are_the_callers_own(client: Client, marta: ApiAs) -> None:
    assert ids(marta.get(THREADS, folder="inbox")) == [BURRS]
    assert ids(marta.get(THREADS, folder="sent")) == [BURRS]
    assert ids(marta.get(THREADS, folder="drafts")) == [DRAFT]
    assert marta.get(THREADS, folder="archive") == []
    assert ids(client.as_user(JACK).get(THREADS, folder="inbox")) == [PRIVATE]
    marta.refused("GET", THREADS, 400)
    marta.refused("GET", THREADS, 400, params={"folder": "spam"})


def test_a_private_thread_is_nobody_elses_not_even_an_admins(client: Client, marta: ApiAs) -> None:
    jack = client.as_user(JACK)
    (message,) = jack.get(f"{THREADS}/{PRIVATE}/mailMessages")
    assert jack.get("/api/v1/persons/8/mailMessages")[0]["data"]["id"] == message["id"]
    marta.refused("GET", f"{THREADS}/{PRIVATE}", 404)
    marta.refused("GET", f"/api/v1/mailbox/mailMessages/{message['id']}", 404)
    assert marta.get("/api/v1/persons/8/mailMessages") == []
    put(jack, PRIVATE, shared_flag="1")
    assert marta.get("/api/v1/persons/8/mailMessages")[0]["data"]["id"] == message["id"]
    marta.refused("PUT", f"{THREADS}/{PRIVATE}", 403, data={"read_flag": "1"})
    marta.refused("DELETE", f"{THREADS}/{PRIVATE}", 403)


def test_parties_are_linked_by_their_addresses(marta: ApiAs) -> None:
    thread = marta.get(f"{THREADS}/{BURRS}")
    linked = {party["email_address"]: party["linked_person_id"] for party in thread["parties"]["from"]}
    assert linked == {"oliver@nordicfreight.example": 6, "marta@acme.example": None}
    marta.write("PATCH", "/api/v2/persons/6", emails=[{"value": "saar@nordicfreight.example"}])
    parties = marta.get(f"{THREADS}/{BURRS}")["parties"]["from"]
    assert {party["linked_person_id"] for party in parties} == {None}


def test_what_a_thread_says_of_itself_follows_from_its_messages(marta: ApiAs) -> None:
    thread = marta.get(f"{THREADS}/{BURRS}")
    messages = marta.get(f"{THREADS}/{BURRS}/mailMessages")
    assert (thread["message_count"], len(messages)) == (3, 3)
    assert thread["snippet"] == messages[-1]["snippet"] == "Perfect. Please send the invoice."
    assert messages[0]["snippet"] == "Hello Marta, Do you have the burrs in stock? We need two sets ."
    assert thread["last_message_received_timestamp"] == messages[2]["message_time"]
    assert thread["last_message_sent_timestamp"] == messages[1]["message_time"]
    assert (thread["all_messages_sent_flag"], thread["first_message_to_me_flag"]) == (0, 1)


def test_the_body_comes_when_it_is_asked_for(marta: ApiAs) -> None:
    path = "/api/v1/mailbox/mailMessages/1"
    assert "body" not in marta.get(path)
    assert marta.get(path, include_body=1)["body"].startswith("<p>Hello Marta,</p>")
    assert marta.request("GET", path).json()["service"] == "email-api"
    deal = f"/api/v1/deals/{DEAL_OF_BURRS}/mailMessages"
    assert "body" not in marta.get(deal)[0]["data"]
    assert marta.get(deal, include_body=1)[0]["data"]["body"] == "<p>Perfect. Please send the invoice.</p>"


def test_a_thread_hangs_on_one_deal_with_all_its_messages(marta: ApiAs) -> None:
    assert put(marta, BURRS, deal_id="2")["deal_id"] == 2
    assert len(marta.get("/api/v1/deals/2/mailMessages")) == 3
    assert marta.get(f"/api/v1/deals/{DEAL_OF_BURRS}/mailMessages") == []
    assert put(marta, BURRS, deal_id="")["deal_id"] is None
    assert marta.get("/api/v1/deals/2/mailMessages") == []


def test_a_deals_mails_are_newest_first_in_pages(marta: ApiAs) -> None:
    path = f"/api/v1/deals/{DEAL_OF_BURRS}/mailMessages"
    times = [row["data"]["message_time"] for row in marta.get(path)]
    assert times == sorted(times, reverse=True)
    page = marta.request("GET", path, params={"limit": 2}).json()
    assert len(page["data"]) == 2
    assert page["additional_data"]["pagination"]["more_items_in_collection"] is True
    assert len(marta.get("/api/v1/organizations/5/mailMessages")) == 3
    marta.refused("GET", "/api/v1/deals/999/mailMessages", 404)


def test_a_draft_is_no_mail_of_anybody_yet(marta: ApiAs) -> None:
    (draft,) = marta.get(f"{THREADS}/{DRAFT}/mailMessages")
    assert (draft["draft_flag"], draft["to"][0]["linked_person_id"]) == (1, 4)
    assert marta.get("/api/v1/persons/4/mailMessages") == []


def test_archiving_takes_a_thread_out_of_the_inbox(client: Client, marta: ApiAs) -> None:
    assert put(marta, BURRS, archived_flag="1", read_flag="1")["archived_flag"] == 1
    assert marta.get(THREADS, folder="inbox") == []
    assert ids(marta.get(THREADS, folder="archive")) == [BURRS]
    assert {row["read_flag"] for row in marta.get(f"{THREADS}/{BURRS}/mailMessages")} == {1}
    marta.refused("PUT", f"{THREADS}/{DRAFT}", 400, data={"archived_flag": "1"})
    assert client.as_user(LINH).get(f"{THREADS}/{BURRS}")["archived_flag"] == 1


@pytest.mark.parametrize(
    "form",
    [
        {"deal_id": "999"},
        {"deal_id": "x"},
        {"lead_id": "nobody"},
        {"read_flag": "2"},
        {"deal_id": "1", "lead_id": "nobody"},
    ],
)
def test_bad_changes_are_refused(marta: ApiAs, form: dict[str, str]) -> None:
    marta.refused("PUT", f"{THREADS}/{BURRS}", 400, data=form)
    assert marta.get(f"{THREADS}/{BURRS}")["version"] == 1


def test_a_deleted_thread_is_gone_with_its_messages(marta: ApiAs) -> None:
    assert marta.write("DELETE", f"{THREADS}/{BURRS}") == {"id": BURRS}
    marta.refused("GET", f"{THREADS}/{BURRS}", 404)
    marta.refused("GET", "/api/v1/mailbox/mailMessages/1", 404)
    assert marta.get(f"/api/v1/deals/{DEAL_OF_BURRS}/mailMessages") == []
    assert marta.get(THREADS, folder="inbox") == []
