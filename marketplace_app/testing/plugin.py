"""Fixtures for the tests of an author's app, and `pytest --tenancy`; docs/testing-an-extension.md has both.

Settings, in pytest's own configuration, with our own app where they are left out: ``marketplace_extensions``
(``module:NAME``), ``marketplace_manifest`` and ``marketplace_templates`` (paths from the root directory).
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from marketplace_app.testing.app import AppFiles, RunningApp
    from marketplace_app.testing.surface import Surface
    from marketplace_app.testing.tenancy.items import Theatre

_THEATRE: "pytest.StashKey[Theatre]" = pytest.StashKey()
pytest_plugins = ("pipedrive_emulator.pytest_plugin",)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("marketplace_extensions", "the extensions of the app under test, module:NAME", default="")
    parser.addini("marketplace_manifest", "the manifest.json of the app under test", default="")
    parser.addini("marketplace_templates", "the folder of templates of the app under test", default="")
    group = parser.getgroup("marketplace-app")
    group.addoption(
        "--tenancy",
        action="store_true",
        help="try every route of the app under test as those who must not get in, and as other companies",
    )


def files_of(config: pytest.Config) -> "AppFiles":
    from marketplace_app.testing.app import ini_files  # noqa: PLC0415 - only who tests an app pays for it

    names = ("extensions", "manifest", "templates")
    return ini_files({name: str(config.getini(f"marketplace_{name}")) for name in names}, config.rootpath)


@pytest.fixture(scope="session")
def marketplace_app_process(
    pytestconfig: pytest.Config, pipedrive_process: Any, pipedrive_kept: list[str]
) -> "Iterator[RunningApp]":
    """One app for the whole session; ask for ``surface`` instead, which is fresh for each test."""
    from marketplace_app.testing.app import AppDidNotStart, running_app  # noqa: PLC0415 - as above

    with TemporaryDirectory(prefix="marketplace-app-") as folder:
        try:
            with running_app(Path(folder), files_of(pytestconfig), emulator_url=pipedrive_process.url) as app:
                pipedrive_kept.append(app.client_id)
                yield app
        except AppDidNotStart as problem:
            pytest.fail(str(problem), pytrace=False)


@pytest.fixture
def surface(marketplace_app_process: "RunningApp", pipedrive: Any) -> "Surface":
    """The app under test in a fresh Pipedrive, the ``pipedrive`` of the same test; an admin looks."""
    from marketplace_app.testing.app import SWITCHES  # noqa: PLC0415 - as above
    from marketplace_app.testing.surface import Surface  # noqa: PLC0415 - as above

    marketplace_app_process.forget()
    pipedrive.turn(**SWITCHES)
    people = marketplace_app_process.control.people()
    admin = next(each for each in people if each.is_admin)
    return Surface(marketplace_app_process, people, admin, pipedrive.since)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """The tests of --tenancy stand after the author's own; -k chooses among them too."""
    if not config.getoption("tenancy"):
        return
    from marketplace_app.testing.tenancy.items import Tenancy, Theatre  # noqa: PLC0415 - as above

    theatre = Theatre(files_of(config))
    config.add_cleanup(theatre.close)
    config.stash[_THEATRE] = theatre
    tenancy = Tenancy.from_parent(session, name="tenancy", nodeid="tenancy", theatre=theatre)
    items.extend(tenancy.collect())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    theatre = config.stash.get(_THEATRE, None)
    for note in theatre.notes() if theatre else ():
        terminalreporter.write_line(note)
