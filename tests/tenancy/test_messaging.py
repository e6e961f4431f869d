"""Pipedrive's credentials are the same for all: no question reaches a handler of whom it is not about."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import pytest

from marketplace_app.testing.control import Person
from tests.integration.messaging_app.messaging_town import (
    FORM,
    IDS,
    PATHS,
    MessagingTown,
    Reply,
    running_messaging_town,
)

SAFE = [each for each in PATHS if each != "deleteChannelById"]


@dataclass(frozen=True, slots=True)
class People:
    town: MessagingTown
    marta: Person
    jack: Person
    huy: Person
    channels: dict[int, str]

    @property
    def all(self) -> tuple[Person, ...]:
        return self.marta, self.jack, self.huy

    def of(self, person: Person) -> str:
        return self.channels[person.id]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with running_messaging_town(tmp_path_factory.mktemp("messaging")) as town:
        marta, jack, huy = town.person("Marta"), town.person("Jack"), town.person("Huy", "saigon-star")
        town.app.control.ask("POST", f"users/{jack.id}", {"is_admin": True})  # only admins may register
        found = {each.id: town.connects(each, f"account-{each.id}") for each in (marta, jack, huy)}
        yield People(town, marta, jack, huy, found)


def everything(people: People, channel: str, **how: Any) -> list[Reply]:
    asked = [people.town.asks(each, channel, *IDS.get(each, ()), **how) for each in SAFE]
    return [*asked, people.town.asks("deleteChannelById", channel, **how)]


def refused(reply: Reply, status: int, code: str) -> None:
    assert (reply.status_code, reply.json()["data"]["code"]) == (status, code)
    assert "CANARY" not in reply.text + str(reply.headers)


def test_each_question_is_answered_for_the_channels_own_user(people: People) -> None:
    for person in people.all:
        since = people.town.app.control.last_entry()
        replies = [people.town.asks(each, people.of(person), *IDS.get(each, ())) for each in SAFE]
        assert [reply.status_code for reply in replies] == [200] * len(SAFE)
        assert people.town.handled(since) == {person.ids}
        own = f"CANARY-{person.company_id}-{person.id} account-{person.id} of account-{person.id}"
        canaries = [reply.text for reply in replies if "CANARY" in reply.text]
        assert len(canaries) == len(SAFE) - 1  # a message that was sent has an id only
        assert all(own in text and text.count("CANARY") == 1 for text in canaries)


def altered(channel: str, other: str) -> dict[str, str]:
    company, user, rest = channel.split("-")
    their_company, their_user, their_rest = other.split("-")
    return {
        "their company": f"{their_company}-{user}-{rest}",
        "their user": f"{company}-{their_user}-{rest}",
        "their company and user": f"{their_company}-{their_user}-{rest}",
        "their random part": f"{company}-{user}-{their_rest}",
        "one digit": f"{company}-{user}-{rest[:-1]}{'0' if rest[-1] != '0' else '1'}",
        "nobody": f"{company}-1-{rest}",
        "no company": f"1-{user}-{rest}",
        "upper case": channel.upper() if channel.upper() != channel else f"{company}-{user}-{rest[1:]}",
        "a space": f"{channel} ",
        "a nought before": f"0{channel}",
        "a company that no number holds": f"{2**53}-{user}-{rest}",
        "other digits": channel.translate(
            str.maketrans("0123456789", "".join(map(chr, range(0x660, 0x66A))))
        ),
        "a star": "*",
        "a key of Redis": f"app:{{{company}}}:{user}:channels",
    }


@pytest.mark.parametrize("name", altered("1-2-" + "a" * 32, "3-4-" + "b" * 32))
def test_a_changed_id_is_nobodys(people: People, name: str) -> None:
    """All are refused alike, the unknown and the foreign."""
    unknown = people.town.asks("getConversations", "1-2-" + "a" * 32)
    refused(unknown, 404, "NOT_FOUND")
    tried = 0
    for mine, theirs in permutations(people.all, 2):
        since = people.town.app.control.last_entry()
        changed = altered(people.of(mine), people.of(theirs))[name]
        if changed == people.of(mine):
            continue  # a colleague's company is one's own
        tried += 1
        for reply in everything(people, changed):
            refused(reply, 404, "NOT_FOUND")
            assert reply.content == unknown.content
        assert people.town.handled(since) == set()
    assert tried >= len(people.all)


def basic(text: bytes) -> str:
    return "Basic " + base64.b64encode(text).decode()


def headers(people: People) -> dict[str, list[tuple[str, str]]]:
    client, secret = people.town.credentials
    good = basic(f"{client}:{secret}".encode())
    jwt_secret = people.town.app.local.identity.surface_secrets["connect"]
    return {
        "none": [],
        "empty": [("Authorization", "")],
        "a wrong secret": [("Authorization", basic(f"{client}:{secret}x".encode()))],
        "no secret": [("Authorization", basic(f"{client}:".encode()))],
        "a surface's secret": [("Authorization", basic(f"{client}:{jwt_secret}".encode()))],
        "another client": [("Authorization", basic(f"{client}x:{secret}".encode()))],
        "octets that are no text": [("Authorization", basic(b"\xff\xfe:\x00"))],
        "no base64": [("Authorization", "Basic ***")],
        "a bearer": [("Authorization", good.replace("Basic", "Bearer"))],
        "twice": [("Authorization", good), ("Authorization", good)],
        "elsewhere": [("X-Authorization", good), ("Cookie", f"authorization={good}")],
    }


NAMES = (
    "none",
    "empty",
    "a wrong secret",
    "no secret",
    "a surface's secret",
    "another client",
    "octets that are no text",
    "no base64",
    "a bearer",
    "twice",
    "elsewhere",
)


@pytest.mark.parametrize("name", NAMES)
def test_without_our_credentials_nobody_is_asked(people: People, name: str) -> None:
    since = people.town.app.control.last_entry()
    given = headers(people)
    assert set(given) == set(NAMES)
    for reply in everything(people, people.of(people.marta), auth=None, headers=given[name]):
        refused(reply, 401, "UNAUTHORIZED")
    assert people.town.handled(since) == set()


def test_what_query_and_body_say_of_whose_it_is_counts_for_nothing(people: People) -> None:
    """Foreign ids there neither help nor harm: the channel in the path decides."""
    town = people.town
    for mine, theirs in permutations(people.all, 2):
        since = town.app.control.last_entry()
        theirs_said = {
            "providerChannelId": people.of(theirs),
            "companyId": str(theirs.company_id),
            "userId": str(theirs.id),
        }
        replies = [
            town.asks(each, people.of(mine), *IDS.get(each, ()), params=theirs_said)
            for each in SAFE
            if each != "postMessage"
        ]
        form = {name: (None, value) for name, value in {**FORM, **theirs_said}.items()}
        replies.append(town.asks("postMessage", people.of(mine), files=form))
        assert {reply.status_code for reply in replies} == {200}
        assert f"CANARY-{theirs.company_id}-{theirs.id}" not in "".join(reply.text for reply in replies)
        assert town.handled(since) == {mine.ids}


def test_a_foreign_id_in_a_form_closes_nothing_and_tells_nobody(people: People) -> None:
    for mine, theirs in permutations(people.all, 2):
        channel = people.of(theirs)
        page = people.town.settings(mine)
        for label in ("Close any", "Receive any"):
            assert page.press(label, channel=channel).status == 400
        assert people.town.asks("getConversations", channel).status_code == 200
        assert [each["provider_channel_id"] for each in people.town.channels(theirs)] == [channel]


def test_who_was_told_to_be_over_and_is_not_proves_it_first(people: People) -> None:
    """A forged notice: the token still works, so the handler is asked once that is seen."""
    town = people.town
    client, _ = town.credentials
    told = {
        "client_id": client,
        "company_id": people.marta.company_id,
        "user_id": people.marta.id,
        "timestamp": "1",
    }
    since = town.app.control.last_entry()
    callback = f"{town.app.url}/oauth/callback"
    assert town.http.request("DELETE", callback, json=told, auth=town.credentials).status_code == 200
    assert town.asks("getConversations", people.of(people.marta)).status_code == 200
    paths = [each["path"] for each in town.app.control.ledger(since) if each["kind"] == "api_call"]
    assert paths.index("/api/v1/users/me") < paths.index("/api/v2/deals")


def test_who_has_left_is_not_there_any_more(people: People) -> None:
    """Last of all: first nobody but Pipedrive knows that the notice is true, and then we do too."""
    town, channel = people.town, people.of(people.jack)
    town.app.control.uninstall(town.app.client_id, people.jack)
    unknown = town.asks("getConversations", "1-2-" + "a" * 32)
    since = town.app.control.last_entry()
    for endpoint in ("postMessage", *SAFE):
        reply = town.asks(endpoint, channel, *IDS.get(endpoint, ()))
        refused(reply, 404, "NOT_FOUND")
        assert reply.content == unknown.content
    assert town.handled(since) == set()
    assert town.asks("getConversations", people.of(people.marta)).status_code == 200
