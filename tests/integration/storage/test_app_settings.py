"""Settings of users and companies: sealed, each for its owner, there for as long as the owner is."""

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.errors import NotInstalled
from marketplace_app.storage import keys
from marketplace_app.storage.app_settings import AppSettingsStore
from tests.integration.storage.conftest import Process
from tests.integration.storage.process import put
from tests.makers import installation, principal

pytestmark = pytest.mark.anyio
ONE, OTHER = CompanyId(1), CompanyId(2)
USER, COLLEAGUE = UserId(11), UserId(12)


@pytest.fixture
async def settings(process: Process) -> AppSettingsStore:
    await put(process.store, installation(ONE, USER))
    await put(process.store, installation(OTHER, USER))
    return AppSettingsStore(process.connection, process.vault)


async def test_a_setting_is_its_owners(settings: AppSettingsStore) -> None:
    await settings.keep(ONE, USER, "Taste", b"salty")
    await settings.keep(ONE, None, "Taste", b"plain")
    assert await settings.find(ONE, USER, "Taste") == b"salty"
    assert await settings.find(ONE, None, "Taste") == b"plain"
    for company_id, user_id, name in (
        (ONE, COLLEAGUE, "Taste"),
        (OTHER, USER, "Taste"),
        (OTHER, None, "Taste"),
        (ONE, USER, "House"),
    ):
        assert await settings.find(company_id, user_id, name) is None


async def test_a_setting_is_sealed_and_stays(settings: AppSettingsStore, raw: Redis) -> None:
    await settings.keep(ONE, USER, "Taste", b"salty CANARY")
    key = keys.settings(ONE, USER)
    stored = await raw.hget(key, "Taste")
    assert stored
    assert b"CANARY" not in stored
    assert await raw.ttl(key) == -1


async def test_a_setting_that_was_moved_does_not_open(settings: AppSettingsStore, raw: Redis) -> None:
    await settings.keep(ONE, USER, "Taste", b"salty")
    sealed = await raw.hget(keys.settings(ONE, USER), "Taste")
    assert sealed
    for company_id, user_id, name in (
        (ONE, COLLEAGUE, "Taste"),
        (OTHER, USER, "Taste"),
        (ONE, USER, "House"),
    ):
        await raw.hset(keys.settings(company_id, user_id), name, sealed)
        assert await settings.find(company_id, user_id, name) is None


async def test_nothing_is_kept_for_a_company_that_nobody_knows(
    settings: AppSettingsStore, raw: Redis
) -> None:
    with pytest.raises(NotInstalled):
        await settings.keep(CompanyId(99), USER, "Taste", b"salty")
    assert await raw.exists(keys.settings(CompanyId(99), USER)) == 0


async def test_a_users_settings_go_with_the_end_of_the_grace(
    settings: AppSettingsStore, process: Process, raw: Redis
) -> None:
    await settings.keep(ONE, USER, "Taste", b"salty")
    await settings.keep(ONE, None, "House", b"blue")
    await put(process.store, installation(ONE, COLLEAGUE))
    who = principal(ONE, USER)
    await process.store.end(who, 1_000_000.0)
    assert await settings.find(ONE, USER, "Taste") == b"salty"  # who comes back within the grace finds it
    standing = await process.store.standing(who)
    assert standing is not None
    await process.store.forget_user(who, standing.generation)
    assert await raw.exists(keys.settings(ONE, USER)) == 0
    assert await settings.find(ONE, None, "House") == b"blue"
