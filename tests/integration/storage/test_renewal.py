"""Renewal under a lock of two processes, against a token endpoint that answers as a test wants."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.installation import Installation, InstallationState, Profile
from marketplace_app.errors import (
    Disconnected,
    NotInstalled,
    PipedriveRefused,
    PipedriveUnavailable,
    RenewalUnsettled,
)
from marketplace_app.storage import keys
from tests.integration.storage.conftest import Process
from tests.integration.storage.process import put
from tests.integration.storage.renewing import Renewing, TokenEndpoint, renewing
from tests.makers import NOW, SetClock, installation, principal

pytestmark = pytest.mark.anyio


async def test_many_callers_in_two_processes_ask_once(
    here: Renewing, there: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    both = (here, there)
    renewed = await asyncio.gather(*(both[number % 2].renewal.renew(old) for number in range(50)))
    assert endpoint.asked_with == [old.tokens.refresh_token]
    assert {each.tokens.access_token for each in renewed} == {"v1u:new-1"}
    assert {each.generation for each in renewed} == {old.generation + 1}
    assert len(here.told + there.told) == 1


async def test_who_comes_late_with_the_old_token_gets_the_new_one(
    here: Renewing, there: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    first = await here.renewal.renew(old)
    assert await there.renewal.renew(old) == first
    assert await here.renewal.renew(old) == first
    assert len(endpoint.asked_with) == 1


async def test_a_record_that_only_changed_its_profile_is_renewed_all_the_same(
    here: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    """A younger generation with the very token that was refused is of no help."""
    profile: Profile = replace(old.profile, language="vi")
    await here.renewal.rewrite(old, profile)
    renewed = await here.renewal.renew(old)
    assert endpoint.asked_with == [old.tokens.refresh_token]
    assert renewed.tokens.access_token == "v1u:new-1"
    assert renewed.profile == profile


async def test_a_profile_is_not_written_over_newer_tokens(here: Renewing, old: Installation) -> None:
    renewed = await here.renewal.renew(old)
    await here.renewal.rewrite(old, replace(old.profile, name="late"))
    assert await here.process.store.find(principal()) == renewed


async def test_a_profile_waits_for_who_looks_whether_there_is_anything_to_renew(
    here: Renewing, old: Installation, raw: Redis
) -> None:
    """Whoever was refused with the old token takes the lock too, and lets go of it at once."""
    await raw.set(keys.renewal_lock(principal()), "another owner's", px=300)
    await here.renewal.rewrite(old, replace(old.profile, language="vi"))
    found = await here.process.store.find(principal())
    assert found is not None
    assert found.profile.language == "vi"


async def test_what_the_reply_lacks_stays_as_it_was(
    here: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    endpoint.reply = replace(endpoint.reply, refresh_token="", scopes=(), api_domain="")
    renewed = await here.renewal.renew(old)
    assert renewed.tokens.access_token == "v1u:new-1"
    assert renewed.tokens.refresh_token == old.tokens.refresh_token
    assert renewed.tokens.scopes == old.tokens.scopes
    assert renewed.tokens.api_domain == old.tokens.api_domain
    assert renewed.previous_refresh_token == old.tokens.refresh_token


async def test_a_company_may_move_to_another_allowed_host(
    here: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    endpoint.reply = replace(endpoint.reply, api_domain="https://acme-new.pipedrive.com")
    assert (await here.renewal.renew(old)).tokens.api_domain == "https://acme-new.pipedrive.com"


async def test_a_host_that_is_not_believed_changes_nothing_and_costs_no_token(
    process: Process, endpoint: TokenEndpoint, tmp_path: Path, clock: SetClock
) -> None:
    """The pair is kept, and is used at the host that was known."""
    careful = renewing(process, endpoint, tmp_path, clock, is_believed=False)
    old = await put(process.store, installation())
    endpoint.reply = replace(endpoint.reply, api_domain="https://other.pipedrive.com")
    renewed = await careful.renewal.renew(old)
    assert renewed.tokens.access_token == "v1u:new-1"
    assert renewed.tokens.api_domain == old.tokens.api_domain
    assert await process.store.find(principal()) == renewed


async def test_two_refusals_a_minute_apart_disconnect(
    here: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    """The first may be Pipedrive's own trouble: it ends nothing, and is not even asked again so soon."""
    endpoint.error = PipedriveRefused(400, "invalid_grant")
    for seconds in (0, 1, 59):
        here.clock.time = NOW + seconds
        with pytest.raises(RenewalUnsettled):
            await here.renewal.renew(old)
    assert len(endpoint.asked_with) == 1
    assert here.again == [NOW + 61]
    here.clock.time = NOW + 61
    with pytest.raises(Disconnected):
        await here.renewal.renew(old)
    assert endpoint.asked_with == [old.tokens.refresh_token] * 2
    assert here.again == [NOW + 61, NOW + 61]
    found = await here.process.store.find(principal())
    assert found == replace(old, state=InstallationState.DISCONNECTED)
    with pytest.raises(Disconnected):
        await here.renewal.renew(old)
    assert len(endpoint.asked_with) == 2
    assert here.told == []


@pytest.mark.parametrize("moment", ["before", "during"])
async def test_a_refused_grant_after_a_notice_of_uninstall_is_the_end(
    here: Renewing, there: Renewing, endpoint: TokenEndpoint, old: Installation, moment: str
) -> None:
    """Also when the notice comes while the token endpoint is being asked."""
    endpoint.error, endpoint.seconds = PipedriveRefused(400, "invalid_grant"), 0.2
    if moment == "before":
        await there.process.store.suspect(principal(), NOW)
    asking = asyncio.create_task(here.renewal.renew(old))
    await asyncio.sleep(0.1)
    await there.process.store.suspect(principal(), NOW)
    with pytest.raises(NotInstalled):
        await asking
    assert await here.process.store.find(principal()) is None


@pytest.mark.parametrize("error", [PipedriveUnavailable("no answer"), PipedriveRefused(403)])
async def test_trouble_ends_nothing_and_leaves_the_lock_free(
    here: Renewing, endpoint: TokenEndpoint, old: Installation, raw: Redis, error: Exception
) -> None:
    endpoint.error = error
    with pytest.raises(type(error)):
        await here.renewal.renew(old)
    assert await here.process.store.find(principal()) == old
    assert not await raw.exists(keys.renewal_lock(principal()))
    endpoint.error = None
    assert (await here.renewal.renew(old)).tokens.access_token == "v1u:new-2"


async def test_an_uninstall_meanwhile_is_not_undone(
    here: Renewing, there: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    endpoint.seconds = 0.2
    asking = asyncio.create_task(here.renewal.renew(old))
    await asyncio.sleep(0.1)
    await there.process.store.end(principal(), NOW)
    with pytest.raises(NotInstalled):
        await asking
    assert await here.process.store.find(principal()) is None


async def test_a_new_installation_meanwhile_wins(
    here: Renewing, there: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    endpoint.seconds = 0.2
    asking = asyncio.create_task(here.renewal.renew(old))
    await asyncio.sleep(0.1)
    fresh = replace(old.tokens, access_token="v1u:fresh")
    await put(there.process.store, installation(tokens=fresh, installed_at=NOW + 1.0))
    assert (await asking).tokens == fresh


async def test_a_caller_who_leaves_stops_nobody(
    here: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    endpoint.seconds = 0.2
    leaving, staying = (asyncio.create_task(here.renewal.renew(old)) for _ in range(2))
    await asyncio.sleep(0.1)
    leaving.cancel()
    assert (await staying).tokens.access_token == "v1u:new-1"
    assert len(endpoint.asked_with) == 1


async def test_another_process_that_never_finishes_is_not_waited_for_for_ever(
    process: Process, endpoint: TokenEndpoint, old: Installation, raw: Redis, tmp_path: Path
) -> None:
    await raw.set(keys.renewal_lock(principal()), "another owner's", px=60_000)
    waiting = renewing(process, endpoint, tmp_path, process.clock)
    with pytest.raises(PipedriveUnavailable):
        await waiting.renewal.renew(old)
    assert 20 < process.clock.time - NOW < 30
    assert endpoint.asked_with == []


async def test_who_is_about_to_end_asks_for_no_other_pair(
    here: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    endpoint.seconds = 0.2
    asking = asyncio.create_task(here.renewal.renew(old))
    await asyncio.sleep(0.1)
    here.renewal.stop()
    with pytest.raises(PipedriveUnavailable) as refused:
        await here.renewal.renew(installation(1, 12))
    assert not refused.value.was_sent
    assert (await asking).tokens.access_token == "v1u:new-1"
    assert endpoint.asked_with == [old.tokens.refresh_token]


@pytest.mark.parametrize("waits_for", ["the lock", "a second try"])
async def test_what_was_begun_and_not_sent_is_not_sent_any_more(
    here: Renewing, endpoint: TokenEndpoint, old: Installation, raw: Redis, waits_for: str
) -> None:
    endpoint.error, endpoint.seconds = PipedriveRefused(400, "invalid_grant"), 0.3
    if waits_for == "the lock":
        await raw.set(keys.renewal_lock(principal()), "another owner's", px=300)
    else:
        twice = replace(old, generation=old.generation + 1, previous_refresh_token="refresh-before")
        assert await here.process.store.renew(twice)
    asking = asyncio.create_task(here.renewal.renew(old))
    await asyncio.sleep(0.15)
    here.renewal.stop()
    with pytest.raises(PipedriveUnavailable) as refused:
        await asking
    assert not refused.value.was_sent
    assert len(endpoint.asked_with) == (waits_for == "a second try")
