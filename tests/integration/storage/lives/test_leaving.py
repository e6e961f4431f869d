"""Every exit: told or not, true or not, ours or Pipedrive's. Nothing ends by a word, nothing comes back."""

import signal

import pytest
from redis.asyncio import Redis

from marketplace_app.cli.local.valkey import EmbeddedValkey
from marketplace_app.errors import NotInstalled, PipedriveUnavailable
from marketplace_app.installations.rounds import DAY
from marketplace_app.storage import keys
from tests.integration.storage.life import HUY_, JACK_, LINH_, LINH_THERE, MARTA_, Died, Life
from tests.integration.storage.lives.conftest import Begin

pytestmark = pytest.mark.anyio


async def test_an_uninstall_that_is_told_ends_with_the_question_that_follows(life: Life) -> None:
    for each in (MARTA_, JACK_):
        await life.install(each)
    life.uninstalls(JACK_)
    await life.installations.notice(JACK_)
    assert await life.state(JACK_) == "suspect"
    await life.rounds()
    assert await life.state(JACK_) == "uninstalled"
    assert await life.found(JACK_) is None
    assert await life.asks(MARTA_) == MARTA_.user_id


async def test_an_uninstall_that_is_told_and_is_not_true_ends_nothing(life: Life) -> None:
    """Somebody has our credentials. The tokens work, so whatever is told is not so."""
    before = await life.install(JACK_)
    for _ in range(3):
        await life.installations.notice(JACK_)
        await life.rounds()
        assert await life.state(JACK_) == "active"
    for seconds in (60, 240, 1500):
        life.advance(seconds)
        await life.rounds()
        assert await life.state(JACK_) == "active"
    found = await life.found(JACK_)
    assert found is not None
    assert found.tokens.refresh_token == before.tokens.refresh_token
    assert life.ledger("token_refused", "token_revoked") == []


async def test_tokens_that_die_after_the_notice_are_found_dead_a_minute_later(life: Life) -> None:
    await life.install(JACK_)
    await life.installations.notice(JACK_)
    await life.rounds()
    assert await life.state(JACK_) == "active"
    life.uninstalls(JACK_)
    life.advance(61)
    await life.rounds()
    assert await life.state(JACK_) == "uninstalled"


async def test_checks_after_a_notice_come_at_one_five_and_thirty_minutes(life: Life) -> None:
    await life.install(JACK_)
    await life.installations.notice(JACK_)
    due = [await life.due_in(JACK_, told=number) for number in (1, 2, 3)]
    assert due == [60, 300, 1800]
    assert await life.due_in(JACK_) == 0


async def test_a_notice_that_still_works_after_half_an_hour_is_an_alarm(
    life: Life, capfd: pytest.CaptureFixture[str]
) -> None:
    await life.install(JACK_)
    await life.installations.notice(JACK_)
    life.advance(301)
    await life.rounds()
    assert "uninstall_without_effect" not in "".join(capfd.readouterr())
    life.advance(1500)
    await life.rounds()
    assert "uninstall_without_effect" in "".join(capfd.readouterr())


async def test_a_late_word_of_the_former_end_does_not_end_the_new_beginning(life: Life) -> None:
    await life.install(JACK_)
    life.uninstalls(JACK_)
    life.advance(5)
    again = await life.install(JACK_)
    await life.installations.notice(JACK_)
    await life.rounds()
    assert await life.state(JACK_) == "active"
    found = await life.found(JACK_)
    assert found is not None
    assert found.tokens == again.tokens


@pytest.mark.parametrize("leaves", ["uninstalls", "deactivates"])
async def test_who_left_without_a_word_is_found_within_a_day(life: Life, leaves: str) -> None:
    """The DELETE was lost, or Pipedrive sends none: two refusals, a minute apart, and no more calls."""
    for each in (MARTA_, JACK_):
        await life.install(each)
    getattr(life, leaves)(JACK_)
    life.advance(DAY)
    await life.rounds()
    assert await life.state(JACK_) == "active"  # one refusal may be Pipedrive's own trouble
    life.advance(62)
    await life.rounds()
    assert await life.state(JACK_) == "disconnected"
    refusals = len(life.ledger("token_refused"))
    life.advance(5 * DAY)
    await life.rounds()
    assert len(life.ledger("token_refused")) == refusals
    assert await life.state(MARTA_) == "active"


async def test_who_is_disconnected_stays_sealed_for_sixty_days_and_can_come_back(life: Life) -> None:
    before = await life.install(JACK_)
    life.uninstalls(JACK_)
    assert await life.reason(JACK_) == "renewal_unsettled"
    life.advance(61)
    assert await life.reason(JACK_) == "disconnected"
    life.advance(60 * DAY - 120)
    await life.rounds()
    found = await life.found(JACK_)
    assert found is not None
    assert found.tokens == before.tokens
    await life.install(JACK_)
    assert await life.asks(JACK_) == JACK_.user_id


async def test_who_is_disconnected_for_sixty_days_ends(life: Life, raw: Redis) -> None:
    """Its grace is over as well by then: nothing of it is left."""
    await life.install(JACK_)
    life.uninstalls(JACK_)
    await life.reason(JACK_)
    life.advance(61)
    await life.reason(JACK_)
    life.advance(60 * DAY + 1)
    await life.rounds()
    assert await life.state(JACK_) == "none"
    assert await raw.keys("*{13000037}*") == []


async def test_revoking_tells_pipedrive_first(life: Life) -> None:
    await life.install(JACK_)
    await life.installations.revoke(JACK_)
    assert not life.is_installed(JACK_)
    assert await life.state(JACK_) == "uninstalled"
    with pytest.raises(NotInstalled):
        await life.installations.revoke(JACK_)


async def test_revoking_while_pipedrive_is_away_ends_nothing_here(life: Life) -> None:
    await life.install(JACK_)
    life.fails("/oauth/revoke", "status:503")
    with pytest.raises(PipedriveUnavailable):
        await life.installations.revoke(JACK_)
    assert life.is_installed(JACK_)
    await life.rounds()
    assert await life.asks(JACK_) == JACK_.user_id


async def test_a_revocation_that_was_cut_off_is_found_out(life: Life) -> None:
    """Pipedrive was told, and the process died before it wrote so."""
    await life.install(JACK_)
    found = await life.found(JACK_)
    assert found is not None
    await life.installations.notice(JACK_)
    await life.authorization.revoke(found.tokens.refresh_token)
    assert await life.state(JACK_) == "suspect"
    await life.rounds()
    assert await life.state(JACK_) == "uninstalled"


async def test_a_late_renewal_of_who_left_is_revoked_and_resurrects_nothing(life: Life) -> None:
    """Pipedrive exchanged the token, then the tombstone came. The access token is given back."""
    await life.install(JACK_)

    async def ends() -> None:
        await life.process.store.end(JACK_, life.clock.now())

    life.moments.orders["renewal.replied"] = ends
    life.advance(3700)
    assert await life.reason(JACK_) == "not_installed"
    assert await life.state(JACK_) == "uninstalled"
    (revoked,) = life.ledger("token_revoked")
    assert revoked["token_kind"] == "access"
    assert await life.spooled() == []


@pytest.mark.parametrize("point", ["uninstall.journalled", "uninstall.suspected"])
async def test_a_notice_outlives_the_process_that_took_it(life: Life, begin: Begin, point: str) -> None:
    await life.install(JACK_)
    life.uninstalls(JACK_)
    life.moments.die_at(point)
    with pytest.raises(Died):
        await life.installations.notice(JACK_)
    other = await begin()
    await other.installations.replay.once()
    assert await other.spooled() == []
    await other.rounds()
    assert await other.state(JACK_) == "uninstalled"


async def test_the_same_person_in_two_companies_leaves_one_of_them(life: Life) -> None:
    for each in (LINH_, LINH_THERE, HUY_):
        await life.install(each)
    life.uninstalls(LINH_)
    await life.installations.notice(LINH_)
    await life.rounds()
    assert await life.state(LINH_) == "uninstalled"
    for each in (LINH_THERE, HUY_):
        assert await life.asks(each) == each.user_id


async def test_nothing_is_asked_with_the_tokens_of_who_is_over(life: Life) -> None:
    """Each panel, each job and each round finds the tombstone first."""
    client = life.installations.as_viewer(await life.install(JACK_))
    await client.get("/api/v1/users/me", dict)
    life.uninstalls(JACK_)
    await life.installations.notice(JACK_)
    await life.rounds()
    since = len(life.ledger("api_call", "token_refused"))
    with pytest.raises(NotInstalled):
        await client.get("/api/v1/users/me", dict)
    assert await life.reason(JACK_) == "not_installed"
    life.advance(2 * DAY)
    await life.rounds()
    assert len(life.ledger("api_call", "token_refused")) == since


async def test_every_key_of_the_schedule_names_somebody_with_a_record_or_none(life: Life, raw: Redis) -> None:
    """The schedule forgets who is forgotten."""
    await life.install(JACK_)
    life.uninstalls(JACK_)
    await life.installations.notice(JACK_)
    await life.rounds()
    life.advance(31 * DAY)
    await life.rounds()
    assert await raw.zrange(keys.SCHEDULE, 0, -1) == []


async def test_who_comes_back_after_a_notice_raises_no_alarm(
    life: Life, capfd: pytest.CaptureFixture[str]
) -> None:
    await life.install(JACK_)
    life.uninstalls(JACK_)
    await life.installations.notice(JACK_)
    await life.rounds()
    life.advance(20)
    await life.install(JACK_)
    for seconds in (61, 240, 1500):
        life.advance(seconds)
        await life.rounds()
        assert await life.state(JACK_) == "active"
    assert "uninstall_without_effect" not in "".join(capfd.readouterr())


async def test_a_process_hears_when_another_one_has_carried_out_its_notice(
    life: Life, begin: Begin, valkey: EmbeddedValkey
) -> None:
    """Told of an uninstall that is not true while Redis hung; afterwards nothing is held against its user."""
    await life.install(JACK_)
    valkey.child.send(signal.SIGSTOP)
    await life.installations.notice(JACK_)
    valkey.child.send(signal.SIGCONT)
    assert (await life.installations.usable(JACK_)).state == "suspect"
    other = await begin()
    await other.installations.replay.once()
    await other.rounds()
    assert (await life.installations.usable(JACK_)).state == "active"


async def test_a_write_that_confirmed_its_user_counts_although_redis_does_not_hear_of_it(
    life: Life, valkey: EmbeddedValkey
) -> None:
    await life.install(MARTA_)
    await life.installations.notice(MARTA_)
    client = life.installations.as_viewer(await life.installations.usable(MARTA_))
    valkey.child.send(signal.SIGSTOP)
    try:
        await client.post("/api/v2/activities", dict, {"subject": "Call"})
    finally:
        valkey.child.send(signal.SIGCONT)
    assert client.has_written
    await life.rounds()
    assert await life.state(MARTA_) == "active"
