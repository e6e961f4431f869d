"""`make demo` as a process of its own."""

import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from marketplace_app.cli.local.ports import free_port
from tests.harness.processes import Process, descendants


@dataclass(slots=True)
class Demo:
    process: subprocess.Popen[str]
    ports: tuple[int, int]
    printed: str = ""

    def wait_until_ready(self) -> "Demo":
        return self.wait_for_line("Ctrl-C")

    def wait_for_line(self, start: str) -> "Demo":
        assert self.process.stdout
        for line in self.process.stdout:
            self.printed += line
            if line.startswith(start):
                return self
        pytest.fail(f"the demo ended: {self.printed}{self.end()[1]}")

    def end(self) -> tuple[int, str]:
        """Exit code, and the rest of what it printed."""
        rest, errors = self.process.communicate(timeout=30)
        return self.process.returncode, rest + (errors or "")

    def members(self) -> dict[int, Process]:
        return descendants(self.process.pid)


class Starter:
    """Starts demos and sees to it that none outlives its test, however that ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[Demo] = []

    def __call__(
        self, *words: str, ports: tuple[int, int] | None = None, errors: Path | None = None, **env: str
    ) -> Demo:
        """`errors` is the file to which its standard error goes while it runs."""
        app, emulator = ports or (free_port(), free_port())
        where = ["--port", str(app), "--emulator-port", str(emulator), "--folder", str(self.folder)]
        with errors.open("w") if errors else nullcontext(subprocess.PIPE) as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", "marketplace_app", "demo", "--no-browser", *where, *words],
                stdout=subprocess.PIPE,
                stderr=sink,
                text=True,
                env={**os.environ, **env},
                start_new_session=True,
            )
        self.started.append(Demo(process, (app, emulator)))
        return self.started[-1]

    def end_all(self) -> None:
        for demo in self.started:
            if demo.process.poll() is None:
                demo.process.send_signal(signal.SIGTERM)
            demo.process.communicate(timeout=30)
