"""A Redis that hangs, is gone, or comes back: an error in time, and no step by hand."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from marketplace_app.cli.local.child import Child, start
from marketplace_app.cli.local.valkey import EmbeddedValkey, answers_ping, start_valkey
from marketplace_app.cli.local.watch import Watch
from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.lock import owned
from marketplace_app.storage.once import Once
from marketplace_app.storage.schedule import Schedule
from tests.faults.lab.tcp_proxy import TcpProxy
from tests.integration.storage.conftest import Process
from tests.integration.storage.process import put
from tests.makers import installation, principal, renewed

pytestmark = pytest.mark.anyio
DEADLINE_SECONDS = 1.5


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[tuple[EmbeddedValkey, Watch]]:
    watch = Watch()
    running = start_valkey(tmp_path / "data", log=tmp_path / "valkey.log", watch=watch)
    yield running, watch
    running.child.send(signal.SIGCONT)
    watch.stop_all()
    running.remove_socket()


async def _locked(process: Process) -> None:
    async with owned(process.connection, "lock", milliseconds=1000):
        pass


OPERATIONS: dict[str, Callable[[Process], Awaitable[Any]]] = {
    "find": lambda p: p.store.find(principal()),
    "install": lambda p: put(p.store, installation()),
    "renew": lambda p: p.store.renew(renewed(installation(generation=1), "v1u:x")),
    "tell of a user": lambda p: p.store.standing(principal()),
    "list the users": lambda p: p.store.users_of(CompanyId(1)),
    "suspect": lambda p: p.store.suspect(principal(), 1000.0),
    "confirm": lambda p: p.store.confirm(principal(), 1),
    "refuse": lambda p: p.store.refuse(principal(), 1, 1000.0, 60),
    "end": lambda p: p.store.end(principal(), 1000.0, 7),
    "forget a company": lambda p: p.store.forget_company(CompanyId(99)),
    "put on the schedule": lambda p: Schedule(p.connection).put(principal(), 1000.0),
    "take from the schedule": lambda p: Schedule(p.connection).take(1000.0, 1),
    "find a key": lambda p: p.vault.find_key(CompanyId(99)),
    "read": lambda p: p.reads.get("key"),
    "claim a code": lambda p: Once(p.connection).claim_code("code"),
    "begin an install": lambda p: Once(p.connection).begin_install("state", "browser"),
    "finish an install": lambda p: Once(p.connection).finish_install("state", "browser"),
    "lock": _locked,
    "ping": lambda p: p.connection.ping(),
}


async def assert_unavailable(process: Process, name: str) -> None:
    """Not yes and not no: an error of ours, in time, that says nothing of the address."""
    started = time.monotonic()
    with pytest.raises(StoreUnavailable) as caught:
        await OPERATIONS[name](process)
    assert time.monotonic() - started < DEADLINE_SECONDS
    assert "valkey.sock" not in str(caught.value)


async def test_a_redis_that_hangs_is_unavailable_within_its_deadline(
    own_valkey: tuple[EmbeddedValkey, Watch],
) -> None:
    running, _ = own_valkey
    process = Process.of(running.url)
    await put(process.store, installation())
    running.child.send(signal.SIGSTOP)
    for _ in range(2):  # with the connection there is, then without
        await assert_unavailable(process, "find")
    await asyncio.gather(*(assert_unavailable(process, name) for name in OPERATIONS for _ in range(20)))
    running.child.send(signal.SIGCONT)
    assert await process.store.find(principal()) is not None
    await process.connection.close()


async def test_a_redis_that_died_is_unavailable_and_found_again(
    own_valkey: tuple[EmbeddedValkey, Watch], tmp_path: Path
) -> None:
    running, watch = own_valkey
    process = Process.of(running.url)
    written = await put(process.store, installation())
    watch.release("valkey").kill()
    for name in OPERATIONS:
        await assert_unavailable(process, name)
    child = watch.add(revived(running, tmp_path))
    watch.until(lambda: answers_ping(running.socket_path), "Valkey", 20)
    assert child.is_alive
    assert await process.store.find(principal()) == written
    await process.connection.close()


async def test_a_lock_that_nobody_could_release_is_free_soon_after_redis_is_back(
    own_valkey: tuple[EmbeddedValkey, Watch], tmp_path: Path
) -> None:
    running, watch = own_valkey
    process, other = Process.of(running.url), Process.of(running.url)
    async with owned(process.connection, "lock", milliseconds=60_000) as ours:
        assert ours.is_ours
        watch.release("valkey").kill()
    watch.add(revived(running, tmp_path))
    watch.until(lambda: answers_ping(running.socket_path), "Valkey", 20)
    async with asyncio.timeout(10):
        while not await is_free(other):  # noqa: ASYNC110 (the server tells nobody)
            await asyncio.sleep(0.05)
    for each in (process, other):
        await each.connection.close()


async def is_free(process: Process) -> bool:
    async with owned(process.connection, "lock", milliseconds=1000) as lock:
        return lock.is_ours


def revived(running: EmbeddedValkey, tmp_path: Path) -> Child:
    return start("valkey", running.child.command, log=tmp_path / "valkey.log", env={})


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:9/0", "redis://user:hunter2@127.0.0.1:9", "unix:///nowhere/s"]
)
async def test_an_address_where_nobody_listens_is_unavailable(url: str) -> None:
    connection = Connection(url)
    with pytest.raises(StoreUnavailable) as caught:
        await connection.ping()
    assert "hunter2" not in f"{caught.value!r} {caught.value.__context__}"
    await connection.close()


@pytest.mark.parametrize("is_told", [True, False], ids=["reset while idle", "reset when used"])
async def test_connections_that_were_reset_are_replaced_and_nobody_notices(
    valkey: EmbeddedValkey, is_told: bool
) -> None:
    """As many idle ones as there were askers at once; then one asker, who must not try them one by one."""
    line = TcpProxy(valkey.socket_path)
    connection = Connection(f"redis://127.0.0.1:{line.port}")
    try:
        await asyncio.gather(*(connection.get("key") for _ in range(8)))
        reset = await asyncio.to_thread(line.reset_all if is_told else line.make_stale)
        assert reset > 2
        await asyncio.sleep(0.05)
        if is_told:  # nothing was sent, so that even what may not be repeated is done
            assert await connection.add("once", b"1", seconds=5)
        assert await connection.get("key") is None
    finally:
        await connection.close()
        line.close()
