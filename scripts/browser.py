"""Gets the browser tests a Chromium: the one on PATH, else Debian's, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.debian import installed
from scripts.steps import CannotInstallError, run

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_PACKAGES = ("chromium", "fonts-dejavu-core")


def main() -> int:
    if find_on_path() or find_of_playwright():
        return 0
    try:
        install(is_root=os.geteuid() == 0)
    except CannotInstallError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def find_on_path() -> Path | None:
    found = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in found if path), None)


def find_of_playwright() -> Path | None:
    """The Chromium that `playwright install chromium` has downloaded, if it has."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - half a second that a Chromium on PATH saves

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def install(*, is_root: bool) -> None:
    """Raises CannotInstallError when no way leads to a Chromium."""
    if installed("Chromium from Debian", *APT_PACKAGES, is_root=is_root) or _has_come_from_playwright():
        return
    raise CannotInstallError(
        "The browser tests need Chromium, none is on PATH and none could be downloaded: install it "
        "(Debian: apt-get install chromium), and run make again."
    )


def _has_come_from_playwright() -> bool:
    try:
        run("Chromium from Playwright", [sys.executable, "-m", "playwright", "install", "chromium"])
    except subprocess.CalledProcessError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
