"""F14: the lines to Pipedrive's API and token endpoint, and to Redis, break in every way that lines break.

What may have been sent is not sent again, but for a GET, and that once; who asked is told what is known.
Effects are counted in Pipedrive, and sendings on the line.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, holder_of, lost
from tests.faults.lab.table import Outcome, Row
from tests.faults.lab.tcp_proxy import TcpProxy, before
from tests.faults.runs.lines_tls import certificates

NAME = "F14 lines"
COUNTS: Mapping[Form, Counts] = {
    "short": {"each": 12, "hole_seconds": 2, "rounds": 1},
    "long": {"each": 60, "hole_seconds": 25, "rounds": 2},
    "nightly": {"each": 100, "hole_seconds": 25, "rounds": 10},
}
SHARDED: Sequence[str] = ("rounds",)

RECOVERY_SECONDS = 30.0
_PAST_EXPIRY_SECONDS = 3_700
_UNSURE, _UNSENT, _BUSY = "unsure pipedrive_unavailable", "pipedrive_unavailable", "store_unavailable"
_BROKEN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Fault:
    """`sends_none`: nothing reaches Pipedrive while it lasts; `loses_none`: who is patient is answered."""

    name: str
    begin: Callable[[TcpProxy], object]
    end: Callable[[TcpProxy], object]
    sends_none: bool = False
    loses_none: bool = False


def _mended(line: TcpProxy) -> None:
    line.turn("pass")


def _hole(seconds: int) -> Fault:
    return Fault(
        f"black hole of {seconds} s",
        lambda line: line.turn("black_hole"),
        _mended,
        loses_none=seconds < 3,  # a connection is waited for so long
    )


FAULTS = (
    Fault("reset when used", lambda line: line.make_stale(), _mended),
    Fault("reset before Pipedrive has it", lambda line: line.turn("rst", "up"), _mended, sends_none=True),
    Fault("reset before we have the answer", lambda line: line.turn("rst", "down"), _mended),
    Fault("closed when used", lambda line: line.turn("cut", "up"), _mended, sends_none=True),
    Fault("answer cut short", lambda line: line.turn("cut", "down", amount=40), _mended),
    Fault("nobody listens", lambda line: line.refuse(), lambda line: line.listen(), sends_none=True),
)


@dataclass(slots=True)
class Found:
    """What all faults together showed, for the table."""

    writes: int = 0
    done_twice: int = 0
    told_wrong: list[str] = field(default_factory=list)
    reads: int = 0
    read_often: int = 0
    patient: int = 0
    failed_patient: int = 0
    slow: list[str] = field(default_factory=list)
    faults: int = 0
    blind: list[str] = field(default_factory=list)  # faults that nobody met
    worst_seconds: float = 0.0


@dataclass(slots=True)
class Scene:
    lab: Lab
    line: TcpProxy
    driver: DriverProcess
    users: Sequence[Holder]  # who read and write; their tokens are fresh
    found: Found = field(default_factory=Found)

    def break_line(self, fault: Fault, due: Sequence[Holder], label: str, seconds: float) -> None:
        """Reads, writes and renewals begin while the line is broken; then it is mended."""
        assert not self.driver.do("call", self.users).failed, "the line was whole"
        ledger = self.lab.ledger
        fault.begin(self.line)
        orders = {
            "write": self.driver.send("write", principals=self.users, label=label),
            "read": self.driver.send("read", principals=self.users),
            "renew": self.driver.send("renew", principals=due, callers=2),
        }
        time.sleep(seconds)
        fault.end(self.line)
        tallies = {name: self.driver.tally(order) for name, order in orders.items()}
        began, found = time.monotonic(), self.found
        while failed := [holder for holder, _ in self.driver.do("call", [*self.users, *due]).failed]:
            if time.monotonic() - began > RECOVERY_SECONDS:
                found.slow.append(f"{len(failed)} after {fault.name}")
                break
            time.sleep(0.2)
        found.worst_seconds = max(found.worst_seconds, time.monotonic() - began)
        found.faults += 1
        calls = [entry for entry in ledger.of("api_call") if entry["path"] == "/api/v2/persons"]
        reads = Counter(holder_of(entry) for entry in calls if entry["method"] == "GET")
        found.reads += len(self.users)
        found.read_often += sum(count > 2 for count in reads.values())
        self._judge_writes(fault, label, dict(tallies["write"].failed))
        if fault.loses_none:
            found.patient += 3 * len(self.users)
            found.failed_patient += sum(len(tally.failed) for tally in tallies.values())
        elif not any(tally.failed for tally in tallies.values()):
            found.blind.append(fault.name)

    def _judge_writes(self, fault: Fault, label: str, told: Mapping[Holder, str]) -> None:
        """Done once or not at all; and who is told that it is done, or not done, is told the truth."""
        records = self.lab.control.world()["records"]["persons"]
        done = Counter(each["company_id"] for each in records if each["name"] == label)
        for holder in self.users:
            count, reason = done[holder.company_id], told.get(holder, "")
            self.found.writes += 1
            self.found.done_twice += count > 1
            may_be = {"": (1,), _UNSURE: (0,) if fault.sends_none else (0, 1)}.get(reason, (0,))
            is_odd = reason not in ("", _UNSURE, _UNSENT, _BUSY)
            if count <= 1 and (count not in may_be or is_odd):
                self.found.told_wrong.append(
                    f"{fault.name}: {count} done, told {reason or 'that it is done'}"
                )


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.start_redis(proxy=True)
    lab.start_emulator(proxy=True)
    assert lab.token_proxy is not None
    line = before(lab.token_proxy.port)
    lab.token_proxy.url = f"http://127.0.0.1:{line.port}"
    lab.settings["PIPEDRIVE_OAUTH_URL"] = lab.token_proxy.url
    lab.settings["PIPEDRIVE_API_HOSTS"] += f",127.0.0.1:{line.port}"
    driver = lab.fork_driver("driver")
    faults = [*FAULTS, _hole(counts["hole_seconds"])] * counts["rounds"]
    users = lab.crowd(counts["each"])
    due = [lab.crowd(counts["each"]) for _ in faults]
    lab.install(driver, [*users, *(holder for group in due for holder in group)])
    lab.advance(_PAST_EXPIRY_SECONDS)
    scene = Scene(lab, line, driver, users)
    try:
        for number, (fault, group) in enumerate(zip(faults, due, strict=True)):
            is_hole = "hole" in fault.name
            seconds = counts["hole_seconds"] if is_hole else _BROKEN_SECONDS
            scene.break_line(fault, group, f"F14 number {number}", seconds)
        everybody = [*users, *(holder for group in due for holder in group)]
        rows = [*_of_redis(lab, driver, users), *certificates(lab, lab.crowd(counts["each"]), driver)]
        stored = {holder: row["refresh_token"] for holder, row in driver.stored(everybody).items()}
        gone = [holder for holder in lost(lab.grants(), stored) if holder in set(everybody)]
        rows.append(Row("I2 grants lost", len(gone), len(everybody)))
        return Outcome([*_rows(scene.found), *rows], _notes(scene.found))
    finally:
        line.close()


def _rows(found: Found) -> list[Row]:
    return [
        Row("faults that nobody met", len(found.blind), found.faults),
        Row("writes done twice", found.done_twice, found.writes),
        Row("writers told otherwise than it is", len(found.told_wrong), found.writes),
        Row("GETs sent more than twice", found.read_often, found.reads),
        Row("failed although the line only paused", found.failed_patient, max(found.patient, 1)),
        Row(f"I10 not working within {RECOVERY_SECONDS:.0f} s", len(found.slow), found.faults),
    ]


def _notes(found: Found) -> list[str]:
    told = [f"{count} of: {text}" for text, count in Counter(found.told_wrong).items()]
    return [
        f"worked again {found.worst_seconds:.1f} s after the line was whole (worst)",
        *found.slow,
        *found.blind,
        *told,
    ]


def _of_redis(lab: Lab, driver: DriverProcess, users: Sequence[Holder]) -> list[Row]:
    """Idle connections end, or are forgotten by the other side and reset when they are next used."""
    assert lab.redis_proxy is not None
    driver.do("call", users)
    ended = lab.redis_proxy.reset_all()
    time.sleep(0.2)
    after = driver.do("call", users)
    forgotten = lab.redis_proxy.make_stale()
    began, failed = time.monotonic(), len(users)
    while failed and time.monotonic() - began < RECOVERY_SECONDS:
        failed = len(driver.do("call", users).failed)
    return [
        Row("calls refused after idle lines to Redis had ended", len(after.failed), len(users) * bool(ended)),
        Row("not served with lines that Redis has forgotten", failed, len(users) * bool(forgotten)),
    ]
