"""What `marketplace-app new` writes is an app that starts; what it refuses, it leaves alone."""

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from marketplace_app.cli.local.app_folder import AppFolder, NoApp
from marketplace_app.cli.new.actions import write_action
from marketplace_app.cli.new.apps import write_app
from marketplace_app.cli.new.refused import Refused
from marketplace_app.cli.new.surfaces import write_surface
from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import SurfaceKind
from marketplace_app.kit import Extension
from marketplace_app.surfaces.matching import match
from marketplace_app.web.templates import Templates
from tests.harness.counting import lines_of_code

ROOT = Path(__file__).parents[3]
NUMBERS = count(1)
EVERY: tuple[tuple[SurfaceKind, str, list[str]], ...] = (
    (SurfaceKind.CUSTOM_PANEL, "contact-steps", ["person"]),
    (SurfaceKind.CUSTOM_PANEL, "company-steps", ["organization"]),
    (SurfaceKind.CUSTOM_MODAL, "plan-many", ["deal", "deal/list", "person/list"]),
    (SurfaceKind.FLOATING_WINDOW, "calling", []),
    (SurfaceKind.SETTINGS_PAGE, "preferences", []),
    (SurfaceKind.JSON_MODAL, "quick-step", ["deal"]),
    (SurfaceKind.LINK_ACTION, "elsewhere", ["deal", "activity/list"]),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Of a name that no other test has imported."""
    made = tmp_path / f"an-app-{next(NUMBERS)}"
    monkeypatch.syspath_prepend(str(made))
    yield made
    for name in [each for each in sys.modules if each.startswith("an_app_")]:
        del sys.modules[name]


@pytest.fixture
def app(folder: Path) -> AppFolder:
    write_app(folder, is_empty=False)
    return AppFolder.at(folder)


def started(app: AppFolder) -> tuple[Extension, ...]:
    """What `serve` would do first: it refuses what does not fit together."""
    importlib.invalidate_caches()
    extensions: tuple[Extension, ...] = importlib.import_module(app.module).EXTENSIONS
    match(Manifest.load(app.manifest), extensions, Templates([app.templates]))
    return extensions


def everything(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_an_app_starts_as_it_is_written(app: AppFolder) -> None:
    assert [extension.name for extension in started(app)] == ["next-steps"]
    assert app.settings()["EXTENSIONS"] == f"{app.package}:EXTENSIONS"


def test_an_empty_one_starts_too(folder: Path) -> None:
    write_app(folder, is_empty=True)
    assert started(AppFolder.at(folder)) == ()


@pytest.mark.parametrize("view", ["deal", "person", "organization"])
def test_a_panel_with_its_action_is_eight_lines(folder: Path, view: str) -> None:
    write_app(folder, is_empty=True)
    app = AppFolder.at(folder)
    write_surface(app, SurfaceKind.CUSTOM_PANEL, "deal-health", [view])
    assert lines_of_code((app.code / "deal_health.py").read_text()) == 8
    (extension,) = started(app)
    assert list(extension.actions) == ["follow-up"]


def test_every_kind_of_surface_is_added_and_starts(app: AppFolder) -> None:
    for kind, name, views in EVERY:
        write_surface(app, kind, name, views)
    extensions = started(app)
    assert [extension.name for extension in extensions] == ["next-steps", *(name for _, name, _ in EVERY)]
    assert all((app.folder / "tests" / f"test_{name.replace('-', '_')}.py").exists() for _, name, _ in EVERY)
    style = ["ruff", "check", "--config", str(ROOT / "pyproject.toml"), "--ignore", "INP001,S101,D"]
    for command in (style, ["ruff", "format", "--check", "--config", str(ROOT / "pyproject.toml")]):
        done = subprocess.run(
            [sys.executable, "-m", *command, str(app.folder)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_a_json_panel_stands_where_no_panel_does(folder: Path) -> None:
    write_app(folder, is_empty=True)
    write_surface(AppFolder.at(folder), SurfaceKind.JSON_PANEL, "steps", ["organization"])
    assert started(AppFolder.at(folder))[0].name == "steps"


def test_an_action_is_added_with_its_button_and_its_test(app: AppFolder) -> None:
    write_action(app, "say-hello", "next-steps")
    (extension,) = started(app)
    assert list(extension.actions) == ["follow-up", "say-hello"]
    template = (app.templates / "next_steps.html").read_text()
    assert '{{ button(_("Say hello"), "say-hello", "say-hello", ticket) }}\n</div>' in template
    assert (
        'surface.open("next-steps", deal=1)'
        in (app.folder / "tests" / "test_next_steps_say_hello.py").read_text()
    )


def test_a_template_of_another_make_is_left_alone_and_the_line_is_told(app: AppFolder) -> None:
    template = app.templates / "next_steps.html"
    template.write_text("<p>mine</p>\n")
    lines = write_action(app, "say-hello", "next-steps")
    assert template.read_text() == "<p>mine</p>\n"
    assert '{{ button(_("Say hello"), "say-hello", "say-hello", ticket) }}' in lines[-1]


@pytest.mark.parametrize(
    ("kind", "name", "views", "sentence"),
    [
        (SurfaceKind.CUSTOM_PANEL, "Deal", ["deal"], "'Deal' is no name: write small letters"),
        (SurfaceKind.CUSTOM_PANEL, "deal_health", ["deal"], "is no name"),
        (SurfaceKind.CUSTOM_PANEL, "../up", ["person"], "is no name"),
        (SurfaceKind.CUSTOM_PANEL, "class", ["person"], "a word of Python's own"),
        (SurfaceKind.CUSTOM_PANEL, "n" * 41, ["person"], "at most 40"),
        (SurfaceKind.CUSTOM_PANEL, "second", ["deal"], "one panel of an app beside a deal, .* 'next-steps'"),
        (SurfaceKind.JSON_PANEL, "second", ["deal"], "one panel of an app beside a deal"),
        (SurfaceKind.CUSTOM_PANEL, "next-steps", ["person"], "has a surface 'next-steps' already"),
        (SurfaceKind.CUSTOM_PANEL, "x", ["lead"], "cannot stand in 'lead'. .* deal, person, organization"),
        (SurfaceKind.CUSTOM_PANEL, "x", ["deal/list"], "cannot stand in 'deal/list'"),
        (SurfaceKind.CUSTOM_PANEL, "x", ["person", "organization"], "give one --view"),
        (SurfaceKind.CUSTOM_MODAL, "x", ["lead/list"], "cannot stand in 'lead/list'"),
        (SurfaceKind.CUSTOM_PANEL, "a-very-long-name-of-a-small-panel", ["person"], "33 characters; .* 30"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_is_written(
    app: AppFolder, kind: SurfaceKind, name: str, views: list[str], sentence: str
) -> None:
    before = everything(app.folder)
    with pytest.raises(Refused, match=sentence):
        write_surface(app, kind, name, views)
    assert everything(app.folder) == before


@pytest.mark.parametrize("kind", [SurfaceKind.FLOATING_WINDOW, SurfaceKind.SETTINGS_PAGE])
def test_an_app_has_one_of_these(app: AppFolder, kind: SurfaceKind) -> None:
    write_surface(app, kind, "first", [])
    with pytest.raises(Refused, match=r"Pipedrive takes one .* 'first'"):
        write_surface(app, kind, "second", [])


def test_a_menu_takes_three_entries(app: AppFolder) -> None:
    for name in ("one", "two", "three"):
        write_surface(app, SurfaceKind.LINK_ACTION, name, ["deal/list"])
    with pytest.raises(Refused, match="3 entries of an app in the menu of deal/list"):
        write_surface(app, SurfaceKind.CUSTOM_MODAL, "four", ["deal/list"])


@pytest.mark.parametrize("file", ["an_app/x.py", "templates/x.html", "tests/test_x.py"])
def test_no_file_is_written_over(app: AppFolder, file: str) -> None:
    there = app.folder / file.replace("an_app", app.package)
    there.write_text("mine\n")
    before = everything(app.folder)
    with pytest.raises(Refused, match="is there already; nothing was written"):
        write_surface(app, SurfaceKind.CUSTOM_PANEL, "x", ["person"])
    assert everything(app.folder) == before


@pytest.mark.parametrize(
    ("name", "surface", "sentence"),
    [
        ("follow-up", "next-steps", "next_steps.py has 'follow-up' already"),
        ("show", "next-steps", "has 'show' already"),
        ("Say", "next-steps", "is no name"),
        ("say", "elsewhere", "has no buttons of its own"),
        ("say", "nowhere", r"no surface 'nowhere'; there are: next-steps, elsewhere\."),
    ],
)
def test_an_action_that_cannot_be_is_one_sentence(
    app: AppFolder, name: str, surface: str, sentence: str
) -> None:
    write_surface(app, SurfaceKind.LINK_ACTION, "elsewhere", ["deal"])
    before = everything(app.folder)
    with pytest.raises(Refused, match=sentence):
        write_action(app, name, surface)
    assert everything(app.folder) == before


@pytest.mark.parametrize(
    ("name", "sentence"), [("json", "Python has a module 'json'"), ("1st", "is no name of an app")]
)
def test_an_app_of_a_name_that_does_not_do_is_refused(tmp_path: Path, name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        write_app(tmp_path / name, is_empty=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_let_alone(tmp_path: Path) -> None:
    (tmp_path / "an-app").mkdir()
    (tmp_path / "an-app" / "notes.txt").write_text("mine")
    with pytest.raises(Refused, match="is not empty; nothing was written"):
        write_app(tmp_path / "an-app", is_empty=False)
    assert len(everything(tmp_path)) == 1


def test_a_folder_without_an_app_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NoApp, match=r"There is no manifest\.json in .* marketplace-app new app FOLDER"):
        AppFolder.at(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(NoApp, match=r"No module of .* assigns a tuple EXTENSIONS"):
        AppFolder.at(tmp_path)


def test_the_rest_of_a_manifest_is_left_as_it_was(app: AppFolder) -> None:
    before = app.manifest.read_text()
    write_surface(app, SurfaceKind.SETTINGS_PAGE, "preferences", [])
    after = app.manifest.read_text()
    assert after.startswith(before[: before.index('"surfaces"')])
    assert [each["name"] for each in json.loads(after)["surfaces"]] == ["next-steps", "preferences"]


def test_a_gallery_and_this_checkout_are_apps_too() -> None:
    gallery = AppFolder.at(ROOT / "examples" / "gallery")
    assert (gallery.module, gallery.root) == ("examples.gallery.extensions", ROOT)
    assert AppFolder.at(ROOT).module == "marketplace_app.extensions"
