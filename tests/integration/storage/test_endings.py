"""How a record ends: suspicion, refusals, tombstone, and nothing left of the company."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.storage import keys
from marketplace_app.storage.installations import InstallationStore, RedisInstallationStore, Standing
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.vault import CompanyKey, Vault
from tests.integration.storage.conftest import KEYS, Process, value
from tests.integration.storage.process import put
from tests.makers import NOW, installation, principal, renewed, seeded

pytestmark = pytest.mark.anyio
ACTIVE, SUSPECT = InstallationState.ACTIVE, InstallationState.SUSPECT
DISCONNECTED, UNINSTALLED = InstallationState.DISCONNECTED, InstallationState.UNINSTALLED


async def found(store: InstallationStore) -> Installation:
    installed = await store.find(principal())
    assert installed is not None
    return installed


async def test_a_tombstone_has_no_tokens_and_its_generation_stays(process: Process, raw: Redis) -> None:
    await put(process.store, installation())
    assert await process.store.end(principal(), 1000.9)
    assert await process.store.find(principal()) is None
    assert await value(raw, keys.installation(principal())) == b"2 1 uninstalled 1000 "
    assert await raw.ttl(keys.installation(principal())) == -1  # its grace ends it, and nothing else
    assert await process.store.standing(principal()) == Standing(UNINSTALLED, 1, 1000)
    assert await process.store.users_of(principal().company_id) == [principal().user_id]


async def test_a_tombstone_is_resurrected_by_nothing_but_a_later_grant(
    process: Process, other: Process
) -> None:
    first = await put(process.store, installation())
    await other.store.end(principal(), NOW + 60)
    for generation in (1, 2, 3):
        assert not await process.store.renew(replace(renewed(first, "v1u:late"), generation=generation))
    assert not await process.store.suspect(principal(), NOW + 61)
    assert not await process.store.end(principal(), NOW + 62)
    await process.store.confirm(principal(), 1)
    await process.store.refuse(principal(), 1, NOW + 63, 60)
    await process.store.disconnect(principal(), NOW + 64, 1)
    for state in (ACTIVE, SUSPECT, DISCONNECTED):
        assert not await process.store.install(installation(generation=2), Standing(state, 1, 0))
    assert not await process.store.install(installation(generation=1), None)
    assert await process.store.standing(principal()) == Standing(UNINSTALLED, 1, NOW + 60)
    again = await put(process.store, installation(installed_at=NOW + 61.0))
    assert again.generation == 2
    assert await found(other.store) == again


async def test_nothing_happens_to_what_is_not_there(process: Process, raw: Redis) -> None:
    assert not await process.store.renew(renewed(installation(), "v1u:x"))
    assert not await process.store.suspect(principal(), 1000)
    assert not await process.store.end(principal(), 1000)
    await process.store.confirm(principal(), 1)
    await process.store.confirm(principal(), 0)
    await process.store.refuse(principal(), 0, 1000, 60)
    await process.store.disconnect(principal(), 1000, 0)
    await process.store.acknowledge(principal())
    assert await process.store.standing(principal()) is None
    assert set(await raw.keys("*")) <= {keys.data_key(principal().company_id).encode()}


async def test_an_end_meant_for_an_earlier_grant_does_not_end_this_one(process: Process) -> None:
    first = await put(process.store, installation())
    again = await put(process.store, installation(installed_at=NOW + 1.0))
    assert not await process.store.end(principal(), 1000, first.generation)
    assert await found(process.store) == again
    assert await process.store.end(principal(), 1000, again.generation)


async def test_a_suspicion_stays_through_a_renewal_until_the_api_confirms(
    process: Process, other: Process
) -> None:
    """A token that was renewed just before the uninstall proves nothing."""
    first = await put(process.store, installation())
    assert await other.store.suspect(principal(), 1000)
    assert (await found(process.store)).state is SUSPECT
    assert await process.store.renew(renewed(first, "v1u:second"))
    assert (await found(other.store)).state is SUSPECT
    await process.store.confirm(principal(), first.generation)  # said of the former pair
    assert (await found(other.store)).state is SUSPECT
    await process.store.confirm(principal(), first.generation + 1)
    assert (await found(other.store)).state is ACTIVE


async def test_who_installed_again_meanwhile_is_not_disconnected(process: Process, other: Process) -> None:
    """A renewed token turns out to be somebody else's, and its user brings a new grant just then."""
    first = await put(process.store, installation())
    again = await put(other.store, installation(installed_at=NOW + 5))
    await process.store.disconnect(principal(), NOW + 6, first.generation)
    assert (await found(other.store)).state is ACTIVE
    await process.store.disconnect(principal(), NOW + 7, again.generation)
    assert (await found(other.store)).state is DISCONNECTED


async def test_no_memory_keeps_the_tokens_of_one_that_ended(process: Process, other: Process) -> None:
    """What a process has opened goes with its own end, and with the first look after somebody else's."""
    for user_id in (11, 12, 13):
        await put(process.store, installation(1, user_id))
        assert await process.store.find(principal(1, user_id)) is not None
    await process.store.end(principal(1, 11), 1000)
    for user_id in (12, 13):
        await other.store.end(principal(1, user_id), 1000)
    await other.store.forget_user(principal(1, 13), 1)
    assert set(process.store._opened) == {principal(1, 12), principal(1, 13)}
    for user_id in (12, 13):
        assert await process.store.find(principal(1, user_id)) is None
    assert not process.store._opened


async def test_a_renewal_ends_a_disconnection(process: Process, other: Process) -> None:
    first = await put(process.store, installation())
    await other.store.disconnect(principal(), 1000, first.generation)
    assert (await found(process.store)).state is DISCONNECTED
    assert await process.store.renew(renewed(first, "v1u:second"))
    assert (await found(other.store)).state is ACTIVE


async def test_only_a_suspect_becomes_active_by_a_word(process: Process) -> None:
    """An answer that comes late must not undo a refusal that came first."""
    written = await put(process.store, installation())
    await process.store.refuse(principal(), written.generation, 1000, 60)
    await process.store.confirm(principal(), written.generation)
    assert (await found(process.store)).refused_at == 1000
    await process.store.refuse(principal(), written.generation, 1060, 60)
    await process.store.confirm(principal(), written.generation)
    assert (await found(process.store)).state is DISCONNECTED


@pytest.mark.parametrize(
    ("moments", "state", "since"),
    [
        ((1000,), ACTIVE, 1000),
        ((1000, 1000, 1001, 1059), ACTIVE, 1000),
        ((1000, 1060), DISCONNECTED, 1060),
        ((1000, 1059, 1060), DISCONNECTED, 1060),
        ((1000, 950), ACTIVE, 1000),  # by a clock that is somewhat behind
        ((1000, 900), ACTIVE, 900),  # a clock that went far back: the minute begins anew
        ((1000, 900, 959), ACTIVE, 900),
        ((1000, 900, 960), DISCONNECTED, 960),
    ],
)
async def test_two_refusals_that_are_apart_disconnect(
    process: Process, moments: tuple[int, ...], state: InstallationState, since: int
) -> None:
    written = await put(process.store, installation())
    for now in moments:
        await process.store.refuse(principal(), written.generation, now, 60)
    installed = await found(process.store)
    assert installed.state is state
    assert installed.tokens == written.tokens  # never deleted by a refusal
    assert installed.refused_at == (since if state is ACTIVE else 0)
    standing = await process.store.standing(principal())
    assert standing == Standing(state, 1, since)


async def test_a_success_between_two_refusals_forgets_the_first(process: Process) -> None:
    written = await put(process.store, installation())
    await process.store.refuse(principal(), written.generation, 1000, 60)
    await process.store.renew(renewed(written, "v1u:second"))
    assert (await found(process.store)).refused_at == 0
    await process.store.refuse(principal(), written.generation + 1, 1090, 60)
    assert (await found(process.store)).state is ACTIVE


@pytest.mark.parametrize("refusals", [(), (1000,), (1000, 1060)])
async def test_a_notice_and_a_refusal_are_the_end_whichever_came_first(
    process: Process, refusals: tuple[int, ...]
) -> None:
    """Two witnesses; and one refusal that came before counts no more than one that comes after."""
    written = await put(process.store, installation())
    for now in refusals:
        await process.store.refuse(principal(), written.generation, now, 60)
    assert await process.store.suspect(principal(), 2000)
    if len(refusals) < 2:
        assert (await found(process.store)).state is SUSPECT
        await process.store.refuse(principal(), written.generation, 2001, 60)
    assert await process.store.find(principal()) is None
    standing = await process.store.standing(principal())
    assert standing is not None
    assert standing.since == (2000 if len(refusals) == 2 else 2001)


async def test_a_refusal_of_an_older_generation_changes_nothing(process: Process) -> None:
    first = await put(process.store, installation())
    await process.store.renew(renewed(first, "v1u:second"))
    for now in (1000, 2000):
        await process.store.refuse(principal(), first.generation, now, 60)
    assert (await found(process.store)).state is ACTIVE
    await process.store.suspect(principal(), 3000)
    await process.store.refuse(principal(), first.generation, 3001, 60)
    assert (await found(process.store)).state is SUSPECT


async def test_a_new_installation_is_active_whatever_was_there(process: Process) -> None:
    ends: list[Callable[[], Awaitable[object]]] = [
        lambda: process.store.suspect(principal(), 1000),
        lambda: process.store.disconnect(principal(), 1000, 3),
        lambda: process.store.end(principal(), 1000),
        lambda: process.store.refuse(principal(), 7, 1000, 60),
    ]
    for number, end in enumerate(ends, start=1):
        await put(process.store, installation(installed_at=float(NOW + number)))
        await end()
        again = await put(process.store, installation(installed_at=float(NOW + number) + 0.5))
        assert await found(process.store) == again
        assert (again.state, again.refused_at) == (ACTIVE, 0)


async def test_uninstalls_and_renewals_in_any_order_leave_no_token(process: Process, other: Process) -> None:
    random = seeded(25)
    for number in range(200):
        written = await put(process.store, installation(installed_at=float(NOW + number)))
        steps = [
            process.store.renew(renewed(written, "v1u:second")),
            other.store.suspect(principal(), NOW + number),
            other.store.end(principal(), NOW + number),
            process.store.confirm(principal(), written.generation),
            process.store.refuse(principal(), written.generation, NOW + number, 60),
            other.store.renew(replace(renewed(written, "v1u:third"), generation=written.generation + 2)),
        ]
        random.shuffle(steps)
        await asyncio.gather(*steps)
        assert await process.store.find(principal()) is None


async def test_a_company_is_forgotten_with_its_last_user(
    process: Process, other: Process, raw: Redis
) -> None:
    company = principal().company_id
    for user_id in (11, 12):
        await put(process.store, installation(1, user_id))
    await put(process.store, installation(2, 11))
    assert not await process.store.forget_company(company)
    await process.store.forget_user(principal(1, 11), 1)  # who is not uninstalled is not forgotten
    assert sorted(await process.store.users_of(company)) == [11, 12]
    for user_id in (11, 12):
        await process.store.end(principal(1, user_id), 1000)
        await process.store.forget_user(principal(1, user_id), 7)  # of another generation
        assert await process.store.standing(principal(1, user_id)) is not None
        assert not await other.store.forget_company(company)
        await process.store.forget_user(principal(1, user_id), 1)
    assert await process.store.users_of(company) == []
    assert await other.store.forget_company(company)
    assert [name for name in await raw.keys("*") if b"{1}" in name] == []
    assert await other.store.find(principal(2, 11)) is not None


async def test_a_forgotten_company_may_come_back_with_another_key(
    process: Process, other: Process, raw: Redis
) -> None:
    """Also where another process still remembers the key that was destroyed."""
    await put(process.store, installation())
    assert await other.store.find(principal()) is not None
    former = await value(raw, keys.data_key(principal().company_id))
    await process.store.end(principal(), NOW)
    await process.store.forget_user(principal(), 1)
    await process.store.forget_company(principal().company_id)
    again = await put(other.store, installation(installed_at=NOW + 1.0))
    assert await value(raw, keys.data_key(principal().company_id)) != former
    assert await process.store.find(principal()) == again
    assert await other.store.find(principal()) == again


class Forgetful(Vault):
    """A company is forgotten right after its key was found, once."""

    forgets = True

    async def make_key(self, company_id: CompanyId) -> CompanyKey:
        key = await super().make_key(company_id)
        if self.forgets:
            self.forgets = False
            await self._connection.delete(keys.data_key(company_id))
        return key


async def test_a_key_that_is_destroyed_while_a_grant_is_sealed_is_made_again(
    process: Process, other: Process
) -> None:
    """The company is forgotten between the seal and the write: what was sealed would never open."""
    await put(process.store, installation())
    vault = Forgetful(process.connection, KeyRing(KEYS), process.clock)
    store = RedisInstallationStore(process.connection, process.reads, vault)
    written = await put(store, installation(installed_at=NOW + 1.0))
    assert not vault.forgets
    assert await other.store.find(principal()) == written
