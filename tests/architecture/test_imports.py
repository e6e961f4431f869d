"""The contracts of pyproject.toml hold, and each of them would notice."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT

LINTER = Path(sys.executable).with_name("lint-imports")
BREACHES = {
    "Rooms import downward only": ("marketplace_app/domain/ids.py", "import marketplace_app.storage"),
    "App and emulator share no code": ("pipedrive_emulator/clock.py", "import marketplace_app.clock"),
    "Redis only in storage": ("marketplace_app/surfaces/__init__.py", "import redis"),
    "HTTP clients only in pipedrive": ("marketplace_app/web/__init__.py", "import aiohttp"),
    "JWT only in domain.context": ("marketplace_app/oauth/__init__.py", "import jwt"),
    "Authlib only in pipedrive.authorization": ("marketplace_app/oauth/__init__.py", "import authlib"),
    "Starlette nowhere below web": ("marketplace_app/installations/__init__.py", "import starlette"),
    "Extensions see only kit, domain and resources": (
        "marketplace_app/extensions/__init__.py",
        "import marketplace_app.installations",
    ),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINTER, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def copy_of_the_packages(folder: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_rooms_import_as_agreed() -> None:
    report = lint(ROOT)
    assert report.returncode == 0, report.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_noticed(contract: str, tmp_path: Path) -> None:
    checkout = copy_of_the_packages(tmp_path)
    module, line = BREACHES[contract]
    with (checkout / module).open("a") as file:
        file.write(f"\n{line}\n")
    report = lint(checkout)
    assert report.returncode != 0
    assert f"{contract} BROKEN" in report.stdout


def test_a_room_that_nobody_placed_is_noticed(tmp_path: Path) -> None:
    checkout = copy_of_the_packages(tmp_path)
    (checkout / "marketplace_app" / "attic.py").touch()
    report = lint(checkout)
    assert report.returncode != 0
    assert "attic" in report.stdout
