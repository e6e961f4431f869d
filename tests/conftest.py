"""Fixtures that every folder of tests may ask for; what they start is real (tests/harness)."""

from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.faults.lab.table import lines, read
from tests.harness.browser import running_browser
from tests.harness.stack import Stack, running_stack


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole stack, shared: use users and records of your own, and put back what you turn."""
    with running_stack(tmp_path_factory.mktemp("stack")) as running:
        yield running


@pytest.fixture
def fresh_stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack of your own, for tests that stop processes, move time or count everything."""
    with running_stack(tmp_path / "stack") as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each module: while Playwright is open, its event loop keeps all others out of the process."""
    with running_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own; an error thrown by any script on it fails the test."""
    errors: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield page
    assert not errors, f"scripts of the page threw: {errors}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests record is printed at the end, by whichever worker it was found.

    `measure` is a line; `faults` is what one run under fire has found, and becomes rows of one table.
    """
    found = list(_recorded(terminalreporter))
    for name, value in found:
        if name == "measure":
            terminalreporter.write_line(str(value))
    runs = [read(str(value)) for name, value in found if name == "faults"]
    for line in lines(sorted(runs, key=itemgetter(0))) if runs else ():
        terminalreporter.write_line(line)


def _recorded(terminalreporter: pytest.TerminalReporter) -> Iterator[tuple[str, object]]:
    for outcome in ("passed", "failed"):
        for report in terminalreporter.stats.get(outcome, []):
            if report.when == "call":
                yield from report.user_properties
