"""F8: the token endpoint answers with garbage, form by form, while everybody's grant is due.

`spoilt`: Pipedrive renews, and its reply is damaged on the way; `instead`: something else answers, and
Pipedrive hears of nothing. What may be lost: with tokens that work once, a grant whose only reply was spoilt.
"""

import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.impostor import Impostor
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, Ledger, holder_of, lost
from tests.faults.lab.records import logged, records
from tests.faults.lab.table import Outcome, Row, merged
from tests.faults.lab.token_replies import WITH_GRANT, WITHOUT_GRANT, changed
from tests.faults.runs.garbage_refusals import refusals
from tests.faults.runs.kill_cells import is_of

NAME = "F8 garbage"
# A round is over within a minute: so long an odd lifetime lasts, and an old token that has a grace.
COUNTS: Mapping[Form, Counts] = {
    "short": {"each": 4, "processes": 2, "rounds": 1},
    "long": {"each": 4, "processes": 4, "rounds": 10},
    "nightly": {"each": 4, "processes": 4, "rounds": 50},
}
SHARDED: Sequence[str] = ("rounds",)

MODES = (("same", False), ("single_use_grace", False), ("single_use", False), ("single_use", True))
RECOVERY_SECONDS = 30.0
MOVED, ELSEWHERE = "api_domain that is ours too", "api_domain of an impostor"
_UNTOLD = ("duplicate keys", MOVED)  # for who reads them there is nothing odd in them
_SLOW = ("stall of 30 s", "drip")
_TORN = ("refresh_token missing", "refresh_token null", "refresh_token empty", "refresh_token a number")
_PAST_EXPIRY_SECONDS = 3_700
_WIDTH = 12
_BUSY = "store_unavailable"  # fails closed: this machine's Redis is not served in time, so ask again


@dataclass(slots=True)
class Scene:
    """One Pipedrive in one mode. `groups`: whose replies take which form; `others` get theirs as made."""

    lab: Lab
    mode: str
    is_instead: bool
    impostor: Impostor
    groups: dict[str, list[Holder]] = field(default_factory=dict)
    others: list[Holder] = field(default_factory=list)
    drivers: list[DriverProcess] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def broken(self, what: str, holders: Collection[Holder], n: int) -> Row:
        """The row, and a note of which forms it was about."""
        groups = {**self.groups, "as made": self.others}
        forms = [name for name, group in groups.items() if {*group} & {*holders}]
        if forms:
            self.notes.append(f"{self.name}: {what}: {', '.join(forms)}")
        return Row(what, len(holders), n)

    @property
    def name(self) -> str:
        return f"{self.mode}, {'instead' if self.is_instead else 'spoilt'}"

    @property
    def keeping(self) -> list[Holder]:
        """Whose replies do not validate, so that nothing of theirs may change."""
        return [holder for name in self.groups if name in WITHOUT_GRANT for holder in self.groups[name]]

    @property
    def taking(self) -> list[Holder]:
        """Whose replies have a grant in them, however odd."""
        return [holder for name in self.groups if name not in WITHOUT_GRANT for holder in self.groups[name]]

    def prepare(self, each: int, processes: int) -> None:
        names = list(WITHOUT_GRANT) if self.is_instead else [*WITHOUT_GRANT, *WITH_GRANT, MOVED, ELSEWHERE]
        holders = self.lab.crowd(each * (len(names) + 4))
        self.groups = {name: holders[each * at : each * (at + 1)] for at, name in enumerate(names)}
        self.others = holders[each * len(names) :]
        self.drivers = [self.lab.fork_driver(f"driver-{number}") for number in range(processes)]
        self.lab.install(self.drivers[0], holders)
        self.lab.advance(_PAST_EXPIRY_SECONDS)

    def spoil(self) -> None:
        assert self.lab.token_proxy is not None
        ours = {
            MOVED: changed(api_domain=self.lab.emulator_url),
            ELSEWHERE: changed(api_domain=self.impostor.url),
        }
        for name, holders in self.groups.items():
            begins = tuple(f"{holder.company_id}:{holder.user_id}:" for holder in holders)
            self.lab.token_proxy.order(
                name,
                None,
                where=lambda form, begins=begins: is_of(form, begins),  # type: ignore[misc]
                as_form=ours.get(name),
                is_instead=self.is_instead,
            )

    def renew_all(self) -> Counter[str]:
        """Every process, twice for each at once; the slow forms by one of them. Reasons of the others."""
        slow = [holder for name in _SLOW for holder in self.groups[name]]
        prompt = [each for each in (*self.keeping, *self.taking, *self.others) if each not in slow]
        late = self.drivers[0].send("renew", principals=slow, callers=2, width=len(slow))
        left = dict.fromkeys(range(len(self.drivers)), prompt)
        spared, reasons = {*self.taking, *self.others}, Counter[str]()
        while left:
            orders = {at: self._order(self.drivers[at], holders) for at, holders in left.items()}
            left = {}
            for at, order in orders.items():
                failed = self.drivers[at].tally(order, 600).failed
                reasons.update(reason for holder, reason in failed if holder in spared)
                if busy := {holder for holder, reason in failed if reason == _BUSY}:
                    left[at] = list(busy)
        self.drivers[0].tally(late)
        self.notes += [f"{self.name}: {count} callers: {reason}" for reason, count in reasons.items()]
        return reasons

    def _order(self, driver: DriverProcess, holders: list[Holder]) -> int:
        """Few at a time: on a busy machine even whole replies would come too late otherwise."""
        mixed = self.lab.chance.sample(holders, len(holders))
        return driver.send("renew", principals=mixed, callers=2, width=_WIDTH)

    def recover(self) -> tuple[list[Holder], float]:
        """Who does not work although the replies are whole again, and how long the others took.

        Whose token was spent on a spoilt reply, in single use, has nothing left to work with.
        """
        assert self.lab.token_proxy is not None
        self.lab.token_proxy.clear()
        began, left = time.monotonic(), [*self.keeping, *self.taking, *self.others]
        hopeless = set(self.keeping) if self.is_strict else set()
        while left and time.monotonic() - began < RECOVERY_SECONDS:
            failed = dict(self.drivers[-1].do("call", left, width=_WIDTH).failed)
            spent = {holder for holder in failed if failed[holder] == "renewal_unsettled"} & hopeless
            left = [holder for holder in failed if holder not in spent]
            time.sleep(0.2 if left else 0)
        return left, time.monotonic() - began

    @property
    def is_strict(self) -> bool:
        return self.mode == "single_use" and not self.is_instead


def run(lab: Lab, counts: Counts) -> Outcome:
    return merged(_round(lab, lab.folder / f"round-{number}", counts) for number in range(counts["rounds"]))


def _round(lab: Lab, folder: Path, counts: Counts) -> Outcome:
    """Each mode has a Pipedrive and a Redis of its own, side by side; so have the refusals."""
    seeds = [lab.chance.getrandbits(31) for _ in range(len(MODES) + 1)]
    with ThreadPoolExecutor(len(seeds)) as pool:
        scenes = [
            pool.submit(_in_mode, folder, *mode, seed, counts)
            for mode, seed in zip(MODES, seeds, strict=False)
        ]
        last = pool.submit(refusals, folder, seeds[-1], counts["each"])
        return merged(each.result() for each in (*scenes, last))


def _in_mode(folder: Path, mode: str, is_instead: bool, seed: int, counts: Counts) -> Outcome:
    impostor = Impostor()
    with Lab(folder / f"{mode}-{is_instead}", seed) as own:
        own.switches["refresh_rotation"] = mode
        own.start_redis()
        own.start_emulator(proxy=True)
        own.settings["PIPEDRIVE_API_HOSTS"] += f",{impostor.host}"
        scene = Scene(own, mode, is_instead, impostor)
        scene.prepare(counts["each"], counts["processes"])
        ledger, before = own.ledger, records(own)
        scene.spoil()
        reasons = scene.renew_all()
        rows = [*_of_records(scene, before, ledger), *_of_replies(scene, ledger, reasons), _of_logs(scene)]
        rows += _of_recovery(scene)
        looked, leaks = own.leaks()
        impostor.close()
        return Outcome(
            [*rows, Row("I7 files with a secret in the clear", len(leaks), looked)], [*scene.notes, *leaks]
        )


def _of_records(scene: Scene, before: Mapping[Holder, bytes], ledger: Ledger) -> list[Row]:
    """Before anything has recovered: Redis has what it had, where a reply did not validate."""
    now = records(scene.lab)
    assert scene.lab.token_proxy is not None
    unsent = [name for name in scene.groups if scene.lab.token_proxy.counts[name] < len(scene.groups[name])]
    committed = ledger.refreshes()
    heard = [holder for holder in scene.keeping if committed[holder]]
    return [
        Row("forms that were not sent to each", len(unsent), len(scene.groups)),
        scene.broken(
            "I2 records changed by a reply that does not validate",
            [holder for holder in scene.keeping if now[holder] != before[holder]],
            len(scene.keeping),
        ),
        Row(
            "replies that Pipedrive committed or not, against the plan",
            len(heard) if scene.is_instead else len(scene.keeping) - len(heard),
            len(scene.keeping),
        ),
    ]


def _of_replies(scene: Scene, ledger: Ledger, reasons: Counter[str]) -> list[Row]:
    """What can be used is used, at once and once; and who got whole replies notices nothing."""
    newest = {holder_of(entry): entry["access_token"] for entry in ledger.of("token_refreshed")}
    stored = scene.drivers[0].stored([*scene.taking, *scene.others])
    served, refreshes = [*scene.taking, *scene.others], ledger.refreshes()
    thrown = [holder for holder in served if stored[holder]["access_token"] != newest.get(holder)]
    asked, busy = 2 * len(scene.drivers) * len(served), reasons[_BUSY]
    shown = sum(scene.impostor.shown.values())
    rows = [
        scene.broken("I2 usable replies thrown away", thrown, len(served)),
        scene.broken(
            "I3 refreshes more or fewer than one",
            [each for each in served if refreshes[each] != 1],
            len(served),
        ),
        Row("callers refused although the reply was usable", sum(reasons.values()) - busy, asked),
        Row("callers told that Redis is busy", busy, asked, is_figure=True),
    ]
    if not scene.is_instead:
        rows.append(Row("api_domain not asked for at all", int(not shown), 1))
    return rows


def _of_logs(scene: Scene) -> Row:
    lines = logged(scene.lab, scene.drivers)
    told = {Holder(line["company_id"], line["user_id"]) for line in lines if line.get("reason")}
    silent = [
        name for name, holders in scene.groups.items() if name not in _UNTOLD and not told.issuperset(holders)
    ]
    return Row("forms without a line and a reason", len(silent), len(scene.groups))


def _of_recovery(scene: Scene) -> list[Row]:
    shown = scene.impostor.shown.copy()
    slow, _ = scene.recover()
    everybody = [*scene.keeping, *scene.taking, *scene.others]
    stored = scene.drivers[-1].stored(everybody)
    tokens = {holder: row["refresh_token"] for holder, row in stored.items()}
    gone = set(lost(scene.lab.grants(), tokens))
    torn = {holder for name in _TORN for holder in scene.groups.get(name, [])}
    window = {*(scene.keeping if scene.is_strict else ()), *(() if scene.mode == "same" else torn)}
    kept = set(everybody) - window
    rows = [
        scene.broken("I2 grants lost", gone & kept, len(kept)),
        scene.broken(f"I10 not working again within {RECOVERY_SECONDS:.0f} s", slow, len(everybody)),
        Row(
            "I2 disconnected without two refusals",
            sum(row["state"] != "active" for row in stored.values()),
            len(everybody),
        ),
    ]
    if window:
        rows.append(
            Row("lost to a spoilt reply, the old token spent", len(gone), len(window), is_figure=True)
        )
    if not scene.is_instead:
        again = sum((scene.impostor.shown - shown).values())
        rows.append(Row("calls to an api_domain that was not believed", again, sum(shown.values())))
    return rows
