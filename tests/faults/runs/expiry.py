"""R1: every installation expires at once, and many callers in many processes ask for each."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.driving import DriverProcess, Tally
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, lost
from tests.faults.lab.table import Outcome, Row

NAME = "R1 expiry"
COUNTS: Mapping[Form, Counts] = {
    "short": {"installations": 300, "processes": 3, "callers": 4},
    "long": {"installations": 2_000, "processes": 8, "callers": 4},
    "nightly": {"installations": 10_000, "processes": 8, "callers": 4},
}
SHARDED: Sequence[str] = ()  # at once is at once
_PAST_EXPIRY_SECONDS = 3_700
_PATIENCE_SECONDS = 900.0
_WIDTH = 8  # renewals at a time in each process: more would wait for the emulator beyond the app's patience
_TRIES = 3


def run(lab: Lab, counts: Counts) -> Outcome:
    """Exactly one refresh each at the emulator's ledger, in its strictest mode: each token works once."""
    lab.switches["refresh_rotation"] = "single_use"
    lab.start_redis()
    lab.start_emulator()
    drivers = [lab.fork_driver(f"driver-{number}") for number in range(counts["processes"])]
    holders = lab.crowd(counts["installations"])
    lab.install(drivers[0], holders)
    lab.advance(_PAST_EXPIRY_SECONDS)
    ledger = lab.ledger
    orders = [(each, _order(lab, each, holders, counts["callers"])) for each in drivers]
    tallies = [driver.tally(number, _PATIENCE_SECONDS) for driver, number in orders]
    left = [_asked_again(driver, tally) for driver, tally in zip(drivers, tallies, strict=True)]
    refreshes = ledger.refreshes()
    stored = {holder: row["refresh_token"] for holder, row in drivers[-1].stored(holders).items()}
    reasons = sum((tally.reasons for tally in tallies), Counter[str]())
    busy = reasons["store_unavailable"]  # fails closed: more callers than this machine's Redis serves in time
    asked = len(holders) * counts["processes"] * counts["callers"]
    return Outcome(
        [
            Row("I2 grants lost", len(lost(lab.grants(), stored)), len(holders)),
            Row("I3 refreshes more or fewer than one", _not_one(refreshes, holders), len(holders)),
            Row("I3 refreshes refused", len(ledger.of("token_refused")), len(holders)),
            Row("callers refused for another reason than a busy Redis", sum(reasons.values()) - busy, asked),
            Row("callers told that Redis is busy", busy, asked, is_figure=True),
            Row("callers without a token after they asked again", sum(left), asked),
        ],
        [
            f"{len(holders):,} renewed in {max(tally.seconds for tally in tallies):.1f} s",
            *(f"{count} callers: {reason}" for reason, count in reasons.items()),
        ],
    )


def _order(lab: Lab, driver: DriverProcess, holders: Sequence[Holder], callers: int) -> int:
    """Each process meets them in an order of its own."""
    shuffled = lab.chance.sample(holders, len(holders))
    return driver.send("renew", principals=shuffled, callers=callers, width=_WIDTH)


def _asked_again(driver: DriverProcess, tally: Tally) -> int:
    """How many of those who were told of a busy Redis had no success after that either."""
    busy = [holder for holder, reason in tally.failed if reason == "store_unavailable"]
    for _ in range(_TRIES):
        if not busy:
            break
        busy = [holder for holder, _ in driver.do("renew", busy, _PATIENCE_SECONDS, width=_WIDTH).failed]
    return len(busy)


def _not_one(refreshes: Counter[Holder], holders: Sequence[Holder]) -> int:
    return sum(refreshes[holder] != 1 for holder in holders) + len(refreshes.keys() - set(holders))
