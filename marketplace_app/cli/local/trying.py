"""`python -m marketplace_app.cli.local.trying`: says whether the app would start with what is on the disk.

Everything but the author's own modules is imported once. Then each line of the standard input, the settings
as JSON, is tried in a process of its own that ends afterwards; the answer is a line {"problem": sentence},
empty when the app would start. With the input's end it ends itself.
"""

import contextlib
import json
import os
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path

from marketplace_app.app import create_app
from marketplace_app.errors import ConfigurationError
from marketplace_app.settings import Settings
from marketplace_app.web.templates import ROOT, Templates

_OURS = Path(__file__).parents[2]


def main() -> None:
    for line in sys.stdin:
        ends = os.pipe()
        child = os.fork()
        if child == 0:
            _try(json.loads(line), ends[1])
        os.close(ends[1])
        with os.fdopen(ends[0]) as answer:
            problem = answer.read()
        os.waitpid(child, 0)
        print(json.dumps({"problem": problem}), flush=True)


def _try(settings: Mapping[str, str], end: int) -> None:
    """In the new process, which tells by its end of the pipe and is gone."""
    sys.path[:0] = settings.get("PYTHONPATH", "").split(os.pathsep)
    os.environ.update(settings)
    problem = ""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            found = Settings.from_mapping(settings)
            create_app(found)
            problem = template_problem(found.templates_dir or ROOT / "templates")
    except BaseException as error:  # noqa: BLE001 - whatever the author's module does
        problem = sentence(error, settings.get("PYTHONPATH", ""))
    os.write(end, problem.encode()[:4000])
    os._exit(0)


def template_problem(folder: Path) -> str:
    """The first template there that cannot be read, with its line; empty when all can."""
    templates = Templates([folder])
    for file in sorted(folder.rglob("*.html")):
        found = templates.problem(str(file.relative_to(folder)))
        if found:
            return f"{folder.name}/{file.relative_to(folder)}:{found[0]}: {found[1]}"
    return ""


def sentence(error: BaseException, root: str) -> str:
    """What is wrong, after the file and the line of the author's where it is known."""
    cause = error.__cause__ if isinstance(error, ConfigurationError) and error.__cause__ else error
    if isinstance(cause, SyntaxError) and cause.filename:
        return f"{_short(cause.filename, root)}:{cause.lineno}: {cause.msg}"
    said = "; ".join(cause.problems) if isinstance(cause, ConfigurationError) else _said(cause)
    frames = [each for each in traceback.extract_tb(cause.__traceback__) if _is_theirs(each.filename, root)]
    return f"{_short(frames[-1].filename, root)}:{frames[-1].lineno}: {said}" if frames else said


def _said(error: BaseException) -> str:
    text = str(error).partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _is_theirs(filename: str, root: str) -> bool:
    """A module of the author's; in this checkout those of our own product."""
    file = Path(filename)
    if file.is_relative_to(_OURS / "extensions"):
        return True
    return (
        bool(root)
        and file.is_relative_to(root)
        and not file.is_relative_to(_OURS)
        and ".venv" not in file.parts
    )


def _short(filename: str, root: str) -> str:
    file, base = Path(filename), Path(root or _OURS.parent)
    return str(file.relative_to(base)) if file.is_relative_to(base) else filename


if __name__ == "__main__":
    main()
