"""What can ail a Redis that is there all the same: stuck, slow, full, or with a disk that refuses."""

import resource
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from tests.faults.lab.loop_thread import LOOPBACK
from tests.faults.lab.tcp_proxy import TcpProxy, before
from tests.harness.servers import Server, until

_SLOW_SECONDS = 0.7  # beyond the app's deadline
_BITE_SECONDS = 0.3
_ONCE = Retry(NoBackoff(), 0)
_UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@dataclass(slots=True)
class Patient:
    """A durable server behind a proxy."""

    server: Server
    stall_seconds: float
    proxy: TcpProxy = field(init=False)
    suffered: int = 0
    unfelt: list[str] = field(default_factory=list)  # the ills in which a write went through at once

    def __post_init__(self) -> None:
        self.proxy = before(self.server.port)

    @property
    def url(self) -> str:
        return f"redis://{LOOPBACK}:{self.proxy.port}"

    def suffer(self, name: str, meanwhile: Callable[[], None]) -> None:
        """It is well again when this returns."""
        with ILLS[name](self):
            began = time.monotonic()
            self.suffered += 1
            if self._writes():
                self.unfelt.append(name)
            meanwhile()
            time.sleep(max(0.0, self.stall_seconds - (time.monotonic() - began)))

    def _writes(self) -> bool:
        with Redis(
            host=LOOPBACK, port=self.proxy.port, socket_timeout=_BITE_SECONDS, protocol=2, retry=_ONCE
        ) as client:
            try:
                client.set("app:{0}:probe", "")
                client.set("app:{0}:probe", "")  # a disk that refuses is noticed after the first
            except (RedisError, OSError):
                return False
        return True

    def limit_files(self, most: int | None) -> None:
        """As a disk that is full: no file of the server may grow beyond so many bytes; None is no limit."""
        assert self.server.child is not None
        limits = _UNLIMITED if most is None else (most, resource.RLIM_INFINITY)
        resource.prlimit(self.server.child.pid, resource.RLIMIT_FSIZE, limits)

    def fill_disk(self) -> None:
        files = (self.server.folder / "appendonlydir").iterdir()
        self.limit_files(max(file.stat().st_size for file in files))


def pause_writes(patient: Patient) -> Iterator[None]:
    patient.server.client.client_pause(60_000, all=False)
    yield
    patient.server.client.client_unpause()


def pause_all(patient: Patient) -> Iterator[None]:
    """Nobody can end that before its time."""
    patient.server.client.client_pause(int(patient.stall_seconds * 1000))
    yield
    until(lambda: takes_writes(patient.server), "the end of a pause")


def stop(patient: Patient) -> Iterator[None]:
    patient.server.hang()
    yield
    patient.server.go_on()


def stop_until_locks_expire(patient: Patient) -> Iterator[None]:
    """What time does to locks, done by hand: whoever held one when it stopped has it no more."""
    yield from stop(patient)
    for name in patient.server.client.scan_iter(match="app:*:renewal", count=1000):
        patient.server.client.delete(name)


def delay(patient: Patient) -> Iterator[None]:
    patient.proxy.turn("delay", seconds=_SLOW_SECONDS)
    yield
    patient.proxy.turn("pass")


def fill_memory(patient: Patient) -> Iterator[None]:
    patient.server.client.config_set("maxmemory", 1)
    yield
    patient.server.client.config_set("maxmemory", 0)


def misconf(patient: Patient) -> Iterator[None]:
    """A full disk where Redis may go on without it: it refuses each write until the disk takes some again."""
    patient.server.client.config_set("appendfsync", "everysec")
    patient.fill_disk()
    yield
    patient.limit_files(None)
    until(lambda: takes_writes(patient.server), "a Redis that writes again")
    patient.server.client.config_set("appendfsync", "always")


def full_disk(patient: Patient) -> Iterator[None]:
    """With appendfsync always it ends rather than break its word; it is started when there is room again."""
    child = patient.server.child
    assert child is not None
    patient.fill_disk()
    yield
    assert child.exit_code is not None, "it went on without its disk"
    patient.server.begin()


def takes_writes(server: Server) -> bool:
    try:
        return bool(server.client.set("app:{0}:probe", ""))
    except RedisError:
        return False


ILLS: Mapping[str, Callable[[Patient], AbstractContextManager[None]]] = {
    "writes paused": contextmanager(pause_writes),
    "stopped until locks expire": contextmanager(stop_until_locks_expire),
    "MISCONF": contextmanager(misconf),
    "slow": contextmanager(delay),
    "paused": contextmanager(pause_all),
    "memory full": contextmanager(fill_memory),
    "stopped": contextmanager(stop),
    "disk full": contextmanager(full_disk),
}
