"""Rotation of keys and forgetting of a company on every form of REDIS_URL: what has to look at all keys."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import NotInstalled, PipedriveUnavailable
from marketplace_app.installations.forgetting import Forgetting
from marketplace_app.settings import EncryptionKey
from marketplace_app.storage import keys
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import RedisInstallationStore
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.leftovers import leftovers
from marketplace_app.storage.look_ups import LookUps
from marketplace_app.storage.schedule import Schedule
from marketplace_app.storage.sweep import Sweep
from marketplace_app.storage.vault import Vault
from tests.harness.servers import binaries
from tests.integration.storage.process import put
from tests.integration.storage.servers.conftest import Towns
from tests.integration.storage.servers.towns import CASES
from tests.makers import NOW, StoppedClock, installation, principal

pytestmark = pytest.mark.anyio
K1, K2 = (EncryptionKey(f"k{number}", bytes(range(number, number + 32))) for number in (1, 2))
COMPANIES = range(1, 21)


class Storage:
    """The rooms of one process with this ring."""

    def __init__(self, connection: Connection, folder: Path, ring: tuple[EncryptionKey, ...]) -> None:
        folder.mkdir(exist_ok=True)
        self.clock = StoppedClock()
        self.connection, reads = connection, BatchedReads(connection)
        self.vault = Vault(connection, KeyRing(ring), self.clock)
        self.store = RedisInstallationStore(connection, reads, self.vault)
        self.look_ups = LookUps(connection, reads, self.vault)
        self.journal = Journal(folder, KeyRing(ring), self.clock)
        self.sweep = Sweep(connection, self.vault, self.journal, self.clock)

    async def fill(self) -> None:
        for company in COMPANIES:
            for user in (11, 12):
                await Schedule(self.connection).put(principal(company, user), NOW)
                await put(self.store, installation(company, user))
            await self.look_ups.keep(CompanyId(company), "stages", b"names")

    async def keys_of(self, company: int) -> set[str]:
        return {key async for key in leftovers(self.connection, CompanyId(company))}


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}: {case[1]}")
async def connection(request: pytest.FixtureRequest, towns: Towns) -> AsyncIterator[Connection]:
    name, form = request.param
    made = Connection(towns[name].url(form))
    yield made
    await made.close()


async def told(_: Principal) -> None:
    """Pipedrive took it."""


async def test_keys_rotate_and_a_company_is_forgotten(connection: Connection, tmp_path: Path) -> None:
    await Storage(connection, tmp_path / "spool", (K1,)).fill()
    rotated = Storage(connection, tmp_path / "spool", (K2, K1))
    assert (await rotated.sweep.rotate("k2", 1000, lambda _: None)).wrapped == 20
    assert [use.companies for use in await rotated.sweep.status(["k2", "k1"])] == [20, 0]
    assert len(await rotated.keys_of(1)) == 5
    others = {company: await rotated.keys_of(company) for company in COMPANIES if company != 1}
    forgetting = Forgetting(rotated.store, connection, rotated.journal, told, rotated.clock)
    done = await forgetting.forget(CompanyId(1))
    assert (sorted(done.users), done.untold, done.keys) == ([11, 12], {}, 5)
    assert await rotated.keys_of(1) == set()
    assert {company: await rotated.keys_of(company) for company in others} == others
    members = [member async for member in connection.members(keys.SCHEDULE)]
    assert {int(member.partition(":")[0]) for member in members} == set(others)
    assert not (await forgetting.forget(CompanyId(1))).was_there
    for company in others:
        await forgetting.forget(CompanyId(company))
    assert [member async for member in connection.members(keys.SCHEDULE)] == []


async def test_whoever_is_missing_on_the_schedule_is_rotated_and_put_back(
    connection: Connection, tmp_path: Path
) -> None:
    """A primary that failed may have taken places with it that no replica had."""
    town = Storage(connection, tmp_path / "spool", (K1,))
    await town.fill()
    for gone in (principal(1, 11), principal(2, 11), principal(2, 12)):
        await connection.unschedule(keys.SCHEDULE, f"{gone.company_id}:{gone.user_id}")
    await connection.set("app:{x}:data-key", b"of nobody", seconds=60)
    rotated = Storage(connection, tmp_path / "spool", (K2, K1))
    assert [use.companies for use in await rotated.sweep.status(["k2", "k1"])] == [0, 20]
    swept = await rotated.sweep.rotate("k2", 1000, lambda _: None)
    assert (swept.companies, swept.wrapped, swept.scheduled) == (20, 20, 3)
    assert [use.companies for use in await rotated.sweep.status(["k2", "k1"])] == [20, 0]
    assert (await rotated.sweep.rotate("k2", 1000, lambda _: None)).scheduled == 0
    assert {member async for member in connection.members(keys.SCHEDULE)} == {
        f"{company}:{user}" for company in COMPANIES for user in (11, 12)
    }
    await connection.delete("app:{x}:data-key")
    for company in COMPANIES:
        await Forgetting(town.store, connection, town.journal, told, town.clock).forget(CompanyId(company))


async def test_what_pipedrive_was_not_told_of_is_named_and_forgotten_all_the_same(
    connection: Connection, tmp_path: Path
) -> None:
    async def answer(who: Principal) -> None:
        raise NotInstalled("over already") if who.user_id == 11 else PipedriveUnavailable("no answer")

    town = Storage(connection, tmp_path / "spool", (K1,))
    await town.fill()
    done = await Forgetting(town.store, connection, town.journal, answer, town.clock).forget(CompanyId(1))
    assert done.untold == {12: "no answer"}
    assert await town.keys_of(1) == set()
    for company in COMPANIES:
        await Forgetting(town.store, connection, town.journal, told, town.clock).forget(CompanyId(company))


async def test_what_no_replica_has_is_not_yet_rotated(towns: Towns, tmp_path: Path) -> None:
    url = towns[next(iter(binaries()))].url("redis")
    alone, asking = Connection(url), Connection(url, replicas=1)
    await Storage(alone, tmp_path / "spool", (K1,)).fill()
    swept = await Storage(asking, tmp_path / "spool", (K2, K1)).sweep.rotate("k2", 1000, lambda _: None)
    assert (swept.companies, swept.unacknowledged) == (20, 20)
    town = Storage(alone, tmp_path / "spool", (K2, K1))
    assert (await town.sweep.rotate("k2", 1000, lambda _: None)).unacknowledged == 0
    for company in COMPANIES:
        await Forgetting(town.store, alone, town.journal, told, town.clock).forget(CompanyId(company))
    for each in (alone, asking):
        await each.close()
