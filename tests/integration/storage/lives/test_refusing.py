"""What a refusal does: by the API, by the token endpoint of a grant, of the app itself."""

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import ClientRefused, PipedriveRefused
from marketplace_app.storage import keys
from tests.emulator.app_behind import SECRETS
from tests.integration.storage.life import HUY_, JACK_, MARTA_, Life
from tests.integration.storage.lives.conftest import Begin

pytestmark = pytest.mark.anyio
ME = "/api/v1/users/me"


async def stored(life: Life, who: Principal) -> Installation:
    found = await life.found(who)
    assert found is not None
    return found


async def rewrite(life: Life, old: Installation, refresh_token: str, previous: str) -> None:
    """The record with other refresh tokens, as after a backup or a reply that nobody kept."""
    tokens = replace(old.tokens, refresh_token=refresh_token)
    changed = replace(old, generation=old.generation + 1, tokens=tokens, previous_refresh_token=previous)
    assert await life.process.store.renew(changed)


async def test_a_refused_access_token_is_renewed_once_and_the_call_is_sent_once_again(life: Life) -> None:
    await life.install(JACK_)
    since = len(life.ledger())
    life.fails(ME, "status:401")
    assert await life.asks(JACK_) == JACK_.user_id
    await life.installations.finish()
    kinds = [entry["kind"] for entry in life.ledger()[since:]]
    assert kinds.count("token_refreshed") == 1
    assert kinds[:3] == ["fault", "token_refreshed", "api_call"]


async def test_a_token_that_is_refused_again_is_not_renewed_again(life: Life) -> None:
    """401 for ever is one renewal for each call, and the caller is told."""
    await life.install(JACK_)
    since = len(life.ledger())
    life.fails(ME, "status:401", 50)
    client = life.installations.as_viewer(await life.installations.usable(JACK_))
    with pytest.raises(PipedriveRefused):
        await client.get(ME, dict)
    kinds = [entry["kind"] for entry in life.ledger()[since:]]
    assert kinds.count("token_refreshed") == 1
    assert await life.state(JACK_) == "active"


@pytest.mark.parametrize("mode", ["same", "rotate", "single_use", "single_use_grace"])
async def test_renewals_follow_one_another_in_every_mode(life: Life, mode: str) -> None:
    life.pipedrive.emulator.turn(refresh_rotation=mode)
    await life.install(JACK_)
    for _ in range(4):
        life.advance(3700)
        assert await life.asks(JACK_) == JACK_.user_id
        await life.installations.finish()
    assert len(life.ledger("token_refreshed")) == 4
    assert life.ledger("token_refused") == []


async def test_callers_of_one_process_are_one_renewal(life: Life) -> None:
    """They do not even ask Redis for a lock each."""
    await life.install(JACK_)
    life.advance(3700)
    assert set(await asyncio.gather(*(life.asks(JACK_) for _ in range(10)))) == {JACK_.user_id}
    assert life.moments.reached.count("renewal.begun") == 1


async def test_the_token_before_is_tried_when_the_newest_is_refused(life: Life) -> None:
    """And what it gives is kept like any other: nothing but a refusal of both counts as one."""
    life.pipedrive.emulator.turn(refresh_rotation="single_use")
    good = await life.install(JACK_)
    await rewrite(life, good, "never given", previous=good.tokens.refresh_token)
    life.advance(3700)
    assert await life.asks(JACK_) == JACK_.user_id
    await life.installations.finish()
    assert [entry["kind"] for entry in life.ledger("token_refused", "token_refreshed")] == [
        "token_refused",
        "token_refreshed",
    ]
    assert await life.state(JACK_) == "active"
    assert (await stored(life, JACK_)).refused_at == 0


async def test_the_journal_is_asked_before_a_token_is(life: Life, begin: Begin) -> None:
    """Another process has exchanged it, and died before Redis had the new one."""
    life.pipedrive.emulator.turn(refresh_rotation="single_use")
    await life.install(JACK_)
    life.advance(3700)
    life.moments.die_at("renewal.journalled")
    with pytest.raises(Exception, match=r"renewal\.journalled"):
        await life.renew(JACK_)
    other = await begin()
    assert await other.asks(JACK_) == JACK_.user_id
    assert life.ledger("token_refused") == []
    assert len(life.ledger("token_refreshed")) == 1
    assert await other.spooled() == []


async def test_nothing_is_deleted_by_refusals_and_the_record_stays_sealed(life: Life) -> None:
    before = await life.install(JACK_)
    life.uninstalls(JACK_)
    life.advance(3700)
    said = []
    for seconds in (1, 30, 31, 300, 9000):
        said.append(await life.reason(JACK_))
        life.advance(seconds)
    assert said == [*["renewal_unsettled"] * 3, *["disconnected"] * 2]
    assert (await stored(life, JACK_)).tokens == before.tokens
    assert len(life.ledger("token_refused")) == 2  # neither more often nor sooner


async def test_a_grant_that_pipedrive_takes_after_all_is_as_before(life: Life) -> None:
    """Its first refusal was Pipedrive's own trouble: minutes later nothing tells of it."""
    good = await life.install(JACK_)
    await rewrite(life, good, "never given", previous="")
    life.advance(3700)
    assert await life.reason(JACK_) == "renewal_unsettled"
    bad = await stored(life, JACK_)
    assert bad.refused_at > 0
    life.advance(61)
    await rewrite(life, bad, good.tokens.refresh_token, previous="")
    assert await life.asks(JACK_) == JACK_.user_id
    assert (await stored(life, JACK_)).refused_at == 0


async def test_a_refused_app_stops_renewals_in_every_process_and_touches_no_company(
    life: Life, begin: Begin, raw: Redis, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its secret was changed in Developer Hub: no installation has anything to do with that."""
    for each in (JACK_, MARTA_, HUY_):
        await life.install(each)
    before = {each: await raw.get(keys.installation(each)) for each in (JACK_, MARTA_, HUY_)}
    one, other = [await begin(secrets=("an old secret of more than 32 bytes.",)) for _ in range(2)]
    life.advance(3700)
    with pytest.raises(ClientRefused):
        await one.renew(JACK_)
    refused = len(life.ledger("token_refused"))
    assert refused == 1
    for process, who in ((one, MARTA_), (other, JACK_), (other, HUY_)):
        with pytest.raises(ClientRefused):
            await process.renew(who)
    assert len(life.ledger("token_refused")) == refused
    assert {each: await raw.get(keys.installation(each)) for each in before} == before
    said = "".join(capfd.readouterr())
    assert "alarm" in said
    assert "client_refused" in said
    assert 0 < await raw.pttl(keys.CLIENT_REFUSED) <= 30_000  # and then somebody tries again
    # A process that knows the new one is not meant by it.
    assert await life.asks(JACK_) == JACK_.user_id


async def test_of_two_secrets_the_one_that_pipedrive_takes_is_used(life: Life, begin: Begin) -> None:
    changing = await begin(secrets=("a new secret that nobody knows yet...", SECRETS[0]))
    await life.install(JACK_)
    life.advance(3700)
    assert await changing.asks(JACK_) == JACK_.user_id
    assert await life.process.connection.get(keys.CLIENT_REFUSED) is None


@pytest.mark.parametrize("what", ["exchange", "revoke"])
async def test_a_code_or_an_end_that_is_refused_for_the_secret_raises_the_alarm_too(
    life: Life, begin: Begin, raw: Redis, what: str
) -> None:
    await life.install(JACK_)
    stranger = await begin(secrets=("an old secret of more than 32 bytes.",))
    assert await raw.get(keys.CLIENT_REFUSED) is None
    with pytest.raises(ClientRefused):
        await (stranger.install(MARTA_) if what == "exchange" else stranger.installations.revoke(JACK_))
    assert await raw.get(keys.CLIENT_REFUSED) == stranger.authorization.fingerprint.encode()
    assert await life.asks(JACK_) == JACK_.user_id


async def test_the_end_waits_for_what_work_in_the_background_begins(life: Life) -> None:
    """A renewal that is slow, and begun after the process was told to finish."""
    before = await life.install(JACK_)
    life.moments.orders["renewal.replied"] = lambda: asyncio.sleep(4)

    async def work() -> None:
        await asyncio.sleep(0.1)
        await life.renew(JACK_)

    life.installations.in_background(work())
    await life.installations.finish()
    after = await stored(life, JACK_)
    assert after.tokens.access_token != before.tokens.access_token
