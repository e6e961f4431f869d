"""METRICS_PORT as a scraper and an operator meet it, while things go wrong one after the other."""

import json
import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis

from marketplace_app.cli.local.fetch import Reply, request
from marketplace_app.cli.local.ports import free_port
from marketplace_app.clock import write_offset
from tests.harness.cluster import start_cluster
from tests.harness.processes import wait_for
from tests.harness.secrets import secrets_in
from tests.harness.servers import binaries, running
from tests.harness.stack import Stack, running_stack

OWNS = re.compile(r'"port":(\d+),"pid":(\d+)')
ENTRY = f"uninstall-1-1-1760000000000-{'0' * 32}.sealed"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Three processes of one serve."""
    settings = {"METRICS_PORT": str(free_port())}
    folder = tmp_path_factory.mktemp("stack")
    with running_stack(folder, settings=settings, parts=("valkey", "emulator")) as running:
        running.local.plan = replace(running.local.plan, workers=3)
        running.local.start_serve()
        wait_for(lambda: owners(running) != [])
        yield running


@pytest.fixture
def redis(stack: Stack) -> Iterator[Redis]:
    with Redis.from_url(stack.local.redis_url) as client:
        yield client


def owners(stack: Stack) -> list[int]:
    return [int(pid) for _, pid in OWNS.findall(stack.local.watch.named("serve").output())]


def metrics_port(stack: Stack) -> int:
    return int(stack.local.settings()["METRICS_PORT"])


def ask(stack: Stack, path: str = "/readyz", method: str = "GET") -> Reply:
    reply = request(method, f"http://127.0.0.1:{metrics_port(stack)}{path}")
    assert list(secrets_in(reply.text, stack.identity)) == []
    return reply


def reasons(stack: Stack) -> dict[str, str]:
    found = json.loads(ask(stack).body)
    assert found["ready"] is True
    return {each["reason"]: each["detail"] for each in found["reasons"]}


def test_nothing_is_amiss_at_first(stack: Stack) -> None:
    reply = ask(stack)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
    assert reply.headers["Cache-Control"] == "no-store"
    assert json.loads(reply.body) == {"ready": True, "reasons": []}
    assert ask(stack, "/healthz").body == b"alive\n"


def test_a_redis_that_may_lose_what_it_acknowledged_is_a_reason(stack: Stack, redis: Redis) -> None:
    redis.config_set("appendfsync", "everysec")
    try:
        assert "appendfsync" in reasons(stack)["durability"]
    finally:
        redis.config_set("appendfsync", "always")
    assert reasons(stack) == {}


def test_entries_that_wait_are_counted_whether_they_open_or_not(stack: Stack) -> None:
    entry = Path(stack.local.settings()["SPOOL_DIR"]) / ENTRY
    entry.write_bytes(b"J1 k0\nwhat no key opens")
    try:
        assert re.match(
            r"1 entries wait in the journal, the oldest for [0-9]{6,} s\.", reasons(stack)["journal_waiting"]
        )
    finally:
        entry.unlink()
    assert reasons(stack) == {}


def test_a_disk_that_refuses_is_a_reason(stack: Stack) -> None:
    spool = Path(stack.local.settings()["SPOOL_DIR"])
    moved = spool.rename(spool.with_name("moved"))
    try:
        assert "SPOOL_DIR refuses (No such file" in reasons(stack)["journal_refused"]
    finally:
        moved.rename(spool)
    assert reasons(stack) == {}
    assert list(spool.glob("probe-*")) == []


def test_a_clock_that_is_off_is_a_reason(stack: Stack) -> None:
    for offset, word in ((100, "ahead of"), (-100, "behind"), (20, "")):
        write_offset(stack.clock_offset_file, offset)
        assert (word in reasons(stack).get("clock", "")) if word else reasons(stack) == {}
    write_offset(stack.clock_offset_file, 0)


@pytest.mark.parametrize(("shown", "stored"), [("k9", b"k9"), ("of no known form", b"\xff<b>")])
def test_a_key_that_some_process_missed_is_a_reason(
    stack: Stack, redis: Redis, shown: str, stored: bytes
) -> None:
    """test_key_rotation.py sees the vault leave this word; here it is read, and not believed."""
    redis.set("app:alarm:key-missing", stored)
    try:
        assert f"encryption key {shown}, which" in reasons(stack)["key_missing"]
    finally:
        redis.delete("app:alarm:key-missing")


def test_renewals_that_stand_still_are_a_reason(stack: Stack) -> None:
    """Pipedrive has another client secret than we do, and a token is due."""
    world = stack.control.world()
    user = world["users"][0]
    stack.install(user)
    known = json.loads((stack.local.plan.folder / "app.json").read_text())
    stack.control.register({**known, "client_secret": "another-" * 5})
    try:
        stack.advance(3700)
        request("GET", stack.surface("deal-panel", user, 1)["url"])
        wait_for(lambda: "client_refused" in reasons(stack))
        assert "PIPEDRIVE_CLIENT_SECRET" in reasons(stack)["client_refused"]
    finally:
        stack.control.register(known)
        write_offset(stack.clock_offset_file, 0)


def test_the_public_door_gives_no_reasons(stack: Stack, redis: Redis) -> None:
    redis.config_set("appendfsync", "everysec")
    try:
        assert stack.get("/readyz").body == b"ready\n"
    finally:
        redis.config_set("appendfsync", "always")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (b"GET /readyz\r\n\r\n", b"400"),
        (b"POST /readyz HTTP/1.1\r\ncontent-length: 0\r\n\r\n", b"405"),
        (b"GET /readyz HTTP/1.1\r\nx: " + b"x" * 20_000 + b"\r\n\r\n", b"400"),
        (b"GET /metrics HTTP/1.1\r\n\r\n", b"404"),
        (b"GET /../etc/passwd HTTP/1.1\r\n\r\n", b"404"),
        (b"HEAD /healthz HTTP/1.1\r\n\r\n", b"200"),
        (b"\xff\xfe \x00 \xff\r\n\r\n", b"405"),
    ],
)
def test_odd_requests_get_their_status(stack: Stack, sent: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", metrics_port(stack)), timeout=10) as connection:
        connection.sendall(sent)
        assert connection.recv(64).split()[1] == status


def test_who_says_nothing_keeps_nobody_waiting(stack: Stack) -> None:
    silent = [socket.create_connection(("127.0.0.1", metrics_port(stack))) for _ in range(50)]
    assert ask(stack).status == 200
    silent[0].settimeout(10)
    assert silent[0].recv(1) == b""  # closed, after the deadline
    for each in silent:
        each.close()


def test_one_process_owns_the_port_and_another_takes_over(stack: Stack) -> None:
    serve = stack.local.watch.named("serve")
    assert len(owners(stack)) == 1
    serve.send(signal.SIGSTOP)  # so that it starts no new process in the place of the one that ends
    try:
        os.kill(owners(stack)[0], signal.SIGKILL)
        wait_for(lambda: len(owners(stack)) == 2, seconds=5)
    finally:
        serve.send(signal.SIGCONT)
    assert owners(stack)[0] != owners(stack)[1]
    wait_for(lambda: ask(stack).status == 200)


def test_a_port_that_another_program_has_is_told_once(tmp_path: Path) -> None:
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        settings = {"METRICS_PORT": str(port)}
        with running_stack(tmp_path / "stack", settings=settings, parts=("valkey", "emulator")) as stack:
            serve = stack.local.start_serve()
            wait_for(lambda: "METRICS_PORT is not to be had" in serve.output(), seconds=30)
            time.sleep(6)
            assert serve.output().count("METRICS_PORT is not to be had") == 1
            taken.close()
            wait_for(lambda: len(owners(stack)) == 1)


def test_one_of_several_that_waits_for_the_port_says_nothing(stack: Stack) -> None:
    time.sleep(6)
    assert len(owners(stack)) >= 1
    assert "METRICS_PORT is not to be had" not in stack.local.watch.named("serve").output()


def test_both_doors_say_the_same_of_a_cluster_with_a_node_that_is_gone(tmp_path: Path) -> None:
    with running(next(iter(binaries().values())), tmp_path / "redis") as servers:
        cluster = start_cluster(servers)
        settings = {"METRICS_PORT": str(free_port()), "REDIS_URL": cluster.url}
        with running_stack(tmp_path / "stack", settings=settings, parts=("emulator", "serve")) as stack:
            wait_for(lambda: owners(stack) != [])
            assert (stack.get("/readyz").status, ask(stack).status) == (200, 200)
            for gone in cluster.primaries:
                gone.kill()
                assert (stack.get("/readyz").status, ask(stack).status) == (503, 503)
                gone.begin()
                wait_for(lambda: stack.get("/readyz").status == 200)
                wait_for(lambda: ask(stack).status == 200)


def test_a_store_that_is_away_is_the_one_reason_not_to_be_ready(tmp_path: Path) -> None:
    settings = {"METRICS_PORT": str(free_port())}
    with running_stack(tmp_path / "stack", settings=settings, parts=("valkey", "emulator", "serve")) as stack:
        stack.local.kill_one("valkey")
        reply = ask(stack)
        assert reply.status == 503
        found = json.loads(reply.body)
        assert (found["ready"], found["reasons"][0]["reason"]) == (False, "store_unavailable")
        assert ask(stack, "/healthz").status == 200
        assert stack.get("/readyz").body == b"not ready\n"
