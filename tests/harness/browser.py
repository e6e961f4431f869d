"""A real Chromium, as strict about cookies as browsers are becoming."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from scripts.browser import find_on_path

ARGUMENTS = (
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--test-third-party-cookie-phaseout",  # an iframe of another site gets and keeps no cookie
)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """The Chromium on PATH, else the one that Playwright downloaded; `make test` sees that there is one."""
    found = find_on_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(found) if found else None, args=list(ARGUMENTS)
        )
        try:
            yield browser
        finally:
            browser.close()
