"""The script that breaks defences, on a small tree: a defence, a test that sees it, one that is blind."""

import subprocess
from pathlib import Path

import pytest

from scripts.sabotage import Defect, judge, main, make_copy, read_defects
from scripts.steps import ROOT
from tests.harness.processes import is_running, wait_for

GUARD = "def may_enter(name):\n    return name == 'owner'\n"
SEEING = "from guard import may_enter\n\ndef test_stranger():\n    assert not may_enter('stranger')\n"
BLIND = "from guard import may_enter\n\ndef test_owner():\n    assert may_enter('owner')\n"
DEFECT = """
[[defect]]
name = "{name}"
file = "guard.py"
text = "{text}"
replacement = "True"
test = "{test}"
"""
OURS = read_defects(ROOT / "tests" / "sabotage")
IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@example.org")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "guard.py": GUARD,
        "test_seeing.py": SEEING,
        "test_blind.py": BLIND,
        "test_failing.py": "def test_never():\n    assert False\n",
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["."]\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "tests" / "sabotage").mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    subprocess.run(["git", *IDENTITY, "commit", "-qm", "start"], cwd=tmp_path, check=True)
    return tmp_path


def defects(tree: Path, *rows: tuple[str, str, str]) -> None:
    texts = [DEFECT.format(name=name, text=text, test=test) for name, text, test in rows]
    (tree / "tests" / "sabotage" / "some.toml").write_text("".join(texts))


def test_a_defect_that_its_test_sees_is_caught(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    defects(tree, ("no check", "name == 'owner'", "test_seeing.py"))
    assert main([], tree) == 0
    assert "no check | caught by test_seeing.py" in capsys.readouterr().out
    assert (tree / "guard.py").read_text() == GUARD  # only the copy was touched
    assert (tree / ".cache" / "sabotage" / "guard.py").read_text() == GUARD


@pytest.mark.parametrize(
    ("text", "test", "verdict"),
    [
        ("name == 'owner'", "test_blind.py", "SURVIVED"),
        ("name == 'guest'", "test_seeing.py", "TEXT FOUND 0 TIMES"),
        ("name", "test_seeing.py", "TEXT FOUND 2 TIMES"),
        ("name == 'owner'", "test_failing.py", "FAILS WITHOUT ANY DEFECT"),
        ("name == 'owner'", "test_absent.py", "FAILS WITHOUT ANY DEFECT"),
    ],
)
def test_what_proves_nothing_is_told_and_ends_with_1(
    tree: Path, capsys: pytest.CaptureFixture[str], text: str, test: str, verdict: str
) -> None:
    defects(tree, ("seen", "name == 'owner'", "test_seeing.py"), ("odd", text, test))
    assert main([], tree) == 1
    assert verdict in capsys.readouterr().out


def test_a_replacement_that_cannot_even_be_imported_is_no_catch(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = DEFECT.format(name="syntax", text="def may_enter(name):", test="test_seeing.py")
    (tree / "tests" / "sabotage" / "some.toml").write_text(broken)
    assert main([], tree) == 1
    assert "NO VERDICT" in capsys.readouterr().out


def test_a_test_that_hangs_has_seen_nothing_and_leaves_nobody_behind(tree: Path) -> None:
    """Also what it has started ends; what ends by itself is no test's to leave."""
    hanging = f"""
import subprocess, time
from pathlib import Path
from guard import may_enter

def test_stranger():
    if may_enter("stranger"):
        Path({str(tree / "pid")!r}).write_text(str(subprocess.Popen(["sleep", "600"]).pid))
        time.sleep(600)
"""
    (tree / "test_hanging.py").write_text(hanging)
    subprocess.run(["git", "add", "-A"], cwd=tree, check=True)
    subprocess.run(["git", *IDENTITY, "commit", "-qm", "hanging"], cwd=tree, check=True)
    copy = tree / ".cache" / "sabotage"
    make_copy(tree, copy)
    defect = Defect("no check", "guard.py", "name == 'owner'", "True", "test_hanging.py")
    assert judge(copy, defect, patience=15) == "HUNG test_hanging.py"
    pid = int((tree / "pid").read_text())
    wait_for(lambda: not is_running(pid))


def test_words_choose_and_unknown_words_end_with_2(tree: Path) -> None:
    defects(tree, ("seen", "name == 'owner'", "test_seeing.py"), ("odd", "name == 'owner'", "test_blind.py"))
    assert main(["see"], tree) == 0
    assert main(["nothing"], tree) == 2


@pytest.mark.parametrize(
    "text", ["[[defect", '[[defect]]\nname = "a"\n', DEFECT.format(name="", text="a", test="b")]
)
def test_a_file_that_does_not_read_is_told(tree: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "tests" / "sabotage" / "some.toml").write_text(text)
    assert main([], tree) == 2
    assert "some.toml" in capsys.readouterr().err


def test_two_defects_of_one_name_are_refused(tree: Path) -> None:
    row = ("same", "name == 'owner'", "test_seeing.py")
    defects(tree, row, row)
    assert main([], tree) == 2


@pytest.mark.parametrize("defect", OURS, ids=[defect.name for defect in OURS])
def test_every_defect_of_ours_can_still_be_put_in(defect: Defect) -> None:
    """Whether it is caught is for `make sabotage` to say; that takes longer."""
    assert (ROOT / defect.file).read_text(encoding="utf-8").count(defect.text) == 1
    assert defect.replacement != defect.text
    named = [word for word in defect.test.split() if word.startswith("tests/")]
    assert named
    assert all((ROOT / word.partition("::")[0]).exists() for word in named)
