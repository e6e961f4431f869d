"""F18: a backup of an hour ago is put back under processes that go on, and under one that is started anew.

Each stored refresh token may have been exchanged since. What the backup or a journal has and Pipedrive still
takes must work as if nothing had happened. Whoever is left with nothing is told to reconnect, after two
refusals a minute apart, and is never deleted. Which tokens Pipedrive takes, the emulator says.
"""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.driving import DriverGone, DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Grant, Holder, lost
from tests.faults.lab.points import Points
from tests.faults.lab.table import Outcome, Row, merged
from tests.faults.runs import backups
from tests.harness.servers import until

NAME = "F18 restore"
COUNTS: Mapping[Form, Counts] = {
    "short": {"holders": 5, "deaths": 2, "forgotten": 1},
    "long": {"holders": 60, "deaths": 10, "forgotten": 3},
    "nightly": {"holders": 400, "deaths": 40, "forgotten": 10},
}
SHARDED: Sequence[str] = ("holders", "deaths")
# The emulator's refresh_rotation, and the form of the backup.
MODES: Mapping[str, backups.Form] = {
    "same": "AOF",
    "rotate": "RDB",
    "single_use": "AOF",
    "single_use_grace": "RDB",
}
_HOUR = 3_700
_DAY = 86_400
_RECONNECT = {"renewal_unsettled", "disconnected", "not_installed"}


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.start_redis()
    lab.start_emulator()
    driver = lab.fork_driver("goes-on")
    probe = lab.crowd(1)
    lab.install(driver, probe)
    found = []
    for mode, form in MODES.items():
        lab.control.turn(refresh_rotation=mode)
        story = Story(lab, driver, mode, counts, counts["forgotten"] if mode == "same" else 0)
        story.before()
        backup = backups.Backup.of(lab, form)
        story.since()
        backup.put_back()
        until(lambda: driver.do("call", probe).ok == 1, "the process that goes on")
        found.append(story.after())
    return merged([*found, _quiet(lab, story)])


class Story:
    """One mode: who is there at the backup, what becomes of them since, and after it was put back."""

    def __init__(self, lab: Lab, driver: DriverProcess, mode: str, counts: Counts, forgotten: int) -> None:
        self.lab, self.driver, self.mode = lab, driver, mode
        sizes = {**dict.fromkeys(("idle", "once", "twice", "gone", "quiet", "again"), counts["holders"])}
        sizes |= {"journalled": counts["deaths"], "forgotten": forgotten}
        self.groups = {name: lab.crowd(size) if size else [] for name, size in sizes.items()}
        self.new: list[Holder] = []
        self.ledger = lab.ledger
        self.known: dict[Holder, set[str]] = {}  # fingerprints that the backup or a journal has
        self.machine = str(lab.folder / "spool" / f"machine-{mode}")

    @property
    def everybody(self) -> list[Holder]:
        return [*chain.from_iterable(self.groups.values())]

    def before(self) -> None:
        """Each has been renewed once, so that there is a token before."""
        self.lab.install(self.driver, self.everybody)
        self._renew(self.everybody)
        presented = {
            entry["refresh_token"]: entry["presented"] for entry in self.ledger.of("token_refreshed")
        }
        for holder, row in self.driver.stored(self.everybody).items():
            self.known[holder] = {row["refresh_token"], presented[row["refresh_token"]]}

    def since(self) -> None:
        """Half of it an hour later, half of it two."""
        lab, groups = self.lab, self.groups
        self._renew([*groups["once"], *groups["twice"], *groups["journalled"]])
        for holder in [*groups["gone"], *groups["quiet"]]:
            lab.uninstall(holder)
        leaving = [*groups["gone"], *groups["quiet"]]
        assert self.driver.do("notice", leaving).ok == len(leaving)
        assert self.driver.do("call", leaving).reasons == {"not_installed": len(leaving)}
        self.new = lab.crowd(len(groups["again"]))
        lab.install(self.driver, [*groups["again"], *self.new])
        for holder in groups["forgotten"]:
            forget(lab, holder)
        self._renew(groups["twice"])
        for holder in groups["journalled"]:
            self._die(holder)
        for entry in self.ledger.of("token_refreshed"):
            holder = Holder(entry["company_id"], entry["user_id"])
            if holder in groups["journalled"]:
                self.known[holder].add(entry["refresh_token"])

    def after(self) -> Outcome:
        lab = self.lab
        lab.advance(10)  # an entry that is younger is somebody's work in progress
        fresh = lab.fork_driver(f"anew-{self.mode}", SPOOL_DIR=self.machine)
        fresh.answer(fresh.send("replay"))
        held = lab.grants()
        called = [holder for holder in self.everybody if holder not in self.groups["quiet"]]
        takers = [holder for holder in called if self._is_taken(held, holder)]
        others = [holder for holder in called if holder not in takers]
        with ended(lab, fresh):
            first = self._told(fresh, takers, [*others, *self.new])
            early = [row["state"] for row in self.driver.stored(others).values()]
            lab.advance(62)
            second = self._told(fresh, takers, [*others, *self.new])
            late = {holder: row["state"] for holder, row in self.driver.stored(others).items()}
            twice = self._renewed_twice(fresh, takers)
        asked, told = 4 * len(takers), 4 * (len(others) + len(self.new))
        stored = {holder: row["refresh_token"] for holder, row in self.driver.stored(takers).items()}
        gone = [holder for holder in others if holder not in late]
        kept = {holder: held[holder] for holder in takers}
        rows = [
            Row(
                "I2 grants lost that Pipedrive takes",
                len(set(lost(lab.grants(), stored)) & set(kept)),
                len(takers),
            ),
            Row("callers of these without an answer", first[0] + second[0], asked),
            Row("I3 refreshes of these more or fewer than one", twice, 2 * len(takers)),
            Row("others told something else than to reconnect", first[1] + second[1], told),
            Row("others disconnected by one refusal", len(early) - early.count("active"), len(others)),
            Row(
                "others not disconnected by two",
                len(late) - list(late.values()).count("disconnected"),
                len(others),
            ),
            Row("others deleted for it", len(gone), len(others)),
            Row(f"{self.mode}: grants to be made anew", len(others), len(called), is_figure=True),
        ]
        return Outcome([*rows, *self._forgotten_again()])

    def _told(
        self, fresh: DriverProcess, takers: Sequence[Holder], others: Sequence[Holder]
    ) -> tuple[int, int]:
        """Of both processes at once: takers without an answer, and others told anything but to reconnect."""
        orders = [
            (driver, driver.send("call", principals=list(part)))
            for part in (takers, others)
            for driver in (self.driver, fresh)
        ]
        tallies = [driver.tally(number) for driver, number in orders]
        unanswered = sum(len(tally.failed) for tally in tallies[:2])
        odd = sum(
            sum(tally.reasons[reason] for reason in tally.reasons.keys() - _RECONNECT)
            for tally in tallies[2:]
        )
        return unanswered, odd + sum(tally.ok for tally in tallies[2:])

    def _renewed_twice(self, fresh: DriverProcess, takers: Sequence[Holder]) -> int:
        """What went back in its generation is renewed like any other: once each time, by either process."""
        wrong = 0
        for _ in range(2):
            self.lab.advance(_HOUR)
            ledger = self.lab.ledger
            orders = [(each, each.send("renew", principals=list(takers))) for each in (self.driver, fresh)]
            for driver, number in orders:
                driver.tally(number)
            refreshes = ledger.refreshes()
            wrong += sum(refreshes[holder] != 1 for holder in takers)
        return wrong

    def _forgotten_again(self) -> list[Row]:
        """Their keys came back with the backup, and go again by the same command."""
        holders = self.groups["forgotten"]
        if not holders:
            return []
        back = [holder for holder in holders if keys_of(self.lab, holder)]
        for holder in holders:
            forget(self.lab, holder)
        left = [holder for holder in holders if keys_of(self.lab, holder)]
        return [
            Row("companies of which forgetting again left something", len(left), len(holders)),
            Row("forgotten companies that the backup brought back", len(back), len(holders), is_figure=True),
        ]

    def _is_taken(self, held: Mapping[Holder, Grant], holder: Holder) -> bool:
        return holder in held and bool(held[holder].refresh_tokens & self.known[holder])

    def _renew(self, holders: Sequence[Holder]) -> None:
        self.lab.advance(_HOUR)
        tally = self.driver.do("renew", holders)
        assert tally.ok == len(holders), tally

    def _die(self, holder: Holder) -> None:
        """After Redis has the pair and before the journal has dropped it."""
        folder = self.lab.folder / f"points-{holder.company_id}"
        folder.mkdir()
        Points(folder).order("renewal.stored", "kill")
        dying = self.lab.fork_driver(
            f"dies-{holder.company_id}", FAULT_POINTS=str(folder), SPOOL_DIR=self.machine
        )
        try:
            dying.do("renew", [holder])
        except DriverGone:
            self.lab.kill(dying.name)
            return
        raise AssertionError(f"{dying.name} was to die at renewal.stored")


def _quiet(lab: Lab, story: Story) -> Outcome:
    """Who left after the backup and whom nobody asks for: the worker finds them, a day later at most."""
    quiet = story.groups["quiet"]
    back = [row["state"] for row in story.driver.stored(quiet).values()]
    lab.start_worker()
    lab.advance(_DAY + 60)

    def states() -> list[str]:
        lab.advance(62)
        return [row["state"] for row in story.driver.stored(quiet).values()]

    until(lambda: "active" not in states(), "the worker", 60)
    lab.stop("worker")
    return Outcome(
        [
            Row(
                "uninstalled ones of the backup not found by the worker", states().count("active"), len(quiet)
            ),
            Row("uninstalled ones that the backup brought back", len(back), len(quiet), is_figure=True),
        ]
    )


@contextmanager
def ended(lab: Lab, driver: DriverProcess) -> Iterator[None]:
    yield
    lab.stop(driver.name)


def keys_of(lab: Lab, holder: Holder) -> list[bytes]:
    assert lab.redis is not None
    return list(lab.redis.client.scan_iter(match=f"*{{{holder.company_id}}}*", count=1000))


def forget(lab: Lab, holder: Holder) -> None:
    """By the operator's command; 1 is for a grant that Pipedrive was not told of, since it is over there."""
    command = [
        sys.executable,
        "-m",
        "marketplace_app",
        "installations",
        "forget",
        str(holder.company_id),
        "--yes",
    ]
    done = subprocess.run(
        command, env=lab.environment(), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
