"""Drivers by the hundred: `python -m tests.faults.lab.nursery` has all imported, and forks one when asked.

Each is a process of its own, with its own settings, log and lines; it costs a twentieth of a start from the
disk, so that a run can kill thousands. The order is one packet at standard input: JSON, with the driver's
line and its log as descriptors.
"""

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.lab.driving import DriverProcess

_ROOT = Path(__file__).resolve().parents[3]
_MOST_BYTES = 65_536
_PR_SET_PDEATHSIG = 1
_GLANCE_SECONDS = 0.002


class Nursery:
    """Ends with this process, and its drivers with it."""

    def __init__(self, log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.lab.nursery"],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env={**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )

    def start(self, name: str, env: Mapping[str, str], log: Path) -> DriverProcess:
        """Ready when this returns, with exactly `env`."""
        log.parent.mkdir(parents=True, exist_ok=True)
        ours, theirs = socket.socketpair()
        with theirs, log.open("ab") as errors:
            packet = json.dumps(dict(env)).encode()
            socket.send_fds(self._orders, [packet], [theirs.fileno(), errors.fileno()])
        return DriverProcess.over(name, Forked(ours), log)

    def close(self) -> None:
        self._orders.close()
        self._process.wait(timeout=20)


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


def serve(orders: socket.socket) -> None:
    """Forks until nobody is left to ask for it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ended is nobody's zombie
    while True:
        packet, descriptors, _, _ = socket.recv_fds(orders, _MOST_BYTES, 2)
        if not packet:
            return
        if os.fork() == 0:
            _become(json.loads(packet), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _become(env: Mapping[str, str], line: int, log: int) -> None:
    """A driver, and nothing else: never returns."""
    from tests.faults.lab import driver

    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for source, target in ((line, 0), (line, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, max(line, log) + 1)
    os.environ.clear()
    os.environ.update(env)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115, PTH123
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        asyncio.run(driver.main())
    except BaseException:  # noqa: BLE001 - the log has it, and the nursery must not go on as two
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    import tests.faults.lab.driver  # what forking is to save

    serve(socket.socket(fileno=os.dup(0)))
