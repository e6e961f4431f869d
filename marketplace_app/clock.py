"""The only source of time, so that tests can live through sixty days in a second."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


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
    _offset: float = 0.0
    _read: tuple[int, int] | None = None

    def now(self) -> float:
        stamp = _stamp(self.path)
        if stamp != self._read:
            self._offset = _read_offset(self.path)
            self._read = stamp  # last: a thread that asks meanwhile must not use the old one
        return time.time() + self._offset  # noqa: TID251 (as above)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def write_offset(path: Path, seconds: float) -> None:
    """For an OffsetClock, and in one step: half a number would be another time."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(str(seconds))
    fresh.replace(path)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read_offset(path: Path) -> float:
    try:
        return float(path.read_text().strip() or 0)
    except (OSError, ValueError):
        return 0.0
