"""A1, A2: tokens spoilt in every way we know, and valid ones of every age, at the door of the deal panel.

Each class of mutants is a row with its own n. It breaks when one token of it gets anything but a plain 401,
in the page's address or as the bearer of a later read; a valid token breaks its row when it is refused. The
valid ones are nobody's, so what lies behind the door is the Connect page.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.door import MUTATORS
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.table import Outcome, Row
from tests.makers import SECRET

NAME = "A1 tokens"
COUNTS: Mapping[Form, Counts] = {
    "short": {"mutants": 50_000, "valid": 2_000, "processes": 2},
    "long": {"mutants": 200_000, "valid": 20_000, "processes": 2},
    "nightly": {"mutants": 1_000_000, "valid": 100_000, "processes": 2},
}
SHARDED: Sequence[str] = ("mutants", "valid")
_OK, _REFUSED, _NOT_INSTALLED, _BROKEN = 200, 401, 403, 500
_TWINS = "twin of a valid one that is remembered"
_PATIENCE_SECONDS = 3_600.0
_PORTION = 2_000  # valid tokens in one order


Answers = Mapping[str, Any]


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.settings["SURFACE_JWT_SECRETS"] = f"deal-panel={SECRET.decode()}"
    lab.start_redis()
    doors = [lab.start_driver(f"door-{number}", module="door") for number in range(counts["processes"])]
    share = -(-counts["mutants"] // len(MUTATORS))
    spoilt = [(name, share) for name in MUTATORS]
    valid = [("", min(_PORTION, counts["valid"] - begin)) for begin in range(0, counts["valid"], _PORTION)]
    twins = [(_TWINS, share)]
    orders = [_order(lab, doors, number, *asked) for number, asked in enumerate([*spoilt, *twins, *valid])]
    found = [(name, door.answer(order, _PATIENCE_SECONDS)) for name, door, order in orders]
    answers = [answer for _, answer in found]
    refused = [(name, answer) for name, answer in found if name]
    admitted = [answer for name, answer in found if not name]
    return Outcome(
        [
            *(Row(f"accepted: {name.replace('_', ' ')}", *_wrong("page", [each])) for name, each in refused),
            Row("accepted as a bearer, all classes", *_wrong("bearer", [each for _, each in refused])),
            Row("valid tokens refused", *_wrong("page", admitted, (_OK,))),
            Row("valid bearers refused", *_wrong("bearer", admitted, (_NOT_INSTALLED,))),
            Row("answered with a 5xx", *_broken(answers)),
            Row(
                "answers that repeat a part of the token",
                sum(each["told"] for each in answers),
                _sent(answers),
            ),
        ]
    )


def _order(
    lab: Lab, doors: Sequence[DriverProcess], number: int, name: str, count: int
) -> tuple[str, DriverProcess, int]:
    door = doors[number % len(doors)]
    what = {"name": name, "count": count, "seed": lab.chance.getrandbits(31)}
    return name, door, door.send("twins" if name == _TWINS else "spoilt" if name else "valid", **what)


def _statuses(route: str, answers: Sequence[Answers]) -> Counter[int]:
    """How often each status was answered; JSON has made texts of them."""
    found = Counter[int]()
    for each in answers:
        found.update({int(status): count for status, count in each[route].items()})
    return found


def _wrong(route: str, answers: Sequence[Answers], right: Sequence[int] = (_REFUSED,)) -> tuple[int, int]:
    found = _statuses(route, answers)
    return found.total() - sum(found[status] for status in right), found.total()


def _broken(answers: Sequence[Answers]) -> tuple[int, int]:
    found = _statuses("page", answers) + _statuses("bearer", answers)
    return sum(count for status, count in found.items() if status >= _BROKEN), found.total()


def _sent(answers: Sequence[Answers]) -> int:
    return _broken(answers)[1]
