"""Drivers by the hundred: forking.py has all imported, and forks one when asked, for all labs of a process.

Each is a process of its own, with its own settings, log and line, at a tenth of what a start from the disk
costs: so a run can kill thousands.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.lab.driving import DriverProcess

_ROOT = Path(__file__).resolve().parents[3]
_GLANCE_SECONDS = 0.002


class Nursery:
    """Ends with this process, and its drivers with it. What goes wrong in it, it says where this one does."""

    _shared: "Nursery | None" = None
    _opening = threading.Lock()

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.lab.forking"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )

    @classmethod
    def shared(cls) -> "Nursery":
        """That of this process, opened when first asked for."""
        with cls._opening:
            if cls._shared is None or cls._shared._process.poll() is not None:
                cls._shared = cls()
            return cls._shared

    def start(self, name: str, module: str, env: Mapping[str, str], log: Path) -> DriverProcess:
        """`main()` of that module of the lab. Ready when this returns, with exactly `env`."""
        log.parent.mkdir(parents=True, exist_ok=True)
        ours, theirs = socket.socketpair()
        with theirs, log.open("ab") as errors:
            packet = json.dumps({"module": module, "env": dict(env)}).encode()
            socket.send_fds(self._orders, [packet], [theirs.fileno(), errors.fileno()])
        return DriverProcess.over(name, Forked(ours), log)


@dataclass(slots=True)
class Forked:
    """As much of subprocess.Popen as a DriverProcess asks for; the process is the nursery's child."""

    link: socket.socket
    pid: int = 0
    stdin: Any = field(init=False)
    stdout: Any = field(init=False)

    def __post_init__(self) -> None:
        self.stdin = _Writer(self.link)
        self.stdout = _Reader(self)

    def poll(self) -> int | None:
        """None while it runs; the nursery alone hears how it ended."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return -1
        return None

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = 20.0) -> int:
        deadline = time.monotonic() + (timeout or 20.0)
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("driver", timeout or 20.0)
            time.sleep(_GLANCE_SECONDS)
        return code


@dataclass(slots=True)
class _Writer:
    link: socket.socket

    def write(self, text: str) -> None:
        self.link.sendall(text.encode())

    def flush(self) -> None:
        return

    def close(self) -> None:
        """The driver sees the end of its orders; what it still says is heard."""
        with contextlib.suppress(OSError):
            self.link.shutdown(socket.SHUT_WR)


@dataclass(slots=True)
class _Reader:
    """Lines until the driver has ended; the first one says which process it is."""

    owner: Forked

    def __iter__(self) -> Iterator[str]:
        with contextlib.suppress(OSError), self.owner.link.makefile("r", encoding="utf-8") as lines:
            for line in lines:
                self.owner.pid = self.owner.pid or json.loads(line)["pid"]
                yield line

    def close(self) -> None:
        self.owner.link.close()
