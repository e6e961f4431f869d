"""Deleted records go for good after thirty days without activity, six kinds of them.

https://developers.pipedrive.com/changelog: permanent deletion logic for 6 core entities.
"""

from datetime import datetime

from pipedrive_emulator.base import Base

TABLES = ("activities", "deals", "files", "persons", "products", "organizations")
_DAY = 86_400.0
_DAYS = 30


class Purge:
    """Once a day of the emulator's clock."""

    def __init__(self, base: Base) -> None:
        self._base = base
        base.timers.armed_by(self._arm)

    def _arm(self) -> None:
        self._order(self._base.clock.now())

    def _order(self, now: float) -> None:
        self._base.timers.at(now + _DAY, self._run, key="purge")

    def _run(self, due: float) -> None:
        self._order(due)
        for company in self._base.world.companies():
            records = self._base.world.records(company.id)
            with self._base.store.batch():
                for table in TABLES:
                    for record in records.where(table, "is_deleted", True):  # noqa: FBT003 - a value to find
                        if _epoch(record["update_time"]) <= due - _DAYS * _DAY:
                            records.remove(table, record["id"])


def _epoch(moment: str) -> float:
    """RFC 3339, as records keep it."""
    return datetime.fromisoformat(moment).timestamp()
