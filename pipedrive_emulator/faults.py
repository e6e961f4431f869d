"""Orders to misbehave: which requests, how, and how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

_PLAIN = ("reset", "lost", "garbage", "drip", "half")
KINDS = "status:<code>, delay:<seconds>, " + ", ".join(_PLAIN)


class FaultRefused(ValueError):
    """The order is not understood; the text says which part."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``route`` is a glob over the path; None of ``method`` and ``company_id`` means any."""

    route: str
    kind: str
    argument: float
    method: str | None
    company_id: int | None

    def hits(self, method: str, path: str, company_id: int | None) -> bool:
        return (
            fnmatchcase(path, self.route)
            and self.method in (None, method)
            and self.company_id in (None, company_id)
        )


class Faults:
    """The orders that are still open, first come first served."""

    def __init__(self) -> None:
        self._open: list[tuple[Fault, int]] = []

    def order(self, orders: Sequence[tuple[Fault, int]]) -> None:
        self._open.extend(orders)

    def take(self, method: str, path: str, company_id: int | None) -> Fault | None:
        """The fault that this request meets, used up by one."""
        for place, (fault, count) in enumerate(self._open):
            if fault.hits(method, path, company_id):
                self._open[place : place + 1] = [(fault, count - 1)] if count > 1 else []
                return fault
        return None

    def any_open(self) -> bool:
        return bool(self._open)

    def clear(self) -> None:
        self._open.clear()


def read_orders(rows: Any) -> list[tuple[Fault, int]]:
    """Parse ``[{"route", "kind", "method"?, "company_id"?, "count"?}]``; raises FaultRefused."""
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise FaultRefused(
            'Faults are a JSON list of objects such as {"route": "/api/v2/*", "kind": "status:503"}.'
        )
    return [(_fault(row), _count(row)) for row in rows]


def _fault(row: Mapping[str, Any]) -> Fault:
    route, method = row.get("route"), row.get("method")
    if not isinstance(route, str) or not route.startswith("/"):
        raise FaultRefused(
            "A fault needs a route: a path such as /oauth/token, in which * stands for anything."
        )
    kind, argument = _kind(str(row.get("kind", "")))
    return Fault(route, kind, argument, method and str(method).upper(), row.get("company_id"))


def _kind(text: str) -> tuple[str, float]:
    kind, _, argument = text.partition(":")
    if kind in _PLAIN and not argument:
        return kind, 0.0
    if kind in ("status", "delay"):
        try:
            return kind, float(argument)
        except ValueError:
            pass
    raise FaultRefused(f"kind {text!r} is none of: {KINDS}.")


def _count(row: Mapping[str, Any]) -> int:
    count = row.get("count", 1)
    if not isinstance(count, int) or count < 1:
        raise FaultRefused("count is a whole number of requests, 1 or more.")
    return count
