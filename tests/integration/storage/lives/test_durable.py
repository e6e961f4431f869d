"""REDIS_DURABILITY asks for a replica and there is none: what was written counts, what was not does not."""

from contextlib import suppress

import pytest

from marketplace_app.errors import NotDurable, NotInstalled
from tests.integration.storage.life import JACK_, Died, Life

pytestmark = pytest.mark.anyio


@pytest.fixture
async def alone(life: Life) -> Life:
    """One is installed; then the replica goes."""
    await life.install(JACK_)
    await life.installations.finish()
    life.process.connection.replicas = 1
    return life


async def ended(life: Life) -> None:
    with suppress(NotDurable):
        await life.process.store.end(JACK_, life.clock.now())


async def test_a_renewal_that_lost_to_an_end_is_no_renewal(alone: Life) -> None:
    alone.moments.orders["renewal.journalled"] = lambda: ended(alone)
    with pytest.raises(NotInstalled):
        await alone.renew(JACK_)
    await alone.installations.finish()
    assert await alone.state(JACK_) == "uninstalled"
    assert await alone.spooled() == []
    (revoked,) = alone.ledger("token_revoked")
    assert alone.is_installed(JACK_)  # only the late access token ended: nobody has uninstalled there
    assert revoked["at"] >= alone.ledger("token_refreshed")[-1]["at"]


async def test_what_is_left_of_a_renewal_after_an_end_ends_too(alone: Life) -> None:
    alone.moments.die_at("renewal.journalled")
    with pytest.raises(Died):
        await alone.renew(JACK_)
    await ended(alone)
    alone.advance(10)
    await alone.installations.replay.once()
    assert await alone.spooled() == []
    assert len(alone.ledger("token_revoked")) == 1


async def test_a_renewal_that_was_written_and_not_acknowledged_stays_in_the_journal(alone: Life) -> None:
    renewed = await alone.renew(JACK_)
    assert await alone.found(JACK_) == renewed
    for _ in range(2):  # a second look at what stands there already is no acknowledgement
        alone.advance(10)
        await alone.installations.replay.once()
        assert await alone.spooled() == ["renewal"]
    alone.process.connection.replicas = 0
    await alone.installations.replay.once()
    assert await alone.spooled() == []
    assert await alone.found(JACK_) == renewed


async def test_a_pair_that_waits_for_its_acknowledgement_keeps_nobody_from_the_next(alone: Life) -> None:
    first = await alone.renew(JACK_)
    alone.advance(4_000)
    second = await alone.renew(JACK_)
    assert second.tokens.access_token != first.tokens.access_token
    assert await alone.spooled() == ["renewal", "renewal"]
    alone.process.connection.replicas = 0
    alone.advance(10)
    await alone.installations.replay.once()
    assert await alone.spooled() == []
    assert await alone.found(JACK_) == second


async def test_a_notice_is_followed_although_nobody_acknowledges_it(alone: Life) -> None:
    await alone.installations.notice(JACK_)
    assert await alone.state(JACK_) == "suspect"
    assert await alone.spooled() == ["uninstall"]
    assert [await alone.due_in(JACK_, told=number) for number in (1, 2, 3)] == [60, 300, 1800]
    assert await alone.due_in(JACK_) == 0
