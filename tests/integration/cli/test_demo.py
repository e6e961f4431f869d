"""The demo as a newcomer and as an impatient operator meet it."""

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace_app.cli.local.fetch import request
from marketplace_app.cli.local.ports import free_port
from tests.harness.processes import Process, wait_until_gone
from tests.integration.cli.demos import Demo, Starter

DEAL = re.compile(r"http://acme\.localhost:(\d+)(/login\?user=\d+&next=/deal/1)\b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a demo folder"


@pytest.fixture
def start(folder: Path) -> Iterator[Starter]:
    starter = Starter(folder)
    yield starter
    starter.end_all()


@pytest.fixture
def demo(start: Starter) -> Demo:
    return start().wait_until_ready()


def test_it_leads_to_a_deal_and_ends_without_a_trace(demo: Demo, folder: Path) -> None:
    match = DEAL.search(demo.printed)
    assert match, demo.printed
    host = {"Host": f"acme.localhost:{match[1]}"}
    reply = request("GET", f"http://127.0.0.1:{match[1]}{match[2]}", headers=host)
    assert (reply.status, reply.headers["Location"]) == (303, "/deal/1")
    members = demo.members()
    assert len(members) >= 4
    demo.process.send_signal(signal.SIGINT)
    assert demo.end()[0] == 0
    wait_until_gone(members)
    assert {entry.name for entry in folder.iterdir()} >= {"logs", "valkey", "secrets.json", "world.sqlite"}


def test_a_second_start_is_quick_and_still_installed(demo: Demo, start: Starter) -> None:
    assert "Install for" in demo.printed
    demo.process.send_signal(signal.SIGTERM)
    assert demo.end()[0] == 0
    started = time.monotonic()
    second = start(ports=demo.ports).wait_until_ready()
    assert time.monotonic() - started < 10
    assert "Install for" not in second.printed
    second.process.send_signal(signal.SIGHUP)
    assert second.end()[0] == 0
    third = start("--fresh").wait_until_ready()
    assert "Install for" in third.printed
    third.process.send_signal(signal.SIGTERM)
    assert third.end()[0] == 0


def test_a_killed_demo_takes_its_processes_along_and_can_start_again(demo: Demo, start: Starter) -> None:
    members = demo.members()
    demo.process.kill()
    again = start(ports=demo.ports).wait_until_ready()
    assert "Install for" not in again.printed
    wait_until_gone(members)
    again.process.send_signal(signal.SIGTERM)
    assert again.end()[0] == 0


@pytest.mark.parametrize("name", ["valkey", "emulator", "serve", "worker"])
def test_when_one_dies_all_end_and_its_last_words_are_shown(demo: Demo, name: str) -> None:
    members = demo.members()
    os.kill(find(name, members), signal.SIGKILL)
    code, said = demo.end()
    assert code == 1
    assert f"{name} ended with exit code -9. The last lines of " in said
    wait_until_gone(members)


def find(name: str, members: dict[int, Process]) -> int:
    """The process itself, not the workers that it has started."""
    special = {"valkey": "valkey-server", "emulator": "pipedrive_emulator serve"}
    words = special.get(name, f"marketplace_app {name}")
    return min(pid for pid, member in members.items() if words in member.command)


@pytest.mark.parametrize(("index", "option"), [(0, "--port"), (1, "--emulator-port")])
def test_a_port_in_use_is_one_sentence_that_names_the_option(start: Starter, index: int, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = (port, free_port()) if index == 0 else (free_port(), port)
        code, said = start(ports=ports).end()
    assert code == 1
    assert said == f'Port {port} is in use by another program: choose another with ARGS="{option} NUMBER".\n'


def test_one_port_for_both_is_refused(start: Starter) -> None:
    port = free_port()
    code, said = start(ports=(port, port)).end()
    assert code == 1
    assert said == "The app and the emulator need a port each: give --port and --emulator-port apart.\n"


def test_two_demos_of_one_folder_are_refused(demo: Demo, start: Starter) -> None:
    assert demo.process.poll() is None
    code, said = start().end()
    assert code == 1
    assert said.startswith("A demo of this checkout is already running")


def test_a_redis_of_ones_own_that_is_away_is_one_sentence(start: Starter) -> None:
    code, said = start(REDIS_URL="redis://127.0.0.1:9/0").end()
    assert code == 1
    assert "REDIS_URL: Redis does not answer" in said
    assert "Traceback" not in said
