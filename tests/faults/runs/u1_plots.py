"""What happens in a trial of U1, and to whom: drawn from the seed that is printed with it."""

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder

MODES = ("single_use_grace", "single_use", "rotate", "same")
AGES = (3_700, 3_300, 0)  # seconds: expired, due whatever the jitter, fresh
JOBS = ("viewer", "company", "renew", "round", "check", "replay", "wait", "wait_long", "expire_lock")
OURS = ("revoke", "forget")  # ends that the app makes
# When the app hears of an uninstall: with `early` tokens die after the notice, with the others before it.
NEWS: Mapping[str, Sequence[str]] = {
    "at once": ("uninstall", "notice", "reinstall"),
    "late": ("uninstall", "reinstall", "notice"),
    "twice": ("uninstall", "notice", "notice", "reinstall"),
    "twice, once late": ("uninstall", "notice", "reinstall", "notice"),
    "early": ("notice", "uninstall", "reinstall"),
    "never": ("uninstall", "reinstall"),
    "deactivated": ("deactivate",),
    "deactivated and told": ("deactivate", "notice"),
    "not gone": ("notice",),
    "again without an end": ("reinstall",),
    "nothing": (),
}
_WEIGHTS = (3, 3, 2, 2, 4, 3, 1, 1, 1, 1, 1)
_REINSTALLS = 0.5  # of those who went
_OURS_ODDS, _OTHER_ODDS = 0.08, 0.4
ACTS = (*JOBS, *OURS, "uninstall", "deactivate", "notice", "reinstall")


@dataclass(slots=True)
class Plot:
    """Who comes and goes is `user`; a bystander is not to feel it."""

    seed: int
    mode: str
    age: int
    user: Holder
    bystander: Holder | None
    news: str
    acts: list[dict[str, Any]]

    @property
    def holders(self) -> list[Holder]:
        return [self.user, *([self.bystander] if self.bystander else [])]

    @property
    def names(self) -> list[str]:
        return [act["do"] for act in self.acts]

    @property
    def is_told(self) -> bool:
        """Whether the app heard of every end, so that none is left to be found at night."""
        gone = {"uninstall", "deactivate"} & set(self.names)
        return not gone or "notice" in self.names

    @property
    def comes_again(self) -> bool:
        return "reinstall" in self.names

    def __str__(self) -> str:
        """What `python -m tests.faults.runs.u1_interleavings` plays again."""
        return f"{self.seed} {self.mode} {self.age} {len(self.holders)}"


def draw(lab: Lab, size: int) -> list[Plot]:
    """Every other one has a second user in the company; every mode meets every age."""
    alone, pairs = lab.crowd((size + 1) // 2), lab.crowd(size // 2, 2) if size > 1 else []
    companies = [(user, None) for user in alone] + list(zip(pairs[::2], pairs[1::2], strict=True))
    kinds = itertools.cycle(itertools.product(MODES, AGES))
    return [
        plot(lab.chance.getrandbits(32), *kind, *company)
        for company, kind in zip(companies, kinds, strict=False)
    ]


def plot(seed: int, mode: str, age: int, user: Holder, bystander: Holder | None) -> Plot:
    """What is told comes in its own order; everything else begins anywhere among it."""
    chance = random.Random(seed)  # noqa: S311 - to be replayed, not to be secret
    news = chance.choices(list(NEWS), _WEIGHTS)[0]
    line = list(NEWS[news])
    if "uninstall" in line and chance.random() > _REINSTALLS:
        line.remove("reinstall")
    acts = [{"do": name, "user": 0} for name in line]
    for _ in range(chance.randint(2, 5)):
        name = chance.choice(OURS if chance.random() < _OURS_ODDS else JOBS)
        whose = 1 if bystander and name not in OURS and chance.random() < _OTHER_ODDS else 0
        acts.insert(chance.randint(0, len(acts)), {"do": name, "user": whose})
    return Plot(seed, mode, age, user, bystander, news, acts)
