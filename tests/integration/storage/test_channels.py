"""Messaging channels: sealed, their user's alone, one for an account, gone with the user."""

import msgspec
import pytest
from redis.asyncio import Redis

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import InstallationState
from marketplace_app.errors import NotInstalled
from marketplace_app.storage import keys
from marketplace_app.storage.channels import ChannelRecord, ChannelStore
from tests.integration.storage.conftest import Process
from tests.integration.storage.process import put
from tests.makers import installation, principal

pytestmark = pytest.mark.anyio
USER = principal(CompanyId(1), UserId(11))
OTHERS = (
    principal(CompanyId(1), UserId(12)),
    principal(CompanyId(2), UserId(11)),
    principal(CompanyId(2), UserId(12)),
)
RECORD = ChannelRecord(
    id="1-11-" + "a" * 32,
    name="CANARY name",
    account="CANARY account",
    provider_type="other",
    template_support=False,
    era=0,
    begun_at=1.0,
)


@pytest.fixture
async def channels(process: Process) -> ChannelStore:
    for who in (USER, *OTHERS):
        await put(process.store, installation(who.company_id, who.user_id))
    return ChannelStore(process.connection, process.vault)


async def test_a_channel_is_its_users(channels: ChannelStore) -> None:
    assert await channels.claim(USER, RECORD)
    found = await channels.find(USER, RECORD.id)
    assert found
    assert found.record == RECORD
    assert await channels.find(USER, RECORD.id[:-1] + "b") is None
    for other in OTHERS:
        assert await channels.find(other, RECORD.id) is None
        assert (await channels.all(other)).channels == ()


async def test_an_account_has_one(channels: ChannelStore) -> None:
    assert await channels.claim(USER, RECORD)
    assert await channels.claim(USER, msgspec.structs.replace(RECORD, id="1-11-" + "b" * 32)) is None
    assert await channels.claim(USER, msgspec.structs.replace(RECORD, account="another"))
    assert await channels.claim(OTHERS[0], RECORD)
    assert len((await channels.all(USER)).channels) == 2


async def test_it_is_sealed_and_stays(channels: ChannelStore, raw: Redis) -> None:
    await channels.claim(USER, RECORD)
    key = keys.channels(USER)
    stored = await raw.hgetall(key)
    assert len(stored) == 1
    assert "CANARY" not in repr(stored)
    assert await raw.ttl(key) == -1


async def test_one_that_was_moved_does_not_open(channels: ChannelStore, raw: Redis) -> None:
    await channels.claim(USER, RECORD)
    ((field, sealed),) = (await raw.hgetall(keys.channels(USER))).items()
    for other in OTHERS:
        await raw.hset(keys.channels(other), field, sealed)
        assert await channels.find(other, RECORD.id) is None
    await raw.hset(keys.channels(USER), "0" * 32, sealed)
    assert len((await channels.all(USER)).channels) == 1


async def test_it_is_confirmed_and_removed_as_it_was_read(channels: ChannelStore) -> None:
    claimed = await channels.claim(USER, RECORD)
    assert claimed
    assert await channels.confirm(USER, claimed)
    found = await channels.find(USER, RECORD.id)
    assert found
    assert found.record.is_confirmed
    assert not await channels.confirm(USER, claimed)
    assert not await channels.remove(USER, claimed)
    assert await channels.remove(USER, found)
    assert await channels.find(USER, RECORD.id) is None
    assert not await channels.confirm(USER, found)


async def test_without_an_installation_there_is_none(channels: ChannelStore) -> None:
    for stranger in (principal(CompanyId(1), UserId(99)), principal(CompanyId(99), UserId(11))):
        with pytest.raises(NotInstalled):
            await channels.claim(stranger, RECORD)
        assert (await channels.all(stranger)).channels == ()


async def test_they_go_with_their_user(process: Process, channels: ChannelStore, raw: Redis) -> None:
    await channels.claim(USER, RECORD)
    await channels.claim(OTHERS[0], RECORD)
    await process.store.end(USER, 1.0)
    standing = await process.store.standing(USER)
    assert standing
    await process.store.forget_user(USER, standing.generation)
    assert not await raw.exists(keys.channels(USER))
    assert await raw.exists(keys.channels(OTHERS[0]))


@pytest.mark.parametrize("ended", [False, True])
async def test_only_a_grant_over_an_end_begins_an_era(
    process: Process, channels: ChannelStore, ended: bool
) -> None:
    await channels.claim(USER, RECORD)
    if ended:
        await process.store.end(USER, 1.0)
    standing = await process.store.standing(USER)
    assert standing
    assert (standing.state is InstallationState.UNINSTALLED) == ended
    again = installation(USER.company_id, USER.user_id, generation=standing.generation + 1)
    assert await process.store.install(again, standing)
    assert (await channels.all(USER)).era == int(ended)
