"""The primary goes and another takes its place, or a server hangs: errors in time, and then it goes on."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from redis.exceptions import ResponseError

from marketplace_app.errors import NotDurable, StoreUnavailable
from marketplace_app.storage.connection import Connection
from tests.harness.cluster import start_cluster
from tests.harness.servers import DURABLE, Server, Servers, binaries, until
from tests.integration.storage.servers.conftest import Connect, Towns
from tests.integration.storage.servers.towns import SERVICE, sentinel_url

pytestmark = pytest.mark.anyio
IN_TIME = 3.0  # a second, and what a busy machine adds to a hundred callers
RECOVERED_WITHIN = 30.0
COUNT = "return redis.call('INCRBY', KEYS[1], 1)"


@pytest.fixture(params=list(binaries()))
def servers(request: pytest.FixtureRequest, towns: Towns) -> Servers:
    return towns[request.param].servers


async def recovered(ask: Callable[[], Awaitable[Any]], *, patience: float = RECOVERED_WITHIN) -> Any:
    """Asks until it is answered; each error is one of ours and comes in time."""
    deadline = time.monotonic() + patience
    while True:
        started = time.monotonic()
        try:
            return await ask()
        except StoreUnavailable:
            assert time.monotonic() - started < IN_TIME
            assert time.monotonic() < deadline, "did not recover"
            await asyncio.sleep(0.1)


async def assert_unavailable_in_time(ask: Callable[[], Awaitable[Any]]) -> None:
    started = time.monotonic()
    with pytest.raises(StoreUnavailable):
        await ask()
    assert time.monotonic() - started < IN_TIME


async def test_after_a_failover_the_sentinels_lead_to_the_new_primary(
    servers: Servers, connect: Connect
) -> None:
    primary = servers.start(DURABLE)
    replica = servers.replica_of(primary, DURABLE)
    redis = connect(sentinel_url(servers.sentinels(primary, SERVICE)), replicas=1)
    for _ in range(10):
        counted = await redis.run(COUNT, ["app:count"], [], durable=True)
    primary.kill()
    assert await recovered(lambda: redis.get("app:count")) == b"10"
    with pytest.raises(NotDurable):  # the new primary has no replica yet
        await recovered(lambda: redis.run(COUNT, ["app:count"], [], durable=True))
    assert replica.client.get("app:count") == b"%d" % (counted + 1)
    primary.begin()  # and says that it is the primary, until the sentinels have seen it
    assert await recovered(lambda: redis.run(COUNT, ["app:count"], [])) == counted + 2


async def test_what_was_acknowledged_is_with_the_new_primary_while_the_old_one_lives_on(
    servers: Servers, connect: Connect
) -> None:
    primary = servers.start()
    replica = servers.replica_of(primary)
    sentinels = servers.sentinels(primary, SERVICE)
    redis = connect(sentinel_url(sentinels), replicas=1)
    kept: list[str] = []

    async def keep() -> None:
        key = f"app:{len(kept)}:{time.monotonic()}"
        await redis.run(COUNT, [key], [], durable=True)
        kept.append(key)

    for _ in range(20):
        await keep()
    until(lambda: _fails_over(sentinels[0]), "a failover that was asked for")
    deadline = time.monotonic() + RECOVERED_WITHIN
    while len(kept) < 40 or replica.client.info("replication")["role"] == "slave":
        assert time.monotonic() < deadline, "did not recover"
        try:
            await keep()
        except (NotDurable, StoreUnavailable):
            await asyncio.sleep(0.1)
    assert [key for key in kept if replica.client.get(key) != b"1"] == []


def _fails_over(sentinel: Server) -> bool:
    """Whether it has begun to; it may have to see the replica first."""
    try:
        sentinel.client.execute_command("SENTINEL", "FAILOVER", SERVICE)  # type: ignore[no-untyped-call]
    except ResponseError as refusal:
        return "INPROG" in str(refusal)
    return True


async def test_a_server_that_takes_no_writes_is_asked_again_within_its_second(
    servers: Servers, connect: Connect
) -> None:
    primary = servers.start()
    other = servers.start()
    redis = connect(primary.url)
    assert await redis.run(COUNT, ["app:count"], []) == 1
    primary.client.replicaof("127.0.0.1", other.port)
    await assert_unavailable_in_time(lambda: redis.run(COUNT, ["app:count"], []))
    await assert_unavailable_in_time(lambda: redis.set("app:x", b""))
    asyncio.get_running_loop().call_later(0.3, primary.client.replicaof, "NO", "ONE")
    await redis.set("app:x", b"1")


async def test_sentinels_that_are_gone_or_hang_do_not_take_the_primary_with_them(
    servers: Servers, connect: Connect
) -> None:
    primary = servers.start()
    sentinels = servers.sentinels(primary, SERVICE)
    sentinels[0].hang()
    sentinels[1].kill()
    redis = connect(sentinel_url(sentinels))
    started = time.monotonic()
    await redis.ping()
    assert time.monotonic() - started < IN_TIME
    sentinels[2].kill()
    for server in (primary.kill, primary.begin):
        server()
    assert await recovered(lambda: redis.run(COUNT, ["app:count"], [])) == 1
    nobody = connect(sentinel_url(sentinels))
    await assert_unavailable_in_time(nobody.ping)
    stranger = connect(sentinel_url(sentinels).replace(SERVICE, "other"))
    await assert_unavailable_in_time(stranger.ping)


async def test_in_a_cluster_a_replica_takes_over_and_the_others_never_notice(
    servers: Servers, connect: Connect
) -> None:
    cluster = start_cluster(servers, replicas=3)
    redis = connect(cluster.url, replicas=1)
    keys = [f"app:{{{number}}}:count" for number in range(30)]
    owners = {key: cluster.owner(key) for key in keys}
    for key in keys:
        await redis.run(COUNT, [key], [], durable=True)
    gone = owners[keys[0]]
    assert {id(owner) for owner in owners.values()} > {id(gone)}
    gone.kill()
    values = await redis.get_many(keys)
    for key, value in zip(keys, values, strict=True):
        assert isinstance(value, StoreUnavailable) if owners[key] is gone else value == b"1"
    assert [await recovered(partial(redis.run, COUNT, [key], [])) for key in keys] == [2] * 30
    assert await recovered(lambda: _all(redis, keys)) == [b"2"] * 30


async def _all(redis: Connection, keys: list[str]) -> list[bytes | None]:
    found = await redis.get_many(keys)
    for value in found:
        if isinstance(value, StoreUnavailable):
            raise value
    return [value for value in found if not isinstance(value, StoreUnavailable)]


@pytest.mark.parametrize("is_cluster", [False, True], ids=["alone", "cluster"])
async def test_a_server_that_hangs_costs_about_a_second_at_most(
    servers: Servers, connect: Connect, *, is_cluster: bool
) -> None:
    cluster = start_cluster(servers) if is_cluster else None
    made = cluster.primaries if cluster else [servers.start()]
    redis = connect(cluster.url if cluster else made[0].url)
    await redis.ping()
    for server in made:
        server.hang()
    asks: list[Callable[[], Awaitable[Any]]] = [
        redis.ping,
        lambda: redis.get("app:{1}:x"),
        lambda: redis.run(COUNT, ["app:{1}:x"], []),
    ]
    await asyncio.gather(*(assert_unavailable_in_time(ask) for ask in asks * 40))
    for server in made:
        server.go_on()
    assert await recovered(lambda: redis.run(COUNT, ["app:{1}:new"], [])) == 1
