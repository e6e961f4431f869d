"""Named points in the code at which tests stop, hold or kill a process; in production there are none.

FAULT_POINTS names a folder. A file in it that is named like a point, say `renewal.journalled`, says what the
next process that gets there does: `kill` (SIGKILL itself), `stop` (SIGSTOP itself), `hold` (wait until the
file is gone) or `fail` (raise OSError). Who takes the order renames the file to `<point>.<pid>`, so that each
order meets one process, and a test sees that it did.
"""

import asyncio
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_POLL_SECONDS = 0.005


class Points(Protocol):
    async def reach(self, name: str, /) -> None: ...


@dataclass(frozen=True, slots=True)
class NoPoints:
    """What production has: nothing happens anywhere."""

    async def reach(self, _name: str) -> None:
        return


@dataclass(frozen=True, slots=True)
class FaultPoints:
    folder: Path

    async def reach(self, name: str) -> None:
        """Raises OSError where a test has ordered `fail`."""
        taken = self.folder / f"{name}.{os.getpid()}"
        try:
            (self.folder / name).rename(taken)
            order = taken.read_text().strip()
        except OSError:
            return  # no order, another process has taken it, or it is released already
        if order in ("kill", "stop"):
            os.kill(os.getpid(), signal.SIGKILL if order == "kill" else signal.SIGSTOP)
        elif order == "hold":
            while taken.exists():  # noqa: ASYNC110 (a file has no event to wait for)
                await asyncio.sleep(_POLL_SECONDS)
        elif order == "fail":
            raise OSError(f"a test has ordered {name} to fail")


NO_POINTS = NoPoints()
