from dataclasses import replace
from pathlib import Path

import pytest

from marketplace_app.cli.developer_hub import form, refusals
from marketplace_app.domain.manifest import Manifest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def manifest() -> Manifest:
    return Manifest.load(ROOT / "manifest.json")


def test_the_form_has_every_scope_with_its_reason(manifest: Manifest) -> None:
    lines = list(form(manifest, "https://app.example.test"))
    for scope in manifest.scopes:
        assert any(scope.name in line and scope.reason in line for line in lines)


def test_the_form_has_the_addresses_of_this_deployment(manifest: Manifest) -> None:
    text = "\n".join(form(manifest, "https://app.example.test"))
    assert "https://app.example.test/oauth/callback" in text
    for surface in manifest.surfaces:
        assert f"https://app.example.test{surface.path}" in text


def test_our_manifest_fits_the_forms(manifest: Manifest) -> None:
    assert list(refusals(manifest)) == []


def test_a_title_that_pipedrive_would_not_take_is_named(manifest: Manifest) -> None:
    long = replace(manifest.surfaces[0], title="T" * 31, description="D" * 151)
    assert list(refusals(replace(manifest, surfaces=(long,)))) == [
        f"manifest.json: surface {long.name}: title has 31 characters; Pipedrive takes 30 at most",
        f"manifest.json: surface {long.name}: description has 151 characters; Pipedrive takes 150 at most",
    ]
