"""U1: uninstall, renewal, jobs, rounds, re-install, revocation and death of a process, in any order.

Every trial is a company of its own with one user who comes and goes; every other one has a second user whom
nothing of that may touch. What Pipedrive holds in the end is what must work, and nothing else.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.chronicle import Chronicle
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Grant, Holder
from tests.faults.lab.table import Outcome, Row

NAME = "U1 interleavings"
COUNTS: Mapping[Form, Counts] = {
    "short": {"trials": 300, "batch": 100},
    "long": {"trials": 2_000, "batch": 200},
    "nightly": {"trials": 12_000, "batch": 200},
}
SHARDED: Sequence[str] = ("trials",)

DAY = 86_400
_MODES = ("single_use_grace", "single_use", "rotate", "same")
_ORDERS = ("after_token_death", "before_token_death")
_AGES = (3_700, 3_000, 0)  # seconds: expired, due, fresh
_JOBS = ("viewer", "company", "renew", "round", "check", "replay", "expire_lock")
_ENDS = ("revoke",)
_NEWS: Mapping[str, Sequence[str]] = {  # when the app hears of an uninstall
    "now": ("uninstall", "notice", "reinstall"),
    "late": ("uninstall", "reinstall", "notice"),
    "twice": ("uninstall", "notice", "notice", "reinstall"),
    "twice, once late": ("uninstall", "notice", "reinstall", "notice"),
    "early": ("notice", "uninstall", "reinstall"),
    "never": ("uninstall", "reinstall"),
}
_REINSTALLS = 0.4
# Until it is on the disk, a grant is in one process alone.
_WINDOW = ("renewal.replied", "renewal.validated", "install.replied")
_SOON = (6, 61, 240, 1_600, 1_900, DAY, DAY)  # every check after a notice, and two nights
_LONG = (*[10 * DAY] * 3, 5 * DAY, *[10 * DAY] * 7)  # every keep-alive, every grace


@dataclass(slots=True)
class Plot:
    seed: int
    user: Holder
    bystander: Holder | None
    acts: list[dict[str, Any]]

    @property
    def holders(self) -> list[Holder]:
        return [self.user, *([self.bystander] if self.bystander else [])]

    @property
    def is_told(self) -> bool:
        """Whether the app heard of every uninstall, so that none is left to be found at night."""
        acts = [act["do"] for act in self.acts]
        return "notice" in acts and "revoke" not in acts

    @property
    def comes_again(self) -> bool:
        return any(act["do"] == "reinstall" for act in self.acts)


@dataclass(slots=True)
class Findings:
    broken: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def saw(self, invariant: str, broken: Sequence[object], n: int) -> None:
        self.broken[invariant] += len(broken)
        self.of[invariant] += n
        self.notes += [f"{invariant}: {case}" for case in broken[:5]]


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.switches["refresh_rotation"] = _MODES[0]
    lab.start_redis()
    lab.start_emulator()
    driver = lab.start_driver(module="interleaver")
    found, left = Findings(), counts["trials"]
    number = 0
    while left > 0:
        size = min(left, counts["batch"])
        _batch(lab, driver, found, size, number)
        left, number = left - size, number + 1
    figures = ("grants inside the window of a kill",)
    return Outcome(
        [Row(name, found.broken[name], found.of[name], name in figures) for name in found.of],
        found.notes,
    )


def _batch(lab: Lab, driver: DriverProcess, found: Findings, size: int, number: int) -> None:
    mode = _MODES[number % len(_MODES)]
    assert lab.redis is not None
    lab.redis.client.flushall()
    lab.control.turn(refresh_rotation=mode, delete_order=_ORDERS[number % 2])
    ledger, chronicle = lab.ledger, Chronicle()
    plots = _plots(lab, size)
    holders = [holder for plot in plots for holder in plot.holders]
    lab.install(driver, holders)
    lab.advance(_AGES[number % len(_AGES)])
    reports = _play(driver, plots)
    for seconds in _SOON:
        _pass(lab, driver, seconds)
    chronicle.read(ledger.read())
    trials = list(zip(plots, reports, strict=True))
    _judge_ends(found, chronicle, trials)
    _judge_state(found, lab, driver, trials, mode)
    for seconds in _LONG:
        _pass(lab, driver, seconds)
    _judge_remains(found, lab, driver, trials)


def _pass(lab: Lab, driver: DriverProcess, seconds: float) -> None:
    driver.answer(driver.send("unlock"))
    lab.advance(seconds)
    driver.answer(driver.send("rounds"), 600)


def _play(driver: DriverProcess, plots: Sequence[Plot]) -> list[dict[str, Any]]:
    trials = [{"seed": plot.seed, "principals": plot.holders, "plot": plot.acts} for plot in plots]
    reports: list[dict[str, Any]] = driver.answer(driver.send("interleave", trials=trials), 1_800)["trials"]
    return reports


def _plots(lab: Lab, size: int) -> list[Plot]:
    alone, pairs = lab.crowd((size + 1) // 2), lab.crowd(size // 2, 2) if size > 1 else []
    companies = [(user, None) for user in alone] + list(zip(pairs[::2], pairs[1::2], strict=True))
    return [_plot(lab.chance.getrandbits(32), *company) for company in companies]


def _plot(seed: int, user: Holder, bystander: Holder | None) -> Plot:
    """What is told comes in its own order; jobs begin anywhere among it."""
    chance = random.Random(seed)  # noqa: S311 - to be replayed, not to be secret
    line = list(_NEWS[chance.choice(list(_NEWS))]) if chance.random() < 0.9 else []
    if chance.random() > _REINSTALLS and line:
        line.remove("reinstall")
    acts = [{"do": name, "user": 0} for name in line]
    for _ in range(chance.randint(2, 5)):
        name = chance.choice(_ENDS if chance.random() < 0.05 else _JOBS)
        whose = 1 if bystander and name not in _ENDS and chance.random() < 0.4 else 0
        acts.insert(chance.randint(0, len(acts)), {"do": name, "user": whose})
    return Plot(seed, user, bystander, acts)


Trials = Sequence[tuple[Plot, dict[str, Any]]]


def _judge_ends(found: Findings, chronicle: Chronicle, trials: Trials) -> None:
    ends = [(Holder(*end[:2]), end[2], end[3]) for _, report in trials for end in report["ends"]]
    back = [row for _, report in trials for row in report["returns"]]
    raised = [row for row in back if not chronicle.is_later(row[3], than=row[2])]
    found.saw("I6 calls with a token after its tombstone", chronicle.calls_after(ends), len(ends))
    found.saw("I6 grants that came back from a tombstone", raised, len(ends))
    bugs = [bug for _, report in trials for bug in report["bugs"]]
    found.saw("actors that broke", bugs, sum(len(plot.acts) for plot, _ in trials))
    steps = sum((Counter(report["steps"]) for _, report in trials), Counter[str]())
    kills = sum(bool(report["killed_at"]) for _, report in trials)
    assert steps["renewal.journalled"], "no renewal met another actor"
    found.notes.append(
        f"{len(trials)} trials, {sum(steps.values())} steps at {len(steps)} points, {kills} processes killed,"
        f" {len(ends)} ends, {len(back)} returns by a new grant"
    )


def _judge_state(found: Findings, lab: Lab, driver: DriverProcess, trials: Trials, mode: str) -> None:
    truth = lab.grants()
    holders = [holder for plot, _ in trials for holder in plot.holders]
    stored = driver.stored(holders)
    installed = [holder for holder in holders if _is_installed(truth, holder)]
    failed = dict(driver.do("call", installed).failed)
    dead: list[tuple[Any, ...]] = []
    alive: list[tuple[Any, ...]] = []
    touched: list[tuple[Any, ...]] = []
    excused: list[tuple[Any, ...]] = []
    for plot, report in trials:
        in_window = bool(set(report["killed_at"]) & set(_WINDOW))
        if _is_installed(truth, plot.user) and plot.user in failed:
            (excused if in_window else dead).append((plot.seed, mode, failed[plot.user], report["killed_at"]))
        state = stored.get(plot.user, {}).get("state")
        if not _is_installed(truth, plot.user) and not _is_over(plot, state):
            alive.append((plot.seed, mode, plot.user, state, plot.acts))
        if plot.bystander and (
            plot.bystander in failed or stored.get(plot.bystander, {}).get("state") != "active"
        ):
            case = (
                plot.seed,
                mode,
                failed.get(plot.bystander),
                stored.get(plot.bystander),
                report["killed_at"],
            )
            (excused if in_window and mode == "single_use" else touched).append(case)
    again = [plot for plot, _ in trials if plot.comes_again]
    found.saw("I2 installed at Pipedrive and not working", dead, len(installed))
    found.saw("I2 bystanders touched", touched, sum(plot.bystander is not None for plot, _ in trials))
    found.saw("I6 uninstalled at Pipedrive and not ended", alive, len(holders) - len(installed))
    found.saw(
        "U1 re-install orders that ended wrong",
        [row for row in dead + alive if row[0] in {p.seed for p in again}],
        len(again),
    )
    found.saw("grants inside the window of a kill", excused, len(trials))


def _is_over(plot: Plot, state: str | None) -> bool:
    """Who was never spoken of is found at night, and kept sealed while a refresh token could live."""
    return state is None or (not plot.is_told and state in ("disconnected", "active"))


def _judge_remains(found: Findings, lab: Lab, driver: DriverProcess, trials: Trials) -> None:
    """After the longest grace: who is installed still works, and of the others there is not a key left."""
    assert lab.redis is not None
    truth = lab.grants()
    holders = [holder for plot, _ in trials for holder in plot.holders]
    failed = dict(driver.do("call", [one for one in holders if _is_installed(truth, one)]).failed)
    gone = [plot for plot, _ in trials if not any(_is_installed(truth, holder) for holder in plot.holders)]
    left = [
        (plot.seed, name.decode())
        for plot in gone
        for name in lab.redis.client.scan_iter(f"app:{{{plot.user.company_id}}}:*", 1000)
    ]
    found.saw("I6 companies of which something is left after the grace", left, len(gone))
    found.saw("I2 lost in the three months after", list(failed), len(holders))


def _is_installed(truth: Mapping[Holder, Grant], holder: Holder) -> bool:
    return holder in truth and truth[holder].is_installed
