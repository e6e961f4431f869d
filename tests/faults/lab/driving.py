"""The run's end of a driver: orders as JSON lines into its input, answers from its output."""

import contextlib
import itertools
import json
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.lab.oracle import Holder

_TETHER = Path(__file__).resolve().parents[3] / "marketplace_app" / "cli" / "local" / "tether.py"
_PATIENCE_SECONDS = 120.0


class DriverGone(AssertionError):
    """The process ended before it answered: killed by an order, or by a bug that its log tells of."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one order. `again` and `spans`: see `_each` of driver.py."""

    ok: int
    reasons: Counter[str]
    failed: Sequence[tuple[Holder, str]]
    seconds: float
    again: Counter[str] = field(default_factory=Counter)
    spans: Sequence[tuple[float, float]] = ()

    @property
    def bugs(self) -> list[str]:
        return [reason for reason in self.reasons if reason.startswith("bug:")]


@dataclass(slots=True)
class DriverProcess:
    name: str
    log: Path
    _process: subprocess.Popen[str] = field(repr=False)
    pid: int = 0
    _answers: dict[int, dict[str, Any]] = field(default_factory=dict)
    _news: threading.Condition = field(default_factory=threading.Condition)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @classmethod
    def start(cls, name: str, env: Mapping[str, str], log: Path, module: str = "driver") -> "DriverProcess":
        """Ready when this returns. It ends with this process, whatever happens."""
        log.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", f"tests.faults.lab.{module}"]
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid()), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**env, "PYTHONPATH": str(_TETHER.parents[3]), "PYTHONUNBUFFERED": "1"},
                text=True,
                start_new_session=True,
            )
        return cls.over(name, process, log)

    @classmethod
    def over(cls, name: str, process: Any, log: Path) -> "DriverProcess":
        """Over a process that has `stdin`, `stdout` and the signals of subprocess.Popen."""
        made = cls(name, log, process)
        threading.Thread(target=made._listen, daemon=True).start()
        made.pid = made.answer(0)["pid"]
        return made

    def send(self, do: str, **facts: Any) -> int:
        """The order's number, for `answer`. Raises DriverGone."""
        number = next(self._numbers)
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps({"id": number, "do": do, **facts}) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise DriverGone(f"{self.name} takes no orders; see {self.log}") from error
        return number

    def answer(self, number: int, seconds: float = _PATIENCE_SECONDS) -> dict[str, Any]:
        """Raises DriverGone, TimeoutError, or AssertionError with what the driver said went wrong."""
        with self._news:
            heard = self._news.wait_for(lambda: number in self._answers or self._has_ended(), seconds)
        if not heard:
            raise TimeoutError(f"{self.name} has not answered within {seconds} s; see {self.log}")
        if number not in self._answers:
            raise DriverGone(f"{self.name} ended without an answer; see {self.log}")
        found = self._answers.pop(number)
        assert "error" not in found, f"{self.name}: {found['error']}"
        return found

    def tally(self, number: int, seconds: float = _PATIENCE_SECONDS) -> Tally:
        found = self.answer(number, seconds)
        failed = [(Holder(company, user), reason) for company, user, reason in found["failed"]]
        spans = [(began, ended) for began, ended in found["spans"]]
        reasons, again = Counter(found["reasons"]), Counter(found["again"])
        return Tally(found["ok"], reasons, failed, found["seconds"], again, spans)

    def do(
        self, do: str, holders: Sequence[Holder], seconds: float = _PATIENCE_SECONDS, **facts: Any
    ) -> Tally:
        """Orders and waits."""
        return self.tally(self.send(do, principals=holders, **facts), seconds)

    def stored(self, holders: Sequence[Holder]) -> dict[Holder, dict[str, Any]]:
        """State, generation and fingerprints of what is stored of them; who is absent has no record."""
        rows = self.answer(self.send("stored", principals=holders))["stored"]
        return {Holder(company, user): found for company, user, found in rows if found is not None}

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def wait_end(self, seconds: float = 20.0) -> int:
        return self._process.wait(timeout=seconds)

    def stop(self) -> None:
        """Lets it finish what it does, then ends it in any case."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.close()
            self._process.wait(timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # an order that it never read
            assert self._process.stdin is not None
            self._process.stdin.close()

    def _has_ended(self) -> bool:
        return -1 in self._answers

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer = json.loads(line)
            with self._news:
                self._answers[answer["id"]] = answer
                self._news.notify_all()
        self._process.stdout.close()
        with self._news:
            self._answers[-1] = {}
            self._news.notify_all()
