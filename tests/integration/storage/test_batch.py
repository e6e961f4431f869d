"""BatchedReads and the connection under it: everyone gets the reply to his own question, or an error."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from redis.asyncio import Redis

from marketplace_app.cli.local.valkey import EmbeddedValkey
from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage.batch import MOST_KEYS, BatchedReads
from marketplace_app.storage.connection import Connection
from tests.integration.storage.conftest import Process
from tests.integration.storage.slow_proxy import slow_proxy
from tests.makers import seeded

pytestmark = pytest.mark.anyio


@pytest.fixture
async def numbered(raw: Redis) -> None:
    await raw.mset({f"k{number}": f"v{number}" for number in range(2000)})


@pytest.fixture
async def slow(valkey: EmbeddedValkey, numbered: None) -> AsyncIterator[Connection]:  # noqa: ARG001 (filled first)
    async with slow_proxy(valkey.socket_path, seeded(6), most_seconds=0.01) as url:
        connection = Connection(url)
        yield connection
        await connection.close()


async def count_reads(raw: Redis) -> int:
    found: Any = await raw.info("commandstats")
    return int(found.get("cmdstat_mget", {"calls": 0})["calls"])


async def test_what_one_tick_asks_for_goes_in_one_read(process: Process, raw: Redis, numbered: None) -> None:  # noqa: ARG001
    before = await count_reads(raw)
    values = await asyncio.gather(*(process.reads.get(f"k{number % 100}") for number in range(300)))
    assert values == [f"v{number % 100}".encode() for number in range(300)]
    assert await count_reads(raw) == before + 1


async def test_more_than_fits_goes_in_several(process: Process, raw: Redis, numbered: None) -> None:  # noqa: ARG001
    before = await count_reads(raw)
    values = await asyncio.gather(*(process.reads.get(f"k{number}") for number in range(2 * MOST_KEYS + 1)))
    assert values == [f"v{number}".encode() for number in range(2 * MOST_KEYS + 1)]
    assert await count_reads(raw) == before + 3


async def test_what_is_not_there_is_none(process: Process, numbered: None) -> None:  # noqa: ARG001
    assert await asyncio.gather(*map(process.reads.get, ("k1", "absent", "k2"))) == [b"v1", None, b"v2"]


async def test_what_changed_since_is_read_again(process: Process, raw: Redis, numbered: None) -> None:  # noqa: ARG001
    assert await process.reads.get("k1") == b"v1"
    await raw.set("k1", "new")
    assert await process.reads.get("k1") == b"new"


async def storm(*, asks: list[tuple[Awaitable[Any], bytes]]) -> int:
    """Cancels every third asker at some moment; how many of the others got what they asked for."""
    random = seeded(10)

    async def ask(question: Awaitable[Any], expected: bytes) -> None:
        assert await question == expected

    tasks = [asyncio.create_task(ask(*each)) for each in asks]
    for task in tasks:
        if random.random() < 0.33:
            asyncio.get_running_loop().call_later(random.uniform(0, 0.02), task.cancel)
    async with asyncio.timeout(20):  # nobody is left waiting
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert not [error for error in ended if error and not isinstance(error, asyncio.CancelledError)]
    return sum(error is None for error in ended)


async def test_askers_that_go_away_never_mix_up_the_others_replies(slow: Connection) -> None:
    random, reads, answered = seeded(11), BatchedReads(slow), 0
    for _ in range(30):
        numbers = [random.randrange(2000) for _ in range(150)]
        answered += await storm(asks=[(reads.get(f"k{number}"), f"v{number}".encode()) for number in numbers])
    assert answered > 2000


async def test_single_commands_that_are_cancelled_leave_no_reply_to_the_next_one(slow: Connection) -> None:
    random, answered = seeded(12), 0
    for _ in range(30):
        numbers = [random.randrange(2000) for _ in range(30)]
        answered += await storm(asks=[(slow.get(f"k{number}"), f"v{number}".encode()) for number in numbers])
    assert answered > 400


async def test_two_askers_of_one_key_do_not_share_their_fate(process: Process, numbered: None) -> None:  # noqa: ARG001
    first, second = process.reads.get("k1"), process.reads.get("k1")
    first.cancel()
    async with asyncio.timeout(5):
        assert await second == b"v1"


async def test_an_error_reaches_the_askers_of_its_batch_only(
    process: Process,
    raw: Redis,
    numbered: None,  # noqa: ARG001
) -> None:
    await process.reads.get("k0")
    await raw.client_pause(800, all=True)
    lost = [process.reads.get(f"k{number}") for number in range(5)]
    for each in await asyncio.gather(*lost, return_exceptions=True):
        assert isinstance(each, StoreUnavailable)
    await asyncio.sleep(0.4)
    values = await asyncio.gather(*(process.reads.get(f"k{number}") for number in range(5)))
    assert values == [b"v0", b"v1", b"v2", b"v3", b"v4"]
