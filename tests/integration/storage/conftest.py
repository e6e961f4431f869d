"""A real Valkey for each of these tests' modules, and the rooms of storage on top of it."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from redis.asyncio import Redis

from marketplace_app.cli.local.valkey import EmbeddedValkey, start_valkey
from marketplace_app.cli.local.watch import Watch
from marketplace_app.domain.installation import Installation
from marketplace_app.settings import EncryptionKey
from tests.integration.storage.process import KEYS, Process, Start, put
from tests.integration.storage.renewing import Renewing, TokenEndpoint, renewing
from tests.makers import SetClock, installation

__all__ = ["KEYS", "Process", "Start", "value"]


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


@pytest.fixture
async def endpoint() -> AsyncIterator[TokenEndpoint]:
    made = TokenEndpoint()
    yield made
    await made.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def here(process: Process, endpoint: TokenEndpoint, tmp_path: Path, clock: SetClock) -> Renewing:
    return renewing(process, endpoint, tmp_path, clock)


@pytest.fixture
def there(start: Start, endpoint: TokenEndpoint, tmp_path: Path, clock: SetClock) -> Renewing:
    return renewing(start(), endpoint, tmp_path, clock)


@pytest.fixture
async def old(here: Renewing) -> Installation:
    return await put(here.process.store, installation())


async def value(raw: Redis, key: str) -> bytes:
    """What lies there, which is something."""
    found = await raw.get(key)
    assert isinstance(found, bytes)
    return found
