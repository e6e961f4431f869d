"""Orders to misbehave: which requests, how, and how often."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from pipedrive_emulator.store import Store

_SECTION = "faults"
_PLAIN = ("reset", "lost", "garbage", "drip", "half")
KINDS = "status:<code>, delay:<seconds>, " + ", ".join(_PLAIN)
_LONGEST_DELAY = 3600


class FaultRefused(ValueError):
    """The order is not understood; the text says which part."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``route`` is a glob over the path; None of ``method`` and ``company_id`` means any.

    ``count`` is how many requests it will still meet, None: no end. ``share`` is the part of the requests
    that fit which it meets, and ``seen`` how many of those came by.
    """

    route: str
    kind: str
    argument: float
    method: str | None
    company_id: int | None
    count: int | None
    share: float | None
    seen: int = 0

    def fits(self, method: str, path: str, company_id: int | None) -> bool:
        return (
            fnmatchcase(path, self.route)
            and self.method in (None, method)
            and self.company_id in (None, company_id)
        )

    def strikes(self, seed: str) -> bool:
        """Whether the request that comes next is one of the share: the same ones for the same seed."""
        if self.share is None:
            return True
        dice = random.Random(f"{seed}/{self.route}/{self.kind}/{self.seen}")  # noqa: S311 - nothing secret
        return dice.random() < self.share

    def after(self, *, struck: bool) -> "Fault | None":
        """What is left of the order; None when it has been carried out."""
        left = self.count - 1 if struck and self.count is not None else self.count
        return None if left == 0 else replace(self, count=left, seen=self.seen + 1)


class Faults:
    """The orders that are still open, first come first served."""

    def __init__(self, store: Store, seed: str) -> None:
        self._store = store
        self._seed = seed
        self._open = {int(key): Fault(**fields) for key, fields in store.load(_SECTION)}
        self._last = max(self._open, default=0)

    def order(self, orders: Sequence[Fault]) -> None:
        for fault in orders:
            self._last += 1
            self._keep(self._last, fault)

    def take(self, method: str, path: str, company_id: int | None) -> Fault | None:
        """The fault that this request meets."""
        for number, fault in list(self._open.items()):
            if not fault.fits(method, path, company_id):
                continue
            struck = fault.strikes(self._seed)
            self._keep(number, fault.after(struck=struck))
            if struck:
                return fault
        return None

    def any_open(self) -> bool:
        return bool(self._open)

    def all(self) -> list[dict[str, Any]]:
        """As ordered, with ``count`` still to come and ``seen`` so far."""
        return [_row(fault) for fault in self._open.values()]

    def clear(self) -> int:
        """How many orders were still open."""
        cleared = len(self._open)
        self._open.clear()
        self._store.clear(_SECTION)
        return cleared

    def _keep(self, number: int, fault: Fault | None) -> None:
        if fault is None:
            del self._open[number]
            self._store.delete(_SECTION, f"{number:09d}")
        else:
            self._open[number] = fault
            self._store.put(_SECTION, f"{number:09d}", asdict(fault))


def read_orders(rows: Any) -> list[Fault]:
    """Parse ``[{"route", "kind", "method"?, "company_id"?, "count"?, "share"?}]``; raises FaultRefused."""
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise FaultRefused(
            'Faults are a JSON list of objects such as {"route": "/api/v2/*", "kind": "status:503"}.'
        )
    return [_fault(row) for row in rows]


def _fault(row: Mapping[str, Any]) -> Fault:
    route, method, company_id = row.get("route"), row.get("method"), row.get("company_id")
    if not isinstance(route, str) or not route.startswith("/"):
        raise FaultRefused(
            "A fault needs a route: a path such as /oauth/token, in which * stands for anything."
        )
    if company_id is not None and not _is_whole(company_id):
        raise FaultRefused("company_id is the number of a company, see GET /_emulator/world.")
    kind, argument = _kind(str(row.get("kind", "")))
    share = _share(row)
    method = str(method).upper() if method else None
    return Fault(route, kind, argument, method, company_id, _count(row, share), share)


def _kind(text: str) -> tuple[str, float]:
    kind, _, argument = text.partition(":")
    if kind in _PLAIN and not argument:
        return kind, 0.0
    number = _number(argument)
    if kind == "status" and number in range(200, 600):
        return kind, number
    if kind == "delay" and 0 <= number <= _LONGEST_DELAY:
        return kind, number
    raise FaultRefused(f"kind {text!r} is none of: {KINDS}.")


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _count(row: Mapping[str, Any], share: float | None) -> int | None:
    """One request unless told otherwise; a share of them goes on until it is ended."""
    count: int | None = row.get("count", None if share else 1)
    if count is not None and (not _is_whole(count) or count < 1):
        raise FaultRefused("count is a whole number of requests, 1 or more.")
    return count


def _share(row: Mapping[str, Any]) -> float | None:
    share = row.get("share")
    if share is None:
        return None
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share <= 1:
        raise FaultRefused("share is the part of the requests that it meets: above 0, at most 1.")
    return float(share)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _row(fault: Fault) -> dict[str, Any]:
    kind = f"{fault.kind}:{fault.argument:g}" if fault.kind in ("status", "delay") else fault.kind
    row = {key: value for key, value in asdict(fault).items() if key != "argument"}
    return row | {"kind": kind}
