"""The fixture `surface`, in a pytest of an author's."""

import re
from pathlib import Path

import pytest

from tests.testkit.pytest_of_theirs import ROOT, ini_of, run_pytest

HERE = Path(__file__).parent
SAMPLE = ini_of("tests.testkit.sample", HERE / "sample")
JSON_APP = ROOT / "tests" / "integration" / "json_app"
JSON = ini_of("tests.integration.json_app", JSON_APP, templates=False)

pytestmark = pytest.mark.timeout(300)


@pytest.mark.parametrize(("file", "app"), [("theirs.py", SAMPLE), ("theirs_json.py", JSON)])
def test_an_author_tests_each_kind_of_surface(file: str, app: dict[str, str], tmp_path: Path) -> None:
    tests = (HERE / file).read_text(encoding="utf-8")
    (tmp_path / "test_theirs.py").write_text(tests, encoding="utf-8")
    output = run_pytest(tmp_path, "-q", ini=app)
    count = len(re.findall(r"^def test_", tests, re.MULTILINE))
    assert re.search(rf"^{count} passed", output, re.MULTILINE), output


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
