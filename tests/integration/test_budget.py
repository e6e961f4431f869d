"""A company whose API tokens of the day are used up: what its users see, and that Pipedrive is left alone."""

from collections.abc import Iterator

import pytest

from tests.integration.town import Town, running_town

DEAL = 1


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_town(tmp_path_factory.mktemp("town")) as made:
        made.marta.installed()
        made.jack.installed()
        made.huy.installed()
        yield made


def refusals(town: Town, since: int) -> int:
    return sum(call["status"] == 429 for call in town.calls(since))


def test_nobody_asks_again_and_again_until_there_are_tokens(town: Town) -> None:
    town.stack.control.turn(daily_budget="1")
    since = town.now()
    for _ in range(5):
        for person in (town.marta, town.jack):
            reply = person.refreshes(DEAL, fresh=True)
            assert reply.status_code == 503
            assert reply.json()["reason"] == "budget_spent"
    first = refusals(town, since)
    assert 0 < first < 30, "two surfaces begin side by side, and each of their calls is refused once"
    for _ in range(5):
        town.marta.refreshes(DEAL, fresh=True)
    assert refusals(town, since) == first
    town.stack.control.turn(daily_budget="0")
    town.advance(61)
    assert town.marta.refreshes(DEAL, fresh=True).status_code == 200
    assert town.jack.refreshes(DEAL, fresh=True).status_code == 200
