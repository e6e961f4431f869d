"""Encryption keys change while processes with the old order and the new one read and write."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from redis.asyncio import Redis

from marketplace_app.cli.local.valkey import EmbeddedValkey
from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import StoreUnavailable, TokenUnreadable
from marketplace_app.settings import EncryptionKey
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.schedule import Schedule
from marketplace_app.storage.sweep import KeyUse, Sweep, Swept
from marketplace_app.storage.vault import Vault
from tests.integration.storage.conftest import Process, Start, value
from tests.integration.storage.process import put
from tests.makers import NOW, StoppedClock, installation, principal, renewed

pytestmark = pytest.mark.anyio
K1, K2, K3 = (EncryptionKey(f"k{number}", bytes(range(number, number + 32))) for number in (1, 2, 3))
COMPANIES = range(1, 41)


async def fill(process: Process) -> None:
    for company in COMPANIES:
        await Schedule(process.connection).put(principal(company, 11), NOW)
        await put(process.store, installation(company, 11))


def sweep_of(process: Process, ring: Sequence[EncryptionKey], folder: Path) -> Sweep:
    folder.mkdir(exist_ok=True)
    journal = Journal(folder, KeyRing(ring), process.clock)
    return Sweep(process.connection, process.vault, journal, process.clock)


def counted(uses: Sequence[KeyUse]) -> dict[str, int]:
    return {use.key_id: use.companies for use in uses}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


async def test_a_rotation_leaves_nothing_on_the_old_key(start: Start, folder: Path) -> None:
    await fill(start((K1,)))
    rotated = start((K2, K1))
    sweep, told = sweep_of(rotated, (K2, K1), folder), []
    assert counted(await sweep.status(["k2", "k1"])) == {"k2": 0, "k1": 40}
    swept = await sweep.rotate("k2", 1000, lambda so_far: told.append(so_far.companies))
    assert (swept.companies, swept.wrapped, swept.unreadable) == (40, 40, [])
    assert told[-1] == 40
    assert len(told) > 1
    assert counted(await sweep.status(["k2", "k1"])) == {"k2": 40, "k1": 0}
    alone = start((K2,))
    for company in COMPANIES:
        found = await alone.store.find(principal(company, 11))
        assert found is not None
        assert found.tokens == installation(company, 11).tokens


async def test_a_rotation_keeps_to_its_pace(start: Start, folder: Path) -> None:
    await fill(start((K1,)))
    rotated = start((K2, K1))
    began = rotated.clock.now()
    await sweep_of(rotated, (K2, K1), folder).rotate("k2", 4, lambda _: None)
    assert rotated.clock.now() - began == pytest.approx(10)


async def test_one_that_was_cut_off_goes_on_where_it_stopped(start: Start, folder: Path) -> None:
    await fill(start((K1,)))
    rotated = start((K2, K1))
    sweep = sweep_of(rotated, (K2, K1), folder)

    class CutOff(Exception):
        pass

    def cut(_: Swept) -> None:
        raise CutOff

    with pytest.raises(CutOff):
        await sweep.rotate("k2", 1000, cut)
    first = counted(await sweep.status(["k2", "k1"]))["k2"]
    assert 0 < first < 40
    swept = await sweep.rotate("k2", 1000, lambda _: None)
    assert swept.wrapped == 40 - first


async def test_a_process_with_the_old_order_wraps_nothing_back(start: Start, folder: Path) -> None:
    await fill(start((K1,)))
    behind, rotated = start((K1, K2)), start((K2, K1))
    sweep = sweep_of(rotated, (K2, K1), folder)
    await sweep.rotate("k2", 1000, lambda _: None)
    for company in COMPANIES:
        found = await behind.store.find(principal(company, 11))
        assert found is not None
        assert await behind.store.renew(renewed(found, "v1u:later"))
    assert counted(await sweep.status(["k2", "k1"])) == {"k2": 40, "k1": 0}


async def test_the_next_key_is_wrapped_with_before_its_rotation_too(start: Start, folder: Path) -> None:
    await fill(start((K1,)))
    await sweep_of(start((K2, K1)), (K2, K1), folder).rotate("k2", 1000, lambda _: None)
    newest = start((K3, K2))
    await newest.store.find(principal(1, 11))
    assert await newest.vault.wrapped_with(CompanyId(1)) == "k3"


async def test_the_order_may_be_turned_back(start: Start, folder: Path) -> None:
    await fill(start((K1,)))
    await sweep_of(start((K2, K1)), (K2, K1), folder).rotate("k2", 1000, lambda _: None)
    back = sweep_of(start((K1, K2)), (K1, K2), folder)
    await back.rotate("k1", 1000, lambda _: None)
    assert counted(await back.status(["k1", "k2"])) == {"k1": 40, "k2": 0}


async def test_a_key_that_is_needed_and_missing_is_named(start: Start, raw: Redis, folder: Path) -> None:
    await fill(start((K1,)))
    stranger = start((K2,))
    sweep = sweep_of(stranger, (K2,), folder)
    use = (await sweep.status(["k2"]))[1]
    assert (use.key_id, use.companies, use.is_known) == ("k1", 40, False)
    swept = await sweep.rotate("k2", 1000, lambda _: None)
    assert sorted(swept.unreadable) == list(COMPANIES)
    assert await raw.get(keys.KEY_MISSING) == b"k1"
    assert 0 < await raw.ttl(keys.KEY_MISSING) <= 300


async def test_entries_of_the_journal_need_their_key_too(start: Start, folder: Path) -> None:
    sweep = sweep_of(start((K2, K1)), (K2, K1), folder)
    await Journal(folder, KeyRing((K1,)), start().clock).append("uninstall", principal(), b"")
    new, old = await sweep.status(["k2", "k1"])
    assert (new.entries, old.entries, old.is_used) == (0, 1, True)


async def test_a_record_that_does_not_read_is_named_and_stops_nothing(
    start: Start, raw: Redis, folder: Path
) -> None:
    await fill(start((K1,)))
    await raw.set(keys.data_key(CompanyId(7)), b"nonsense")
    swept = await sweep_of(start((K2, K1)), (K2, K1), folder).rotate("k2", 1000, lambda _: None)
    assert (swept.unreadable, swept.wrapped) == ([7], 39)


class Interrupted(Connection):
    """Something happens between what it reads and what its owner does then."""

    def __init__(self, url: str, happens: Callable[[str], Awaitable[None]]) -> None:
        super().__init__(url)
        self._happens = happens

    async def get(self, key: str) -> bytes | None:
        found = await super().get(key)
        await self._happens(key)
        return found


async def test_a_company_that_is_forgotten_meanwhile_gets_no_key_back(
    start: Start, raw: Redis, valkey: EmbeddedValkey
) -> None:
    await fill(start((K1,)))

    async def forget(key: str) -> None:
        if key == keys.KEY_ORDER:
            await raw.delete(keys.data_key(CompanyId(1)))

    connection = Interrupted(valkey.url, forget)
    await Vault(connection, KeyRing((K2, K1)), StoppedClock()).wrap_anew(CompanyId(1))
    await connection.close()
    assert await raw.get(keys.data_key(CompanyId(1))) is None


async def test_a_late_renewal_of_a_forgotten_company_makes_no_key(process: Process, raw: Redis) -> None:
    stored = await put(process.store, installation())
    await raw.flushall()
    assert not await process.store.renew(renewed(stored, "v1u:late"))
    assert await raw.keys("*") == []


async def test_a_rotation_waits_for_a_store_that_is_away_and_says_so_at_last(
    start: Start, valkey: EmbeddedValkey, folder: Path
) -> None:
    await fill(start((K1,)))
    failing = 5

    async def fail(key: str) -> None:
        nonlocal failing
        if failing and key == keys.data_key(CompanyId(3)):
            failing -= 1
            raise StoreUnavailable("Redis does not answer")

    clock, connection = StoppedClock(), Interrupted(valkey.url, fail)
    vault, journal = Vault(connection, KeyRing((K2, K1)), clock), Journal(folder, KeyRing((K2, K1)), clock)
    sweep = Sweep(connection, vault, journal, clock)
    assert (await sweep.rotate("k2", 1000, lambda _: None)).wrapped == 40
    failing = 1000
    with pytest.raises(StoreUnavailable):
        await sweep.rotate("k2", 1000, lambda _: None)
    await connection.close()


async def test_a_swapped_data_key_is_wrapped_for_nobody(start: Start, raw: Redis, folder: Path) -> None:
    await fill(start((K1,)))
    await raw.set(keys.data_key(CompanyId(2)), await value(raw, keys.data_key(CompanyId(1))))
    rotated = start((K2, K1))
    swept = await sweep_of(rotated, (K2, K1), folder).rotate("k2", 1000, lambda _: None)
    assert swept.unreadable == [2]
    with pytest.raises(TokenUnreadable):
        await rotated.store.find(principal(2, 11))
