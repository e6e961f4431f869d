"""manifest.json, the extensions and the SDK speak of the same things."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from marketplace_app.app import match
from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import HEIGHT_BOUNDS, SurfaceKind
from marketplace_app.errors import ConfigurationError
from marketplace_app.extensions import EXTENSIONS
from marketplace_app.kit import Extension
from marketplace_app.web.templates import SDK, STATIC, Templates

ROOT = Path(__file__).parents[2]
MANIFEST = Manifest.load(ROOT / "manifest.json")


def test_each_surface_is_an_extension_and_each_extension_a_surface() -> None:
    assert {surface.name for surface in MANIFEST.surfaces} == {extension.name for extension in EXTENSIONS}
    assert {
        surface.name: extension.name
        for surface, extension in match(MANIFEST, EXTENSIONS, Templates()).items()
    }


def test_each_surface_has_a_path_and_a_secret_of_its_own() -> None:
    for surface in MANIFEST.surfaces:
        assert surface.path == f"/surfaces/{surface.name}"
        assert surface.jwt_secret == surface.name
    assert MANIFEST.callback_path == "/oauth/callback"
    assert MANIFEST.install_path == "/oauth/install"


def test_each_scope_has_its_reason_and_is_asked_for_once() -> None:
    names = [scope.name for scope in MANIFEST.scopes]
    assert len(set(names)) == len(names)
    assert "base" in names
    assert all(scope.reason.endswith(".") for scope in MANIFEST.scopes)
    assert "admin" not in names


@pytest.mark.parametrize(
    "change", ["nothing shown", "unknown to the manifest", "twice", "another view", "no template"]
)
def test_what_does_not_fit_together_is_told_before_the_first_click(change: str) -> None:
    async def show(_context: object) -> str:
        return ""

    bare = Extension("deal-panel", title="Bare")
    other = Extension("other-panel", title="Other")
    elsewhere = Extension("deal-panel", title="Elsewhere")
    elsewhere.panel("person", template="extensions/deal_panel.html")(show)
    blank = Extension("deal-panel", title="Blank")
    blank.panel("deal", template="extensions/absent.html")(show)
    extensions = {
        "nothing shown": (bare,),
        "unknown to the manifest": (*EXTENSIONS, other),
        "twice": (*EXTENSIONS, *EXTENSIONS),
        "another view": (elsewhere,),
        "no template": (blank,),
    }[change]
    with pytest.raises(ConfigurationError):
        match(MANIFEST, extensions, Templates())


def names_in(text: str, noun: str) -> set[str]:
    return set(re.findall(rf"\b{noun}\.([A-Z_]+)", text))


def test_surface_js_uses_what_the_official_sdk_has() -> None:
    """Asked of the SDK itself, as it was installed."""
    node = shutil.which("node")
    assert node is not None, "Node 20 or newer is a prerequisite"
    script = (
        f"const S = require({str(SDK / 'index.umd.js')!r}); const f = S.default || S;"
        "console.log(JSON.stringify({Command: f.Command || S.Command, Event: f.Event || S.Event}))"
    )
    printed = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout
    offered = {noun: set(values) for noun, values in json.loads(printed).items()}
    glue = (STATIC / "surface.js").read_text()
    for noun in ("Command", "Event"):
        used = names_in(glue, noun)
        assert used
        assert used <= offered[noun]


def test_the_panels_heights_are_pipedrives() -> None:
    bounds = HEIGHT_BOUNDS[SurfaceKind.CUSTOM_PANEL]
    assert (bounds.least, bounds.most) == (100, 750)
