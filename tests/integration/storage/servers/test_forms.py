"""Whatever REDIS_URL names, each command does the same there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.schedule import Schedule
from tests.integration.storage.servers.conftest import Towns
from tests.integration.storage.servers.towns import CASES
from tests.makers import principal

pytestmark = pytest.mark.anyio
SWAP = "local old = redis.call('GET', KEYS[1]); redis.call('SET', KEYS[1], ARGV[1]); return old"


@dataclass(frozen=True, slots=True)
class Reached:
    connection: Connection
    form: str


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}: {case[1]}")
async def reached(request: pytest.FixtureRequest, towns: Towns) -> AsyncIterator[Reached]:
    name, form = request.param
    connection = Connection(towns[name].url(form))
    yield Reached(connection, form)
    await connection.close()


@pytest.fixture
def redis(reached: Reached) -> Connection:
    return reached.connection


async def test_it_answers_and_knows_the_time(redis: Connection) -> None:
    await redis.ping()
    earlier = await redis.server_time()
    assert 1.7e9 < earlier <= await redis.server_time() < earlier + 10


async def test_values_come_and_go(redis: Connection) -> None:
    assert await redis.get("app:{1}:a") is None
    await redis.set("app:{1}:a", b"\x00one", seconds=100)
    assert await redis.get("app:{1}:a") == b"\x00one"
    assert await redis.add("app:{1}:a", b"other") is False
    assert await redis.add("app:{1}:b", b"two", seconds=100) is True
    assert await redis.take("app:{1}:b") == b"two"
    assert await redis.take("app:{1}:b") is None
    await redis.delete("app:{1}:a", "app:{2}:a", "app:{3}:a")
    assert await redis.get("app:{1}:a") is None
    await redis.delete()


async def test_keys_of_many_companies_are_read_together(redis: Connection) -> None:
    names = [f"app:{{{number}}}:many" for number in range(60)]
    for number, name in enumerate(names):
        await redis.set(name, str(number).encode())
    asked = [*names, "app:{1}:absent", *reversed(names)]
    values = [str(number).encode() for number in range(60)]
    reads = BatchedReads(redis)
    assert [await each for each in [reads.get(name) for name in asked]] == [*values, None, *reversed(values)]
    assert await redis.get_many(asked) == [*values, None, *reversed(values)]
    await redis.delete(*names)
    assert await redis.get_many(names) == [None] * 60


async def test_scripts_run_and_are_loaded_again_where_they_are_not_known(reached: Reached) -> None:
    redis = reached.connection
    key = "app:{5}:swapped"
    await redis.delete(key)
    script = f"{SWAP} -- {reached.form}"  # one that no other test has loaded
    for expected, value in ((None, b"1"), (b"1", b"2"), (b"2", 3), (b"3", "four")):
        assert await redis.run(script, [key], [value]) == expected
        for server in await redis.topology.primaries():
            await server.exchange([("SCRIPT", "FLUSH")])
    assert await redis.run("return {1, 'two', ARGV[1]}", [], [b"3"]) == [1, b"two", b"3"]


async def test_what_is_due_comes_in_its_order_and_each_member_is_seen(redis: Connection) -> None:
    await redis.delete("app:schedule")
    schedule = Schedule(redis)
    for number in range(1200):
        await schedule.put(principal(number, 1), float(number), durable=number < 2)
    await redis.unschedule("app:schedule", "0:1")
    assert not await schedule.keep(principal(1, 1), 9000.0)
    assert [due.member for due in await schedule.take(3.0, 2)] == ["1:1", "2:1"]
    assert [due.member for due in await schedule.take(3.0, 2)] == ["3:1"]
    assert {member async for member in redis.members("app:schedule")} == {f"{n}:1" for n in range(1, 1200)}
    assert await schedule.keep(principal(0, 1), 0.0)
    assert [due.member for due in await schedule.take(3.0, 2)] == ["0:1"]
    assert [member async for member in redis.members("app:nothing")] == []
