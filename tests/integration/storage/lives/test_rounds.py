"""The worker's rounds: a second of the day for each, who is used is asked for, who is idle is kept alive."""

import pytest

from marketplace_app.installations.rounds import DAY
from marketplace_app.storage import keys
from tests.integration.storage.life import HUY_, JACK_, LINH_, LINH_THERE, MAI_, MARTA_, VICTOR_, Life
from tests.integration.storage.lives.conftest import Begin

pytestmark = pytest.mark.anyio
EVERYBODY = (MARTA_, LINH_, JACK_, VICTOR_, HUY_, MAI_, LINH_THERE)


async def test_each_has_a_second_of_the_day_of_its_own(life: Life) -> None:
    """Whoever installed together is looked at one after the other, from the next day on."""
    for each in EVERYBODY:
        await life.install(each)
        assert await life.due_in(each) == pytest.approx(DAY, abs=60)
    life.advance(DAY + 60)
    assert await life.rounds() == len(EVERYBODY)
    due = [await life.due_in(each) for each in EVERYBODY]
    seconds = [(life.clock.time + at) % DAY for at in due if at is not None]
    assert len(seconds) == len({round(second / 60) for second in seconds}) == len(EVERYBODY)
    assert max(seconds) - min(seconds) > DAY / 4
    assert all(0 < at <= 2 * DAY for at in due if at is not None)
    life.advance(2 * DAY)
    await life.rounds()
    assert seconds == [(life.clock.time + (await life.due_in(each) or 0)) % DAY for each in EVERYBODY]


async def test_who_was_used_is_asked_for_once_a_day(life: Life) -> None:
    await life.install(JACK_)
    life.advance(DAY + 1)
    since = len(life.ledger("api_call"))
    await life.rounds()
    calls = life.ledger("api_call")[since:]
    assert {call["user_id"] for call in calls if call["status"] == 200} == {JACK_.user_id}
    since = len(life.ledger("api_call"))
    await life.rounds()
    assert len(life.ledger("api_call")) == since


async def test_who_is_idle_is_left_alone_until_the_thirtieth_day_and_then_renewed(life: Life) -> None:
    """The worker's own question is no use: else nobody would ever be idle."""
    await life.install(JACK_)
    for _ in range(4):
        life.advance(DAY)
        await life.rounds()
    asked = len(life.ledger("api_call", "token_refreshed"))
    last = life.ledger("token_refreshed", "token_issued")[-1]["at"]
    while life.clock.time + DAY - last < 30 * DAY - 600:
        life.advance(DAY)
        await life.rounds()
        assert len(life.ledger("api_call", "token_refreshed")) == asked
    life.advance(2 * DAY)
    await life.rounds()
    assert [entry["at"] > last for entry in life.ledger("token_refreshed")].count(True) == 1
    assert await life.state(JACK_) == "active"


async def test_an_idle_grant_outlives_the_sixty_days_of_its_refresh_token(life: Life) -> None:
    life.pipedrive.emulator.turn(refresh_rotation="single_use")
    await life.install(JACK_)
    for _ in range(100):
        life.advance(DAY)
        await life.rounds()
    assert await life.asks(JACK_) == JACK_.user_id
    assert 4 <= len(life.ledger("token_refreshed")) <= 9


async def test_the_other_policy_lets_an_idle_grant_lapse(life: Life, begin: Begin) -> None:
    lapsing = await begin(keeps_idle=False)
    await life.install(JACK_)
    for _ in range(59):
        life.advance(DAY)
        await lapsing.rounds()
    assert await life.state(JACK_) == "active"
    for _ in range(4):
        life.advance(DAY)
        await lapsing.rounds()
    assert all(entry["at"] < life.clock.time - 60 * DAY for entry in life.ledger("token_refreshed"))
    assert (await life.state(JACK_), await life.found(JACK_)) == ("uninstalled", None)
    for _ in range(32):
        life.advance(DAY)
        await lapsing.rounds()
    assert await life.state(JACK_) == "none"


async def refused_a_minute_ago(life: Life) -> None:
    installed = await life.install(JACK_)
    await life.process.store.refuse(JACK_, installed.generation, life.clock.now(), 60)
    await life.schedule.put(JACK_, life.clock.now() + 61)
    life.advance(62)


async def test_one_that_was_refused_once_is_not_visited_without_a_pause(life: Life) -> None:
    await refused_a_minute_ago(life)
    life.fails("/oauth/token", "status:503", 1000)
    assert await life.installations.rounds.visit_due() == 1
    assert await life.due_in(JACK_) == 60


async def test_a_second_look_after_a_refusal_asks_the_token_endpoint_and_not_the_api(life: Life) -> None:
    """The API may take its access token for an hour yet, which says nothing of the grant."""
    await refused_a_minute_ago(life)
    assert await life.rounds() == 1
    assert len(life.ledger("token_refreshed")) == 1
    installed = await life.found(JACK_)
    assert installed is not None
    assert installed.refused_at == 0
    assert await life.due_in(JACK_) > 60  # type: ignore[operator]


async def test_a_record_that_nothing_opens_any_more_comes_to_its_end(life: Life) -> None:
    await life.install(JACK_)
    await life.process.connection.delete(keys.data_key(JACK_.company_id))
    life.process.vault._remembered.clear()
    life.advance(DAY + 1)
    await life.rounds()
    assert await life.state(JACK_) == "uninstalled"


async def test_a_suspect_that_nobody_can_ask_about_is_asked_about_once_a_day(life: Life) -> None:
    await life.install(JACK_)
    await life.installations.notice(JACK_)
    life.fails("/api/v1/users/me", "status:402", 1000)
    for seconds in (1, 60, 240, 1500):
        life.advance(seconds)
        await life.rounds()
    assert await life.state(JACK_) == "suspect"
    calls = len(life.ledger("api_call"))
    for _ in range(10):
        life.advance(3600)
        await life.rounds()
    assert len(life.ledger("api_call")) <= calls + 2


async def test_an_hour_without_pipedrive_ends_nothing_and_is_made_up_for(life: Life) -> None:
    await life.install(JACK_)
    life.advance(DAY + 1)
    life.fails("/*", "status:503", 20)
    await life.rounds()
    assert await life.state(JACK_) == "active"
    life.pipedrive.emulator.http.delete("/_emulator/faults")
    life.advance(2 * DAY)
    assert await life.rounds() > 0
    assert await life.asks(JACK_) == JACK_.user_id


async def test_a_worker_that_died_leaves_its_visits_to_the_next(life: Life, begin: Begin) -> None:
    await life.install(JACK_)
    life.uninstalls(JACK_)
    await life.installations.notice(JACK_)
    assert len(await life.schedule.take(life.clock.now(), 10)) > 0  # and dies with them
    other = await begin()
    assert await other.rounds() == 0
    life.advance(181)
    assert await other.rounds() > 0
    assert await other.state(JACK_) == "uninstalled"


async def test_whoever_renews_is_read_again(life: Life) -> None:
    """Language and rights of a user change in Pipedrive; with each renewal we look."""
    await life.install(JACK_)
    life.pipedrive.emulator.control(f"users/{JACK_.user_id}", {"is_admin": True, "language_code": "vi"})
    life.advance(3700)
    assert await life.asks(JACK_) == JACK_.user_id
    await life.installations.finish()
    found = await life.found(JACK_)
    assert found is not None
    assert (found.profile.is_admin, found.profile.language) == (True, "vi")
