"""A real Valkey for each of these tests' modules, and the rooms of storage on top of it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from marketplace_app.cli.local.valkey import EmbeddedValkey, start_valkey
from marketplace_app.cli.local.watch import Watch
from marketplace_app.settings import EncryptionKey
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import RedisInstallationStore
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.vault import Vault
from tests.makers import StoppedClock

KEYS = (EncryptionKey("k1", bytes(range(32))),)


@dataclass(frozen=True, slots=True)
class Process:
    """A process of ours as far as storage goes: its own connection, its own memory of keys."""

    connection: Connection
    reads: BatchedReads
    vault: Vault
    store: RedisInstallationStore
    clock: StoppedClock

    @classmethod
    def of(cls, url: str, ring: tuple[EncryptionKey, ...] = KEYS) -> "Process":
        connection, clock = Connection(url), StoppedClock()
        reads = BatchedReads(connection)
        vault = Vault(connection, KeyRing(ring), clock)
        return cls(connection, reads, vault, RedisInstallationStore(connection, reads, vault), clock)


Start = Callable[..., Process]


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    folder, watch = tmp_path_factory.mktemp("valkey"), Watch()
    running = start_valkey(folder / "data", log=folder / "valkey.log", watch=watch)
    yield running
    watch.stop_all()
    running.remove_socket()


@pytest.fixture
def append_only_file(valkey: EmbeddedValkey) -> Path:
    """The folder in which every command that was ever run lies."""
    command = valkey.child.command
    return Path(command[command.index("--dir") + 1])


@pytest.fixture
async def raw(valkey: EmbeddedValkey) -> AsyncIterator[Redis]:
    """An empty Valkey, by hand: what whoever steals a dump or gets at the server can do."""
    async with Redis.from_url(valkey.url) as client:
        await client.flushall()
        yield client


@pytest.fixture
async def start(valkey: EmbeddedValkey, raw: Redis) -> AsyncIterator[Start]:  # noqa: ARG001 (emptied first)
    """Makes another process, with the same encryption keys or others."""
    async with AsyncExitStack() as closing:

        def make(ring: tuple[EncryptionKey, ...] = KEYS) -> Process:
            made = Process.of(valkey.url, ring)
            closing.push_async_callback(made.connection.close)
            return made

        yield make


@pytest.fixture
def process(start: Start) -> Process:
    return start()


@pytest.fixture
def other(start: Start) -> Process:
    return start()


async def value(raw: Redis, key: str) -> bytes:
    """What lies there, which is something."""
    found = await raw.get(key)
    assert isinstance(found, bytes)
    return found
