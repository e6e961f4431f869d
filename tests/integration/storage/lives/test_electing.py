"""Acting principal: as the viewer and nobody else, or as whom the company has elected, in turn."""

import pytest

from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import InstallationError, NotInstalled
from marketplace_app.pipedrive.client import PipedriveClient
from marketplace_app.pipedrive.resources import users
from marketplace_app.storage import keys
from tests.emulator.client import ACME, SAIGON
from tests.integration.storage.life import HUY_, JACK_, LINH_, MARTA_, VICTOR_, Life

pytestmark = pytest.mark.anyio
COMPANY = CompanyId(ACME)


async def acts(client: PipedriveClient) -> int:
    """As whom, by the answer."""
    return (await users.me(client)).id


async def elected(life: Life) -> int:
    return await acts(await life.installations.as_company(COMPANY))


async def test_admins_come_first_and_then_who_has_been_there_longest(life: Life) -> None:
    for each in (JACK_, LINH_):
        await life.install(each)
        life.advance(1)
    assert await elected(life) == JACK_.user_id
    await life.install(MARTA_)
    assert await elected(life) == MARTA_.user_id


async def test_whose_uninstall_is_told_is_asked_last(life: Life) -> None:
    for each in (MARTA_, JACK_):
        await life.install(each)
    await life.installations.notice(MARTA_)
    assert await elected(life) == JACK_.user_id
    await life.installations.notice(JACK_)
    assert await elected(life) == MARTA_.user_id


@pytest.mark.parametrize("leaves", ["uninstalls", "deactivates"])
async def test_a_job_goes_on_as_the_next_one_when_the_elected_user_leaves_in_its_middle(
    life: Life, leaves: str
) -> None:
    for each in (JACK_, LINH_, MARTA_):
        await life.install(each)
        life.advance(1)
    job = await life.installations.as_company(COMPANY)
    assert await acts(job) == MARTA_.user_id
    getattr(life, leaves)(MARTA_)
    assert await acts(job) == JACK_.user_id
    await life.installations.revoke(JACK_)
    assert await acts(job) == LINH_.user_id
    life.uninstalls(LINH_)
    with pytest.raises(NotInstalled):
        await acts(job)


async def test_a_job_goes_on_when_the_elected_users_grant_is_refused_at_its_renewal(life: Life) -> None:
    for each in (MARTA_, JACK_):
        await life.install(each)
    job = await life.installations.as_company(COMPANY)
    assert await acts(job) == MARTA_.user_id
    life.uninstalls(MARTA_)
    life.advance(3700)
    assert await acts(job) == JACK_.user_id


async def test_pipedrives_trouble_is_nobodys_leave(life: Life) -> None:
    """A company that is closed or an API that is away is not asked again as somebody else."""
    for each in (MARTA_, JACK_):
        await life.install(each)
    job = await life.installations.as_company(COMPANY)
    life.fails("/api/v1/users/me", "status:503", 2)
    with pytest.raises(Exception, match=r"503|answer"):
        await acts(job)
    called = {call["user_id"] for call in life.ledger("api_call", "fault") if call.get("user_id")}
    assert await acts(job) == MARTA_.user_id
    assert JACK_.user_id in called  # it was installed, by a call of its own; and nobody acted as Jack since
    last = life.ledger("api_call")[-1]
    assert last["user_id"] == MARTA_.user_id


async def test_nobody_acts_for_a_company_without_the_app_or_as_another_companys_user(life: Life) -> None:
    await life.install(HUY_)
    with pytest.raises(NotInstalled):
        await life.installations.as_company(COMPANY)
    assert await acts(await life.installations.as_company(CompanyId(SAIGON))) == HUY_.user_id


async def test_who_is_disconnected_is_not_elected(life: Life) -> None:
    for each in (MARTA_, JACK_):
        await life.install(each)
    found = await life.found(MARTA_)
    assert found is not None
    await life.process.store.disconnect(MARTA_, life.clock.now(), found.generation)
    assert await elected(life) == JACK_.user_id


async def test_a_viewer_whose_grant_is_over_sees_nothing_through_a_colleague(life: Life) -> None:
    """The admin's installation is there, works, and is never used for it."""
    for each in (MARTA_, VICTOR_):
        await life.install(each)
    client = life.installations.as_viewer(await life.installations.usable(VICTOR_))
    assert await acts(client) == VICTOR_.user_id
    life.uninstalls(VICTOR_)
    since = len(life.ledger("api_call"))
    for _ in range(3):
        with pytest.raises(InstallationError):
            await acts(client)
        assert await life.reason(VICTOR_) in ("renewal_unsettled", "disconnected")
        life.advance(61)
    assert {call["user_id"] for call in life.ledger("api_call")[since:]} <= {VICTOR_.user_id, None}


async def test_the_client_says_on_whose_behalf_each_call_is(life: Life) -> None:
    for each in (MARTA_, JACK_):
        await life.install(each)
    job = await life.installations.as_company(COMPANY)
    assert job.principal == MARTA_
    life.uninstalls(MARTA_)
    assert await acts(job) == JACK_.user_id
    assert job.principal == JACK_


async def test_a_record_that_does_not_open_is_in_nobodys_way(life: Life) -> None:
    for each in (MARTA_, JACK_):
        await life.install(each)
    name = keys.installation(MARTA_)
    record = await life.process.connection.get(name)
    assert record is not None
    await life.process.connection.set(name, record[:-1] + bytes([record[-1] ^ 1]))
    assert await elected(life) == JACK_.user_id
