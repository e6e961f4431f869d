"""The worked examples: their own tests, as their authors run them, and what nobody may get out of them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.test_translations import extracted

EXAMPLES = Path(__file__).parents[2] / "examples"
APPS = ("invoices", "calls", "inbox")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", APPS)
@pytest.mark.parametrize("words", [(), ("--tenancy",)], ids=["tests", "tenancy"])
def test_an_example_passes_its_own_tests(name: str, words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words],
        cwd=EXAMPLES / name,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


@pytest.mark.parametrize("name", APPS)
def test_an_example_is_told_in_a_few_lines(name: str) -> None:
    lines = (EXAMPLES / name / "README.md").read_text().splitlines()
    assert 5 <= len(lines) <= 12
    assert f'make demo ARGS="--app examples/{name}"' in "\n".join(lines)


@pytest.mark.parametrize("name", APPS)
def test_an_example_says_everything_in_vietnamese_too(name: str) -> None:
    folder = EXAMPLES / name
    said = {key for file in folder.glob("*.py") for key in extracted(file.read_bytes(), "python")}
    for file in folder.rglob("*.html"):
        said |= set(extracted(file.read_bytes(), "jinja2.ext:babel_extract"))
    catalog = (folder / "templates" / "locales" / "vi.po").read_text()
    known = {
        json.loads(line.removeprefix("msgid ")) for line in catalog.splitlines() if line.startswith("msgid ")
    }
    ours = (EXAMPLES.parent / "marketplace_app" / "locales" / "vi.po").read_text()
    assert {key for key in said if key not in known and f'msgid "{key}"' not in ours} == set()
    assert {key for key in known - {""} if key not in said} == set()
