"""What runs on this machine: from /proc where there is one, else from ps."""

import subprocess
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Process:
    pid: int
    parent: int
    state: str
    command: str

    @property
    def is_running(self) -> bool:
        return self.state[:1] not in {"Z", "X"}


def all_processes() -> dict[int, Process]:
    found = _from_proc() if PROC.exists() else _from_ps()
    return {process.pid: process for process in found if process.is_running}


def descendants(pid: int) -> dict[int, Process]:
    """What that process has started, and what those have started."""
    everything = all_processes()
    found: dict[int, Process] = {}
    parents = {pid}
    while parents:
        children = {p.pid: p for p in everything.values() if p.parent in parents and p.pid not in found}
        found |= children
        parents = set(children)
    return found


def is_running(pid: int) -> bool:
    return pid in all_processes()


def is_stopped(pid: int) -> bool:
    found = all_processes().get(pid)
    return found is not None and found.state.startswith("T")


def wait_for(is_true: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)


def _from_proc() -> list[Process]:
    found = []
    for folder in PROC.glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            command = (folder / "cmdline").read_text(errors="replace").replace("\0", " ").strip()
        except OSError:  # it ended while we looked
            continue
        found.append(Process(int(folder.name), int(after_name[1]), after_name[0], command))
    return found


def _from_ps() -> list[Process]:
    command = ["ps", "-axo", "pid=,ppid=,stat=,command="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = (line.split(maxsplit=3) for line in listed.stdout.splitlines())
    return [Process(int(row[0]), int(row[1]), row[2], row[3] if row[3:] else "") for row in rows]


def wait_until_gone(pids: Collection[int], seconds: float = 15.0) -> None:
    """A server's last helper leaves a moment after it, once it sees that their pipe has closed."""
    wait_for(lambda: not set(pids) & all_processes().keys(), seconds)
