"""The only source of time, so that tests can live through sixty days in a second."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_Stamp = tuple[int, int, int]


class Clock(Protocol):
    def now(self) -> float:
        """Seconds since the epoch, UTC."""
        ...

    async def sleep(self, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    def now(self) -> float:
        return time.time()  # noqa: TID251 (this is the one place that may ask the system)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class OffsetClock:
    """The system's clock plus the seconds that stand in a file; development only.

    It is read whenever another file stands there, so that whoever moves the time is believed at once.
    """

    path: Path
    _known: tuple[_Stamp | None, float] = (None, 0.0)

    def now(self) -> float:
        known, stamp = self._known, _stamp(self.path)
        if stamp != known[0]:
            # Both at once: a thread that asks meanwhile reads for itself.
            self._known = known = (stamp, _read_offset(self.path))
        return time.time() + known[1]  # noqa: TID251 (as above)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def write_offset(path: Path, seconds: float) -> None:
    """For an OffsetClock, and in one step: half a number would be another time."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(str(seconds))
    fresh.replace(path)


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _read_offset(path: Path) -> float:
    try:
        return float(path.read_text().strip() or 0)
    except (OSError, ValueError):
        return 0.0
