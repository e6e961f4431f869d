"""The fixture `surface`, in a pytest of an author's."""

import re
from pathlib import Path

import pytest

from tests.testkit.pytest_of_theirs import ROOT, ini_of, run_pytest

HERE = Path(__file__).parent
SAMPLE = ini_of("tests.testkit.sample", HERE / "sample")

pytestmark = pytest.mark.timeout(300)


def test_an_author_tests_each_kind_of_surface(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(
        (HERE / "theirs.py").read_text(encoding="utf-8"), encoding="utf-8"
    )
    output = run_pytest(tmp_path, "-q", ini=SAMPLE)
    assert re.search(r"^14 passed", output, re.MULTILINE), output


def test_our_own_app_is_the_default(tmp_path: Path) -> None:
    tests = "def test_it(surface):\n    assert surface.open('deal-panel', deal=1).state == 'complete'\n"
    (tmp_path / "test_theirs.py").write_text(tests)
    output = run_pytest(tmp_path, "-q", ini={})
    assert re.search(r"^1 passed", output, re.MULTILINE), output


def test_an_app_that_does_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text("def test_it(surface):\n    pass\n")
    output = run_pytest(tmp_path, "-q", ini=SAMPLE | {"marketplace_manifest": str(ROOT / "manifest.json")})
    assert "The app under test did not start." in output
    assert "extension tasks is not in manifest.json" in output
    assert "Traceback" not in output
