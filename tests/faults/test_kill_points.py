"""Run F1 kills at every named point that the app has, in every way in which the emulator renews."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipedrive_emulator.switch_rows.oauth import ROWS
from tests.faults.runs.f01_kill import MODES, POINTS
from tests.integration.jobs_app.test_jobs_killed import POINTS as JOB_POINTS

APP = Path(__file__).resolve().parents[2] / "marketplace_app"
SOURCE = """
async def one(points):
    await points.reach("a.one")
    await two("x", "a.two")
    await two("x", point="a.three")
async def two(what, point):
    await points.reach(point)
"""


def points_in(source: str) -> set[str]:
    """What is given to `reach`: as a text, or as a parameter that each caller in the file gives as a text."""
    tree = ast.parse(source)
    found: set[str] = set()
    for function in _functions(tree):
        for call in _calls_of(function, "reach"):
            given = call.args[0]
            found |= {str(given.value)} if isinstance(given, ast.Constant) else _passed(tree, function, given)
    return found


def _passed(tree: ast.AST, function: ast.AsyncFunctionDef, given: ast.expr) -> set[str]:
    names = [argument.arg for argument in function.args.args if argument.arg != "self"]
    assert isinstance(given, ast.Name)
    assert given.id in names, f"{function.name} gives `reach` a name that this test cannot follow"
    texts: set[str] = set()
    for call in _calls_of(tree, function.name):
        by_name = {keyword.arg: keyword.value for keyword in call.keywords}
        text = by_name.get(given.id) or call.args[names.index(given.id)]
        assert isinstance(text, ast.Constant), f"a caller of {function.name} names no point"
        texts.add(str(text.value))
    assert texts, f"nobody calls {function.name}"
    return texts


def _functions(tree: ast.AST) -> Iterator[ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef))


def _calls_of(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return (call for call in calls if getattr(call.func, "attr", getattr(call.func, "id", "")) == name)


def test_the_search_finds_what_is_written_and_what_is_passed_on() -> None:
    assert points_in(SOURCE) == {"a.one", "a.two", "a.three"}


@pytest.mark.parametrize(
    "text", ["await two('x', other)", "await points.reach(other)", "await points.reach(f'a.{point}')"]
)
def test_the_search_fails_where_it_cannot_follow(text: str) -> None:
    with pytest.raises(AssertionError):
        points_in(SOURCE.replace('await points.reach("a.one")', text))


def test_the_run_kills_at_every_point_of_the_app() -> None:
    """Those of jobs are killed at beside their own app."""
    sources = [file.read_text(encoding="utf-8") for file in APP.rglob("*.py")]
    named = set().union(*map(points_in, sources))
    assert sorted(named) == sorted((*POINTS, *JOB_POINTS))


def test_the_run_knows_every_way_of_renewing() -> None:
    rotation = next(row for row in ROWS if row.name == "refresh_rotation")
    assert set(rotation.values) == set(MODES)
