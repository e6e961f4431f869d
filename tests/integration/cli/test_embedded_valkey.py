import socket
import stat
from pathlib import Path

import pytest

from marketplace_app.cli.local.valkey import NoServerBinary, find_binary, start_valkey
from marketplace_app.cli.local.watch import Watch


def ask(socket_path: Path, *words: str) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(socket_path))
        connection.sendall(" ".join(words).encode() + b"\r\n")
        return connection.recv(4096).decode()


def test_what_it_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    watch = Watch()
    first = start_valkey(tmp_path / "data", log=tmp_path / "log", watch=watch)
    assert ask(first.socket_path, "SET", "kept", "yes") == "+OK\r\n"
    watch.release("valkey").kill()
    second = start_valkey(tmp_path / "data", log=tmp_path / "log", watch=watch)
    assert ask(second.socket_path, "GET", "kept") == "$3\r\nyes\r\n"
    watch.stop_all()
    first.remove_socket()
    second.remove_socket()


def test_nobody_else_may_enter(tmp_path: Path) -> None:
    watch = Watch()
    valkey = start_valkey(tmp_path / "data", log=tmp_path / "log", watch=watch)
    assert stat.S_IMODE(valkey.socket_path.parent.stat().st_mode) == 0o700
    assert ask(valkey.socket_path, "CONFIG", "GET", "port").split()[-1] == "0"
    watch.stop_all()
    valkey.remove_socket()
    assert not valkey.socket_path.parent.exists()


def test_without_a_wheel_a_server_on_path_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    path = {"redis-server": "/opt/redis-server"}
    assert find_binary(path.get) == Path("/opt/redis-server")
    with pytest.raises(NoServerBinary, match="REDIS_URL"):
        find_binary(lambda _: None)
