"""What `make install` says on a machine that lacks something."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, our_files

PYTHON = os.path.realpath(sys.executable)
CLOSED_PORT = "http://127.0.0.1:9/"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh copy, in a path with a space in it."""
    copy = tmp_path / "a fresh clone"
    for file in our_files():
        target = copy / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return copy


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A PATH of its own: take a tool away and the machine lacks it."""
    folder = tmp_path / "tools"
    folder.mkdir()
    for name in ("sh", "make", "awk", "node", "npm", "env", "dirname", "uname", "sed"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    fake(folder, "python3", f'exec "{PYTHON}" "$@"')
    return folder


def fake(tools: Path, name: str, script: str) -> None:
    (tools / name).unlink(missing_ok=True)
    (tools / name).write_text(f"#!/bin/sh\n{script}\n")
    (tools / name).chmod(0o755)


def make(checkout: Path, tools: Path, target: str, **env: str) -> subprocess.CompletedProcess[str]:
    surroundings = {"PATH": str(tools), "HOME": str(checkout), "LANG": "C.UTF-8", **env}
    command = ["make", target]
    return subprocess.run(
        command, cwd=checkout, env=surroundings, capture_output=True, text=True, check=False
    )


def words_of(failure: subprocess.CompletedProcess[str]) -> str:
    """What it says, without make's own last line."""
    assert failure.returncode != 0
    assert "Traceback" not in failure.stdout + failure.stderr
    return "".join(line for line in failure.stderr.splitlines(keepends=True) if not line.startswith("make"))


@pytest.mark.parametrize("lacking", ["node", "npm"])
def test_without_npm_it_says_so_before_anything_slow(checkout: Path, tools: Path, lacking: str) -> None:
    (tools / lacking).unlink()
    words = words_of(make(checkout, tools, "install"))
    assert words.startswith("node and npm are needed")
    assert words.count("\n") == 1
    assert not (checkout / ".venv").exists()


def test_an_old_node_is_named_with_its_version(checkout: Path, tools: Path) -> None:
    fake(tools, "node", "echo v18.20.1")
    words = words_of(make(checkout, tools, "install"))
    assert words.startswith("Node.js 20 or newer is needed and `node --version` says v18.20.1")


def test_an_old_python_is_refused(checkout: Path, tools: Path) -> None:
    fake(tools, "python3", "exit 1")
    words = words_of(make(checkout, tools, "install"))
    assert words.startswith("Python 3.11 or newer is needed")
    assert words.count("\n") == 1


def test_a_python_without_venv_names_the_package(checkout: Path, tools: Path, tmp_path: Path) -> None:
    module = tmp_path / "venv.py"  # found before the real one
    module.write_text("raise SystemExit('ensurepip is not available')")
    words = words_of(make(checkout, tools, "install", PYTHONPATH=str(tmp_path)))
    assert "python3-venv" in words
    assert words.count("\n") == 1


def test_without_a_network_it_is_one_sentence(checkout: Path, tools: Path) -> None:
    nowhere = {"PIP_INDEX_URL": CLOSED_PORT, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}
    words = words_of(make(checkout, tools, "install", **nowhere))
    assert words.startswith("Cannot reach the Python package index: connect this machine to the network")
    assert words.count("\n") == 1


def test_help_lists_every_target(checkout: Path, tools: Path) -> None:
    listed = make(checkout, tools, "help")
    assert listed.returncode == 0
    for target in ("install", "demo", "test", "check", "bench", "clean"):
        assert f"make {target} " in listed.stdout
