"""What differs between manifest.json and the code is told with what would mend it."""

import json
from pathlib import Path
from typing import Any

import pytest

from marketplace_app import kit
from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import DETAILS, MENUS, PANELS, SurfaceKind
from marketplace_app.errors import ConfigurationError
from marketplace_app.kit import Extension
from marketplace_app.surfaces.matching import match
from marketplace_app.web.templates import Templates
from tests.unit.kit.json_examples import Document, Everything

HEAD = {
    "format": "marketplace-app/1",
    "name": "x",
    "version": "0",
    "description": "x",
    "install_path": "/oauth/install",
    "callback_path": "/oauth/callback",
    "scopes": [],
}
KINDS = list(SurfaceKind)


def manifest_of(folder: Path, *entries: dict[str, Any]) -> Manifest:
    file = folder / "manifest.json"
    file.write_text(json.dumps({**HEAD, "surfaces": entries}))
    return Manifest.load(file)


def entry_of(kind: SurfaceKind) -> dict[str, Any]:
    named = {"name": "the-surface", "kind": kind.value, "title": 'The "surface"', "description": "x"}
    views = list(DETAILS[:1] if kind in PANELS else MENUS[:1] if "window" not in kind else ())
    placed = {} if kind in (SurfaceKind.FLOATING_WINDOW, SurfaceKind.SETTINGS_PAGE) else {"views": views}
    return {**named, **placed, "path": "/surfaces/the-surface", "jwt_secret": "the-surface"}


def problems(manifest: Manifest, templates: Templates, *extensions: Extension) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        match(manifest, extensions, templates)
    return list(caught.value.problems)


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "the_surface.html").write_text("x")
    return Templates([tmp_path])


@pytest.mark.parametrize("kind", KINDS)
def test_a_surface_that_nothing_shows_is_told_with_code_that_shows_it(
    tmp_path: Path, templates: Templates, kind: SurfaceKind
) -> None:
    """The code is run: only handlers' bodies, and of JSON surfaces the schema file, are left to write."""
    manifest = manifest_of(tmp_path, entry_of(kind))
    (problem,) = problems(manifest, templates)
    said, _, snippet = problem.partition("; to show it: ")
    assert said == "manifest.json names the surface the-surface, which no extension shows"
    code = snippet.replace(" @extension", "\n@extension").replace(" async def", "\nasync def")
    names: dict[str, Any] = {**vars(kit), "View": object, "Row": Everything, "Form": Document}
    exec(code, names)  # noqa: S102 - that it runs is the point
    assert names["extension"].title == 'The "surface"'
    is_json = kind in (SurfaceKind.JSON_PANEL, SurfaceKind.JSON_MODAL)
    if is_json:
        assert all(
            "schema" in each or "submitted" in each or "changed" in each
            for each in problems(manifest, templates, names["extension"])
        )
    else:
        assert len(match(manifest, (names["extension"],), templates)) == 1


def test_an_extension_that_the_manifest_lacks_is_told_with_its_entry(
    tmp_path: Path, templates: Templates
) -> None:
    extension = Extension("the-surface", title="Ours")
    extension.panel("person", template="the_surface.html")(_show)
    (problem,) = problems(manifest_of(tmp_path), templates, extension)
    said, _, entry = problem.partition("; to name it there: ")
    assert said == "extension the-surface is not in manifest.json"
    assert len(match(manifest_of(tmp_path, json.loads(entry)), (extension,), templates)) == 1


def test_a_template_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, templates: Templates) -> None:
    extension = Extension("the-surface", title="Ours")
    extension.panel("deal", template="the_surface.html")(_show)
    (tmp_path / "the_surface.html").write_text("a\nb\n{% if %}\n")
    (problem,) = problems(manifest_of(tmp_path, entry_of(SurfaceKind.CUSTOM_PANEL)), templates, extension)
    assert problem.startswith("the-surface: the_surface.html:3: ")


async def _show(_context: kit.PanelContext) -> None:
    """Shows nothing."""
