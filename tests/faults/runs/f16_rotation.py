"""F16, E1: encryption keys are rotated while processes read and write; then records are tampered with.

Each rotation is what docs/operations.md asks of an operator: the new key behind the old one everywhere, then
in front, then `keys rotate`, then the old one away. Which key wraps what is read off Redis itself.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder
from tests.faults.lab.table import Outcome, Row

NAME = "F16 rotation"
COUNTS: Mapping[Form, Counts] = {
    "short": {"records": 200, "rotations": 3, "processes": 2, "flips": 2_000, "swaps": 500},
    "long": {"records": 4_000, "rotations": 3, "processes": 4, "flips": 20_000, "swaps": 4_000},
    "nightly": {"records": 10_000, "rotations": 3, "processes": 4, "flips": 100_000, "swaps": 10_000},
}
SHARDED: Sequence[str] = ("flips", "swaps")
_WELL = {"read", "written", "overtaken"}
_PATIENCE = 1_800.0


@dataclass(slots=True)
class Town:
    """The processes that read and write, each with its unanswered order to go on."""

    lab: Lab
    holders: Sequence[Holder]
    keeping: dict[str, tuple[DriverProcess, int]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    def begin(self, name: str, ring: str) -> None:
        self.lab.settings["ENCRYPTION_KEYS"] = ring
        driver = self.lab.fork_driver(name, module="keeper")
        seed = self.lab.chance.getrandbits(31)
        self.keeping[name] = driver, driver.send("keep", principals=self.holders, seed=seed)

    def end(self, name: str) -> None:
        driver, number = self.keeping.pop(name)
        driver.answer(driver.send("halt"), _PATIENCE)
        self.outcomes.update(driver.answer(number, _PATIENCE)["outcomes"])
        self.lab.stop(name)

    def replace_all(self, ring: str) -> None:
        """One after the other, while the others go on."""
        for name in list(self.keeping):
            self.end(name)
            self.begin(name, ring)


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.start_redis()
    keys = [_new_key(lab, f"k{number}") for number in range(1, counts["rotations"] + 2)]
    holders = [Holder(1 + number // 2, 1 + number % 2) for number in range(counts["records"])]
    town = Town(lab, holders)
    _alone(lab, keys[0], "plant", principals=holders)
    for number in range(counts["processes"]):
        town.begin(f"keeper-{number}", keys[0])
    left = _rotations(town, keys)
    for name in list(town.keeping):
        town.end(name)
    looked = Counter(_alone(lab, keys[-1], "look", principals=holders)["outcomes"])
    tampering = {"principals": holders, "seed": lab.chance.getrandbits(31)}
    flipped = _alone(lab, keys[-1], "flip", count=counts["flips"], **tampering)["accepted"]
    swapped = _alone(lab, keys[-1], "swap", count=counts["swaps"], **tampering)["accepted"]
    looked_again = Counter(_alone(lab, keys[-1], "look", principals=holders)["outcomes"])
    asked = sum(town.outcomes.values())
    failed = {name: count for name, count in town.outcomes.items() if name not in _WELL}
    wrapped = counts["rotations"] * len(holders) // 2
    return Outcome(
        [
            Row("I4 reads and writes that failed", sum(failed.values()), asked),
            Row("I4 writes among them", 0, town.outcomes["written"]),
            Row("I4 data keys left on an old key", left, wrapped),
            Row("I2 records that the last key does not open", len(holders) - looked["read"], len(holders)),
            Row("I4 bit flips accepted", len(flipped), counts["flips"]),
            Row("I4 swapped records accepted", len(swapped), counts["swaps"]),
            Row("I2 records not as before the tampering", len(holders) - looked_again["read"], len(holders)),
        ],
        [str(found) for found in (failed, flipped[:3], swapped[:3]) if found],
    )


def _rotations(town: Town, keys: Sequence[str]) -> int:
    """How many data keys were on an old key after each of them, in all."""
    left = 0
    for old, new in pairwise(keys):
        town.replace_all(f"{old},{new}")
        town.replace_all(f"{new},{old}")
        _command(town.lab, "rotate", "--pace", "2000")
        left += sum(key_id != new.partition(":")[0] for key_id in _wrapping_keys(town.lab))
        town.replace_all(new)
    return left


def _wrapping_keys(lab: Lab) -> list[str]:
    """By the records themselves; the app is not asked."""
    assert lab.redis is not None
    client: Any = lab.redis.client
    names = list(client.scan_iter(match="app:*:data-key", count=1000))
    return [json.loads(value)["encryption_key_id"] for value in client.mget(names)]


def _new_key(lab: Lab, key_id: str) -> str:
    return _command(lab, "new", key_id)


def _command(lab: Lab, *words: str) -> str:
    """`keys ...` with the settings as they stand; exit code 0 is part of the promise."""
    done = subprocess.run(
        [sys.executable, "-m", "marketplace_app", "keys", *words],
        env=lab.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=_PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def _alone(lab: Lab, ring: str, do: str, **facts: Any) -> dict[str, Any]:
    lab.settings["ENCRYPTION_KEYS"] = ring
    driver = lab.fork_driver("alone", module="keeper")
    found = driver.answer(driver.send(do, **facts), _PATIENCE)
    lab.stop("alone")
    return found
