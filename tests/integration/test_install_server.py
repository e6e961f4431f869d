"""Where the tests of storage get their second server from."""

from pathlib import Path

import pytest

from scripts import second_server


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH without any Redis."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def fake(tools: Path, name: str, script: str = "exit 0") -> Path:
    (tools / name).write_text(f"#!/bin/sh\n{script}\n")
    (tools / name).chmod(0o755)
    return tools / name


def test_a_redis_on_path_comes_first(tools: Path) -> None:
    mine = fake(tools, "redis-server")
    assert second_server.find() == mine
    assert second_server.main() == 0


def test_the_server_among_debians_tools_is_used_under_its_name(tools: Path, tmp_path: Path) -> None:
    program = fake(tools, "redis-check-rdb")
    link = tmp_path / "made" / "redis-server"
    assert second_server.installed_from_debian(link, is_root=False)
    assert link.readlink() == program
    assert second_server.installed_from_debian(link, is_root=False)


def test_the_tools_are_installed_where_they_are_missing(tools: Path, tmp_path: Path) -> None:
    fake(tools, "apt-get", f'echo "$@" >> "{tmp_path}/asked"')
    link = tmp_path / "redis-server"
    assert not second_server.installed_from_debian(link, is_root=False)
    assert not (tmp_path / "asked").exists()
    assert not second_server.installed_from_debian(link, is_root=True)
    assert (tmp_path / "asked").read_text().splitlines()[-1].endswith(" redis-tools")
    assert not link.exists()


def test_without_any_way_a_sentence_says_what_is_not_tested(
    tools: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    fake(tools, "apt-get", "exit 100")
    monkeypatch.setattr(second_server, "LINK", tmp_path / "none")
    assert second_server.main() == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("the tests of storage run on Valkey alone.")
