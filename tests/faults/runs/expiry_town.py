"""Processes that all renew the same installations; some die, and some stop for longer than a lock lasts."""

import itertools
import re
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, Ledger
from tests.faults.lab.points import Points
from tests.harness.servers import until

LOCK_SECONDS = 20.0
REPLIED = ("renewal.replied", "renewal.validated")  # who goes on without it has to ask again
STOPS_AT = ("renewal.read", *REPLIED, "renewal.journalled")
WIDTH = 8  # renewals at a time in each process
_LIVING_SECONDS = 3.0  # a renewal takes less, even on a busy machine
_PATIENCE_SECONDS = 900.0
_LOCK = re.compile(rb"app:\{([0-9]+)\}:([0-9]+):renewal")


@dataclass(slots=True)
class Town:
    """`in_flight`: how often a process died that held the lock of a renewal.

    `replied`: of those that are stopped, who has its reply already. `refused`: callers without a token, by
    whom they asked for. `idle_kills` met nobody at work.
    """

    lab: Lab
    holders: Sequence[Holder]
    callers: int
    in_flight: Counter[Holder] = field(default_factory=Counter)
    stopped: dict[Holder, tuple[DriverProcess, int]] = field(default_factory=dict)
    replied: list[Holder] = field(default_factory=list)
    refused: list[tuple[Holder, str]] = field(default_factory=list)
    asked: int = 0
    kills: int = 0
    idle_kills: int = 0
    seconds: float = 0.0
    _working: dict[str, tuple[DriverProcess, int]] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _dead_locks: set[tuple[Holder, bytes]] = field(default_factory=set)
    _looks: list[threading.Timer] = field(default_factory=list)
    _stopped_locks: set[bytes] = field(default_factory=set)
    _stopped_at: float = 0.0
    _began: float = field(default_factory=time.monotonic)

    def stop(self, count: int) -> None:
        """That many processes stop in the middle of one renewal each, its lock in their hands."""
        for holder, point in zip(
            self.lab.chance.sample(self.holders, count), itertools.cycle(STOPS_AT), strict=False
        ):
            name = f"stops-{next(self._numbers)}"
            place = Points(self.lab.folder / f"points-{name}")
            place.folder.mkdir()
            place.order(point, "stop")
            driver = self.lab.fork_driver(name, FAULT_POINTS=str(place.folder))
            self.stopped[holder] = driver, driver.send("renew", principals=[holder])
            self.replied += [holder] if point in REPLIED else []
            assert place.wait_taken(point) == driver.pid
        self._stopped_locks = {owner for _, owner in self._locks()}
        self._stopped_at = time.monotonic()

    def begin(self) -> None:
        """One more process that renews them all, in an order of its own."""
        name = f"renews-{next(self._numbers)}"
        driver = self.lab.fork_driver(name)
        shuffled = self.lab.chance.sample(self.holders, len(self.holders))
        number = driver.send("renew", principals=shuffled, callers=self.callers, width=WIDTH)
        self._working[name] = driver, number

    def kill_all_along(self, ledger: Ledger, kills: int) -> None:
        """Whenever so many are renewed as chance has drawn, somebody dies, and is started anew."""
        for mark in sorted(self.lab.chance.sample(range(1, len(self.holders) // 2), kills)):
            until(partial(_has_renewed, ledger, mark), f"{mark} renewals", _PATIENCE_SECONDS)
            self._kill()
            self.begin()
        for look in self._looks:
            look.join()

    def finish(self) -> None:
        """All that work come to their end; who is stopped goes on when the locks are others' for long."""
        for name, (driver, number) in self._working.items():
            tally = driver.tally(number, _PATIENCE_SECONDS)
            self.asked += tally.ok + len(tally.failed)
            self.refused += tally.failed
            self.lab.stop(name)
        self.seconds = time.monotonic() - self._began
        until(
            lambda: time.monotonic() - self._stopped_at > LOCK_SECONDS + 1,
            "the locks to end",
            2 * LOCK_SECONDS,
        )
        for driver, number in self.stopped.values():
            self.lab.thaw(driver.name)
            driver.answer(number)
            self.lab.stop(driver.name)

    def _kill(self) -> None:
        """Somebody, at a moment at which somebody renews, if there is one soon."""
        name, soon = self.lab.chance.choice(sorted(self._working)), time.monotonic() + 1
        while not self._living() and time.monotonic() < soon:
            pass
        self.lab.kill(name)
        del self._working[name]
        later = threading.Timer(_LIVING_SECONDS, self._look_again, [set(self._locks())])
        later.start()
        self._looks.append(later)

    def _look_again(self, held: set[tuple[Holder, bytes]]) -> None:
        """Whoever lives has let go of its locks meanwhile."""
        died_now = held & self._living()
        self._dead_locks |= died_now
        self.in_flight.update(holder for holder, _ in died_now)
        self.kills += 1
        self.idle_kills += not died_now

    def _living(self) -> set[tuple[Holder, bytes]]:
        """Locks of nobody who is known to be dead or stopped."""
        return {lock for lock in self._locks() if lock[1] not in self._stopped_locks} - self._dead_locks

    def _locks(self) -> list[tuple[Holder, bytes]]:
        """Of which renewals there is one, and whose: those of the dead outlive them by far."""
        assert self.lab.redis is not None
        client: Any = self.lab.redis.client
        names = list(client.scan_iter(match="app:*:renewal", count=1000))
        owners = client.mget(names) if names else []
        found = [(_LOCK.fullmatch(name), owner) for name, owner in zip(names, owners, strict=True)]
        return [(Holder(int(of[1]), int(of[2])), owner) for of, owner in found if of and owner]


def _has_renewed(ledger: Ledger, count: int) -> bool:
    return len(ledger.of("token_refreshed")) >= count
