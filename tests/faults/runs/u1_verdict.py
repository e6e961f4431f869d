"""What U1 demands of its trials: by the emulator's ledger and grants, and by what is left in Redis."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.faults.lab.chronicle import Chronicle
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Grant, Holder
from tests.faults.lab.table import Outcome, Row
from tests.faults.lab.trial import counted
from tests.faults.runs.u1_plots import ACTS, NEWS, Plot

# Until it is on the disk, a grant is in one process alone.
_CODE_WINDOW = ("install.replied",)
_RENEWAL_WINDOW = ("renewal.replied", "renewal.validated")
_EXCUSED = "grants inside the window of a kill"
# A journalled install does not know whose it is, nor that its grant has ended since: it asks, and is refused.
_ASKED = "installs that asked whose they are after their end"
_FIGURES, _REFUSED = (_EXCUSED, _ASKED), 401
_POINTS = (
    *("renewal.begun", "renewal.locked", "renewal.read", "renewal.replied", "renewal.validated"),
    *("renewal.journalled", "renewal.stored", "renewal.released", "renewal.joined", "renewal.followed"),
    *("install.agreed", "install.replied", "install.journalled", "install.scheduled", "install.stored"),
    *("uninstall.journalled", "uninstall.suspected", "uninstall.scheduled", "job.between", "clock.asleep"),
    *("forget.users_of", "forget.end", "forget.standing", "forget.forget_user", "forget.forget_company"),
)
_BUSY, _PATIENCE = ("store_unavailable", "pipedrive_unavailable"), 5
_SELDOM = 100  # of so many trials, each act, point and news comes once at least

Trials = Sequence[tuple[Plot, dict[str, Any]]]


@dataclass(slots=True)
class Findings:
    broken: Counter[str] = field(default_factory=Counter)
    of: Counter[str] = field(default_factory=Counter)
    cases: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    stories: list[str] = field(default_factory=list)
    trials: int = 0

    def saw(self, invariant: str, broken: Sequence[object], n: int) -> None:
        self.broken[invariant] += len(broken)
        self.of[invariant] += n
        self.cases += [f"{invariant}: {case}" for case in broken[:5] if invariant not in _FIGURES]

    def outcome(self) -> Outcome:
        rows = [Row(name, self.broken[name], self.of[name], name in _FIGURES) for name in self.of]
        wanted = [*_POINTS, *ACTS, *NEWS, "end", "return by a new grant", "process killed"]
        seldom = [name for name in wanted if self.met[name] < self.trials / _SELDOM]
        rows.append(Row("acts, points and news that came too seldom", len(seldom), len(wanted)))
        counts = ", ".join(f"{name} {self.met[name]:,}" for name in wanted)
        notes = [f"{self.trials:,} trials: {counts}", *self.cases]
        return Outcome(rows, notes + ([f"seldom: {', '.join(seldom)}"] if seldom else []))


def judge_ends(found: Findings, chronicle: Chronicle, trials: Trials) -> None:
    """What an end forbids, and whether the trials were what they claim to be."""
    calls: list[tuple[str, object]] = []
    asked: list[tuple[str, object]] = []
    raised: list[tuple[str, object]] = []
    ends = 0
    for plot, report in trials:
        over = [(Holder(*end[:2]), end[2], end[3]) for end in report["ends"]]
        for call in chronicle.calls_after(over):
            is_question = plot.comes_again and call[0] in chronicle.first and call[2] == _REFUSED
            (asked if is_question else calls).append((str(plot), call))
        raised += [
            (str(plot), row[2:]) for row in report["returns"] if not chronicle.is_later(row[3], than=row[2])
        ]
        ends += len(over)
        _note(found, plot, report)
    found.saw("I6 calls with a token after its tombstone", calls, ends)
    found.saw(_ASKED, asked, ends)
    found.saw("I6 grants that came back from a tombstone", raised, ends)
    bugs = [(str(plot), bug) for plot, report in trials for bug in report["bugs"]]
    found.saw("actors that broke", bugs, sum(len(report["outcomes"]) for _, report in trials))


def _note(found: Findings, plot: Plot, report: Mapping[str, Any]) -> None:
    found.trials += 1
    found.met[plot.news] += 1
    found.met.update(plot.names)
    found.met.update(counted(report["steps"]))
    found.met["end"] += len(report["ends"])
    found.met["return by a new grant"] += len(report["returns"])
    found.met["process killed"] += sum(step.startswith("process") for step in report["steps"])
    found.stories += [f"{plot}: {plot.news}", *report["steps"], *map(str, report["outcomes"])]


def judge_state(found: Findings, lab: Lab, driver: DriverProcess, trials: Trials) -> None:
    """Two nights later: who is installed works, who is not has ended, whoever stood by noticed nothing."""
    truth = lab.grants()
    holders = [holder for plot, _ in trials for holder in plot.holders]
    stored = driver.stored(holders)
    installed = [holder for holder in holders if _is_installed(truth, holder)]
    failed = _refused(driver, installed)
    dead: list[tuple[Any, ...]] = []
    alive: list[tuple[Any, ...]] = []
    touched: list[tuple[Any, ...]] = []
    excused: list[tuple[Any, ...]] = []
    for plot, report in trials:
        for holder in plot.holders:
            state = stored.get(holder, {}).get("state")
            case = (str(plot), "user" if holder == plot.user else "bystander", state, failed.get(holder))
            if holder in failed:
                (excused if _was_in_window(plot, holder, report) else dead).append(case)
            elif not _is_installed(truth, holder) and not _is_over(plot, state):
                alive.append(case)
        if plot.bystander and "forget" not in plot.names and not _is_installed(truth, plot.bystander):
            touched.append((str(plot), plot.bystander))
    again = {str(plot) for plot, _ in trials if plot.comes_again}
    found.saw("I2 installed at Pipedrive and not working", dead, len(installed))
    found.saw("I2 bystanders ended", touched, sum(plot.bystander is not None for plot, _ in trials))
    found.saw("I6 uninstalled at Pipedrive and not ended", alive, len(holders) - len(installed))
    wrong = [case for case in dead + alive if case[0] in again]
    found.saw("U1 re-install orders that ended wrong", wrong, len(again))
    found.saw(_EXCUSED, excused, len(trials))


def _refused(driver: DriverProcess, holders: Sequence[Holder]) -> dict[Holder, str]:
    """Who does not get an answer, and why; a machine that is too busy is asked again."""
    failed = dict(driver.do("call", holders, width=8).failed)
    for _ in range(_PATIENCE):
        busy = [holder for holder, reason in failed.items() if reason in _BUSY]
        failed = {holder: reason for holder, reason in failed.items() if reason not in _BUSY}
        failed |= dict(driver.do("call", busy, width=1).failed)
    return failed


def _was_in_window(plot: Plot, holder: Holder, report: Mapping[str, Any]) -> bool:
    killed_at = set(report["killed_at"])
    lost_code = holder == plot.user and bool(killed_at & set(_CODE_WINDOW))
    return lost_code or (plot.mode == "single_use" and bool(killed_at & set(_RENEWAL_WINDOW)))


def _is_over(plot: Plot, state: str | None) -> bool:
    """Who was never spoken of is found at night, and kept sealed while a refresh token could live."""
    return state is None or (state == "disconnected" and not plot.is_told)


def judge_remains(found: Findings, lab: Lab, driver: DriverProcess, trials: Trials) -> None:
    """After the longest grace: who is installed still works, and of the others there is not a key left."""
    assert lab.redis is not None
    truth = lab.grants()
    holders = [holder for plot, _ in trials for holder in plot.holders]
    installed = [holder for holder in holders if _is_installed(truth, holder)]
    failed = _refused(driver, installed)
    lost = [(str(plot), failed[holder]) for plot, _ in trials for holder in plot.holders if holder in failed]
    gone = [plot for plot, _ in trials if not any(_is_installed(truth, holder) for holder in plot.holders)]
    left = [
        (str(plot), name.decode())
        for plot in gone
        for name in lab.redis.client.scan_iter(f"app:{{{plot.user.company_id}}}:*", 1000)
    ]
    found.saw("I6 companies of which something is left after the grace", left, len(gone))
    found.saw("I2 lost in the three months after", lost, len(installed))


def _is_installed(truth: Mapping[Holder, Grant], holder: Holder) -> bool:
    return holder in truth and truth[holder].is_installed
