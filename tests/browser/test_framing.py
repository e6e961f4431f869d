"""Who may put our pages into a frame: Pipedrive's own pages alone, and nobody between them and us.

Each hostile page is first shown to frame what it wants when the answer's policy is taken away.
"""

import html
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.browser.hostile_pages import HostilePages, hostile_pages
from tests.browser.patience import waited
from tests.browser.sightline import Seller, settled, user_named
from tests.harness.stack import Stack, running_stack

Attempt = Callable[[HostilePages, Sequence[str]], str]


@pytest.fixture(scope="module")
def sightline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("framing")) as running:
        running.install(user_named(running, "acme", "Marta Kask"))
        yield running


@pytest.fixture(scope="module")
def evil() -> Iterator[HostilePages]:
    with hostile_pages() as pages:
        yield pages


def framing(urls: Sequence[str], element: str = "iframe src") -> str:
    name = element.partition(" ")[0]
    return "".join(f'<{element}="{html.escape(url)}"></{name}>' for url in urls)


def of_host(host: str, element: str = "iframe src") -> Attempt:
    return lambda pages, urls: pages.put(framing(urls, element), host)


def within(markup: Callable[[str], str]) -> Attempt:
    """A hostile page that puts its frames into another one."""
    return lambda pages, urls: pages.put(markup(framing(urls)), "evil.localhost")


def by_script(script: str) -> Attempt:
    return within(
        lambda frames: (
            f"<template>{frames}</template><script>"
            f"const inner = document.querySelector('template').innerHTML; {script}</script>"
        )
    )


ATTEMPTS: dict[str, Attempt] = {
    "another port of our host": of_host("127.0.0.1"),
    "the machine's other name": of_host("localhost"),
    "a foreign name": of_host("evil.localhost"),
    "the company's name on another port": of_host("acme.localhost"),
    "a name within the company's": of_host("panel.acme.localhost"),
    "a name that begins as the company's": of_host("acme.localhost.evil.localhost"),
    "a page of data": within(lambda frame: f'<iframe src="data:text/html,{quote(frame)}"></iframe>'),
    "a sandbox": within(
        lambda frame: (
            f'<iframe sandbox="allow-scripts allow-same-origin" srcdoc="{html.escape(frame)}"></iframe>'
        )
    ),
    "a page without address": within(lambda frame: f'<iframe srcdoc="{html.escape(frame)}"></iframe>'),
    "a blob": by_script(
        "const made = document.createElement('iframe');"
        "made.src = URL.createObjectURL(new Blob([inner], {type: 'text/html'})); document.body.append(made);"
    ),
    "a blank page that was written": by_script(
        "const made = document.createElement('iframe'); document.body.append(made);"
        "made.contentDocument.write(inner); made.contentDocument.close();"
    ),
    "an object": of_host("evil.localhost", 'object type="text/html" data'),
    "an embedded page": of_host("evil.localhost", 'embed type="text/html" src'),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A page of ours: `mark` is in it when it is shown."""

    url: str
    mark: str


def targets(stack: Stack) -> tuple[Target, ...]:
    marta, victor = (user_named(stack, "acme", name) for name in ("Marta Kask", "Victor Reis"))
    panel = stack.surface("deal-panel", marta, 1)["url"]
    return (
        Target(panel, "#surface"),
        Target(stack.surface("deal-panel", victor, 1)["url"], "#connect"),
        Target(f"{stack.app_url}/oauth/callback?error=user_denied", "main"),
    )


def shows(page: Page, target: Target) -> bool:
    """Whether some frame of the page has it."""
    return any(
        frame != page.main_frame
        and frame.url.partition("?")[0] == target.url.partition("?")[0]  # the script takes the token away
        and frame.locator(target.mark).count() > 0
        for frame in page.frames
    )


def refusals(page: Page) -> int:
    """Frames in which the browser shows that it would not show what was asked for."""
    return sum(frame.url.startswith("chrome-error:") for frame in page.frames)


def without_policy(route: Route) -> None:
    reply = route.fetch()
    headers = {name: value for name, value in reply.headers.items() if name != "content-security-policy"}
    route.fulfill(response=reply, headers=headers)


@pytest.mark.parametrize("name", ATTEMPTS)
def test_no_hostile_page_frames_ours(
    name: str, sightline: Stack, evil: HostilePages, browser: Browser
) -> None:
    wanted = targets(sightline)
    address = ATTEMPTS[name](evil, [target.url for target in wanted])
    with browser.new_context() as careless:
        careless.route(f"{sightline.app_url}/**", without_policy)
        page = careless.new_page()
        page.goto(address)
        for target in wanted:
            assert waited(page, partial(shows, page, target)), f"{target.url} could not be framed anyway"
    with browser.new_context() as strict:
        page, blocked = strict.new_page(), set[str]()
        page.on("requestfailed", lambda request: blocked.add(request.url))
        page.goto(address)
        # What an object shows instead is no frame, and of a sandbox's requests nobody is told.
        assert waited(page, lambda: max(refusals(page), len(blocked)) == len(wanted))
        assert not any(shows(page, target) for target in wanted)


def test_enough_origins_are_hostile() -> None:
    assert len(ATTEMPTS) >= 10


def test_a_hostile_frame_within_pipedrives_page_frames_nothing(
    sightline: Stack, evil: HostilePages, browsing: BrowserContext
) -> None:
    """Pipedrive on top and us at the bottom: who is in between counts too."""
    tab = browsing.new_page()
    marta = Seller(sightline, tab, "acme", user_named(sightline, "acme", "Marta Kask"))
    settled(marta.open_deal(1))
    target = targets(sightline)[0]
    before = sum(frame.url.startswith(sightline.app_url) for frame in tab.frames)
    tab.evaluate(
        "url => document.body.append(Object.assign(document.createElement('iframe'), {src: url}))",
        evil.put(framing([target.url]), "evil.localhost"),
    )
    assert waited(tab, lambda: refusals(tab) == 1)
    assert sum(frame.url.startswith(sightline.app_url) for frame in tab.frames) == before
