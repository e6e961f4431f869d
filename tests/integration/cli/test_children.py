"""Processes of ours live as long as we do, and not a moment longer."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace_app.cli.local.child import Child, start
from marketplace_app.cli.local.orphans import note, stop_orphans
from marketplace_app.cli.local.watch import ChildDied, StopRequested, TookTooLong, Watch
from tests.harness.processes import is_running, wait_for

SLEEP = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEP
PARENT = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
print(child.pid, flush=True)
child.wait()
"""
TETHERING = """
import sys, time
from pathlib import Path
from marketplace_app.cli.local.child import start
child = start("sleeper", [sys.executable, "-c", sys.argv[1]], log=Path(sys.argv[2]), env={})
print(child.pid, flush=True)
time.sleep(60)
"""


def run(tmp_path: Path, program: str) -> Child:
    child = start("test", [sys.executable, "-c", program], log=tmp_path / "test.log", env={})
    wait_for(lambda: bool(child.output()))
    return child


def test_stopping_ends_what_the_child_started(tmp_path: Path) -> None:
    child = run(tmp_path, PARENT)
    grandchild = int(child.output().split()[0])
    child.stop()
    assert not child.is_alive
    wait_for(lambda: not is_running(grandchild))


def test_a_child_that_will_not_listen_is_killed_after_the_grace(tmp_path: Path) -> None:
    child = run(tmp_path, STUBBORN)
    child.stop(grace_seconds=0.3)
    assert child.exit_code == -signal.SIGKILL
    child.stop()


def test_a_child_gets_no_environment_but_the_given(tmp_path: Path) -> None:
    child = run(tmp_path, "import os; print(sorted(set(os.environ) - {'LC_CTYPE'}))")
    child.stop()
    assert child.output().strip() == "[]"


@pytest.mark.skipif(sys.platform != "linux", reason="only the Linux kernel ties a process to its parent")
def test_a_child_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    parent = subprocess.Popen(
        [sys.executable, "-c", TETHERING, SLEEP, log], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        wait_for(lambda: log.exists() and log.read_text() == "up\n")
        assert is_running(child)
        parent.kill()
    wait_for(lambda: not is_running(child))


def test_orphans_of_an_earlier_run_are_ended(tmp_path: Path) -> None:
    child = run(tmp_path, SLEEP)
    note(tmp_path / "processes.json", [child])
    stop_orphans_while_reaping(tmp_path / "processes.json", child)
    assert child.exit_code == -signal.SIGTERM
    assert not (tmp_path / "processes.json").exists()


def stop_orphans_while_reaping(file: Path, child: Child) -> None:
    """In life the leftover's parent is gone and init reaps it; here that is us."""
    pid = os.fork()
    if pid == 0:
        stop_orphans(file)
        os._exit(0)
    wait_for(lambda: not child.is_alive)
    os.waitpid(pid, 0)


def test_a_pid_that_names_another_program_now_is_let_alone(tmp_path: Path) -> None:
    child, other = run(tmp_path, SLEEP), run(tmp_path, SLEEP + "; 'other'")
    note(tmp_path / "processes.json", [Child("old", other.command, child.log, child._process)])
    stop_orphans(tmp_path / "processes.json")
    assert child.is_alive
    child.stop()
    other.stop()


def test_waiting_ends_when_a_child_dies_and_shows_its_last_words(tmp_path: Path) -> None:
    watch = Watch([run(tmp_path, "print('no such luck'); raise SystemExit(3)")])
    with pytest.raises(ChildDied, match=r"exit code 3(.|\n)*no such luck"):
        watch.until(lambda: False, "Luck", 10)


def test_waiting_ends_when_somebody_asks_to_stop() -> None:
    watch = Watch()
    watch.ask_to_stop()
    with pytest.raises(StopRequested):
        watch.until(lambda: False, "Anything", 10)


def test_waiting_has_an_end() -> None:
    with pytest.raises(TookTooLong, match="Godot did not come within 0 s"):
        Watch().until(lambda: False, "Godot", 0.1)
