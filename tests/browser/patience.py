"""Waiting for what no locator can wait for, while the browser and Playwright's own events go on."""

from collections.abc import Callable

from playwright.sync_api import Page

_GLANCE_MILLISECONDS = 100


def waited(page: Page, done: Callable[[], bool], *, seconds: int = 15) -> bool:
    """Whether it came true in that time."""
    for _ in range(seconds * 1000 // _GLANCE_MILLISECONDS):
        if done():
            return True
        page.wait_for_timeout(_GLANCE_MILLISECONDS)
    return False
