"""A channel that Pipedrive has is one that we know, whatever breaks between the two; an account has one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from marketplace_app.testing.control import Person
from tests.integration.messaging_app.messaging_town import MessagingTown

ADD = "/api/v1/channels"


@pytest.fixture
def marta(town: MessagingTown) -> Person:
    return town.person("Marta")


def fails(town: MessagingTown, kind: str, count: int = 1) -> None:
    town.app.control.ask("POST", "faults", [{"route": ADD, "method": "POST", "kind": kind, "count": count}])


def names(town: MessagingTown, person: Person) -> list[str]:
    return [each["name"] for each in town.channels(person)]


def test_registering_again_is_the_same_channel(town: MessagingTown, marta: Person) -> None:
    """Also after another consent, which each of these begins with."""
    assert town.connects(marta, "twice") == town.connects(marta, "twice")
    assert names(town, marta).count("Chat twice") == 1


@pytest.mark.parametrize("kind", ["lost", "reset", "half", "garbage", "status:503"])
def test_a_channel_of_which_nobody_knows_is_settled_by_the_next_try(
    town: MessagingTown, marta: Person, kind: str
) -> None:
    """`lost` and `half`: Pipedrive has it; the others: it has not. We cannot tell."""
    account = f"unsure-{kind}"
    fails(town, kind)
    page = town.settings(marta)
    assert page.press("Connect", account=account).status == 202
    assert f"{account} False" in town.settings(marta).text
    has_it = f"Chat {account}" in names(town, marta)
    assert has_it == (kind in ("lost", "half"))
    if has_it:
        assert town.asks("getConversations", town.channel(marta, account)["provider_channel_id"]).is_success
    early = town.settings(marta).press("Connect", account=account)
    assert early.status == 503  # not yet, and nobody has made a mistake
    town.app.advance(61)
    town.connects(marta, account)
    assert f"{account} True" in town.settings(marta).text
    assert names(town, marta).count(f"Chat {account}") == 1


@pytest.mark.parametrize("kind", ["lost", "status:503"])
def test_a_job_registers_the_channel_when_its_first_attempt_is_settled(
    town: MessagingTown, marta: Person, kind: str
) -> None:
    """The second attempt comes while the first one's may still be under way at Pipedrive."""
    account = f"by-job-{kind}"
    fails(town, kind)
    assert town.settings(marta).press("Connect later", account=account).status == 200
    for seconds in (0, 15, 80):
        town.app.advance(seconds)
        town.app.run_jobs()
    assert f"{account} True" in town.settings(marta).text
    assert names(town, marta).count(f"Chat {account}") == 1


def test_a_process_that_dies_while_pipedrive_answers_leaves_nothing_behind(
    town: MessagingTown, marta: Person
) -> None:
    """The record was written before the call."""
    fails(town, "lost")
    town.settings(marta).press("Connect", account="killed")
    first = town.channel(marta, "killed")["provider_channel_id"]
    town.app.local.kill_one("serve")
    town.app.local.start_serve()
    assert town.asks("getConversations", first).is_success
    town.app.advance(61)
    second = town.connects(marta, "killed")
    assert [
        each["provider_channel_id"] for each in town.channels(marta) if each["name"] == "Chat killed"
    ] == [second]
    assert town.asks("getConversations", first).status_code == 404


def test_of_two_that_register_an_account_at_once_one_waits_for_the_other(
    town: MessagingTown, marta: Person
) -> None:
    fails(town, "delay:1", 2)
    pages = [town.settings(marta) for _ in range(2)]
    with ThreadPoolExecutor() as both:
        done = list(both.map(lambda page: page.press("Connect", account="at once").status, pages))
    assert sorted(done) == [200, 503]
    town.app.control.ask("DELETE", "faults")
    assert names(town, marta).count("Chat at once") == 1
    assert "at once True" in town.settings(marta).text


def test_who_may_not_register_has_no_channel(town: MessagingTown) -> None:
    jack = town.person("Jack")
    refused = town.settings(jack).press("Connect", account="jacks")
    assert refused.status == 403
    assert "jacks" not in town.settings(jack).text
    assert town.channels(jack) == []


def test_closing_takes_it_away_on_both_sides(town: MessagingTown, marta: Person) -> None:
    channel = town.connects(marta, "closed")
    town.settings(marta).press("Close closed")
    assert "Chat closed" not in names(town, marta)
    assert town.asks("getConversations", channel).status_code == 404


def test_deleting_in_pipedrive_takes_it_away_here(town: MessagingTown, marta: Person) -> None:
    channel = town.connects(marta, "deleted")
    assert town.asks("deleteChannelById", channel).json() == {"success": True}
    assert "deleted" not in town.settings(marta).text
    assert town.asks("deleteChannelById", channel).status_code == 404


def test_a_message_is_told_of_in_the_form_that_is_documented(town: MessagingTown, marta: Person) -> None:
    town.connects(marta, "receiving")
    since = town.app.control.last_entry()
    told = town.settings(marta).press("Receive receiving")
    assert told.status == 200
    calls = [each for each in town.app.control.ledger(since) if each["kind"] == "api_call"]
    assert [each["status"] for each in calls if each["path"] == f"{ADD}/messages/receive"] == [200]


def test_after_another_installation_the_account_is_registered_anew(town: MessagingTown) -> None:
    huy = town.person("Huy", "saigon-star")
    first = town.connects(huy, "anew")
    town.app.control.uninstall(town.app.client_id, huy)
    town.app.advance(1)
    assert town.connects(huy, "anew") != first
    assert names(town, huy) == ["Chat anew"]
