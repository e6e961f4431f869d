"""One kind of death, so many times: processes die there, one that is started anew has to make it good.

A cell has an installation of its own for each process that dies, so that each loss has one cause.
"""

import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tests.faults.lab.driving import DriverGone, DriverProcess
from tests.faults.lab.http_proxy import Gate, Stage
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder
from tests.faults.lab.points import Points
from tests.harness.servers import until

Send = Callable[[DriverProcess, Holder], int]

RECOVERY_SECONDS = 30.0
_AT_ONCE = 10
_PATIENCE_SECONDS = 90.0


class Cell(NamedTuple):
    name: str
    holders: Sequence[Holder]


class Death(NamedTuple):
    """`at` is monotonic; `machine` is the SPOOL_DIR of those that died, one of each `holders`."""

    at: float
    holders: Sequence[Holder]
    machine: str


Deaths = Sequence[Death]


@dataclass(slots=True)
class Findings:
    """What the cells of one lab saw; `slow` did not work again within RECOVERY_SECONDS."""

    died_at: Counter[str] = field(default_factory=Counter)
    survived: int = 0  # told to die, and did not
    slow: list[Holder] = field(default_factory=list)
    recovered_in: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Field:
    """Where the cells of one refresh mode happen. `restarted` are the processes after the deaths."""

    lab: Lab
    found: Findings = field(default_factory=Findings)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _recoveries: list[threading.Thread] = field(default_factory=list)

    def fork(
        self, kind: str, machine: str = "", *, points: Points | None = None, **settings: str
    ) -> DriverProcess:
        own = {"FAULT_POINTS": str(points.folder)} if points else {}
        own |= {"SPOOL_DIR": machine} if machine else {}
        return self.lab.fork_driver(f"{kind}-{next(self._numbers)}", **own, **settings)

    def machine(self) -> str:
        """A SPOOL_DIR of its own, so that no process carries out what others of the cell have left."""
        return str(self.lab.folder / "spool" / f"machine-{next(self._numbers)}")

    def points(self) -> Points:
        folder = self.lab.folder / f"points-{next(self._numbers)}"
        folder.mkdir()
        return Points(folder)

    def die_at_point(self, point: str, holders: Sequence[Holder], send: Send) -> Deaths:
        """A process for each of them does as `send` says and is killed at the point; when, and whom.

        A batch has a machine of its own, for whoever starts on one carries out what lies there.
        """
        deaths = []
        for batch in batches(holders):
            spool = self.machine()
            self._die(point, batch, send, [spool for _ in batch])
            deaths.append(Death(time.monotonic(), batch, spool))
        return deaths

    def die_apart(self, point: str, holders: Sequence[Holder], send: Send) -> Deaths:
        """As `die_at_point`, each on a machine of its own: none carries out what another one has left."""
        spools = [self.machine() for _ in holders]
        self._die(point, holders, send, spools)
        at = time.monotonic()
        return [Death(at, [holder], spool) for holder, spool in zip(holders, spools, strict=True)]

    def _die(self, point: str, holders: Sequence[Holder], send: Send, spools: Sequence[str]) -> None:
        places = [self.points() for _ in holders]
        for place in places:
            place.order(point, "kill")
        drivers = self._forks(spools, places)
        orders = [send(driver, holder) for driver, holder in zip(drivers, holders, strict=True)]
        for driver, place, order in zip(drivers, places, orders, strict=True):
            self._see_dead(driver, point, _dies_of(driver, order) and place.taken(point) == [driver.pid])

    def die_at_stage(self, stage: Stage, holders: Sequence[Holder], send: Send) -> Deaths:
        """As `die_at_point`, when the reply to its token request has got that far."""
        deaths = []
        for batch in batches(holders):
            gate, spool = self.hold(stage, batch), self.machine()
            drivers = self._forks([spool for _ in batch], [None for _ in batch])
            for driver, holder in zip(drivers, batch, strict=True):
                send(driver, holder)
            until(partial(has_come, gate, len(batch)), f"{len(batch)} requests at {stage}", _PATIENCE_SECONDS)
            for driver in drivers:
                self._see_dead(driver, stage, driver.exit_code is None)
            gate.release()
            deaths.append(Death(time.monotonic(), batch, spool))
        return deaths

    def _forks(self, spools: Sequence[str], places: Sequence[Points | None]) -> list[DriverProcess]:
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(lambda spool, place: self.fork("dies", spool, points=place), spools, places))

    def hold(self, stage: Stage, holders: Sequence[Holder]) -> Gate:
        """Their token requests and nobody else's."""
        assert self.lab.token_proxy is not None
        begins = tuple(f"{holder.company_id}:{holder.user_id}:" for holder in holders)
        return self.lab.token_proxy.hold(stage, lambda form: is_of(form, begins))

    def _see_dead(self, driver: DriverProcess, where: str, was_as_told: bool) -> None:
        self.lab.kill(driver.name)
        self.found.died_at[where] += was_as_told
        self.found.survived += not was_as_told

    def recover(self, deaths: Deaths, ends: Collection[str] = ()) -> None:
        """Start anew, at once, and act for each of them until it works; `join` waits for it.

        Who is refused for a reason of `ends` is not tried again, and is no matter of time.
        """
        for death in deaths:
            driver = self.fork("restarted", death.machine)
            thread = threading.Thread(target=self._recover, args=(driver, death, ends))
            thread.start()
            self._recoveries.append(thread)

    def _recover(self, driver: DriverProcess, death: Death, ends: Collection[str]) -> None:
        left = list(death.holders)
        while left and time.monotonic() - death.at < RECOVERY_SECONDS + 5:
            tally = driver.do("call", left, _PATIENCE_SECONDS, width=len(left))
            took = time.monotonic() - death.at
            failed = dict(tally.failed)
            works = [holder for holder in left if holder not in failed]
            self.found.recovered_in += [took for _ in works if took <= RECOVERY_SECONDS]
            self.found.slow += [holder for holder in works if took > RECOVERY_SECONDS]
            left = [holder for holder in failed if failed[holder] not in ends]
            time.sleep(0.5)
        self.found.slow += left
        self.lab.stop(driver.name)

    def join(self) -> None:
        for thread in self._recoveries:
            thread.join()
        self._recoveries.clear()


def is_of(form: Mapping[str, str], begins: Sequence[str]) -> bool:
    """Refresh tokens begin with whose they are."""
    return form.get("refresh_token", "").startswith(tuple(begins))


def renew(driver: DriverProcess, holder: Holder) -> int:
    return driver.send("renew", principals=[holder], callers=2)


def notice(driver: DriverProcess, holder: Holder) -> int:
    return driver.send("notice", principals=[holder])


def batches(holders: Sequence[Holder]) -> list[Sequence[Holder]]:
    return [holders[begin : begin + _AT_ONCE] for begin in range(0, len(holders), _AT_ONCE)]


def left_by(machine: str, kind: str) -> list[str]:
    """What the journal of that machine still has to carry out."""
    return [file.name for file in Path(machine).glob(f"{kind}-*.sealed")]


def has_come(gate: Gate, count: int) -> bool:
    return gate.arrived >= count


def _dies_of(driver: DriverProcess, order: int) -> bool:
    try:
        driver.answer(order, _PATIENCE_SECONDS)
    except DriverGone:
        return True
    return False
