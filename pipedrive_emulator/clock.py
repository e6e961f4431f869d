"""The only source of time: the machine's clock plus the seconds that somebody has travelled."""

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipedrive_emulator.store import Store

_SECTION = "clock"


class Clock:
    """Epoch seconds, UTC. Moved back by reset and restore alone, so that expiry and order stay believable."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._offset = float(dict(store.load(_SECTION)).get("offset", 0.0))

    def now(self) -> float:
        return self.real() + self._offset

    @staticmethod
    def real() -> float:
        """The machine's own time, untouched by journeys: what its browser goes by."""
        return time.time_ns() / 1e9

    def advance(self, seconds: float) -> float:
        """Jump ahead and answer the new time; raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("advance_seconds must be 0 or more; POST /_emulator/reset returns to real time")
        self._move_to(self._offset + seconds)
        return self.now()

    def reset(self) -> None:
        self._move_to(0.0)

    def set(self, moment: float) -> None:
        """It is that moment now: for restoring."""
        self._move_to(self._offset + moment - self.now())

    def _move_to(self, offset: float) -> None:
        self._offset = offset
        self._store.put(_SECTION, "offset", offset)


def rfc3339(at: float) -> str:
    """API v2's form of a moment: ``2026-11-23T21:40:00Z``."""
    return datetime.fromtimestamp(int(at), UTC).isoformat()[:19] + "Z"


def v1_time(at: float) -> str:
    """API v1's form of a moment, in UTC: ``2026-11-23 21:40:00``."""
    return datetime.fromtimestamp(int(at), UTC).isoformat(" ")[:19]


def local_date(at: float, time_zone: str) -> str:
    """The date on the wall of somebody who lives in that time zone: ``2026-11-24``."""
    return datetime.fromtimestamp(at, ZoneInfo(time_zone)).date().isoformat()
