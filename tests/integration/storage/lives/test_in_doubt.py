"""A process that is frozen past its lock may hold a new pair: to the next one a refusal says nothing."""

import pytest

from marketplace_app.errors import NotInstalled, PipedriveUnavailable, RenewalUnsettled
from marketplace_app.storage import keys
from marketplace_app.storage.in_doubt import DOUBT_SECONDS
from tests.integration.storage.life import JACK_, Died, Life
from tests.integration.storage.lives.conftest import Begin

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def strict(life: Life) -> None:
    """Each refresh token works once. Somebody tells of an uninstall that is not true."""
    life.pipedrive.emulator.turn(refresh_rotation="single_use")
    await life.install(JACK_)
    await life.installations.finish()
    life.advance(3700)
    await life.installations.notice(JACK_)


async def lock_ends(life: Life) -> None:
    await life.process.connection.delete(f"app:{{{JACK_.company_id}}}:{JACK_.user_id}:renewal")


async def test_a_refusal_counts_for_nothing_while_somebody_has_not_told(life: Life, begin: Begin) -> None:
    other = await begin()

    async def next_one_asks() -> None:
        await lock_ends(life)
        with pytest.raises(RenewalUnsettled):
            await other.renew(JACK_)

    life.moments.orders["renewal.validated"] = next_one_asks
    renewed = await life.renew(JACK_)
    stored = await life.found(JACK_)
    assert stored is not None
    assert stored.tokens == renewed.tokens
    assert await other.asks(JACK_) == JACK_.user_id
    assert await life.state(JACK_) == "active"


async def test_after_two_minutes_it_counts_again(life: Life, begin: Begin) -> None:
    other = await begin()
    life.moments.die_at("renewal.validated")
    with pytest.raises(Died):
        await life.renew(JACK_)
    await lock_ends(life)
    life.advance(118)
    with pytest.raises(RenewalUnsettled):
        await other.renew(JACK_)
    assert await life.due_in(JACK_) == pytest.approx(DOUBT_SECONDS, abs=2)
    life.advance(DOUBT_SECONDS + 1)
    with pytest.raises(NotInstalled):
        await other.renew(JACK_)
    assert await life.state(JACK_) == "uninstalled"


async def test_who_has_told_leaves_no_doubt(life: Life, begin: Begin) -> None:
    await life.renew(JACK_)
    await life.installations.finish()
    life.uninstalls(JACK_)
    life.advance(3700)
    await life.installations.notice(JACK_)
    other = await begin()
    with pytest.raises(NotInstalled):
        await other.renew(JACK_)


async def marked(life: Life) -> bool:
    return await life.process.connection.get(keys.renewal_in_doubt(JACK_)) is not None


async def test_an_answer_that_never_came_leaves_a_doubt_and_one_that_came_none(life: Life) -> None:
    await life.renew(JACK_)
    assert not await marked(life)
    life.fails("/oauth/token", "reset")
    with pytest.raises(PipedriveUnavailable):
        await life.renew(JACK_)
    assert await marked(life)
