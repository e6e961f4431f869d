"""Where jobs lie: whose each is, in which line, and what a company's place among the others does not lose."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis

from marketplace_app.cli.local.valkey import EmbeddedValkey
from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.job import new_job_id
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import NotInstalled, StoreUnavailable, TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.job_companies import JobCompanies
from marketplace_app.storage.jobs import LEASE_SECONDS, HeldJob, JobRecord, JobStore, Lines
from marketplace_app.storage.vault import Label
from tests.faults.lab.tcp_proxy import TcpProxy
from tests.integration.storage.conftest import KEYS, Process
from tests.integration.storage.process import put
from tests.makers import NOW, installation, principal

pytestmark = pytest.mark.anyio
MARTA, HUY = principal(1, 11), principal(2, 21)


@pytest.fixture
async def store(process: Process) -> JobStore:
    for each in (MARTA, HUY):
        await put(process.store, installation(each.company_id, each.user_id))
    return JobStore(process.connection, process.vault)


def record(whose: Principal = MARTA, **changes: Any) -> JobRecord:
    made = JobRecord(
        company_id=whose.company_id,
        user_id=whose.user_id,
        id=new_job_id(whose),
        extension="deal-panel",
        name="remind",
        form=msgspec.Raw(b'{"deal":1}'),
        generation=1,
        due_at=float(NOW),
    )
    return msgspec.structs.replace(made, **changes)


async def added(store: JobStore, whose: Principal = MARTA, at: float = NOW) -> JobRecord:
    made = record(whose)
    assert await store.add(whose, made, at)
    return made


async def held(store: JobStore, whose: Principal = MARTA, now: float = NOW) -> HeldJob:
    (taken,) = await store.take(whose.company_id, now, 10)
    return taken


async def test_a_record_comes_out_as_it_went_in(store: JobStore) -> None:
    made = await added(store)
    found = await store.read(MARTA.company_id, made.id)
    assert found is not None
    assert (msgspec.json.encode(found[0]), found[1]) == (msgspec.json.encode(made), 0)
    assert await store.read(MARTA.company_id, new_job_id(MARTA)) is None


async def test_a_record_opens_in_its_own_place_only(store: JobStore, raw: Redis, process: Process) -> None:
    """Another job's of the same user, another user's of the same company: moved, they are noise."""
    made = await added(store)
    colleague = principal(1, 12)
    await put(process.store, installation(1, 12))
    other = await added(store, colleague)
    sealed: Any = await raw.hget(keys.jobs(colleague), other.id)
    await raw.hset(keys.jobs(MARTA), made.id, sealed)
    with pytest.raises(TokenUnreadable):
        await store.read(MARTA.company_id, made.id)
    stolen = f"1-11-{other.id.rpartition('-')[2]}"
    await raw.hset(keys.jobs(MARTA), stolen, sealed)
    with pytest.raises(TokenUnreadable):
        await store.read(MARTA.company_id, stolen)


async def test_a_record_is_bound_to_company_user_and_job(
    store: JobStore, raw: Redis, process: Process
) -> None:
    made = await added(store)
    sealed: Any = await raw.hget(keys.jobs(MARTA), made.id)
    key = await process.vault.find_key(MARTA.company_id)
    assert key is not None
    assert key.open(Label(f"job {made.id}", MARTA.company_id, MARTA.user_id), sealed)
    for label in (
        Label(f"job {made.id}", HUY.company_id, MARTA.user_id),
        Label(f"job {made.id}", MARTA.company_id, HUY.user_id),
        Label(f"job {made.id}", MARTA.company_id),
        Label("job", MARTA.company_id, MARTA.user_id),
    ):
        with pytest.raises(TokenUnreadable):
            key.open(label, sealed)


async def test_a_record_says_itself_whose_it_is(store: JobStore, raw: Redis, process: Process) -> None:
    """Sealed rightly, by whoever has the key, for somebody else's job."""
    made = await added(store)
    key = await process.vault.find_key(MARTA.company_id)
    assert key is not None
    for wrong in ({"company_id": 2}, {"user_id": 12}, {"id": new_job_id(MARTA)}):
        told = msgspec.json.encode(msgspec.structs.replace(made, **wrong))
        sealed = key.seal(Label(f"job {made.id}", MARTA.company_id, MARTA.user_id), told)
        await raw.hset(keys.jobs(MARTA), made.id, sealed)
        with pytest.raises(TokenUnreadable):
            await store.read(MARTA.company_id, made.id)


async def test_a_line_leads_to_no_record_of_another_company(store: JobStore) -> None:
    made = await added(store, HUY)
    with pytest.raises(TokenUnreadable):
        await store.read(MARTA.company_id, made.id)
    with pytest.raises(TokenUnreadable):
        await store.done(HeldJob(made.id, MARTA.company_id, NOW), None)


async def test_nothing_is_added_to_what_has_ended(store: JobStore, process: Process) -> None:
    await process.store.end(MARTA, NOW)
    with pytest.raises(NotInstalled):
        await store.add(MARTA, record(), NOW)
    with pytest.raises(NotInstalled):
        await store.add(principal(3, 31), record(principal(3, 31)), NOW)
    assert await store.earliest(MARTA.company_id) is None


async def test_a_job_is_one_workers_until_its_lease_is_over(store: JobStore, other: Process) -> None:
    made = await added(store)
    first = await held(store)
    elsewhere = JobStore(other.connection, other.vault)
    assert await elsewhere.take(MARTA.company_id, NOW + LEASE_SECONDS - 1, 10) == []
    second = await held(elsewhere, now=NOW + LEASE_SECONDS)
    assert not await store.renew(first, NOW + LEASE_SECONDS)
    assert not await store.begin(first, made)
    assert not await store.done(first, made)
    assert not await store.put_off(first, made, NOW)
    assert await elsewhere.renew(second, NOW + 100)
    assert await elsewhere.begin(second, made)
    assert await elsewhere.done(second, made)
    assert await store.earliest(MARTA.company_id) is None
    assert await store.read(MARTA.company_id, made.id) is None


@pytest.fixture
async def behind(valkey: EmbeddedValkey, store: JobStore) -> AsyncIterator[tuple[JobStore, TcpProxy]]:  # noqa: ARG001
    """Another process, whose line to Redis can be broken; Redis knows its scripts by their hashes."""
    proxy = TcpProxy(valkey.socket_path)
    process = Process.of(f"redis://127.0.0.1:{proxy.port}", KEYS)
    made = JobStore(process.connection, process.vault)
    first = await added(made)
    mine = await held(made)
    assert await made.renew(mine, NOW)
    assert await made.begin(mine, first)
    assert await made.done(mine, first)
    yield made, proxy
    await process.connection.close()
    proxy.close()


@asynccontextmanager
async def unanswered(store: JobStore, proxy: TcpProxy) -> AsyncIterator[None]:
    """Redis does what it is asked, and nobody hears that it did."""
    await store.earliest(MARTA.company_id)  # it is connected
    proxy.turn("drop", "down")
    with pytest.raises(StoreUnavailable):
        yield
    proxy.turn("pass")


async def test_a_lease_whose_renewal_was_not_answered_is_still_ours(
    behind: tuple[JobStore, TcpProxy], raw: Redis, other: Process
) -> None:
    store, proxy = behind
    made = await added(store)
    mine = await held(store)
    for seconds in (20, 40):
        async with unanswered(store, proxy):
            await store.renew(mine, NOW + seconds)
        ends_at = await raw.zscore(keys.jobs_running(MARTA.company_id), made.id)
        assert ends_at == pytest.approx(NOW + seconds + LEASE_SECONDS, abs=0.002)
    assert await store.begin(mine, made)
    assert await store.renew(mine, NOW + 60)
    async with unanswered(store, proxy):
        await store.renew(mine, NOW + 80)
    (second,) = await JobStore(other.connection, other.vault).take(MARTA.company_id, NOW + 200, 1)
    assert not await store.begin(mine, made)
    assert not await store.renew(mine, NOW + 200.5)
    assert not await store.done(mine, made)
    assert await store.done(second, made)


async def test_a_lease_whose_renewal_was_not_answered_is_settled(
    behind: tuple[JobStore, TcpProxy],
) -> None:
    store, proxy = behind
    made = await added(store)
    mine = await held(store)
    async with unanswered(store, proxy):
        await store.renew(mine, NOW + 20)
    assert await store.done(mine, made)
    assert await store.earliest(MARTA.company_id) is None


async def test_whoever_settles_again_what_had_no_answer_has_settled_it(
    behind: tuple[JobStore, TcpProxy], other: Process
) -> None:
    """Unless another one has it by now."""
    store, proxy = behind
    made = await added(store)
    mine = await held(store)
    async with unanswered(store, proxy):
        await store.put_off(mine, made, NOW + 10)
    assert await store.put_off(mine, made, NOW + 10)
    assert await store.lines(MARTA.company_id) == Lines(1, 0, 0, NOW + 10)
    await JobStore(other.connection, other.vault).take(MARTA.company_id, NOW + 10, 1)
    assert not await store.put_off(mine, made, NOW + 10)
    assert await store.lines(MARTA.company_id) == Lines(0, 1, 0, None)


async def test_no_two_leases_end_at_once(store: JobStore) -> None:
    """Whoever has lost its lease may not take another one's for its own."""
    for _ in range(3):
        await added(store)
    ends = {(await store.take(MARTA.company_id, NOW, 1))[0].leased_until for _ in range(3)}
    assert all(NOW + LEASE_SECONDS - 0.002 < each <= NOW + LEASE_SECONDS for each in ends)
    assert len(ends) > 1


async def test_workers_at_once_take_each_job_once(store: JobStore, other: Process) -> None:
    for _ in range(60):
        await added(store)
    stores = (store, JobStore(other.connection, other.vault))
    taken = await asyncio.gather(*(stores[n % 2].take(MARTA.company_id, NOW, 7) for n in range(12)))
    ids = [each.id for some in taken for each in some]
    assert len(ids) == len(set(ids)) == 60


async def test_who_has_waited_longest_is_looked_at_first_and_served_goes_last(process: Process) -> None:
    companies = JobCompanies(process.connection)
    for company, at in ((1, NOW - 5), (2, NOW - 9), (3, NOW + 1)):
        await companies.put(CompanyId(company), at)
    first, second = await companies.take(NOW, 10)
    assert (first.company_id, second.company_id) == (2, 1)
    await companies.settle(first, NOW)
    await companies.settle(second, NOW - 1)
    assert [each.company_id for each in await companies.take(NOW + 1, 10)] == [1, 2, 3]


@pytest.mark.parametrize("at", [NOW - 100, NOW, NOW + 5, NOW + 3600])
async def test_who_gets_a_job_just_now_is_not_taken_off(process: Process, at: float) -> None:
    """Whoever looked at the company found nothing yet, and is about to say so."""
    companies = JobCompanies(process.connection)
    await companies.put(CompanyId(1), NOW)
    (due,) = await companies.take(NOW, 1)
    await companies.put(CompanyId(1), at)
    await companies.settle(due, None)
    assert await companies.all() == [1]
    assert len(await companies.take(NOW + 3600, 1)) == 1


async def test_a_company_without_jobs_is_taken_off(process: Process) -> None:
    companies = JobCompanies(process.connection)
    for fraction in (0.0, 0.1, 0.123456789, 0.999, 1 / 3):
        await companies.put(CompanyId(1), NOW + fraction)
        (due,) = await companies.take(NOW + 1, 1)
        await companies.settle(due, None)
        assert await companies.all() == []
