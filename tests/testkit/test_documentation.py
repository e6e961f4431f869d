"""docs/testing-an-extension.md is true: its settings and its tests run as they stand there."""

import re
import shutil
from pathlib import Path

import pytest

from marketplace_app.testing.pages import Page
from marketplace_app.testing.replies import Reply
from tests.testkit.pytest_of_theirs import ROOT, run_pytest

HERE = Path(__file__).parent
TEXT = (ROOT / "docs" / "testing-an-extension.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.timeout(300)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def rows_of(heading: str) -> set[str]:
    """The names in the first column of the table with that heading."""
    table = TEXT.split(f"| {heading} | |")[1].partition("\n\n")[0]
    return {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)", line.split("|")[1])}


def test_its_tests_pass_with_its_settings(tmp_path: Path) -> None:
    shutil.copytree(HERE / "sample", tmp_path / "my_app")
    for name in ("manifest.json", "templates"):
        shutil.move(tmp_path / "my_app" / name, tmp_path / name)
    tests = "\n\n".join(blocks("python"))
    (tmp_path / "test_theirs.py").write_text(tests, encoding="utf-8")
    settings = dict(line.split(" = ") for line in blocks("ini")[0].splitlines()[1:])
    output = run_pytest(tmp_path, "-q", ini=settings)
    count = len(re.findall(r"^def test_", tests, re.MULTILINE))
    assert re.search(rf"^{count} passed", output, re.MULTILINE), output


@pytest.mark.parametrize(("heading", "kind"), [("a page has", Page), ("a reply has", Reply)])
def test_its_tables_name_what_there_is(heading: str, kind: type) -> None:
    public = {name for name in (*dir(kind), *kind.__dataclass_fields__) if not name.startswith("_")}  # type: ignore[attr-defined]
    named = rows_of(heading)
    assert len(named) > 8
    assert named <= public
