"""F15, T10: callers go away in the middle, at every byte and at every await, while all grants are due.

Sockets of panels and actions are closed at a random byte before a `serve` of two processes; callers inside a
process are cancelled while replies of Redis are on their way, for a slow line keeps them there.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Ledger, lost
from tests.faults.lab.records import locks
from tests.faults.lab.table import Outcome, Row
from tests.faults.runs.cancel_sockets import Crowd, Storm
from tests.harness.servers import until

NAME = "F15 cancel"
COUNTS: Mapping[Form, Counts] = {
    "short": {"companies": 30, "visits": 300, "waves": 2},
    "long": {"companies": 200, "visits": 2_000, "waves": 4},
    "nightly": {"companies": 500, "visits": 10_000, "waves": 10},
}
SHARDED: Sequence[str] = ("visits",)

_WORKERS = 2
_ROOM = 32  # connections of one process
_PAST_EXPIRY_SECONDS = 3_700
_LINE_SECONDS = 0.005
_PATIENCES = (0.01, 0.04, 0.1, 0.3, 1.0, 60.0)
_LEFT, _BUSY = "gave_up", "store_unavailable"


def run(lab: Lab, counts: Counts) -> Outcome:
    """In single use, so that a renewal which was sent and not stored is a grant lost."""
    lab.switches["refresh_rotation"] = "single_use"
    lab.start_redis(proxy=True)
    lab.start_emulator()
    driver = lab.fork_driver("driver", SPOOL_DIR=str(lab.folder / "spool" / "driver"))
    lab.start_serve(workers=_WORKERS)
    crowd = Crowd.of(lab, counts["companies"])
    lab.install(driver, crowd.holders)
    assert lab.redis_proxy is not None
    lab.redis_proxy.turn("delay", "down", seconds=_LINE_SECONDS)
    ledger, storm = lab.ledger, Storm(lab, crowd)
    inside, levels = Counter[str](), []
    for _ in range(counts["waves"]):
        lab.advance(_PAST_EXPIRY_SECONDS)
        orders = [
            driver.send("call", principals=crowd.holders, callers=3, patience=patience)
            for patience in _PATIENCES
        ]
        storm.blow(counts["visits"])
        for order in orders:
            tally = driver.tally(order)
            inside += tally.reasons
            inside["ok"] += tally.ok
        time.sleep(1.0)
        levels.append(_connections(lab))
    lab.redis_proxy.turn("pass")
    return Outcome(
        [
            *storm.rows(),
            *_of_driver(inside),
            *_of_afterwards(lab, driver, crowd, ledger, counts["waves"]),
            Row("connections to Redis beyond the pools' room", _over(levels), len(levels)),
        ],
        [f"connections to Redis after each wave: {levels}", f"inside: {dict(inside)}", *storm.notes()],
    )


def _of_driver(inside: Counter[str]) -> list[Row]:
    asked = inside.total()
    odd = asked - inside["ok"] - inside[_LEFT] - inside[_BUSY]
    return [
        Row("I1 answers of the API about somebody else", inside["foreign"], asked),
        Row("callers inside that failed for another reason", odd, asked),
        Row("nobody left in the middle, or nobody stayed", int(not (inside[_LEFT] and inside["ok"])), 1),
        Row("callers told that Redis is busy", inside[_BUSY], asked, is_figure=True),
    ]


def _of_afterwards(lab: Lab, driver: DriverProcess, crowd: Crowd, ledger: Ledger, waves: int) -> list[Row]:
    """Everything is let go, stored, and works again for as many at once as before."""
    left: list[str] = []

    def is_free() -> bool:
        left[:] = locks(lab)
        return not left

    with suppress(AssertionError):  # the row says it
        until(is_free, "locks that are given back", 5)
    driver.do("call", crowd.holders)
    served = driver.do("call", crowd.holders, callers=4)
    burst = Storm(lab, crowd, cut_share=0.0)
    burst.blow(4 * len(crowd.holders))
    stored = {holder: row["refresh_token"] for holder, row in driver.stored(crowd.holders).items()}
    gone = set(lost(lab.grants(), stored)) & set(crowd.holders)
    refreshes = ledger.refreshes()
    over = sum(max(0, refreshes[holder] - waves) for holder in crowd.holders)
    return [
        Row("I2 grants lost", len(gone), len(crowd.holders)),
        Row("I3 refreshes beyond one for an expiry", over, waves * len(crowd.holders)),
        Row("locks left over", len(left), len(crowd.holders)),
        Row("I10 callers refused after the storm", len(served.failed), 4 * len(crowd.holders)),
        Row("I10 panels refused after the storm", burst.refused, burst.whole),
    ]


def _connections(lab: Lab) -> int:
    """At Redis itself, those of the app; the test's own has no part in it."""
    assert lab.redis is not None
    client: Any = lab.redis.client
    own = client.client_id()
    return sum(int(each["id"]) != own for each in client.client_list())


def _over(levels: Sequence[int]) -> int:
    return sum(level > (_WORKERS + 1) * _ROOM for level in levels)
