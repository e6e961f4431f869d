"""U1: uninstall, renewal, jobs, re-install, revocation, forgetting and death of a process, in any order.

Every trial is a company of its own with one user who comes and goes; every other one has a second user whom
nothing of that may touch. What Pipedrive holds in the end is what must work, and nothing else.
A case is printed as `SEED MODE AGE USERS`; `python -m tests.faults.runs.u1_interleavings SEED MODE AGE USERS`
plays that trial again, step by step as it was.
"""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.faults.lab.campaign import Counts, Form, say
from tests.faults.lab.chronicle import Chronicle
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder
from tests.faults.lab.table import Outcome, lines
from tests.faults.runs.u1_plots import AGES, MODES, Plot, draw, plot
from tests.faults.runs.u1_verdict import Findings, judge_ends, judge_remains, judge_state

NAME = "U1 interleavings"
COUNTS: Mapping[Form, Counts] = {
    "short": {"trials": 200, "batch": 200},
    "long": {"trials": 2_000, "batch": 400},
    "nightly": {"trials": 12_000, "batch": 400},
}
SHARDED: Sequence[str] = ("trials",)

DAY = 86_400
# All locks are over; the rest of what a trial's own time was ahead; every check after a notice; two nights
# with the second refusal of each.
_SOON = (21, 600, 300, 1_600, 1_900, 61, DAY, 61, 61, DAY, 61, 61)
_LONG = (*[10 * DAY] * 3, 5 * DAY, *[10 * DAY] * 7)  # every keep-alive, every grace


def run(lab: Lab, counts: Counts) -> Outcome:
    driver = _set_out(lab)
    found, left = Findings(), counts["trials"]
    while left > 0:
        size = min(left, counts["batch"])
        _batch(lab, driver, found, draw(lab, size))
        left -= size
    return found.outcome()


def _set_out(lab: Lab) -> DriverProcess:
    """No webhook of the emulator is heard: when the app is told of an end is for the plot to say."""
    lab.start_redis()
    lab.start_emulator()
    return lab.start_driver(module="interleaver")


def _batch(lab: Lab, driver: DriverProcess, found: Findings, plots: Sequence[Plot]) -> None:
    assert lab.redis is not None
    lab.redis.client.flushall()
    ledger, chronicle = lab.ledger, Chronicle()
    _install(lab, driver, plots)
    trials: list[tuple[Plot, dict[str, Any]]] = []
    for mode in MODES:
        chosen = [plot for plot in plots if plot.mode == mode]
        lab.control.turn(refresh_rotation=mode)
        trials += zip(chosen, _played(driver, chosen), strict=True)
    for seconds in _SOON:
        _pass(lab, driver, seconds)
    chronicle.read(ledger.read())
    judge_ends(found, chronicle, trials)
    judge_state(found, lab, driver, trials)
    for seconds in _LONG:
        _pass(lab, driver, seconds)
    judge_remains(found, lab, driver, trials)


def _install(lab: Lab, driver: DriverProcess, plots: Sequence[Plot]) -> None:
    """Each so long ago as its plot says."""
    for age, younger in pairwise((*AGES, 0)):
        chosen = [plot for plot in plots if plot.age == age]
        lab.install(driver, [holder for plot in chosen for holder in plot.holders])
        lab.advance(age - younger)


def _pass(lab: Lab, driver: DriverProcess, seconds: float) -> None:
    lab.advance(seconds)
    driver.answer(driver.send("unlock"))
    driver.answer(driver.send("rounds"), 600)


def _played(driver: DriverProcess, plots: Sequence[Plot]) -> list[dict[str, Any]]:
    """Who comes last finds an old token that still works, where tokens have a grace; it is over soon."""
    trials = [
        {
            "seed": plot.seed,
            "principals": plot.holders,
            "plot": plot.acts,
            "last": ["renew"] if plot.mode == "single_use_grace" else [],
        }
        for plot in plots
    ]
    reports: list[dict[str, Any]] = driver.answer(driver.send("interleave", trials=trials), 1_800)["trials"]
    return reports


def main(words: Sequence[str]) -> int:
    """Plays one trial again; 1 when it breaks an invariant."""
    seed, mode, age, users = int(words[0]), words[1], int(words[2]), int(words[3])
    found = Findings()
    with tempfile.TemporaryDirectory() as folder, Lab(Path(folder) / "lab") as lab:
        driver = _set_out(lab)
        user, *others = [Holder(*holder) for holder in lab.crowd(1, users)]
        chosen = plot(seed, mode, age, user, others[0] if others else None)
        _batch(lab, driver, found, [chosen])
    outcome = found.outcome()
    for line in [*found.stories, *lines([(NAME, outcome)])]:
        say(line)
    return int(any(row.broken for row in outcome.rows if not row.is_figure))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
