"""Processes of an earlier run that was killed before it could end them (where no kernel ties them to it)."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from marketplace_app.cli.local.child import Child

GRACE_SECONDS = 10.0


def note(file: Path, children: Iterable[Child]) -> None:
    file.write_text(json.dumps([{"pid": child.pid, "command": child.command} for child in children]))


def stop_orphans(file: Path) -> None:
    """Ends what the noted processes left running; a pid that meanwhile names another program is let alone."""
    if not file.exists():
        return
    for entry in reversed(json.loads(file.read_text())):
        _stop(entry["pid"], entry["command"])
        _remove_socket_folder(entry["command"])
    file.unlink()


def _stop(pid: int, command: list[str]) -> None:
    wanted = " ".join(command).split()
    deadline = time.monotonic() + GRACE_SECONDS
    number = signal.SIGTERM
    while _command_of(pid) == wanted:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
        if time.monotonic() > deadline:
            number = signal.SIGKILL
        time.sleep(0.1)


def _command_of(pid: int) -> list[str] | None:
    """The words of the command line of that process, None when there is no such process."""
    proc = Path(f"/proc/{pid}/cmdline")
    if proc.parent.exists():
        return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace").split()
    ps = shutil.which("ps")
    if ps is None:
        return None
    found = subprocess.run(
        [ps, "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return found.stdout.split() or None


def _remove_socket_folder(command: list[str]) -> None:
    if "--unixsocket" in command:
        socket_path = Path(command[command.index("--unixsocket") + 1])
        shutil.rmtree(socket_path.parent, ignore_errors=True)
