"""Gets the browser tests a Chromium: the one on PATH, else Debian's, else Playwright's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

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
    if is_root and shutil.which("apt-get") and _succeeds(_with_apt):
        return
    if _succeeds(_with_playwright):
        return
    raise CannotInstallError(
        "The browser tests need Chromium, none is on PATH and none could be downloaded: install it "
        "(Debian: apt-get install chromium), and run make again."
    )


def _succeeds(way: Callable[[], None]) -> bool:
    try:
        way()
    except subprocess.CalledProcessError:
        return False
    return True


def _with_apt() -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("Package lists of Debian", ["apt-get", "update"], quiet)
    options = ["--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300"]
    run("Chromium from Debian", ["apt-get", "install", *options, *APT_PACKAGES], quiet)


def _with_playwright() -> None:
    run("Chromium from Playwright", [sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    sys.exit(main())
