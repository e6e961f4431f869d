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

    The file is read at most five times a second, so that a test which moves the time
    is believed at once and a request does not pay for it.
    """

    path: Path
    _offset: float = 0.0
    _read_at: float = -1.0

    def now(self) -> float:
        if time.monotonic() - self._read_at > 0.2:  # noqa: PLR2004 (a fifth of a second, see above)
            self._offset = _read_offset(self.path)
            self._read_at = time.monotonic()  # last: a thread that asks meanwhile must not use the old one
        return time.time() + self._offset  # noqa: TID251 (as above)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def _read_offset(path: Path) -> float:
    try:
        return float(path.read_text().strip() or 0)
    except (OSError, ValueError):
        return 0.0
