"""X1: names that are markup, at every place of the deal panel at which Pipedrive's texts stand.

A pair is a payload at a place. It counts when it ran on the same page without protection at that place. The
page as it is, with its policy and without, must run none; nor may the unprotected page under our policy.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.hostile_town import HostileTown
from tests.faults.lab.lab import Lab
from tests.faults.lab.markup import trials, unprotected
from tests.faults.lab.table import Outcome, Row
from tests.faults.lab.watched import Watch, watching
from tests.faults.runs.x1_presses import Addresses, press
from tests.harness.browser import running_browser

NAME = "X1 markup"
COUNTS: Mapping[Form, Counts] = {
    "short": {"pairs": 200},
    "long": {"pairs": 1_000},
    "nightly": {"pairs": 2_000},
}
SHARDED: Sequence[str] = ("pairs",)
_MOST_ROUNDS = 500
_ROUNDS_OF_MORE = 10  # with presses, addresses, and our policy alone


@dataclass(slots=True)
class Found:
    tried: int = 0
    places: set[str] = field(default_factory=set)
    pairs: int = 0
    under_policy: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    pages: int = 0
    rounds: int = 0
    reports: list[str] = field(default_factory=list)
    together: int = 0
    swapped: int = 0
    after_press: list[str] = field(default_factory=list)
    addresses: int = 0
    by_address: list[str] = field(default_factory=list)
    by_policy: list[str] = field(default_factory=list)


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.start_redis()
    lab.start_emulator()
    lab.start_serve()
    user = lab.control.world()["users"][0]
    assert (
        lab.control.install(lab.identity.client_id, user["company_id"], user["id"])["status"] == "installed"
    )
    town, found = HostileTown(lab, user, turn=lab.chance.randrange(1_000)), Found()
    town.found()
    with running_browser() as browser, watching(browser) as watch:
        addresses = Addresses(watch, lab)
        for _ in range(_MOST_ROUNDS):
            if found.pairs >= counts["pairs"]:
                break
            planted = town.plant()
            panels = dict(town.panels())
            _look(watch, panels, planted, found)
            if found.rounds <= _ROUNDS_OF_MORE:
                url, page = next(iter(panels.items()))
                found.by_address += addresses.look(url)
                found.addresses = addresses.pairs
                found.after_press += press(watch, town, policy=found.rounds % 2 == 0)
                _look_at_the_policy(watch, url, unprotected(page, planted), found)
    return _outcome(found, counts["pairs"])


def _look(watch: Watch, panels: Mapping[str, str], planted: Mapping[int, str], found: Found) -> None:
    by_panel = [list(trials(page, planted)) for page in panels.values()]
    tried = [trial for panel in by_panel for trial in panel]
    alive = watch.alive(tried)
    if found.rounds < _ROUNDS_OF_MORE:
        found.swapped += len(set(alive) & set(by_panel[0]))
    found.tried += len(tried)
    found.pairs += len(alive)
    found.places |= {trial.place for trial in alive}
    as_they_are = dict.fromkeys(panels)
    ran, refused = watch.visit(as_they_are, policy=True)
    found.under_policy += ran
    found.reports += refused
    found.pages += len(panels)
    found.rounds += 1
    found.without += watch.visit(as_they_are, policy=False)[0]


def _look_at_the_policy(watch: Watch, url: str, bare: str, found: Found) -> None:
    """Alone, as if nothing were escaped."""
    found.together += len(set(watch.visit({url: bare}, policy=False)[0]))
    found.by_policy += watch.visit({url: bare}, policy=True)[0]


def _outcome(found: Found, wanted: int) -> Outcome:
    return Outcome(
        [
            Row("pairs that run, with our policy", len(found.under_policy), found.pairs),
            Row("pairs that run, without any policy", len(found.without), found.pairs),
            Row("pairs that run after a press, in Pipedrive's page", len(found.after_press), found.swapped),
            Row("parts of addresses that run", len(found.by_address), found.addresses),
            Row("that run on the unprotected page under our policy", len(found.by_policy), found.together),
            Row("reports of the policy about the page as it is", len(found.reports), found.pages),
            Row("pairs fewer than asked for", max(0, wanted - found.pairs), wanted),
            Row(
                "pairs that run on the unprotected page, of all tried",
                found.pairs,
                found.tried,
                is_figure=True,
            ),
        ],
        [f"{len(found.places)} places: {', '.join(sorted(found.places))}", *_heard(found)],
    )


def _heard(found: Found) -> list[str]:
    return [
        f"ran: {what}" for what in {*found.under_policy, *found.without, *found.by_policy, *found.reports}
    ]
