"""The contract of InstallationStore: of two writers one loses visibly, and the dead stay dead."""

import asyncio
import itertools
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.installations import InstallationStore, Standing
from tests.integration.storage.conftest import Process, value
from tests.integration.storage.process import put
from tests.makers import NOW, installation, principal, renewed, seeded

pytestmark = pytest.mark.anyio
ACTIVE, SUSPECT = InstallationState.ACTIVE, InstallationState.SUSPECT
DISCONNECTED, UNINSTALLED = InstallationState.DISCONNECTED, InstallationState.UNINSTALLED


async def found(store: InstallationStore) -> Installation:
    installed = await store.find(principal())
    assert installed is not None
    return installed


async def test_what_was_installed_is_found_by_every_process(process: Process, other: Process) -> None:
    written = await put(process.store, installation())
    assert written.generation == 1
    assert await process.store.find(principal()) == written
    assert await other.store.find(principal()) == written


async def test_nobody_else_finds_it(process: Process) -> None:
    await put(process.store, installation(1, 11))
    for company_id, user_id in ((1, 12), (2, 11), (11, 1), (1, 1), (1, 111), (12, 12)):
        assert await process.store.find(principal(company_id, user_id)) is None


async def test_installing_again_replaces_the_grant(process: Process, other: Process) -> None:
    await put(process.store, installation())
    tokens = replace(installation().tokens, access_token="v1u:second")
    again = await put(other.store, installation(tokens=tokens, installed_at=NOW + 2.0))
    assert again.generation == 2
    assert await process.store.find(principal()) == again


async def test_a_renewal_is_written_over_the_generation_it_renewed(process: Process, other: Process) -> None:
    first = await put(process.store, installation())
    assert await process.store.renew(renewed(first, "v1u:second"))
    assert (await found(other.store)).tokens.access_token == "v1u:second"
    assert not await other.store.renew(renewed(first, "v1u:third"))
    assert (await found(process.store)).tokens.access_token == "v1u:second"


async def test_a_renewal_that_comes_after_a_new_installation_is_lost(
    process: Process, other: Process
) -> None:
    first = await put(process.store, installation())
    await put(other.store, installation(installed_at=NOW + 2.0))
    assert not await process.store.renew(renewed(first, "v1u:late"))
    assert (await found(process.store)).installed_at == NOW + 2.0


async def test_of_many_renewals_at_once_one_is_written(process: Process, other: Process) -> None:
    first = await put(process.store, installation())
    attempts = [store.renew(renewed(first, f"v1u:{n}")) for n, store in enumerate(stores(50, process, other))]
    assert sorted(await asyncio.gather(*attempts)) == [False] * 49 + [True]
    assert (await found(process.store)).generation == 2


def stores(count: int, *processes: Process) -> list[InstallationStore]:
    """One for each of so many calls, the processes taking turns."""
    return [processes[n % len(processes)].store for n in range(count)]


@pytest.mark.parametrize("count", [2, 4])
async def test_of_installations_over_the_same_one_is_written(
    process: Process, other: Process, count: int
) -> None:
    attempts = [
        store.install(installation(generation=1, installed_at=float(n)), None)
        for n, store in enumerate(stores(count, process, other))
    ]
    written = await asyncio.gather(*attempts)
    assert written.count(True) == 1
    assert (await found(process.store)).installed_at == written.index(True)


@pytest.mark.parametrize("state", list(InstallationState))
async def test_a_grant_is_written_over_what_was_seen_and_nothing_else(
    process: Process, state: InstallationState
) -> None:
    first = await put(process.store, installation())
    assert not await process.store.install(installation(generation=2), None)
    seen = Standing(state, first.generation, 0)
    assert await process.store.install(installation(generation=2), seen) == (state is ACTIVE)
    assert not await process.store.install(installation(generation=3), replace(seen, generation=7))


async def test_a_records_at_another_key_does_not_open(process: Process, other: Process, raw: Redis) -> None:
    """Swapped between users of a company, between companies, and with its generation written anew."""
    owners = [(1, 11), (1, 12), (2, 11), (2, 21)]
    for owner in owners:
        await put(process.store, installation(*owner))
    records = {owner: await value(raw, keys.installation(principal(*owner))) for owner in owners}
    for mine, theirs in itertools.permutations(owners, 2):
        await raw.set(keys.installation(principal(*mine)), records[theirs])
        for store in (process.store, other.store):
            with pytest.raises(TokenUnreadable):
                await store.find(principal(*mine))
        await raw.set(keys.installation(principal(*mine)), records[mine])
        assert await other.store.find(principal(*mine)) is not None


@pytest.mark.parametrize(
    "head",
    [b"2 9 active 0", b"2 1 asleep 0", b"1 1 active 0", b"2 1  active 0", b"2 1 active x", b"2 1 active"],
)
async def test_a_head_that_was_written_anew_does_not_open(process: Process, raw: Redis, head: bytes) -> None:
    await put(process.store, installation())
    record = await value(raw, keys.installation(principal()))
    await raw.set(keys.installation(principal()), record.replace(b"2 1 active 0", head))
    with pytest.raises(TokenUnreadable):
        await process.store.find(principal())


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"2",
        b"1 1 active x",
        b"2 x active 0 y",
        b"2 1 active 0 y",
        b"2 1 active y",
        b"2 1 unheard-of 0 y",
        b"2 1 active -5 y",
        b"\xff\xfe",
        b"2 -1 active 0 ",
        b"2 1234567890123456 active 0 ",
    ],
)
async def test_a_record_of_no_known_form_is_an_error_of_ours(
    process: Process, raw: Redis, record: bytes
) -> None:
    await put(process.store, installation())
    await raw.set(keys.installation(principal()), record)
    with pytest.raises(TokenUnreadable):
        assert await process.store.find(principal()) is not None


async def test_no_flipped_bit_of_a_record_is_accepted(process: Process, raw: Redis) -> None:
    random, key = seeded(4), keys.installation(principal())
    await put(process.store, installation())
    record = await value(raw, key)
    head = len(b"2 1 active 0 ")
    for _ in range(300):
        octets = bytearray(record)
        octets[random.randrange(head, len(octets))] ^= 1 << random.randrange(8)
        await raw.set(key, bytes(octets))
        with pytest.raises(TokenUnreadable):
            await process.store.find(principal())
