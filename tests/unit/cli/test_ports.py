"""A port for a server that is started in a moment."""

import socket
import subprocess
import sys

import pytest

from marketplace_app.cli.local import ports
from marketplace_app.cli.local.ports import LOOPBACK, free_port

ASKS_TOO = """
from marketplace_app.cli.local.ports import free_port
print(*(free_port() for _ in range(40)), flush=True)
input()
"""
FIRST_OF_CONNECTIONS = 32_768


def only(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(ports, "_PORTS", range(port, port + 1))


def test_whoever_asks_is_told_another_one_in_every_process() -> None:
    pipe = subprocess.PIPE
    others = [
        subprocess.Popen([sys.executable, "-c", ASKS_TOO], stdin=pipe, stdout=pipe, text=True)
        for _ in range(2)
    ]
    told = [free_port() for _ in range(40)]
    for other in others:
        assert other.stdout is not None
        told += map(int, other.stdout.readline().split())
    for other in others:
        other.communicate("\n")
    assert len(set(told)) == len(told) == 120
    assert max(told) < FIRST_OF_CONNECTIONS  # no connection is given one of them meanwhile


def test_one_that_was_told_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    only(monkeypatch, free_port())
    with pytest.raises(OSError, match="no port is free"):
        free_port()


def test_one_that_somebody_listens_on_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((LOOPBACK, 0)) as server:
        only(monkeypatch, server.getsockname()[1])
        with pytest.raises(OSError, match="no port is free"):
            free_port()
