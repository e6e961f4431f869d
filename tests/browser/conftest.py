"""An emulator process, a tiny app process registered with it, and a page in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.every import Somebody
from tests.browser.gallery import running_gallery
from tests.browser.host import LOOPBACK, Host, running_host
from tests.every_surface.running import running_every
from tests.harness.stack import Stack


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    with running_host() as running:
        yield running


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_gallery(tmp_path_factory.mktemp("gallery")) as running:
        yield running


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The app of tests/every_surface, for each module anew: its tests change records."""
    with running_every(tmp_path_factory.mktemp("every")) as running:
        yield running


@pytest.fixture
def marta(every: Stack, tab: Page) -> Somebody:
    return Somebody.named(every, tab, "Marta Kask")


@pytest.fixture
def reset(host: Host) -> Iterator[None]:
    """The world as it was at the start, before and after a test that changes it or turns a switch."""
    host.control("reset", {})
    yield
    host.control("reset", {})


@pytest.fixture
def installed(host: Host, reset: None) -> Host:
    """The same, with the probe installed for the company's first user."""
    assert reset is None
    host.install()
    return host


@pytest.fixture
def browsing(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that reaches this machine only; asking for anything else fails the test."""
    strays: list[str] = []

    def refuse(route: Route) -> None:
        strays.append(route.request.url)
        route.abort()

    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.route(lambda url: not LOOPBACK.match(url), refuse)
        yield context
    assert not strays, f"the page asked the internet for {strays}"


@pytest.fixture
def tab(browsing: BrowserContext) -> Page:
    return browsing.new_page()
