"""Every state with every cookie and every code: nobody is ever bound to somebody else's grant.

A stranger's code in a victim's browser installs the app for the stranger, whom the page names; the victim's
panel, account and cookies know nothing of it. So there is nothing that such a visit could bind.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import httpx2
import pytest

from tests.integration.callback import Begun, begins, code_of, comes_back, is_connected, names_in, store_of
from tests.integration.person import Person
from tests.integration.town import Town, running_town

STATES = ("none", "valid", "expired", "reused", "other browser", "forged")
COOKIES = ("none", "own", "attacker's")
CODES = ("own", "attacker's", "used", "garbage", "older than five minutes")
ODD = ("error", "error and code", "code twice", "state twice", "error twice")
# The one who stands for the state is also the one who holds its cookie; without a state no cookie is read.
GOES_ON = {("valid", "own"), ("other browser", "attacker's"), *(("none", cookie) for cookie in COOKIES)}
NOT_EXCHANGED = ("token_issued", "token_refused", "installed")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Without a worker, whose questions after each uninstall would stand in the ledger too."""
    parts = ("valkey", "emulator", "serve")
    with running_town(tmp_path_factory.mktemp("matrix"), parts=parts) as town:
        yield town


@dataclass(slots=True)
class Actors:
    """The victim sits at the browser; the attacker has a Pipedrive, a browser and codes of his own."""

    town: Town
    victim: Person
    attacker: Person
    used: str
    old: list[str]

    @classmethod
    def of(cls, town: Town, cells: int) -> "Actors":
        used = code_of(town.victor)
        assert comes_back(town, [("code", used)]).status_code == 200
        old = [code_of(town.marta) for _ in range(cells)]
        town.advance(301)
        return cls(town, town.marta, town.huy, used, old)

    def begun(self, state: str) -> tuple[str | None, Begun]:
        """The state that comes back, None for none, and what was begun in the victim's browser."""
        own = begins(self.town)
        if state == "none":
            return None, own
        if state == "forged":
            return "f" * len(own.state), own
        if state == "expired":
            return self._expired()
        if state == "reused":
            first = comes_back(self.town, [("code", "1.2.abc"), ("state", own.state)], own.cookie)
            assert first.status_code == 400  # for its code; the state was good and is spent
        return own.state, own

    def _expired(self) -> tuple[str, Begun]:
        """The store keeps it for ten minutes of its own time and not longer; here they are over."""
        with store_of(self.town) as raw:
            before = names_in(raw)
            own = begins(self.town)
            (name,) = names_in(raw) - before
            assert 590 < raw.ttl(name) <= 600
            raw.delete(name)
        return own.state, own

    def code(self, kind: str) -> str:
        makers: dict[str, Callable[[], str]] = {
            "own": lambda: code_of(self.victim),
            "attacker's": lambda: code_of(self.attacker),
            "used": lambda: self.used,
            "garbage": lambda: "1.2.0123456789abcdef",
            "older than five minutes": self.old.pop,
        }
        return makers[kind]()


@dataclass(frozen=True, slots=True)
class Cell:
    state: str
    cookie: str
    sent: str

    def __str__(self) -> str:
        return f"state {self.state}, cookie {self.cookie}, {self.sent}"


def visited(actors: Actors, cell: Cell) -> tuple[httpx2.Response, int]:
    """What the callback answers, and where the ledger stood before it was asked."""
    state, own = actors.begun(cell.state)
    attackers = begins(actors.town)
    if cell.state == "other browser":
        attackers = begins(actors.town)
        state = attackers.state
    cookie = {"none": None, "own": own.cookie, "attacker's": attackers.cookie}[cell.cookie]
    pairs = [("state", state)] if state is not None else []
    if cell.sent in CODES:
        pairs.append(("code", actors.code(cell.sent)))
    else:
        code, error = ("code", code_of(actors.victim)), ("error", "user_denied")
        pairs += {
            "error": [error],
            "error and code": [error, code],
            "code twice": [code, code],
            "state twice": [code, ("state", own.state), ("state", own.state)],
            "error twice": [error, error],
        }[cell.sent]
    since = actors.town.now()
    return comes_back(actors.town, pairs, cookie), since


def wrong_with(actors: Actors, cell: Cell) -> list[str]:
    """What is not as the table in docs/architecture.md says, in words."""
    reply, since = visited(actors, cell)
    owner = {"own": actors.victim, "attacker's": actors.attacker}.get(cell.sent)
    goes_on = (cell.state, cell.cookie) in GOES_ON
    bound = owner if goes_on else None
    is_denied = cell.sent in ("error", "error and code")
    ledger = actors.town.ledger(since, *NOT_EXCHANGED)
    issued = [(entry["company_id"], entry["user_id"]) for entry in ledger if entry["kind"] == "token_issued"]
    wrong = [
        text
        for text, is_so in {
            f"status {reply.status_code}": reply.status_code == (200 if bound or is_denied else 400),
            f"granted {issued}": issued == ([bound.ids] if bound else []),
            "the token endpoint was asked": bool(ledger) <= (goes_on and cell.sent in CODES),
            "no page": reply.headers["content-type"].startswith("text/html"),
            "no way to start again": "/oauth/install" in reply.text,
            "a trace": "Traceback" not in reply.text,
            "the wrong cookie": ("set-cookie" in reply.headers)
            is (bound is not None and cell.state != "none"),
        }.items()
        if not is_so
    ]
    for person in (actors.victim, actors.attacker):
        is_named = person.company["name"] in reply.text or person.user["name"] in reply.text
        if is_named is not (person is bound):
            wrong.append(f"the page {'names' if is_named else 'does not name'} {person.user['name']}")
        wrong += wrong_in_panel(actors.town, person, is_bound=person is bound)
    return wrong


def wrong_in_panel(town: Town, person: Person, *, is_bound: bool) -> list[str]:
    """Afterwards each sees Connect, or a record through a grant that is this person's own."""
    since = town.now()
    if is_connected(person) is not is_bound:
        return [f"the panel of {person.user['name']} says otherwise"]
    if is_bound and person.refreshes(1, fresh=True).status_code != 200:
        return [f"the panel of {person.user['name']} has no picture"]
    callers = {(call["company_id"], call["user_id"]) for call in town.calls(since)}
    if is_bound:
        person.uninstalls()
        person.opens(1)  # finds out that it is so
    expected = {person.ids} if is_bound else set()
    return [] if callers == expected else [f"the panel of {person.user['name']} asks as {callers}"]


def test_no_visit_to_the_callback_binds_the_wrong_person(
    place: Town, record_property: Callable[[str, object], None]
) -> None:
    cells = [Cell(*each) for each in product(STATES, COOKIES, CODES + ODD)]
    actors = Actors.of(place, len(STATES) * len(COOKIES))
    wrong = {str(cell): found for cell in cells if (found := wrong_with(actors, cell))}
    assert wrong == {}
    record_property("measure", f"callback: {len(cells)} cells, 0 wrong bindings")
    assert len(cells) == 180
    assert is_connected(place.victor)  # whose used code came back again and again
