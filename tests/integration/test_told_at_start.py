"""What a Redis may lose is said in the log when a process starts, and keeps none from starting."""

import json
from collections.abc import Iterator

import pytest
from redis import Redis

from tests.harness.processes import wait_for
from tests.harness.stack import Stack, running_stack

SENTENCE = "Redis has appendfsync everysec, so a power cut takes what it acknowledged in the last second"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("stack"), parts=("valkey", "emulator")) as running:
        yield running


@pytest.fixture
def redis(stack: Stack) -> Iterator[Redis]:
    with Redis.from_url(stack.local.redis_url) as client:
        yield client
        client.config_set("appendfsync", "always")


@pytest.mark.parametrize("name", ["serve", "worker"])
def test_a_redis_that_may_lose_what_it_acknowledged_is_told_of(stack: Stack, redis: Redis, name: str) -> None:
    redis.config_set("appendfsync", "everysec")
    child = {"serve": stack.local.start_serve, "worker": stack.local.start_worker}[name]()
    wait_for(lambda: SENTENCE in child.output())
    assert child.output().count(SENTENCE) == 1
    assert child.exit_code is None
    stack.local.stop_one(name)


def test_one_that_keeps_it_is_not(stack: Stack) -> None:
    child = stack.local.start_worker()
    wait_for(lambda: "durable" in child.output())
    stack.local.stop_one("worker")
    events = [json.loads(line)["event"] for line in child.output().splitlines()]
    assert events == ["started", "durable", "stopped"]
