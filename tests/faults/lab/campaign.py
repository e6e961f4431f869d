"""Runs one after the other, in shards that can be resumed, and the table of all that was found so far."""

import json
import sys
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from tests.faults.lab.lab import Lab
from tests.faults.lab.table import Outcome, Row, lines, merged, read, written

Form = Literal["short", "long", "nightly"]
Counts = Mapping[str, int]


class Run(Protocol):
    """A module of tests/faults/runs. `COUNTS`: for each form, how much of what.

    `SHARDED` names the counts that shards divide; a run without any is done whole, by one of the shards.
    """

    @property
    def NAME(self) -> str: ...  # noqa: N802 - a constant of the module

    @property
    def COUNTS(self) -> Mapping[Form, Counts]: ...  # noqa: N802

    @property
    def SHARDED(self) -> Sequence[str]: ...  # noqa: N802

    def run(self, lab: Lab, counts: Counts) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class Shard:
    number: int = 1
    of: int = 1

    @classmethod
    def read(cls, text: str) -> "Shard":
        """`2/8`. Raises ValueError."""
        number, slash, of = text.partition("/")
        made = cls(int(number), int(of)) if slash else cls()
        if not slash or not 1 <= made.number <= made.of:
            raise ValueError(f"{text!r} is no shard such as 2/8")
        return made

    def part(self, run: Run, form: Form) -> dict[str, int]:
        """The run's counts, divided where they may be, at least 1 each; nothing when others do this run."""
        counts = run.COUNTS[form]
        if not run.SHARDED and zlib.crc32(run.NAME.encode()) % self.of != self.number - 1:
            return {}
        return {name: self._of(count) if name in run.SHARDED else count for name, count in counts.items()}

    def _of(self, count: int) -> int:
        """The parts of all shards add up to the count."""
        return max(1, count * self.number // self.of - count * (self.number - 1) // self.of)

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier invocations found; one file a campaign, replaced in one step."""

    file: Path

    def load(self) -> dict[str, Outcome]:
        if not self.file.exists():
            return {}
        return dict(map(read, json.loads(self.file.read_text())))

    def save(self, key: str, outcome: Outcome) -> None:
        known = {**self.load(), key: outcome}
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps([written(*found) for found in known.items()], indent=1))
        fresh.replace(self.file)


@dataclass(frozen=True, slots=True)
class Campaign:
    form: Form
    seed: int
    folder: Path  # of the labs; what a run that broke has left stays there
    shard: Shard = Shard()
    memory: Memory | None = None

    def go(self, runs: Sequence[Run]) -> int:
        """1 when an invariant broke, was not looked at, or a run could not be finished."""
        known = self.memory.load() if self.memory else {}
        for run in runs:
            key = f"{run.NAME} {self.form} {self.shard} seed {self.seed}"
            if key in known and known[key].holds:
                say(f"{key}: held before, not run again")
                continue
            counts = self.shard.part(run, self.form)
            if not counts:
                say(f"{key}: done by another shard")
                continue
            outcome = self._one(run, key, counts)
            known[key] = outcome
            if self.memory:
                self.memory.save(key, outcome)
        found = [(run.NAME, merged(shards)) for run in runs if (shards := self._shards_of(run, known))]
        for line in lines(found):
            say(line)
        return int(not all(outcome.holds for _, outcome in found))

    def _one(self, run: Run, key: str, counts: Counts) -> Outcome:
        began = time.monotonic()
        say(f"{key}: {counts}")
        try:
            outcome = execute(run, self.folder, self._seed_of(run), counts)
        except Exception as error:  # noqa: BLE001 - the other runs go on, the table says what happened
            outcome = Outcome([Row("run finished", 1, 1)], [f"{type(error).__name__}: {error}"])
        say(f"{key}: {'held' if outcome.holds else 'BROKEN'}, {time.monotonic() - began:.0f} s")
        return outcome

    def _seed_of(self, run: Run) -> int:
        """Shards must not do the same, and a run must not depend on which others go with it."""
        return zlib.crc32(f"{self.seed} {run.NAME} {self.shard}".encode())

    def _shards_of(self, run: Run, known: Mapping[str, Outcome]) -> list[Outcome]:
        here = f"{run.NAME} {self.form} "
        there = f"/{self.shard.of} seed {self.seed}"
        return [found for key, found in known.items() if key.startswith(here) and key.endswith(there)]


def execute(run: Run, folder: Path, seed: int, counts: Counts) -> Outcome:
    """One run in a lab of its own; its folder goes when all held, and stays for a look when not."""
    with Lab(folder / run.NAME.lower().replace(" ", "-"), seed) as lab:
        outcome = run.run(lab, counts)
        looked, leaks = lab.leaks()
    if looked:
        row = Row("I7 files with a secret in the clear", len(leaks), looked)
        outcome = Outcome([*outcome.rows, row], [*outcome.notes, *leaks])
    if outcome.holds:
        lab.forget()
    return outcome


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
