"""Nobody reads or writes through a JSON panel or a JSON modal what is another company's or a colleague's."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import httpx2
import pytest

from tests.integration.json_app.json_town import FORM, JsonTown, running_json_town
from tests.integration.person import Person, with_query
from tests.makers import claims_of, sign
from tests.tenancy.conftest import ACME_ONLY, BOTH, HIDDEN, MARK, NOWHERE, assert_nobodys, mark

IDS = (*BOTH, *ACME_ONLY, *NOWHERE, *HIDDEN.values())
SURFACES = ("offers", "contact", "note")


@dataclass(frozen=True, slots=True)
class People:
    json_town: JsonTown
    marta: Person
    jack: Person
    huy: Person

    @property
    def all(self) -> tuple[Person, ...]:
        return self.marta, self.jack, self.huy

    def calls(self, since: int) -> set[tuple[int, int]]:
        return {(call["company_id"], call["user_id"]) for call in self.json_town.town.calls(since)}

    def signed(self, person: Person, surface: str, **changes: object) -> str:
        """A token with that surface's secret, or with the client secret for a surface that is none."""
        identity = self.json_town.town.stack.identity
        secret = identity.surface_secrets.get(surface, identity.client_secret)
        claims = claims_of(*person.ids, now=self.json_town.town.time())
        return sign(claims | changes, secret.encode())

    def visits(self, url: str) -> list[httpx2.Response]:
        """Everything that the address of a JSON surface answers: a panel only looks."""
        looked = self.json_town.town.http.get(url)
        if "/note" not in url:
            return [looked]
        changing = f"{url}&form=%7B%22kind%22%3A%22contract%22%7D&invoker=kind"
        sent = self.json_town.sends(url, FORM | {"note": "TAKEN"})
        return [looked, self.json_town.town.http.get(changing), sent]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with running_json_town(tmp_path_factory.mktemp("json")) as json_town:
        town = json_town.town
        found = People(json_town, town.marta, town.jack, town.huy)
        mark(town, found.marta)
        mark(town, found.huy)
        for person in found.all:
            person.installed()
        yield found


def assert_own(reply: httpx2.Response, person: Person) -> None:
    assert set(MARK.findall(reply.text)) <= {person.company["domain"]}


def test_every_deal_and_person_is_of_ones_own_company(people: People) -> None:
    for person in people.all:
        since = people.json_town.town.now()
        for surface in SURFACES:
            for record_id in IDS:
                assert_own(people.json_town.asks(person, surface, record_id), person)
        assert people.calls(since) == {person.ids}
    for person in (people.marta, people.huy):  # the canaries are there to be found
        assert f"CANARY-{person.company['domain']}-seen" in people.json_town.asks(person, "offers", 1).text


def test_a_colleagues_hidden_deal_is_hidden(people: People) -> None:
    assert "-secret" in people.json_town.asks(people.marta, "offers", HIDDEN["acme"]).text
    for surface in ("offers", "note"):
        assert "-secret" not in people.json_town.asks(people.jack, surface, HIDDEN["acme"]).text


def test_an_id_of_the_other_company_alone_looks_like_one_that_does_not_exist(people: People) -> None:
    replies = [people.json_town.asks(people.huy, "offers", each) for each in (*ACME_ONLY, *NOWHERE)]
    assert len({(reply.status_code, reply.text) for reply in replies}) == 1
    assert_nobodys(replies[0])


@pytest.mark.parametrize("surface", SURFACES)
def test_only_the_surfaces_own_secret_opens_it(people: People, surface: str) -> None:
    url = people.json_town.url(people.marta, surface, 1)
    since = people.json_town.town.now()
    for other in ({*SURFACES, "the client's"}) - {surface}:
        for reply in people.visits(with_query(url, token=people.signed(people.marta, other))):
            assert reply.status_code == 401
            assert_nobodys(reply)
    assert people.calls(since) == set()
    assert people.visits(with_query(url, token=people.signed(people.marta, surface)))[0].status_code == 200


@pytest.mark.parametrize("surface", SURFACES)
def test_a_bad_token_opens_nothing(people: People, surface: str) -> None:
    url = people.json_town.url(people.marta, surface, 1)
    now = people.json_town.town.time()
    since = people.json_town.town.now()
    good = people.signed(people.marta, surface)
    bad = {
        "missing": None,
        "empty": "",
        "forged": sign(claims_of(*people.marta.ids, now=now), b"x" * 32),
        "expired": people.signed(people.marta, surface, iat=now - 400, exp=now - 100),
        "of next year": people.signed(people.marta, surface, exp=now + 10**7),
        "spoilt": good[:-2] + ("AA" if good[-2:] != "AA" else "BA"),
        "with a company in quotes": people.signed(people.marta, surface, companyId="13000037"),
    }
    for name, token in bad.items():
        for reply in people.visits(with_query(url, token=token)):
            assert reply.status_code == 401, name
            assert_nobodys(reply)
    assert people.calls(since) == set()


@pytest.mark.parametrize("surface", SURFACES)
def test_the_query_may_not_contradict_the_token(people: People, surface: str) -> None:
    for mine, theirs in permutations(people.all, 2):
        url = people.json_town.url(theirs, surface, 1)
        since = people.json_town.town.now()
        swapped = with_query(url, token=people.signed(mine, surface))
        twice = f"{url}&selectedIds=2"
        for reply in (*people.visits(swapped), *people.visits(twice)):
            assert reply.status_code == 400
            assert_nobodys(reply)
        assert people.calls(since) == set()


def test_nobody_writes_into_another_company_or_into_what_is_hidden(people: People) -> None:
    json_town = people.json_town
    since = json_town.town.now()
    before = {person.ids: titles(people, person) for person in (people.marta, people.huy)}
    for person, deal_id in (
        *((people.huy, each) for each in (*ACME_ONLY, *NOWHERE)),
        (people.jack, HIDDEN["acme"]),
    ):
        url = json_town.fresh_url(person, deal_id)
        company_id, user_id = people.marta.ids
        body = {"companyId": company_id, "userId": user_id, "selectedIds": "1", "record_id": 1}
        reply = json_town.sends(url, FORM | body | {"note": "TAKEN"})
        assert reply.status_code == 400
        assert_nobodys(reply)
    assert people.calls(since) == {people.huy.ids, people.jack.ids}
    assert {person.ids: titles(people, person) for person in (people.marta, people.huy)} == before


def titles(people: People, person: Person) -> dict[int, str]:
    return {each["id"]: each["title"] for each in people.json_town.town.records("deals", person).values()}


def test_the_claim_of_a_token_is_its_users_own(people: People) -> None:
    """Who has sent a form keeps nobody else from sending one, nor is told another one's answer."""
    json_town = people.json_town
    replies = []
    for person in (people.marta, people.huy):
        deal = json_town.deal(person, "Own")
        replies.append(json_town.sends(json_town.fresh_url(person, deal), FORM | {"note": "Sent"}))
        assert json_town.title(person, deal) == "Sent"
    assert all("success" in reply.json() for reply in replies)
