"""Orders at the app's named stopping points: files in the folder of FAULT_POINTS."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Order = Literal["kill", "stop", "hold", "fail"]
_GLANCE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Points:
    folder: Path

    def order(self, name: str, order: Order) -> None:
        """For the next process that gets there, and that one only."""
        fresh = self.folder / ".order"
        fresh.write_text(order)
        fresh.rename(self.folder / name)  # seen whole or not at all

    def taken(self, name: str) -> list[int]:
        """The pids that met an order there and have not been released."""
        return [int(file.suffix[1:]) for file in self.folder.glob(f"{name}.*") if file.suffix[1:].isdigit()]

    def wait_taken(self, name: str, seconds: float = 20.0) -> int:
        """The pid of the process that met the order. Raises TimeoutError when none came."""
        deadline = time.monotonic() + seconds
        while not (pids := self.taken(name)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"nobody came to {name} within {seconds} s")
            time.sleep(_GLANCE_SECONDS)
        return pids[0]

    def release(self, name: str) -> None:
        """Who holds there goes on; whoever was stopped is continued by its pid (Lab.thaw)."""
        for file in self.folder.glob(f"{name}.*"):
            file.unlink()

    def withdraw(self, name: str) -> bool:
        """Take back an order that nobody has met; whether there was one."""
        file = self.folder / name
        was_there = file.exists()
        file.unlink(missing_ok=True)
        return was_there
