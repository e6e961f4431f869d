"""Each installation is one user's in one company: of namesakes, colleagues, and whoever installs again."""

import pytest

from tests.integration.callback import code_of, comes_back, is_connected, names_in, store_of
from tests.integration.person import Person
from tests.integration.town import Town


def records(town: Town, person: Person) -> dict[bytes, object]:
    """What the store has under this person's ids and no others."""
    company_id, user_id = person.ids
    with store_of(town) as raw:
        name = f"app:{{{company_id}}}:{user_id}:installation".encode()
        return {each: raw.get(each) for each in names_in(raw) if each == name}


def callers(town: Town, since: int) -> set[tuple[int, int]]:
    return {(call["company_id"], call["user_id"]) for call in town.calls(since) if call["status"] == 200}


def tokens(town: Town, since: int) -> set[str]:
    """Fingerprints of the access tokens that were good for something."""
    return {call["token"] for call in town.calls(since) if call["status"] == 200}


def test_one_person_in_two_companies_has_two_grants(town: Town) -> None:
    """The same name, the same face, and not one token in common."""
    here, there = (town.person("Nguyễn Thùy Linh", at) for at in ("acme", "saigon-star"))
    for person in (here, there):
        reply = comes_back(town, [("code", code_of(person))])
        assert person.company["name"] in reply.text
    used: list[set[str]] = []
    for person in (here, there):
        since = town.now()
        assert person.refreshes(3, fresh=True).status_code == 200
        assert callers(town, since) == {person.ids}
        used.append(tokens(town, since))
    assert used[0].isdisjoint(used[1])
    there.uninstalls()
    assert not is_connected(there)
    assert here.refreshes(3, fresh=True).status_code == 200


def test_colleagues_each_allow_it_themselves_and_act_as_themselves(town: Town) -> None:
    """Admin or not: nobody borrows the grant of whoever installed first."""
    people = [town.marta, town.jack, town.person("Nguyễn Thùy Linh")]
    for person in people:
        person.installed()
    assert not is_connected(town.victor)
    for person in people:
        since = town.now()
        deal = person.calls("POST", "/api/v2/deals", title="A deal of my own")["id"]
        since = town.now()
        assert person.refreshes(deal, fresh=True).status_code == 200
        assert callers(town, since) == {person.ids}


@pytest.mark.parametrize("former", ["revoked", "kept"])
def test_who_installs_again_has_one_record_with_the_newer_grant(town: Town, former: str) -> None:
    town.stack.control.turn(old_grant_on_reauthorise=former)
    try:
        jack, marta = town.jack.installed(), town.marta.installed()
        others = records(town, marta)
        since = town.now()
        jack.refreshes(2, fresh=True)
        before, used = records(town, jack), tokens(town, since)
        jack.installed()
        after, since = records(town, jack), town.now()
        assert jack.refreshes(2, fresh=True).status_code == 200
        assert before.keys() == after.keys()
        assert len(after) == 1
        assert before != after
        assert tokens(town, since).isdisjoint(used)
        assert records(town, marta) == others
    finally:
        town.stack.control.turn(old_grant_on_reauthorise="revoked")


def test_who_comes_back_after_an_uninstall_starts_afresh(town: Town) -> None:
    victor = town.victor.installed()
    deal = victor.calls("POST", "/api/v2/deals", title="Before and after")["id"]
    victor.picture(deal)
    victor.uninstalls()
    assert not is_connected(victor)
    since = town.now()
    assert victor.installed().refreshes(deal, fresh=True).status_code == 200
    assert callers(town, since) == {victor.ids}
    victor.uninstalls()
    assert not is_connected(victor)
