"""The emulator as a real process, spoken to over HTTP alone."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

READY = "Pipedrive emulator ready on "


@dataclass(frozen=True, slots=True)
class EmulatorProcess:
    process: subprocess.Popen[str]
    url: str
    http: httpx2.Client

    def control(self, what: str, body: Any = None) -> Any:
        """POST when there is a body, else GET; refusals fail the test."""
        reply = self.ask(what, body)
        assert reply.status_code == 200, f"{what}: {reply.text}"
        return reply.json()

    def ask(self, what: str, body: Any = None) -> httpx2.Response:
        method = "GET" if body is None else "POST"
        return self.http.request(
            method, f"/_emulator/{what}", content=None if body is None else json.dumps(body)
        )

    def turn(self, **switches: str) -> None:
        self.control("switches", switches)

    def advance(self, seconds: float) -> None:
        self.control("clock", {"advance_seconds": seconds})

    def ledger(self, *kinds: str) -> list[dict[str, Any]]:
        """What happened since the last reset, of these kinds or all."""
        entries = self.control("ledger")["entries"]
        start = max((place for place, entry in enumerate(entries) if entry["kind"] == "reset"), default=-1)
        entries = entries[start + 1 :]
        return [entry for entry in entries if not kinds or entry["kind"] in kinds]

    def company_host(self, domain: str) -> dict[str, str]:
        """The Host header of a company's pages: their names resolve in browsers only."""
        return {"Host": f"{domain}.localhost:{httpx2.URL(self.url).port}"}

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def start(*arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "pipedrive_emulator", "serve", *arguments]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


@contextmanager
def running_emulator(*arguments: str) -> Iterator[EmulatorProcess]:
    process = start("--port", "0", *arguments)
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    if not line.startswith(READY):
        process.kill()
        raise AssertionError(f"no ready line but {line!r}; {process.stderr.read()}")
    url = line.removeprefix(READY).strip()
    try:
        with httpx2.Client(base_url=url, timeout=20) as http:
            yield EmulatorProcess(process, url, http)
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=30)
        process.stdout.close()
        process.stderr.close()
