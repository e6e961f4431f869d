"""Steps of an installation: one line each with its seconds, and one sentence when a step cannot be done."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / ".cache" / "install"


class CannotInstallError(Exception):
    """The sentence says what to do."""


def run(title: str, command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """Runs `command` from the checkout, shows its progress and returns its output, which a log keeps too.

    Raises subprocess.CalledProcessError with that output when the command fails.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{title.lower().replace(' ', '-')}.log"
    started = time.monotonic()
    with log.open("wb") as sink:
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(env or {})},
        )
        try:
            _show_until_done(title, child, log, started)
        except BaseException:
            child.kill()
            raise
    output = log.read_text(errors="replace")
    if child.returncode:
        print(f"  {title} failed; all of its output is in {log.relative_to(ROOT)}", flush=True)
        raise subprocess.CalledProcessError(child.returncode, list(map(str, command)), output)
    return output


def _show_until_done(title: str, child: subprocess.Popen[bytes], log: Path, started: float) -> None:
    live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    if not live:
        print(f"  {title} ...", flush=True)
    while True:
        try:
            child.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            if live:
                _rewrite(f"  {title} ... {time.monotonic() - started:.0f} s  {_last_line(log)}")
            continue
        break
    if live:
        _rewrite("")
    if child.returncode == 0:
        print(f"  {title}: {time.monotonic() - started:.1f} s", flush=True)


def _rewrite(line: str) -> None:
    sys.stdout.write(f"\r\x1b[K{line}")
    sys.stdout.flush()


def _last_line(log: Path) -> str:
    with log.open("rb") as source:
        source.seek(max(0, log.stat().st_size - 400))
        lines = source.read().decode(errors="replace").splitlines()
    return lines[-1].strip()[:48] if lines else ""
