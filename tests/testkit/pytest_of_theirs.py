"""A pytest of an author's: in a folder of its own, with nothing of this project but the plugins."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = "marketplace_app.testing.plugin"


def run_pytest(folder: Path, *words: str, ini: Mapping[str, str], seconds: int = 580) -> str:
    """What it printed; `ini` are settings of its pytest.ini."""
    lines = [f"{name} = {value}" for name, value in ini.items()]
    (folder / "pytest.ini").write_text("\n".join(["[pytest]", *lines, ""]), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", "-c", "pytest.ini", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "500"},
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    return run.stdout + run.stderr


def ini_of(package: str, app: Path, *, templates: bool = True) -> dict[str, str]:
    settings = {
        "marketplace_extensions": f"{package}.extensions:EXTENSIONS",
        "marketplace_manifest": str(app / "manifest.json"),
    }
    return settings | ({"marketplace_templates": str(app / "templates")} if templates else {})
