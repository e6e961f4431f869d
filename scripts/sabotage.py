"""`make sabotage`: each defect of tests/sabotage/*.toml, put into a copy of HEAD, must make its test fail.

A defect is a table `[[defect]]` of texts: `name`; `file`; `text`, which stands exactly once in that file;
`replacement`; and `test`, the words after `python -m pytest`. Words on the command line choose the defects
that have one of them in their names. Exit code 1 when a defect survives its test, when its text is no longer
there, or when the test fails without it; a test that hangs has seen nothing.
"""

import os
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from pathlib import Path

from scripts.steps import ROOT

LINKED = (".venv", "node_modules")
PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "--no-header", "-n", "0")
FAILED, HUNG = 1, -1  # the first is pytest's exit code for failed tests: 2 and above are no verdict
PATIENCE_SECONDS = 900
CAUGHT = "caught by"


class Unusable(Exception):
    """The files of defects do not read as they should; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Defect:
    name: str
    file: str
    text: str
    replacement: str
    test: str


def main(words: Sequence[str], root: Path = ROOT) -> int:
    try:
        known = read_defects(root / "tests" / "sabotage")
    except Unusable as problem:
        print(problem, file=sys.stderr)
        return 2
    defects = [defect for defect in known if not words or any(word in defect.name for word in words)]
    if not defects:
        print("There are no such defects.", file=sys.stderr)
        return 2
    copy = root / ".cache" / "sabotage"
    make_copy(root, copy)
    verdicts = [f"FAILS WITHOUT ANY DEFECT: {test}" for test in tests_of(defects) if fails(copy, test)]
    rows = []
    for defect in [] if verdicts else defects:
        rows.append((defect.name, judge(copy, defect)))
        print(f"{rows[-1][0]}: {rows[-1][1]}", flush=True)
    print("\n".join(verdicts or table(rows)))
    return int(bool(verdicts) or not all(verdict.startswith(CAUGHT) for _, verdict in rows))


def read_defects(folder: Path) -> list[Defect]:
    """Raises Unusable."""
    found: list[Defect] = []
    names = {field.name for field in fields(Defect)}
    for file in sorted(folder.glob("*.toml")):
        try:
            rows = tomllib.loads(file.read_text(encoding="utf-8")).get("defect", [])
        except tomllib.TOMLDecodeError as error:
            raise Unusable(f"{file.name}: {error}") from error
        for row in rows:
            if set(row) != names or not all(_is_told(name, value) for name, value in row.items()):
                raise Unusable(f"{file.name}: a defect has the texts {', '.join(sorted(names))}: {row}")
            found.append(Defect(**row))
    if len({defect.name for defect in found}) < len(found):
        raise Unusable("two defects have the same name")
    return found


def _is_told(name: str, value: object) -> bool:
    """What is taken away is replaced by nothing."""
    return isinstance(value, str) and (value != "" or name == "replacement")


def make_copy(root: Path, copy: Path) -> None:
    """What HEAD holds, without what is being edited; what was installed is shared."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=root, capture_output=True, check=True)
    subprocess.run(["tar", "-x"], cwd=copy, input=archive.stdout, check=True)
    for name in LINKED:
        if (root / name).exists():
            (copy / name).symlink_to(root / name)


def judge(copy: Path, defect: Defect, patience: float = PATIENCE_SECONDS) -> str:
    """`caught by ...`, or what is wrong with the defect or with the test."""
    count = 0 if not (copy / defect.file).is_file() else (copy / defect.file).read_text().count(defect.text)
    if count != 1:
        return f"TEXT FOUND {count} TIMES in {defect.file}"
    with sabotaged(copy / defect.file, defect):
        code = run_test(copy, defect.test, patience)
    if code == FAILED:
        return f"{CAUGHT} {defect.test}"
    if code == HUNG:
        return f"HUNG {defect.test}"
    return f"SURVIVED {defect.test}" if code == 0 else f"NO VERDICT (exit {code}) of {defect.test}"


@contextmanager
def sabotaged(file: Path, defect: Defect) -> Iterator[None]:
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(defect.text, defect.replacement), encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(whole, encoding="utf-8")


def fails(copy: Path, test: str) -> bool:
    """A test that fails anyway would catch everything."""
    return run_test(copy, test) != 0


def run_test(copy: Path, test: str, patience: float = PATIENCE_SECONDS) -> int:
    """Pytest's exit code, or HUNG. What the test has started and left behind ends with it."""
    command = [sys.executable, "-B", "-m", "pytest", *PYTEST, *test.split()]
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command,
        cwd=copy,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        return HUNG
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def tests_of(defects: Sequence[Defect]) -> list[str]:
    return sorted({defect.test for defect in defects})


def table(rows: Sequence[tuple[str, str]]) -> list[str]:
    """`defect | caught by`, and how many of how many."""
    head = ("defect", "verdict")
    width = max(len(name) for name, _ in [head, *rows])
    caught = sum(verdict.startswith(CAUGHT) for _, verdict in rows)
    lines = [f"{name.ljust(width)} | {verdict}" for name, verdict in [head, *rows]]
    return [*lines, f"{caught} of {len(rows)} caught"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
