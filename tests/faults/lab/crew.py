"""Processes of the app whose users go on trying while something happens to Redis, and what became of it.

In each lap all grants expire at once, every process renews all of them, and newcomers install; the harm is
done meanwhile. Pipedrive is at its strictest: each refresh token works once, so that whatever is not stored
in the end is lost.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.faults.lab.driving import DriverProcess, Tally
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, lost
from tests.faults.lab.table import Row

RECOVERED_SECONDS = 30.0
DRAINED_SECONDS = 60.0  # entries rest longer and longer while Redis is away; a renewal brings its own at once
_PAST_EXPIRY_SECONDS = 3_700
_PATIENCE_SECONDS = 300.0
_CALLERS = 2
NEWCOMERS = 10  # in a lap
WIDTH = 24  # grants at work at a time in a process: more than this machine serves is an overload, no fault
_GLANCE_SECONDS = 0.05

Harm = Callable[[], float]  # does it and says when it was over, on the steady clock


@dataclass(slots=True)
class Findings:
    """Of all laps."""

    laps: int = 0
    acknowledged: int = 0  # grants that Pipedrive gave and the app said are done
    lost: list[Holder] = field(default_factory=list)
    calls: int = 0
    extra: int = 0  # calls with a token that was exchanged already, or a second exchange
    asked: int = 0
    refused: Counter[str] = field(default_factory=Counter)  # until the caller gave up
    again: Counter[str] = field(default_factory=Counter)  # tries that failed before one went well
    waited: list[float] = field(default_factory=list)  # each lap's slowest caller, from the harm's end
    drained: list[float] = field(default_factory=list)  # and when nothing was left in the journal

    def rows(self, extra_allowed: int = 0) -> list[Row]:
        """`extra_allowed`: calls in flight, of locks that went with the harm, in all laps."""
        bad = Counter({reason: n for reason, n in (self.refused + self.again).items() if _is_bad(reason)})
        return [
            Row("I1 answers about somebody else", bad["foreign"], self.asked),
            Row("I2 acknowledged grants lost", len(self.lost), self.acknowledged),
            Row("I3 calls beyond one, and those in flight", max(0, self.extra - extra_allowed), self.calls),
            Row("I3 calls beyond one", self.extra, self.calls, is_figure=True),
            Row("I10 laps not recovered within 30 s", _above(self.waited, RECOVERED_SECONDS), self.laps),
            Row(
                "laps after which the journal was not empty", _above(self.drained, DRAINED_SECONDS), self.laps
            ),
            Row("I10 callers never served", sum(self.refused.values()), self.asked),
            Row("bugs", bad.total() - bad["foreign"], self.asked),
        ]

    def notes(self) -> list[str]:
        told = ", ".join(f"{n:,} {reason}" for reason, n in self.again.most_common()) or "nothing"
        slowest = f"served within {max(self.waited):.1f} s, journal empty after {max(self.drained):.1f} s"
        notes = [f"{self.laps} laps, {slowest}; callers heard meanwhile: {told}"]
        notes += [f"lost: {self.lost[:5]}"] if self.lost else []
        notes += [f"never served: {dict(self.refused)}"] if self.refused else []
        return notes


class Crew:
    def __init__(self, lab: Lab, name: str, *, processes: int, grants: int) -> None:
        """Starts the processes with the lab's settings; `grants` are installed when this returns."""
        self.lab = lab
        self.found = Findings()
        self._names = [f"{name}-{number}" for number in range(processes)]
        self._drivers = [lab.fork_driver(each) for each in self._names]
        self.reader = lab.fork_driver(f"{name}-reader")  # has nothing to do but to look at what is stored
        self._names.append(self.reader.name)
        self.holders = lab.crowd(grants)
        lab.install(self._drivers[0], self.holders)

    def lap(self, harm: Harm, *, newcomers: int = 0, persists: float = RECOVERED_SECONDS) -> None:
        """`persists`: seconds for which a caller that is refused comes again."""
        self.lab.advance(_PAST_EXPIRY_SECONDS)
        ledger = self.lab.ledger
        fresh = self.lab.crowd(newcomers) if newcomers else []
        codes = self.lab.codes(fresh) if fresh else []
        with ThreadPoolExecutor() as pool:
            renewals = [pool.submit(self._renew, each, persists) for each in self._drivers]
            installs = pool.submit(self._install, codes) if codes else None
            over = harm()
            tallies = [each.result() for each in renewals]
            came = installs.result() if installs else None
        self.holders += fresh
        drained = self._drained()
        refreshed, refused = ledger.refreshes(), len(ledger.of("token_refused"))
        found = self.found
        found.acknowledged += len(refreshed) + len(fresh)
        found.calls += refreshed.total() + refused
        found.extra += sum(count - 1 for count in refreshed.values()) + refused
        if came is not None:
            found.refused += Counter({r: n for r, n in came.reasons.items() if r != "installation_pending"})
            found.again += Counter({r: n for r, n in came.reasons.items() if r == "installation_pending"})
        for tally in tallies:
            found.asked += tally.ok + tally.reasons.total()
            found.refused += tally.reasons
            found.again += tally.again
        self._note_recovery(over, drained, tallies)
        found.lost += self.lost()

    def lost(self) -> list[Holder]:
        mine = set(self.holders)
        grants = {holder: grant for holder, grant in self.lab.grants().items() if holder in mine}
        stored = {holder: row["refresh_token"] for holder, row in self.reader.stored(self.holders).items()}
        return lost(grants, stored)

    def logged(self, event: str) -> int:
        """How often its processes wrote that line so far."""
        return sum(self.lab.log_of(name).count(f'"{event}"') for name in self._names)

    def end(self) -> None:
        for name in self._names:
            self.lab.kill(name)

    def _renew(self, driver: DriverProcess, persists: float) -> Tally:
        shuffled = self.lab.chance.sample(self.holders, len(self.holders))
        facts = {"callers": _CALLERS, "width": WIDTH, "persists": persists}
        return driver.do("renew", shuffled, _PATIENCE_SECONDS, **facts)

    def _install(self, codes: Sequence[dict[str, object]]) -> Tally:
        """By a process of the others' kind; who is told to wait is stored later, out of the journal."""
        return self.reader.tally(self.reader.send("install", codes=codes, width=4), _PATIENCE_SECONDS)

    def _drained(self) -> float:
        """When nothing was left in the journal."""
        deadline = time.monotonic() + 2 * DRAINED_SECONDS
        while any((self.lab.folder / "spool").glob("*.sealed")) and time.monotonic() < deadline:
            time.sleep(_GLANCE_SECONDS)
        return time.monotonic()

    def _note_recovery(self, over: float, drained: float, tallies: Sequence[Tally]) -> None:
        """Callers from the harm's end, or from when they came; the journal from when work was over."""
        spans = [span for tally in tallies for span in tally.spans]
        waited = max((end - max(begin, over) for begin, end in spans if end > over), default=0.0)
        idle = max(over, *(end for _, end in spans))
        self.found.laps += 1
        self.found.waited.append(waited)
        self.found.drained.append(drained - idle)


def _above(seconds: Sequence[float], most: float) -> int:
    return sum(each > most for each in seconds)


def _is_bad(reason: str) -> bool:
    return reason == "foreign" or reason.startswith("bug:")
