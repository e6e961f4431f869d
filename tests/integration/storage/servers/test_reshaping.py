"""A cluster whose slots move while they are used: nothing is lost, done twice, or refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.crc import key_slot

from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage.connection import Connection
from tests.harness.cluster import Cluster, start_cluster
from tests.harness.servers import Server, binaries
from tests.integration.storage.servers.conftest import Connect, Towns
from tests.makers import seeded

pytestmark = pytest.mark.anyio
COUNT = "return redis.call('INCRBY', KEYS[1], 1)"
BOTH = "redis.call('INCRBY', KEYS[1], 1) return redis.call('INCRBY', KEYS[2], 1)"
COMPANIES = 24


@pytest.fixture(scope="module", params=list(binaries()))
def cluster(request: pytest.FixtureRequest, towns: Towns) -> Cluster:
    return start_cluster(towns[request.param].servers)


@pytest.fixture
def redis(cluster: Cluster, connect: Connect) -> Connection:
    for each in cluster.primaries:
        each.client.flushall()
    return connect(cluster.url)


def slot_of(company: int) -> int:
    return key_slot(f"{company}".encode())


def ends(cluster: Cluster, company: int) -> tuple[Server, Server]:
    """Who has the company now, and somebody else."""
    source = cluster.owner(f"{{{company}}}")
    return source, next(each for each in cluster.primaries if each is not source)


async def test_a_slot_that_was_moved_is_found_at_once(cluster: Cluster, redis: Connection) -> None:
    assert await redis.run(COUNT, ["app:{1}:count"], []) == 1
    cluster.move(slot_of(1), ends(cluster, 1)[1])
    assert await redis.run(COUNT, ["app:{1}:count"], []) == 2
    cluster.move(slot_of(1), ends(cluster, 1)[1])
    assert await redis.get_many(["app:{1}:count", "app:{2}:count"]) == [b"2", None]


async def test_half_way_each_key_is_found_where_it_is(cluster: Cluster, redis: Connection) -> None:
    keys = [f"app:{{3}}:{number}" for number in range(10)]
    for key in keys:
        await redis.set(key, key.encode())
    source, target = ends(cluster, 3)
    cluster.begin_move(slot_of(3), source, target)
    assert cluster.move_keys(slot_of(3), source, target, most=5) == 5
    assert [await redis.get(key) for key in keys] == [key.encode() for key in keys]
    assert await redis.get_many([*keys, "app:{3}:absent"]) == [*(key.encode() for key in keys), None]
    assert await redis.run(COUNT, ["app:{3}:new"], []) == 1
    assert await redis.add("app:{3}:added", b"1") is True
    assert await redis.add("app:{3}:added", b"2") is False
    assert [await redis.take(key) for key in keys] == [key.encode() for key in keys]
    assert target.client.execute_command("CLUSTER", "COUNTKEYSINSLOT", slot_of(3)) == 2  # type: ignore[no-untyped-call]
    cluster.end_move(slot_of(3), source, target)
    assert await redis.get_many(["app:{3}:new", "app:{3}:added"]) == [b"1", b"1"]


async def test_a_script_on_keys_here_and_there_waits_until_they_are_together(
    cluster: Cluster, redis: Connection
) -> None:
    keys = ["app:{4}:a", "app:{4}:b"]
    await redis.run(BOTH, keys, [])
    source, target = ends(cluster, 4)
    cluster.begin_move(slot_of(4), source, target)
    cluster.move_keys(slot_of(4), source, target, most=1)
    with pytest.raises(StoreUnavailable, match="does not answer"):
        await redis.run(BOTH, keys, [])
    waiting = asyncio.create_task(redis.run(BOTH, keys, []))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    cluster.move_keys(slot_of(4), source, target)
    cluster.end_move(slot_of(4), source, target)
    assert await waiting == 2


@asynccontextmanager
async def reshaping(cluster: Cluster, companies: range) -> AsyncIterator[list[int]]:
    """Moves the companies' slots from node to node, in turns, for as long as it is open."""
    moved, random, is_over = [0], seeded(5), asyncio.Event()

    async def move() -> None:
        while not is_over.is_set():
            target = random.choice(cluster.primaries)
            await asyncio.to_thread(cluster.move, slot_of(random.choice(companies)), target)
            moved[0] += 1

    task = asyncio.create_task(move())
    yield moved
    is_over.set()
    await task


async def test_under_load_nothing_is_lost_or_done_twice(cluster: Cluster, redis: Connection) -> None:
    companies = range(100, 100 + COMPANIES)
    acknowledged = dict.fromkeys(companies, 0)

    async def use(company: int) -> None:
        record, users = f"app:{{{company}}}:1:installation", f"app:{{{company}}}:users"
        for _ in range(120):
            assert await redis.run(BOTH, [record, users], []) == acknowledged[company] + 1
            acknowledged[company] += 1
            assert await redis.get_many([users, f"app:{{{company + 1}}}:none", record]) == [
                b"%d" % acknowledged[company],
                None,
                b"%d" % acknowledged[company],
            ]

    async with reshaping(cluster, companies) as moved:
        await asyncio.gather(*map(use, companies))
    assert acknowledged == dict.fromkeys(companies, 120)
    assert moved[0] > 20
    for company in companies:
        key = f"app:{{{company}}}:users"
        assert cluster.owner(key).client.get(key) == b"120"
