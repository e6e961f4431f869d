"""F9: machines whose clocks differ, and clocks that jump while requests come.

Up to ten seconds apart nobody notices; a minute apart fresh contexts are refused by who is behind, and the
reasons of readiness name the clock. No jump makes more than one refresh for each expiry that a clock shows.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, lost
from tests.faults.lab.table import Outcome, Row
from tests.faults.runs.clock_contexts import contexts

NAME = "F9 clock"
COUNTS: Mapping[Form, Counts] = {
    "short": {"installations": 40, "rounds": 2},
    "long": {"installations": 300, "rounds": 4},
    "nightly": {"installations": 2_000, "rounds": 10},
}
SHARDED: Sequence[str] = ("installations",)

SKEWS = (-60, -10, 0, 10, 60)
_BUSY = "store_unavailable"
_REFUSED = "400 invalid_grant"
_LIFE_SECONDS = 3_600
_DAY, _HOUR = 86_400, 3_600


@dataclass(slots=True)
class Scene:
    lab: Lab
    drivers: Sequence[DriverProcess]  # in the order of SKEWS
    holders: Sequence[Holder]
    asked: int = 0
    busy: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    expiries: int = 0
    not_one: int = 0
    jumps: int = 0
    too_many: int = 0

    def ask(self, *, jump: float = 0.0) -> None:
        """Each process calls the API as everybody, and meanwhile all clocks of ours jump."""
        orders = []
        for driver in self.drivers:
            mixed = self.lab.chance.sample(self.holders, len(self.holders))
            orders.append(driver.send("call", principals=mixed, callers=2, width=16))
        if jump:
            self.lab.jump(jump)
        for driver, order in zip(self.drivers, orders, strict=True):
            tally = driver.tally(order, 600)
            self.asked += 2 * len(self.holders)
            self.busy += tally.reasons.pop(_BUSY, 0)
            self.failed += tally.reasons

    def expire(self) -> None:
        """Twenty seconds after their end by Pipedrive's clock: for one of ours they still live."""
        ledger = self.lab.ledger
        self.lab.advance(_LIFE_SECONDS + 20)
        self.ask()
        refreshes = ledger.refreshes()
        self.expiries += len(self.holders)
        self.not_one += sum(refreshes[holder] != 1 for holder in self.holders)

    def jump(self, seconds: float) -> None:
        """Forward by a day everything looks expired, once; back by an hour nothing does."""
        ledger = self.lab.ledger
        self.ask(jump=seconds)
        self.ask()
        refreshes, most = ledger.refreshes(), int(seconds > 0)
        self.jumps += len(self.holders)
        self.too_many += sum(refreshes[holder] > most for holder in self.holders)


def run(lab: Lab, counts: Counts) -> Outcome:
    """In single use, where each refresh too many would be a grant lost."""
    lab.switches["refresh_rotation"] = "single_use"
    lab.start_redis()
    lab.start_emulator(proxy=True)
    rows = contexts(lab)  # first: while Redis, whose time nobody moves, has the same as everybody
    drivers = [
        lab.fork_driver(
            f"clock-{skew}",
            CLOCK_OFFSET_FILE=str(lab.clock(skew)),
            SPOOL_DIR=str(lab.folder / "spool" / f"machine-{skew}"),
        )
        for skew in SKEWS
    ]
    scene = Scene(lab, drivers, lab.crowd(counts["installations"]))
    lab.install(drivers[2], scene.holders)
    for _ in range(counts["rounds"]):
        scene.expire()
    for seconds in (_DAY, -_HOUR):
        scene.jump(seconds)
        scene.expire()
    scene.jump(_HOUR - _DAY)
    scene.expire()
    refused = _refusals(lab, drivers, counts["installations"])
    stored = {holder: row["refresh_token"] for holder, row in drivers[2].stored(scene.holders).items()}
    gone = set(lost(lab.grants(), stored)) & set(scene.holders)
    return Outcome(
        [
            *rows,
            Row("I3 refreshes more or fewer than one for an expiry", scene.not_one, scene.expiries),
            Row("I3 refreshes by a jump, beyond one forward and none back", scene.too_many, scene.jumps),
            Row("I2 grants lost", len(gone), len(scene.holders)),
            Row("callers refused for another reason than a busy Redis", scene.failed.total(), scene.asked),
            Row("callers told that Redis is busy", scene.busy, scene.asked, is_figure=True),
            *refused,
        ],
        [f"{count} callers: {reason}" for reason, count in scene.failed.items()],
    )


def _refusals(lab: Lab, drivers: Sequence[DriverProcess], count: int) -> list[Row]:
    """One refusal, seen by two machines twenty seconds apart; then all clocks go back by an hour."""
    behind, ahead = drivers[1], drivers[3]
    holders = lab.crowd(count)
    lab.install(drivers[2], holders)
    lab.advance(_LIFE_SECONDS + 100)
    assert lab.token_proxy is not None
    lab.token_proxy.order(_REFUSED, None, is_instead=True)
    for driver in (behind, ahead, behind):
        driver.do("renew", holders, width=16)
    states = [row["state"] for row in drivers[2].stored(holders).values()]
    lab.token_proxy.clear()
    lab.jump(-_HOUR)
    served = drivers[2].do("renew", holders, width=16)
    stored = {holder: row["refresh_token"] for holder, row in drivers[2].stored(holders).items()}
    gone = set(lost(lab.grants(), stored)) & set(holders)
    return [
        Row("I2 disconnected by two clocks and one moment", count - states.count("active"), count),
        Row("I10 refused once, and kept waiting by a clock that went back", len(served.failed), count),
        Row("I2 grants lost by refusals", len(gone), count),
    ]
