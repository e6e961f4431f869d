"""`pytest --tenancy` in a pytest of an author's: honest apps pass with nothing added, each leak is seen."""

import json
import re
import shutil
from pathlib import Path

import pytest

from marketplace_app.testing.tenancy.attacks import ATTACKS
from tests.harness.secrets import SHAPES
from tests.testkit.pytest_of_theirs import ROOT, ini_of, run_pytest

HERE = Path(__file__).parent
INTEGRATION = ROOT / "tests" / "integration"
SAMPLE = ini_of("tests.testkit.sample", HERE / "sample")
LEAKY = ini_of("tests.testkit.leaky", HERE / "leaky")
HONEST = {
    "sample": SAMPLE,
    "own app": ini_of("tests.integration.own_app", INTEGRATION / "own_app"),
    "JSON app": ini_of("tests.integration.json_app", INTEGRATION / "json_app", templates=False),
    "Sightline": {},
}
# What has to see it, of each leak in leaky/extensions.py.
SEEN_BY = {
    "GET /surfaces/token-in-page": "its own users are let in",
    "GET /surfaces/token-in-base64": "its own users are let in",
    "GET /surfaces/cached-by-record": "records of others",
    "GET /surfaces/cached-by-company": "records of others",
    "POST /surfaces/company-in-form/actions/press": "ids in the form",
    "POST /surfaces/company-in-json-form": "ids in the form",
    "GET /surfaces/company-in-data": "ids in data",
    "GET /surfaces/token-in-log": "its own users are let in",
    "GET /surfaces/token-in-link": "its own users are let in",
    "GET /surfaces/seen-last": "records of others",
    "POST /surfaces/told-to-all/actions/press": "presses of others",
    "GET /surfaces/writes-when-shown": "its own users are let in",
}
FAILED = re.compile(r"^FAILED tenancy::(\S+ \S+): (.+?)(?: - .*)?$", re.MULTILINE)

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("app", HONEST)
def test_an_honest_app_passes_with_nothing_added(app: str, tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "-q", "--tenancy", ini=HONEST[app])
    assert re.search(r"^\d{2,} passed in", output, re.MULTILINE), output


def test_each_leak_is_seen_and_nothing_else(tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "-q", "--tenancy", ini=LEAKY)
    found = set(FAILED.findall(output))
    assert set(SEEN_BY.items()) <= found, output
    assert {route.split("/")[2] for route, _ in found} == {route.split("/")[2] for route in SEEN_BY}
    assert "tenancy::everything written" in output
    assert not any(shape.search(output) for shape in SHAPES.values())  # a report repeats no token


def test_each_route_and_attack_has_a_name(tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "-q", "--tenancy", "--collect-only", ini=SAMPLE)
    assert "tenancy::POST /surfaces/tasks/actions/add: ticket of another user" in output
    assert "tenancy::GET /surfaces/street-map: ids in the query" in output
    names = re.findall(r"^tenancy::(.+)$", output, re.MULTILINE)
    assert len(names) == len(set(names)) > 300
    for attack in ATTACKS:
        assert any(name.endswith(f": {attack.name}") for name in names)


def test_a_json_surface_has_each_of_its_requests_tried(tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "-q", "--tenancy", "--collect-only", ini=HONEST["JSON app"])
    for route in ("GET /surfaces/offers", "GET /surfaces/note (kind changed)", "POST /surfaces/note"):
        assert f"tenancy::{route}: expired token" in output


def test_words_choose_among_them_and_without_the_option_there_are_none(tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "-q", "--tenancy", "-k", "tenancy and rename and ticket", ini=SAMPLE)
    assert re.search(r"^5 passed, \d+ deselected", output, re.MULTILINE), output
    assert "no tests ran" in run_pytest(tmp_path, "-q", ini=SAMPLE)


def test_an_app_that_cannot_be_tried_says_why_once(tmp_path: Path) -> None:
    output = run_pytest(tmp_path, "-q", "--tenancy", ini=SAMPLE | {"marketplace_extensions": "nowhere:X"})
    assert "--tenancy: nowhere:X cannot be loaded" in output
    manifest = json.loads((HERE / "sample" / "manifest.json").read_text())
    manifest["surfaces"][0]["kind"] = "custom_modal"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    output = run_pytest(tmp_path, "-q", "--tenancy", ini=SAMPLE | {"marketplace_manifest": "manifest.json"})
    assert "tasks is a custom_modal in manifest.json and a custom_panel in code" in output
    assert "1 failed" in output
    assert "Traceback" not in output


def test_a_button_that_nobody_is_shown_is_told(tmp_path: Path) -> None:
    shutil.copytree(HERE / "sample" / "templates", tmp_path / "templates")
    (tmp_path / "templates" / "calls.html").write_text("<h1>Nothing to press</h1>\n")
    ini = SAMPLE | {"marketplace_templates": "templates"}
    output = run_pytest(tmp_path, "-q", "--tenancy", "-k", "hang-up and ticket", ini=ini)
    assert "nobody was shown a button for POST /surfaces/calls/actions/hang-up" in output
    assert output.count("nobody was shown") == 1


def test_surfaces_with_one_secret_are_told_apart(tmp_path: Path) -> None:
    manifest = json.loads((HERE / "sample" / "manifest.json").read_text())
    for surface in manifest["surfaces"]:
        surface["jwt_secret"] = "same"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    ini = SAMPLE | {"marketplace_manifest": "manifest.json"}
    output = run_pytest(tmp_path, "-q", "--tenancy", "-k", "calls and secret", ini=ini)
    assert (
        "calls shares its jwt_secret with tasks, bulk, preferences, street-map: give each its own." in output
    )
