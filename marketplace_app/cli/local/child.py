"""One process of ours: in a group of its own, tied to our life, its output in a log file."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

GRACE_SECONDS = 10.0
_TETHER = Path(__file__).with_name("tether.py")


@dataclass(slots=True)
class Child:
    name: str
    command: tuple[str, ...]
    log: Path
    _process: subprocess.Popen[bytes] = field(repr=False)
    _log_begins: int = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll()

    @property
    def is_alive(self) -> bool:
        return self.exit_code is None

    def output(self) -> str:
        """What this process has printed, without those that wrote to the same log before it."""
        with self.log.open("rb") as source:
            source.seek(self._log_begins)
            return source.read().decode(errors="replace")

    def last_lines(self, count: int = 15) -> str:
        return "\n".join(self.output().splitlines()[-count:])

    def send(self, number: signal.Signals) -> None:
        """To the process itself; its workers are its own business."""
        if self.is_alive:
            self._process.send_signal(number)

    def wait(self, seconds: float) -> None:
        """Until it ends by itself. Raises subprocess.TimeoutExpired."""
        self._process.wait(timeout=seconds)

    def stop(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Asks it to end, then ends it and all of its group. Safe to call again."""
        self.send(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=grace_seconds)
        self.kill()

    def kill(self) -> None:
        """Ends it, and what it started, at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def start(name: str, command: Sequence[str | Path], *, log: Path, env: Mapping[str, str]) -> Child:
    """Starts `command` (its program an absolute path) with exactly `env`; the log is appended to."""
    log.parent.mkdir(parents=True, exist_ok=True)
    words = tuple(str(word) for word in command)
    with log.open("ab") as sink:
        begins = sink.tell()
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), *words],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=dict(env),
            start_new_session=True,
        )
    return Child(name, words, log, process, begins)
