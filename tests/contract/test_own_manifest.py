"""manifest.json, the extensions and the SDK speak of the same things."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from marketplace_app import kit
from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import BOUNDS, SurfaceKind
from marketplace_app.errors import ConfigurationError
from marketplace_app.extensions import EXTENSIONS
from marketplace_app.kit import Extension
from marketplace_app.surfaces.commands import as_commands
from marketplace_app.surfaces.matching import match
from marketplace_app.web.templates import SDK, STATIC, Templates
from marketplace_app.web.words import Words

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


REPLIES = (
    kit.Confirm(kit.say("Sure?"), then="x"),
    kit.OpenModal.person(),
    kit.CloseModal(),
    kit.Redirect("deals"),
    kit.Resize(height=200),
    kit.Notification(1),
    kit.FocusMode(is_on=True),
    kit.ShowFloatingWindow(),
    kit.HideFloatingWindow(),
)


@pytest.fixture(scope="module")
def offered() -> dict[str, dict[str, str]]:
    """What the official SDK has, asked of itself as it was installed: names and what goes over the wire."""
    node = shutil.which("node")
    assert node is not None, "Node 20 or newer is a prerequisite"
    script = (
        f"const S = require({str(SDK / 'index.umd.js')!r}); const f = S.default || S;"
        "console.log(JSON.stringify({Command: f.Command || S.Command, Event: f.Event || S.Event}))"
    )
    printed = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout
    found: dict[str, dict[str, str]] = json.loads(printed)
    return found


def test_every_command_of_the_official_sdk_is_used(offered: dict[str, dict[str, str]]) -> None:
    """By surface.js itself, or by a reply of a handler; each is called as on the wire."""
    words = Words.of("en", "en", "UTC")
    sent = as_commands(REPLIES, words, None, lambda _action, _form=None, /: "ticket")
    glue = (STATIC / "surface.js").read_text()
    used = {str(command["kind"]) for command in sent} | set(re.findall(r'execute\("([a-z_]+)"', glue))
    assert used | {"initialize"} == set(offered["Command"].values())


def test_every_event_of_the_official_sdk_is_listened_to(offered: dict[str, dict[str, str]]) -> None:
    """But the browser's own, which surface.js hears from the browser."""
    glue = (STATIC / "surface.js").read_text()
    used = set(re.findall(r"\bEvent\.([A-Z_]+)", glue))
    assert used | {"PAGE_VISIBILITY_STATE"} == set(offered["Event"])


def test_the_panels_heights_are_pipedrives() -> None:
    bounds = BOUNDS[SurfaceKind.CUSTOM_PANEL]
    assert (bounds.least, bounds.most) == (100, 750)
