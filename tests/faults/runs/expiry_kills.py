"""R2: as R1, while processes are killed at random moments, and some stop for longer than their locks last.

Who is in flight at a kill is read off Redis: whoever sends a token request holds the lock of that renewal.
What may be lost: with tokens that work once, a grant of those. Where Pipedrive takes an old token for a
minute more, nothing may: the worker asks again for what somebody died over.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Ledger, lost
from tests.faults.lab.table import Outcome, Row, merged
from tests.faults.runs.expiry_town import Town
from tests.faults.runs.kill_cells import left_by
from tests.harness.servers import until

NAME = "R2 kills at expiry"
COUNTS: Mapping[Form, Counts] = {
    "short": {"installations": 200, "processes": 3, "callers": 4, "kills": 8, "stops": 5, "modes_at_once": 4},
    "long": {
        "installations": 1_000,
        "processes": 8,
        "callers": 4,
        "kills": 20,
        "stops": 20,
        "modes_at_once": 2,
    },
    "nightly": {
        "installations": 10_000,
        "processes": 8,
        "callers": 4,
        "kills": 20,
        "stops": 20,
        "modes_at_once": 1,
    },
}
SHARDED: Sequence[str] = ()  # at once is at once

MODES = ("same", "rotate", "single_use_grace", "single_use")
_PAST_EXPIRY_SECONDS = 3_700
_CALLED = 200
_IDLE = "kills that found nobody in flight"


def run(lab: Lab, counts: Counts) -> Outcome:
    seeds = {mode: lab.chance.getrandbits(31) for mode in MODES}
    with ThreadPoolExecutor(counts["modes_at_once"]) as pool:
        found = merged(pool.map(lambda mode: _in_mode(lab, mode, seeds[mode], counts), MODES))
    idle = next(row for row in found.rows if row.invariant == _IDLE)
    blind = Row("runs in which no kill met a renewal", int(idle.broken == idle.n), 1)
    return Outcome([*found.rows, blind], found.notes)


def _in_mode(lab: Lab, mode: str, seed: int, counts: Counts) -> Outcome:
    with Lab(lab.folder / mode, seed) as own:
        own.switches["refresh_rotation"] = mode
        own.start_redis()
        own.start_emulator()
        holders = own.crowd(counts["installations"])
        own.install(own.fork_driver("installs"), holders)
        own.advance(_PAST_EXPIRY_SECONDS)
        own.start_worker()
        town, ledger = Town(own, holders, counts["callers"]), own.ledger
        town.stop(counts["stops"])
        for _ in range(counts["processes"]):
            town.begin()
        town.kill_all_along(ledger, counts["kills"])
        town.finish()
        spool = str(own.folder / "spool")
        until(lambda: not left_by(spool, "renewal"), "the journal to be carried out", 90)
        rows = _judge(town, ledger, mode)
        looked, leaks = own.leaks()
        rows.append(Row("I7 files with a secret in the clear", len(leaks), looked))
        return Outcome(rows, [*leaks, _rates(town, ledger, mode)])


def _judge(town: Town, ledger: Ledger, mode: str) -> list[Row]:
    lab, holders = town.lab, town.holders
    driver, n = lab.fork_driver("looks"), len(town.holders)
    stored = {holder: row["refresh_token"] for holder, row in driver.stored(holders).items()}
    gone = set(lost(lab.grants(), stored))
    expected = {holder for holder in town.in_flight if mode == "single_use"}
    sample = [*town.stopped, *lab.chance.sample(holders, min(n, _CALLED))]
    served = driver.do("call", [holder for holder in sample if holder not in gone], width=8)
    affected = town.in_flight.keys() | town.stopped.keys()
    strangers = [reason for holder, reason in town.refused if holder not in affected]
    busy = strangers.count("store_unavailable")
    rows = [
        Row("I2 grants lost", len(gone - expected), n),
        *_of_calls(town, ledger),
        Row("callers without an answer when all is over", len(served.failed), len(sample)),
        Row("callers refused who met no kill and no busy Redis", len(strangers) - busy, town.asked),
        Row("callers told that Redis is busy", busy, town.asked, is_figure=True),
        Row(_IDLE, town.idle_kills, town.kills, is_figure=True),
    ]
    if mode == "single_use":
        rows.append(
            Row("lost in flight at a kill, single use", len(gone & expected), len(expected), is_figure=True)
        )
    return rows


def _of_calls(town: Town, ledger: Ledger) -> list[Row]:
    """One refresh each, and one more for each time that a process died over it, or stopped with its reply."""
    refreshes, n = ledger.refreshes(), len(town.holders)
    allowed = Counter(dict.fromkeys(town.holders, 1)) + town.in_flight + Counter(town.replied)
    odd = [holder for holder in town.holders if not 1 <= refreshes[holder] <= allowed[holder]]
    return [
        Row("I3 refreshed never, or again without a kill or a stop", len(odd), n),
        Row(
            "I3 calls beyond the installations and those in flight",
            max(0, refreshes.total() - allowed.total()),
            refreshes.total(),
        ),
    ]


def _rates(town: Town, ledger: Ledger, mode: str) -> str:
    calls = ledger.refreshes().total()
    return (
        f"{mode}: {calls:,} calls for {len(town.holders):,} installations, {town.in_flight.total()} in flight"
        f" at {town.kills} kills, {len(town.stopped)} stopped past their locks; took {town.seconds:.1f} s"
    )
