"""The contract of InstallationStore: of two writers one loses visibly, and the dead stay dead."""

import asyncio
import itertools
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.installations import InstallationStore
from tests.integration.storage.conftest import Process, value
from tests.makers import installation, principal, renewed, seeded

pytestmark = pytest.mark.anyio
ACTIVE, SUSPECT = InstallationState.ACTIVE, InstallationState.SUSPECT
DISCONNECTED, UNINSTALLED = InstallationState.DISCONNECTED, InstallationState.UNINSTALLED


async def found(store: InstallationStore) -> Installation:
    installed = await store.find(principal())
    assert installed is not None
    return installed


async def test_what_was_installed_is_found_by_every_process(process: Process, other: Process) -> None:
    written = await process.store.install(installation())
    assert written.generation == 1
    assert await process.store.find(principal()) == written
    assert await other.store.find(principal()) == written


async def test_nobody_else_finds_it(process: Process) -> None:
    await process.store.install(installation(1, 11))
    for company_id, user_id in ((1, 12), (2, 11), (11, 1), (1, 1), (1, 111), (12, 12)):
        assert await process.store.find(principal(company_id, user_id)) is None


async def test_installing_again_replaces_the_grant(process: Process, other: Process) -> None:
    await process.store.install(installation())
    tokens = replace(installation().tokens, access_token="v1u:second")
    again = await other.store.install(installation(tokens=tokens, installed_at=2.0))
    assert again.generation == 2
    assert await process.store.find(principal()) == again


async def test_a_renewal_is_written_over_the_generation_it_renewed(process: Process, other: Process) -> None:
    first = await process.store.install(installation())
    assert await process.store.renew(renewed(first, "v1u:second"))
    assert (await found(other.store)).tokens.access_token == "v1u:second"
    assert not await other.store.renew(renewed(first, "v1u:third"))
    assert (await found(process.store)).tokens.access_token == "v1u:second"


async def test_a_renewal_that_comes_after_a_new_installation_is_lost(
    process: Process, other: Process
) -> None:
    first = await process.store.install(installation())
    await other.store.install(installation(installed_at=2.0))
    assert not await process.store.renew(renewed(first, "v1u:late"))
    assert (await found(process.store)).installed_at == 2.0


async def test_of_many_renewals_at_once_one_is_written(process: Process, other: Process) -> None:
    first = await process.store.install(installation())
    attempts = [store.renew(renewed(first, f"v1u:{n}")) for n, store in enumerate(stores(50, process, other))]
    assert sorted(await asyncio.gather(*attempts)) == [False] * 49 + [True]
    assert (await found(process.store)).generation == 2


def stores(count: int, *processes: Process) -> list[InstallationStore]:
    """One for each of so many calls, the processes taking turns."""
    return [processes[n % len(processes)].store for n in range(count)]


@pytest.mark.parametrize("count", [2, 4])
async def test_installations_at_once_all_succeed_and_the_last_one_stays(
    process: Process, other: Process, count: int
) -> None:
    attempts = [
        store.install(installation(installed_at=float(n)))
        for n, store in enumerate(stores(count, process, other))
    ]
    written = await asyncio.gather(*attempts)
    assert sorted(each.generation for each in written) == list(range(1, count + 1))
    assert await process.store.find(principal()) == max(written, key=lambda each: each.generation)


async def test_a_tombstone_has_no_tokens(process: Process, raw: Redis) -> None:
    await process.store.install(installation())
    assert await process.store.mark(principal(), UNINSTALLED)
    assert await process.store.find(principal()) is None
    assert await value(raw, keys.installation(principal())) == b"1 1 uninstalled "
    assert 89 * 86400 < await raw.ttl(keys.installation(principal())) <= 90 * 86400


async def test_a_tombstone_is_not_resurrected_by_a_renewal(process: Process, other: Process) -> None:
    first = await process.store.install(installation())
    await other.store.mark(principal(), UNINSTALLED)
    assert not await process.store.renew(renewed(first, "v1u:late"))
    assert not await process.store.renew(replace(renewed(first, "v1u:late"), generation=1))
    for state in (ACTIVE, SUSPECT, DISCONNECTED, UNINSTALLED):
        assert not await process.store.mark(principal(), state)
        assert not await process.store.mark(principal(), state, 1)
    assert await process.store.find(principal()) is None


async def test_a_renewal_does_not_install_what_is_not_there(process: Process) -> None:
    assert not await process.store.renew(renewed(installation(), "v1u:x"))
    assert not await process.store.mark(principal(), SUSPECT)
    assert await process.store.find(principal()) is None


async def test_after_a_tombstone_one_can_install_again(process: Process, raw: Redis) -> None:
    first = await process.store.install(installation())
    await process.store.mark(principal(), UNINSTALLED)
    again = await process.store.install(installation(installed_at=2.0))
    assert again.generation > first.generation
    assert await found(process.store) == again
    assert await raw.ttl(keys.installation(principal())) == -1  # no longer expires
    assert not await process.store.mark(principal(), UNINSTALLED, first.generation)


@pytest.mark.parametrize("state", [SUSPECT, DISCONNECTED])
async def test_a_state_is_marked_and_kept_by_a_renewal(
    process: Process, other: Process, state: InstallationState
) -> None:
    first = await process.store.install(installation())
    assert await other.store.mark(principal(), state)
    assert (await found(process.store)).state is state
    assert await process.store.renew(renewed(first, "v1u:second"))
    renewed_one = await found(other.store)
    assert renewed_one.state is state
    assert renewed_one.tokens.access_token == "v1u:second"


async def test_only_a_suspect_becomes_active_by_a_word(process: Process) -> None:
    """An answer that comes late must not undo a refusal that came first."""
    written = await process.store.install(installation())
    await process.store.mark(principal(), DISCONNECTED)
    assert not await process.store.mark(principal(), ACTIVE, written.generation)
    assert (await found(process.store)).state is DISCONNECTED
    await process.store.mark(principal(), SUSPECT)
    assert await process.store.mark(principal(), ACTIVE, written.generation)
    assert (await found(process.store)).state is ACTIVE


async def test_a_refusal_settles_a_suspicion_whichever_came_first(process: Process) -> None:
    for states in ((SUSPECT, DISCONNECTED), (DISCONNECTED, SUSPECT, DISCONNECTED)):
        written = await process.store.install(installation())
        for state in states:
            assert await process.store.mark(principal(), state, written.generation)
        assert await process.store.find(principal()) is None


async def test_a_mark_for_an_older_generation_changes_nothing(process: Process) -> None:
    first = await process.store.install(installation())
    await process.store.renew(renewed(first, "v1u:second"))
    assert not await process.store.mark(principal(), DISCONNECTED, first.generation)
    assert (await found(process.store)).state is ACTIVE
    assert await process.store.mark(principal(), DISCONNECTED, first.generation + 1)


async def test_a_new_installation_is_active_whatever_was_there(process: Process) -> None:
    for state in (SUSPECT, DISCONNECTED, UNINSTALLED):
        await process.store.install(installation())
        await process.store.mark(principal(), state)
        await process.store.install(installation())
        assert (await found(process.store)).state is ACTIVE


async def test_uninstalls_and_renewals_in_any_order_leave_no_token(process: Process, other: Process) -> None:
    random = seeded(25)
    for _ in range(200):
        written = await process.store.install(installation())
        steps = [
            process.store.renew(renewed(written, "v1u:second")),
            other.store.mark(principal(), SUSPECT),
            other.store.mark(principal(), UNINSTALLED),
            process.store.mark(principal(), ACTIVE, written.generation),
            other.store.renew(replace(renewed(written, "v1u:third"), generation=written.generation + 2)),
        ]
        random.shuffle(steps)
        await asyncio.gather(*steps)
        assert await process.store.find(principal()) is None


async def test_a_records_at_another_key_does_not_open(process: Process, other: Process, raw: Redis) -> None:
    """Swapped between users of a company, between companies, and with its generation written anew."""
    owners = [(1, 11), (1, 12), (2, 11), (2, 21)]
    for owner in owners:
        await process.store.install(installation(*owner))
    records = {owner: await value(raw, keys.installation(principal(*owner))) for owner in owners}
    for mine, theirs in itertools.permutations(owners, 2):
        await raw.set(keys.installation(principal(*mine)), records[theirs])
        for store in (process.store, other.store):
            with pytest.raises(TokenUnreadable):
                await store.find(principal(*mine))
        await raw.set(keys.installation(principal(*mine)), records[mine])
        assert await other.store.find(principal(*mine)) is not None


@pytest.mark.parametrize("head", [b"1 9 active", b"1 1 asleep", b"2 1 active", b"1 1  active"])
async def test_a_head_that_was_written_anew_does_not_open(process: Process, raw: Redis, head: bytes) -> None:
    await process.store.install(installation())
    record = await value(raw, keys.installation(principal()))
    await raw.set(keys.installation(principal()), record.replace(b"1 1 active", head))
    with pytest.raises(TokenUnreadable):
        await process.store.find(principal())


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"1",
        b"2 1 active x",
        b"1 x active y",
        b"1 1 active y",
        b"1 1 unheard-of y",
        b"\xff\xfe",
        b"1 -1 active ",
    ],
)
async def test_a_record_of_no_known_form_is_an_error_of_ours(
    process: Process, raw: Redis, record: bytes
) -> None:
    await process.store.install(installation())
    await raw.set(keys.installation(principal()), record)
    with pytest.raises(TokenUnreadable):
        assert await process.store.find(principal()) is not None


async def test_no_flipped_bit_of_a_record_is_accepted(process: Process, raw: Redis) -> None:
    random, key = seeded(4), keys.installation(principal())
    await process.store.install(installation())
    record = await value(raw, key)
    head = len(b"1 1 active ")
    for _ in range(300):
        octets = bytearray(record)
        octets[random.randrange(head, len(octets))] ^= 1 << random.randrange(8)
        await raw.set(key, bytes(octets))
        with pytest.raises(TokenUnreadable):
            await process.store.find(principal())
