"""Where the browser tests get their Chromium from."""

from pathlib import Path

import pytest

from scripts import browser
from scripts.steps import CannotInstallError

CLOSED_PORT = "http://127.0.0.1:9"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH without any browser, and no way to Playwright's downloads."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", CLOSED_PORT)
    return folder


def fake(tools: Path, name: str, script: str) -> None:
    (tools / name).write_text(f"#!/bin/sh\n{script}\n")
    (tools / name).chmod(0o755)


def test_a_chromium_on_path_comes_first(tools: Path) -> None:
    fake(tools, "chromium", "exit 0")
    assert browser.find_on_path() == tools / "chromium"
    assert browser.main() == 0


def test_root_gets_debians(tools: Path, tmp_path: Path) -> None:
    fake(tools, "apt-get", f'echo "$@" >> "{tmp_path}/asked"')
    browser.install(is_root=True)
    update, install = (tmp_path / "asked").read_text().splitlines()
    assert update == "update"
    assert install.startswith("install --yes --no-install-recommends")
    assert " chromium " in install


def test_others_do_not_ask_apt(tools: Path, tmp_path: Path) -> None:
    fake(tools, "apt-get", f': > "{tmp_path}/asked"')
    with pytest.raises(CannotInstallError):
        browser.install(is_root=False)
    assert not (tmp_path / "asked").exists()


def test_without_any_way_it_is_one_sentence(tools: Path) -> None:
    fake(tools, "apt-get", "exit 100")
    with pytest.raises(CannotInstallError, match=r"^The browser tests need Chromium, [^\n]*$"):
        browser.install(is_root=True)
