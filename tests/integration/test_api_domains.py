"""Where tokens may go: an `api_domain` that is not allowed is never connected to, and nothing is stored."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from tests.harness.altering import Altering, running_altering
from tests.harness.recording import Recorder
from tests.integration.callback import CONNECT, code_of, comes_back, names_in, store_of
from tests.integration.domain_mutants import mutants
from tests.integration.town import Town, running_town

RENEWALS = 24


@dataclass(frozen=True, slots=True)
class Place:
    town: Town
    altering: Altering
    recorder: Recorder
    trap: socket.socket

    @property
    def strangers(self) -> set[tuple[str, str]]:
        """Whom the app connected to or looked for, beside Redis, Pipedrive's OAuth server and API."""
        local = self.town.stack.local
        ours = (self.altering.port, local.plan.emulator_port)
        known = {str(("127.0.0.1", port)) for port in ours} | {"127.0.0.1", "None"}
        path = local.redis_url.removeprefix("unix://").partition("?")[0]
        return {(event, what) for event, what in self.recorder.heard() if what not in known | {path}}

    def answers_with(self, api_domain: object) -> None:
        def alter(reply: dict[str, Any]) -> object:
            return {**reply, "api_domain": api_domain}

        self.altering.alters["/oauth/token"] = alter

    def has_caught_somebody(self) -> bool:
        try:
            caught, _ = self.trap.accept()
        except BlockingIOError:
            return False
        caught.close()
        return True


@contextmanager
def trapping() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(0)
        yield trap


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("domains")
    with (
        running_town(folder, parts=("valkey", "emulator")) as town,
        running_altering(town.stack.emulator_url) as altering,
        trapping() as trap,
    ):
        recorder = Recorder(town.stack)
        recorder.start_serve(PIPEDRIVE_OAUTH_URL=altering.url)
        yield Place(town, altering, recorder, trap)


def spoiled(place: Place) -> list[object]:
    return mutants(place.town.stack.local.plan.emulator_port, place.trap.getsockname()[1])


def test_no_grant_of_a_foreign_host_is_stored_and_nobody_hears_of_it(
    place: Place, record_property: Callable[[str, object], None]
) -> None:
    tried = spoiled(place)
    for each in tried:
        place.answers_with(each)
        code, since = code_of(place.town.marta), place.town.now()
        reply = comes_back(place.town, [("code", code)])
        assert reply.status_code == 400, each  # at once, for looking strangers up takes long
        assert place.town.calls(since) == [], each
        assert "evil.example" not in reply.text
    assert place.strangers == set()
    assert not place.has_caught_somebody()
    with store_of(place.town) as raw:
        assert [name for name in names_in(raw) if b"installation" in name or b"data-key" in name] == []
    assert CONNECT in place.town.marta.opens(1).text
    record_property("measure", f"api_domain: {len(tried)} mutants, 0 stored, 0 foreign connections")
    assert len(tried) >= 500


def test_whoever_is_asked_is_heard(place: Place) -> None:
    """The ear works: of an allowed name it hears the question, and of each connection the address."""
    port = place.town.stack.local.plan.emulator_port
    place.answers_with(f"http://nowhere.localhost:{port}")
    comes_back(place.town, [("code", code_of(place.town.marta))])
    assert ("socket.getaddrinfo", "nowhere.localhost") in place.strangers
    assert ("socket.connect", str(("127.0.0.1", place.altering.port))) in place.recorder.heard()
    with socket.create_connection(place.trap.getsockname()):
        assert place.has_caught_somebody()


def test_a_renewal_that_names_a_foreign_host_keeps_the_token_and_the_known_host(place: Place) -> None:
    town = place.town
    jack = town.jack.installed()
    everything = spoiled(place)
    for each in everything[:: len(everything) // RENEWALS]:
        place.answers_with(each)
        town.advance(3700)
        since = town.now()
        assert jack.refreshes(2, fresh=True).status_code == 200, each
        assert len(town.ledger(since, "token_refreshed")) == 1
        assert {call["user_id"] for call in town.calls(since) if call["status"] == 200} == {jack.user["id"]}
    assert place.strangers == set()
    assert not place.has_caught_somebody()


def test_when_a_company_gets_another_domain_calls_and_links_follow_with_the_next_renewal(
    place: Place,
) -> None:
    """What a renewal says of the API's host counts, and so does what GET /users/me says of the company."""
    town, altering = place.town, place.altering
    local = town.stack.local
    local.stop_one("serve")
    hosts = f"127.0.0.1:{local.plan.emulator_port},127.0.0.1:{altering.port},*.localhost:{altering.port}"
    place.recorder.start_serve(PIPEDRIVE_API_HOSTS=hosts)
    jack = town.jack.installed()
    assert "//acme.localhost:" in jack.picture(2)
    town.stack.control.change_company(jack.company["id"], domain="acme-renamed")
    place.answers_with(altering.url)
    altering.seen.clear()
    assert "//acme.localhost:" in jack.picture(2)
    assert altering.seen == []
    town.advance(3700)
    local.watch.until(lambda: "//acme-renamed.localhost:" in jack.picture(2), "The new name", 10)
    assert "/api/v2/deals/2" in {path.partition("?")[0] for path in altering.seen}
    altering.seen.clear()
    since = town.now()
    assert jack.refreshes(2, fresh=True).status_code == 200
    assert len(town.calls(since)) == len(altering.seen) > 3
