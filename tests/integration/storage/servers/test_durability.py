"""Replicas are waited for, and what keeps a Redis from keeping the promise is said."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import pytest

from marketplace_app.errors import NotDurable
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.durability import durability_problems
from tests.harness.cluster import start_cluster
from tests.harness.servers import DURABLE, Options, Server, binaries
from tests.integration.storage.servers.conftest import Towns
from tests.integration.storage.servers.towns import PASSWORD, USER, narrow_user

pytestmark = pytest.mark.anyio
KINDS = list(binaries())
KEY = "app:{1}:1:installation"
WRITE_ONCE = "if redis.call('SET', KEYS[1], ARGV[1], 'NX') then return 1 end return 0"


@dataclass(frozen=True, slots=True)
class Pair:
    primary: Server
    replica: Server


@pytest.fixture(scope="module", params=KINDS)
def pair(request: pytest.FixtureRequest, towns: Towns) -> Pair:
    servers = towns[request.param].servers
    primary = servers.start(DURABLE)
    return Pair(primary, servers.replica_of(primary, DURABLE))


@pytest.fixture
async def connection(pair: Pair) -> AsyncIterator[Connection]:
    pair.primary.client.flushall()
    made = Connection(pair.primary.url, replicas=1)
    yield made
    await made.close()


@pytest.fixture
def frozen(pair: Pair) -> Iterator[Server]:
    """The replica, which takes nothing in and says nothing."""
    pair.replica.hang()
    yield pair.replica
    pair.replica.go_on()


async def test_a_durable_script_returns_when_the_replica_has_it(pair: Pair, connection: Connection) -> None:
    assert await connection.run(WRITE_ONCE, [KEY], [b"grant"], durable=True) == 1
    assert pair.replica.client.get(KEY) == b"grant"


async def test_one_that_no_replica_acknowledges_is_told_within_two_seconds(
    connection: Connection, frozen: Server
) -> None:
    started = time.monotonic()
    with pytest.raises(NotDurable, match="0 of 1 replicas") as caught:
        await connection.run(WRITE_ONCE, [KEY], [b"grant"], durable=True)
    assert 0.9 < time.monotonic() - started < 2.0
    assert caught.value.reply == 1
    assert await connection.get(KEY) == b"grant"
    frozen.go_on()
    assert await connection.run(WRITE_ONCE, [KEY], [b"other"], durable=True) == 0


@pytest.mark.usefixtures("frozen")
async def test_a_script_that_finds_it_written_waits_for_what_was_written(
    pair: Pair, connection: Connection
) -> None:
    """By somebody else, on a connection of his own: WAIT alone would know nothing of that."""
    pair.primary.client.set(KEY, "grant")
    with pytest.raises(NotDurable) as caught:
        await connection.run(WRITE_ONCE, [KEY], [b"grant"], durable=True)
    assert caught.value.reply == 0


@pytest.mark.usefixtures("frozen")
async def test_what_need_not_be_durable_does_not_wait(connection: Connection) -> None:
    started = time.monotonic()
    assert await connection.run(WRITE_ONCE, [KEY], [b"grant"]) == 1
    assert time.monotonic() - started < 0.5


async def test_without_replicas_asked_for_nothing_waits(pair: Pair) -> None:
    pair.primary.client.delete(KEY)
    local = Connection(pair.primary.url)
    assert await local.run(WRITE_ONCE, [KEY], [b"grant"], durable=True) == 1
    await local.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_in_a_cluster_the_node_of_the_slot_waits_for_its_own_replica(kind: str, towns: Towns) -> None:
    cluster = start_cluster(towns[kind].servers, replicas=1)
    connection = Connection(cluster.url, replicas=1)
    outcomes = {True: 0, False: 0}
    for key in (f"app:{{{number}}}:installation" for number in range(6)):
        is_replicated = cluster.owner(key) is cluster.primaries[0]
        with nullcontext() if is_replicated else pytest.raises(NotDurable):
            assert await connection.run(WRITE_ONCE, [key], [b"grant"], durable=True) == 1
        assert await connection.get(key) == b"grant"
        outcomes[is_replicated] += 1
    assert all(outcomes.values())
    assert len(await durability_problems(connection)) == 3
    await connection.close()


@pytest.mark.usefixtures("frozen")
async def test_a_replica_that_hangs_is_none(connection: Connection) -> None:
    (sentence,) = await durability_problems(connection)
    assert "a primary has 0 that answer" in sentence


async def test_a_redis_set_up_for_the_promise_has_no_problem(connection: Connection) -> None:
    assert await durability_problems(connection) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("options", "sentences"),
    [
        ({"appendonly": "no"}, ["appendonly no"]),
        ({"appendfsync": "everysec"}, ["appendfsync everysec"]),
        ({"maxmemory-policy": "allkeys-lru"}, ["maxmemory-policy allkeys-lru"]),
        (
            {"appendonly": "no", "appendfsync": "no", "maxmemory-policy": "volatile-ttl"},
            ["appendonly no", "appendfsync no", "maxmemory-policy volatile-ttl"],
        ),
    ],
)
async def test_each_setting_that_breaks_the_promise_is_named(
    kind: str, towns: Towns, options: Options, sentences: list[str]
) -> None:
    connection = Connection(towns[kind].servers.start({**DURABLE, **options}).url, replicas=2)
    *found, replicas = await durability_problems(connection)
    assert [sentence.partition(",")[0] for sentence in found] == [f"Redis has {each}" for each in sentences]
    assert all(": set " in sentence for sentence in found)
    assert replicas.startswith("REDIS_DURABILITY asks for 2 replicas and a primary has 0")
    await connection.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_what_may_not_be_asked_is_said_plainly(kind: str, towns: Towns) -> None:
    server = towns[kind].servers.start(DURABLE)
    narrow_user(server)
    connection = Connection(
        f"redis://{USER}:{PASSWORD.replace('/', '%2F').replace('@', '%40')}@127.0.0.1:{server.port}"
    )
    (sentence,) = await durability_problems(connection)
    assert "appendonly yes, appendfsync always, maxmemory-policy noeviction" in sentence
    assert "does not show its configuration" in sentence
    await connection.close()
