"""Fixtures for the tests of any app: ``pipedrive``, a running emulator, and ``pipedrive_host``, its pages.

Settings, in pytest's own configuration: ``pipedrive_seed`` (small or large), ``pipedrive_switches``
(``NAME=VALUE`` lines), ``pipedrive_apps`` (registration files, counted from the root directory).
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pipedrive_emulator.remote import Pipedrive, PipedriveRefused, running_pipedrive

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Page

_NEEDS_PLAYWRIGHT = (
    "The fixture pipedrive_host drives a browser: install Playwright (pip install playwright) and a Chromium "
    "(playwright install chromium, or one on PATH)."
)
_CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
_READY_MS = 15_000


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("pipedrive_seed", "the world of the Pipedrive emulator: small or large", default="small")
    parser.addini("pipedrive_switches", "switches of the Pipedrive emulator, NAME=VALUE", "linelist")
    parser.addini("pipedrive_apps", "files of apps to register with the Pipedrive emulator", "linelist")


@pytest.fixture(scope="session")
def pipedrive_process(pytestconfig: pytest.Config) -> Iterator[Pipedrive]:
    """One emulator for the whole session; ask for ``pipedrive`` instead, which is fresh for each test."""
    arguments = ["--seed", str(pytestconfig.getini("pipedrive_seed"))]
    for switch in pytestconfig.getini("pipedrive_switches"):
        arguments += ["--set", switch]
    for file in pytestconfig.getini("pipedrive_apps"):
        arguments += ["--app", str(pytestconfig.rootpath / file)]
    try:
        with running_pipedrive(*arguments) as running:
            yield running
    except PipedriveRefused as refused:
        if refused.status:
            raise
        pytest.fail(f"The Pipedrive emulator did not start. {refused}", pytrace=False)


@pytest.fixture(scope="session")
def pipedrive_kept(pipedrive_process: Pipedrive) -> list[str]:
    """The apps that every test begins with; who registers one for the whole session adds its client id."""
    return [app["client_id"] for app in pipedrive_process.control("apps")["apps"]]


@pytest.fixture
def pipedrive(pipedrive_process: Pipedrive, pipedrive_kept: list[str]) -> Pipedrive:
    """A Pipedrive as if freshly started: its world, clock, switches and faults, no app of another test."""
    return pipedrive_process.fresh(pipedrive_kept)


@dataclass(frozen=True, slots=True)
class PipedriveHost:
    """Opens Pipedrive's pages in tabs of one browser context."""

    pipedrive: Pipedrive
    context: "BrowserContext"

    def open(self, path: str, user_id: int) -> "Page":
        """A new tab with that page, signed in as that user."""
        company_id = self.pipedrive.user(user_id)["company_id"]
        companies = self.pipedrive.control("world?tables=")["companies"]
        domain = next(one["domain"] for one in companies if one["id"] == company_id)
        page = self.context.new_page()
        page.goto(f"{self.pipedrive.company_url(domain)}/login?user={user_id}&next={path}")
        return page

    def panel(self, page: "Page", surface: str) -> "Frame":
        """The frame of a custom panel on that page, once its SDK has been initialized."""
        place = f'[data-panel][data-surface="{surface}"][data-state="ready"] iframe'
        element = page.wait_for_selector(place, timeout=_READY_MS)
        frame = element.content_frame() if element else None
        if frame is None:
            raise LookupError(f"The panel {surface!r} has no frame.")
        return frame


@pytest.fixture
def pipedrive_host(request: pytest.FixtureRequest, pipedrive: Pipedrive) -> Iterator[PipedriveHost]:
    """Pages in a real browser: the one of a ``browser`` fixture if there is any, else an own Chromium."""
    try:
        browser: Browser = request.getfixturevalue("browser")
    except pytest.FixtureLookupError:
        browser = request.getfixturevalue("pipedrive_browser")
    with browser.new_context() as context:
        yield PipedriveHost(pipedrive, context)


@pytest.fixture(scope="module")
def pipedrive_browser() -> Iterator[Any]:
    """One for each module: while Playwright is open, its event loop keeps all others out of the process."""
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - an extra of this plugin
    except ImportError:
        pytest.fail(_NEEDS_PLAYWRIGHT, pytrace=False)
    found = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except Error as error:
            pytest.fail(f"{_NEEDS_PLAYWRIGHT}\n{error}", pytrace=False)
        try:
            yield browser
        finally:
            browser.close()
