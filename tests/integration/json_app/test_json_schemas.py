"""The schema files: written by a command, named by the manifest, compared with the code at every start."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.commands import command
from tests.integration.json_app.json_town import HERE, SETTINGS, JsonTown


def manifest_in(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of the app's manifest with its schemas, of which one surface's was changed."""
    shutil.copytree(HERE / "schemas", folder / "schemas")
    found = json.loads((HERE / "manifest.json").read_text())
    change(found)
    (folder / "manifest.json").write_text(json.dumps(found))
    return folder / "manifest.json"


def test_the_command_writes_what_the_manifest_names(json_town: JsonTown, tmp_path: Path) -> None:
    stack = json_town.town.stack
    first = command(stack, "check", "--schemas", tmp_path / "new", MANIFEST=str(tmp_path / "none.json"))
    assert first.returncode == 0, first.stderr
    names = sorted(file.name for file in (tmp_path / "new").iterdir())
    assert names == ["contact.json", "note.json", "offers.json"]
    for name in names:
        assert (tmp_path / "new" / name).read_text() == (HERE / "schemas" / name).read_text()
        assert f"{name}: written" in first.stdout
    (tmp_path / "new" / "note.json").write_text("{}")
    second = command(stack, "check", "--schemas", tmp_path / "new")
    assert [line.rpartition(": ")[2] for line in second.stdout.splitlines()] == [
        "was up to date",
        "was up to date",
        "written",
    ]


def test_the_command_needs_extensions_and_no_other_setting(tmp_path: Path) -> None:
    """The files are wanted before there is an app in Developer Hub that could have a client id."""
    named = {name: SETTINGS[name] for name in ("EXTENSIONS", "PYTHONPATH")}
    done = schemas_written(tmp_path / "new", named)
    assert done.returncode == 0, done.stderr
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == [
        "contact.json",
        "note.json",
        "offers.json",
    ]


def test_extensions_that_are_not_there_are_a_sentence(tmp_path: Path) -> None:
    done = schemas_written(tmp_path / "new", {"EXTENSIONS": "no_such_app:EXTENSIONS"})
    assert done.returncode == 2
    assert "- EXTENSIONS: no_such_app:EXTENSIONS cannot be loaded" in done.stderr


def schemas_written(folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "marketplace_app", "check", "--schemas", str(folder)]
    return subprocess.run(words, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_a_folder_that_cannot_be_written_is_a_sentence(json_town: JsonTown, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = command(json_town.town.stack, "check", "--schemas", tmp_path / "file" / "in")
    assert done.returncode == 2
    assert "cannot be written (Not a directory)" in done.stderr


def test_what_was_checked_in_is_in_order(json_town: JsonTown) -> None:
    done = command(json_town.town.stack, "check")
    assert done.returncode == 0, done.stderr
    assert "JSON data structure:   offers.json, which check --schemas DIR writes" in done.stdout
    assert "JSON schema:           note.json, which" in done.stdout
    assert "blocks" not in done.stdout  # no advice on forms: none is too long


def spoil(folder: Path, name: str, *path: str, to: object) -> None:
    file = folder / "schemas" / f"{name}.json"
    schema = json.loads(file.read_text())
    place = schema
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    file.write_text(json.dumps(schema))


@pytest.mark.parametrize("name", ["serve", "check"])
def test_a_schema_that_differs_is_refused_with_the_first_difference(
    json_town: JsonTown, tmp_path: Path, name: str
) -> None:
    manifest = manifest_in(tmp_path, lambda _: None)
    spoil(tmp_path, "offers", "items", "properties", "total", "label", to="Sum")
    spoil(tmp_path, "note", "properties", "blocks", "properties", "note", "options", "label", to="Text")
    done = command(json_town.town.stack, name, MANIFEST=str(manifest))
    assert done.returncode == 2
    assert (
        "- the schema of offers in manifest.json is not that of the code: "
        '/items/properties/total/label is "Sum" in the file and "Total value" in code; '
        "`marketplace-app check --schemas DIR` writes it"
    ) in done.stderr
    assert '/properties/blocks/properties/note/options/label is "Text" in the file' in done.stderr


def test_a_schema_may_stand_in_the_manifest_itself(json_town: JsonTown, tmp_path: Path) -> None:
    def embed(found: dict[str, Any]) -> None:
        found["surfaces"][0]["schema"] = json.loads((HERE / "schemas" / "offers.json").read_text())

    manifest = manifest_in(tmp_path, embed)
    done = command(json_town.town.stack, "check", MANIFEST=str(manifest))
    assert done.returncode == 0, done.stderr


def test_a_schema_that_is_not_there_or_no_json_is_named(json_town: JsonTown, tmp_path: Path) -> None:
    manifest = manifest_in(tmp_path, lambda _: None)
    (tmp_path / "schemas" / "note.json").write_text("{")
    done = command(json_town.town.stack, "check", MANIFEST=str(manifest))
    assert done.returncode == 2
    assert "the schema of note in manifest.json is not that of the code: the file is no JSON" in done.stderr
    (tmp_path / "schemas" / "note.json").unlink()
    done = command(json_town.town.stack, "check", MANIFEST=str(manifest))
    assert done.returncode == 2
    assert "surface note: the schema schemas/note.json cannot be read (No such file" in done.stderr


MISTAKES: dict[str, tuple[int, dict[str, Any]]] = {
    "offers has no schema in manifest.json": (0, {"schema": None}),
    "offers is a json_modal in manifest.json and a json_panel in code": (0, {"kind": "json_modal"}),
    "note is a json_panel in manifest.json and a json_modal in code": (
        2,
        {"kind": "json_panel", "view": "deal"},
    ),
    "offers is for person in manifest.json and for deal in code": (0, {"view": "person"}),
}


@pytest.mark.parametrize("sentence", MISTAKES)
def test_a_manifest_that_says_something_else_is_refused(
    json_town: JsonTown, tmp_path: Path, sentence: str
) -> None:
    number, change = MISTAKES[sentence]
    manifest = manifest_in(tmp_path, lambda found: found["surfaces"][number].update(change))
    done = command(json_town.town.stack, "check", MANIFEST=str(manifest))
    assert done.returncode == 2
    assert f"- {sentence}" in done.stderr
