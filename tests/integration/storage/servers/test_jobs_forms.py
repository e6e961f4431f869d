"""Jobs on whatever REDIS_URL names: the steps of each lie in its company's slot."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from marketplace_app.domain.job import new_job_id
from marketplace_app.domain.principal import Principal
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import RedisInstallationStore
from marketplace_app.storage.job_companies import JobCompanies
from marketplace_app.storage.job_scripts import ADDED
from marketplace_app.storage.jobs import JobRecord, JobStore, Lines
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.vault import Vault
from tests.integration.storage.process import KEYS, put
from tests.integration.storage.servers.conftest import Towns
from tests.integration.storage.servers.towns import CASES
from tests.makers import NOW, StoppedClock, installation, principal

pytestmark = pytest.mark.anyio
WHOSE = [principal(company_id, company_id * 10) for company_id in (801, 802, 803)]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}: {case[1]}")
async def connection(request: pytest.FixtureRequest, towns: Towns) -> AsyncIterator[Connection]:
    name, form = request.param
    made = Connection(towns[name].url(form))
    yield made
    await made.close()


def record(whose: Principal) -> JobRecord:
    return JobRecord(
        company_id=whose.company_id,
        user_id=whose.user_id,
        id=new_job_id(whose),
        extension="deal-panel",
        name="remind",
        form=msgspec.Raw(b"null"),
        generation=1,
        due_at=float(NOW),
    )


async def test_a_job_goes_through_all_its_lines_and_away_with_its_user(connection: Connection) -> None:
    vault = Vault(connection, KeyRing(KEYS), StoppedClock())
    installations = RedisInstallationStore(connection, BatchedReads(connection), vault)
    store, companies = JobStore(connection, vault), JobCompanies(connection)
    for whose in WHOSE:
        company = whose.company_id
        await put(installations, installation(company, whose.user_id))
        made = record(whose)
        await companies.put(company, NOW)
        assert await store.add(whose, made, NOW)
        (held,) = await store.take(company, NOW, 5)
        assert await store.begin(held, made)
        assert await store.renew(held, NOW + 1)
        assert await store.put_off(held, made, NOW + 10)
        assert await store.earliest(company) == NOW + 10
        (held,) = await store.take(company, NOW + 10, 5)
        assert await store.bury(held, msgspec.structs.replace(made, reason="broken", ended_at=NOW + 10.0))
        assert await store.dead(company) == [made.id]
        assert await store.retry(made, NOW + 20.0) == ADDED
        assert await store.lines(company) == Lines(1, 0, 0, NOW + 20)
        assert await store.add(whose, record(whose), NOW)
        await installations.end(whose, NOW)
        standing = await installations.standing(whose)
        assert standing is not None
        await installations.forget_user(whose, standing.generation)
        assert await store.lines(company) == Lines(0, 0, 0, None)
    due = {each.company_id: each for each in await companies.take(NOW, 10)}
    assert {whose.company_id for whose in WHOSE} <= due.keys()
    for whose in WHOSE:
        await companies.settle(due[whose.company_id], None)
    assert not {whose.company_id for whose in WHOSE} & set(await companies.all())
