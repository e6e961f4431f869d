"""Many browsers come back at the same moment: with one state, or with one code."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Barrier

import httpx2
import pytest

from tests.integration.callback import Begun, begins, code_of, comes_back, is_connected
from tests.integration.town import Town, running_town

VISITS = 1000
THREADS = 50
ROUNDS = 20


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Two processes answer, so that no memory of one of them could be what keeps the promise."""
    with running_town(tmp_path_factory.mktemp("races"), parts=("valkey", "emulator")) as town:
        town.stack.local.plan = replace(town.stack.local.plan, workers=2)
        town.stack.local.start_serve()
        yield town


def test_a_thousand_visits_with_one_state_exchange_one_code(
    place: Town, record_property: Callable[[str, object], None]
) -> None:
    """Each with a good code of its own, which the state alone keeps from being exchanged."""
    begun = begins(place)
    codes = [code_of(place.marta) for _ in range(VISITS)]
    since = place.now()
    with ThreadPoolExecutor(THREADS) as pool:
        statuses = Counter(
            pool.map(
                lambda code: (
                    comes_back(place, [("code", code), ("state", begun.state)], begun.cookie).status_code
                ),
                codes,
            )
        )
    assert statuses == {200: 1, 400: VISITS - 1}
    assert len(place.ledger(since, "token_issued", "token_refused")) == 1
    record_property("measure", f"callback: {VISITS} parallel visits with one state, 1 exchange")


def visited_together(town: Town, code: str, both: Barrier, begun: Begun) -> httpx2.Response:
    both.wait()
    return comes_back(town, [("code", code), ("state", begun.state)], begun.cookie)


def test_the_same_code_twice_at_once_is_one_success_and_one_page_that_says_so(place: Town) -> None:
    """With a state of its own each time: the code itself is good once."""
    for _ in range(ROUNDS):
        code, both, since = code_of(place.jack), Barrier(2), place.now()
        visit = partial(visited_together, place, code, both)
        with ThreadPoolExecutor(2) as pool:
            found = pool.map(visit, [begins(place), begins(place)])
            replies = sorted(found, key=lambda reply: reply.status_code)
        assert [reply.status_code for reply in replies] == [200, 400]
        assert place.jack.user["name"] in replies[0].text
        assert place.jack.user["name"] not in replies[1].text
        assert "set-cookie" not in replies[1].headers
        assert len(place.ledger(since, "token_issued")) == 1
        assert place.ledger(since, "token_refused") == []
    assert is_connected(place.jack)
