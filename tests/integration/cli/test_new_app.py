"""An app with every kind of surface, as `marketplace-app new` writes them, passes its own tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from marketplace_app.cli.local.app_folder import AppFolder
from marketplace_app.cli.new.actions import write_action
from marketplace_app.cli.new.apps import write_app
from marketplace_app.cli.new.surfaces import write_surface
from marketplace_app.domain.surface import SurfaceKind

SURFACES: tuple[tuple[SurfaceKind, str, list[str]], ...] = (
    (SurfaceKind.CUSTOM_PANEL, "contact-steps", ["person"]),
    (SurfaceKind.JSON_PANEL, "company-steps", ["organization"]),
    (SurfaceKind.CUSTOM_MODAL, "plan-many", ["deal", "deal/list"]),
    (SurfaceKind.FLOATING_WINDOW, "calling", []),
    (SurfaceKind.SETTINGS_PAGE, "preferences", []),
    (SurfaceKind.JSON_MODAL, "quick-step", ["deal"]),
    (SurfaceKind.LINK_ACTION, "elsewhere", ["deal"]),
)
BUTTONS = ("next-steps", "contact-steps", "plan-many", "calling", "preferences")


@pytest.mark.timeout(240)
def test_what_is_written_passes_the_tests_that_come_with_it(tmp_path: Path) -> None:
    write_app(tmp_path / "every-kind", is_empty=False)
    app = AppFolder.at(tmp_path / "every-kind")
    for kind, name, views in SURFACES:
        write_surface(app, kind, name, views)
    for name in BUTTONS:
        write_action(app, "wave", name)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"], cwd=app.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{1 + len(SURFACES) + len(BUTTONS)} passed" in done.stdout
