"""axe finds nothing in the panel, in either theme and language, nor in the pages around an installation."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Frame, Page

from tests.browser.axe import findings
from tests.browser.sightline import Seller, settled, user_named
from tests.harness.stack import Stack, running_stack


@pytest.fixture(scope="module")
def sightline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("axe")) as running:
        for name in ("Marta Kask", "Nguyễn Thùy Linh"):
            running.install(user_named(running, "acme", name))
        yield running


def frame_of(tab: Page, stack: Stack) -> Frame:
    return next(frame for frame in tab.frames if frame.url.startswith(stack.app_url))


@pytest.mark.parametrize("name", ["Marta Kask", "Nguyễn Thùy Linh"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("deal", [1, 2, 3, 4, 10, 11])
def test_axe_finds_nothing_in_the_panel(
    sightline: Stack, browsing: BrowserContext, name: str, theme: str, deal: int
) -> None:
    tab = browsing.new_page()
    tab.emulate_media(reduced_motion="reduce")  # colours are read as they stay, not on their way
    panel = Seller(sightline, tab, "acme", user_named(sightline, "acme", name)).open_deal(deal)
    settled(panel)
    frame = frame_of(tab, sightline)
    frame.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    frame.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert findings(frame) == []


def test_axe_finds_nothing_in_the_pages_around_an_installation(
    sightline: Stack, browsing: BrowserContext
) -> None:
    tab = browsing.new_page()
    for path in (
        "/oauth/callback",
        "/oauth/callback?error=user_denied",
        "/oauth/callback?code=1.2.a&state=b",
    ):
        tab.goto(sightline.app_url + path)
        assert findings(tab) == []
    visitor = Seller(sightline, tab, "acme", user_named(sightline, "acme", "Jack Miller"))
    visitor.open_deal(4)
    assert findings(frame_of(tab, sightline)) == []
    visitor.visit("/marketplace")
    tab.get_by_role("link", name="Install").click()
    tab.get_by_role("button", name="Allow and install").click()
    tab.wait_for_url(f"{sightline.app_url}/oauth/callback*")
    assert findings(tab) == []


def test_axe_does_find_what_is_wrong(sightline: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    tab.goto(sightline.app_url + "/oauth/callback")
    tab.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(line.startswith("image-alt") for line in findings(tab))
