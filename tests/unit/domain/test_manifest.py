"""manifest.json is read whole or refused in a sentence that names the file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import ConfigurationError

OURS = Path(__file__).parents[3] / "manifest.json"


def written(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    manifest = json.loads(OURS.read_text())
    change(manifest)
    file = folder / "manifest.json"
    file.write_text(json.dumps(manifest))
    return file


def test_our_manifest_is_read() -> None:
    manifest = Manifest.load(OURS)
    panel = manifest.surface("deal-panel")
    assert panel is not None
    assert panel.path == "/surfaces/deal-panel"
    assert manifest.callback_path == "/oauth/callback"
    assert manifest.surface("nothing") is None


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda m: m.update(format="marketplace-app/2"), "format"),
        (lambda m: m.pop("surfaces"), "surfaces"),
        (lambda m: m.update(surfaces=None), "manifest.json"),
        (lambda m: m["surfaces"].append(m["surfaces"][0]), "twice"),
        (lambda m: m["surfaces"][0].pop("jwt_secret"), "jwt_secret"),
        (lambda m: m["surfaces"][0].update(kind="poster"), "poster"),
        (lambda m: m["surfaces"][0].update(view="moon"), "moon"),
        (lambda m: m["scopes"].append("base"), "manifest.json"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused_in_words(
    change: Callable[[dict[str, Any]], object], word: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Manifest.load(written(tmp_path, change))
    assert word in str(caught.value)
    assert "manifest.json" in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "1"])
def test_a_file_that_is_no_manifest_is_refused_in_words(text: str, tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=r"manifest\.json"):
        Manifest.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"absent\.json: cannot be read"):
        Manifest.load(tmp_path / "absent.json")
