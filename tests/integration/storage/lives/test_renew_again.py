"""The worker asks again for what a process died over, while Pipedrive still takes the old token."""

import pytest

from marketplace_app.errors import PipedriveUnavailable
from marketplace_app.storage.in_doubt import LOOK_SECONDS
from tests.integration.storage.life import JACK_, Died, Life, scores
from tests.integration.storage.lives.conftest import Begin

pytestmark = pytest.mark.anyio
GRACE_SECONDS = 60  # the emulator's


@pytest.fixture(autouse=True)
async def due(life: Life) -> None:
    """An old refresh token works for a minute after it was exchanged."""
    life.pipedrive.emulator.turn(refresh_rotation="single_use_grace")
    await life.install(JACK_)
    await life.installations.finish()
    life.advance(3700)


async def dies(life: Life) -> None:
    life.moments.die_at("renewal.validated")
    with pytest.raises(Died):
        await life.renew(JACK_)
    await life.process.connection.delete(f"app:{{{JACK_.company_id}}}:{JACK_.user_id}:renewal")


async def is_watched(life: Life) -> bool:
    names = [member async for member, _ in scores(life.process)]
    return f"{JACK_.company_id}:{JACK_.user_id}:renewal" in names


def refreshes(life: Life) -> int:
    return len(life.ledger("token_refreshed"))


async def test_what_a_process_died_over_is_asked_again_within_the_grace(life: Life, begin: Begin) -> None:
    worker = await begin()
    await dies(life)
    life.advance(LOOK_SECONDS + 2)
    assert LOOK_SECONDS + 2 < GRACE_SECONDS / 2
    await worker.rounds()
    assert refreshes(life) == 2
    life.advance(2 * GRACE_SECONDS)
    assert await worker.asks(JACK_) == JACK_.user_id
    assert not await is_watched(worker)


async def test_without_the_worker_it_would_be_too_late(life: Life, begin: Begin) -> None:
    """So that the test above cannot pass for another reason."""
    other = await begin()
    await dies(life)
    life.advance(2 * GRACE_SECONDS)
    assert await other.reason(JACK_) == "renewal_unsettled"


async def test_what_somebody_else_has_renewed_is_left_alone(life: Life, begin: Begin) -> None:
    other = await begin()
    await dies(life)
    life.advance(5)
    await other.renew(JACK_)
    life.advance(LOOK_SECONDS)
    await other.rounds()
    assert refreshes(life) == 2
    assert not await is_watched(other)


async def test_whose_end_is_known_nobody_watches(life: Life) -> None:
    await life.renew(JACK_)
    assert not await is_watched(life)
    life.fails("/oauth/token", "reset")
    life.advance(3700)
    with pytest.raises(PipedriveUnavailable):
        await life.renew(JACK_)
    assert await is_watched(life)


async def test_it_is_tried_every_minute_until_there_is_an_answer(life: Life) -> None:
    life.fails("/oauth/token", "reset", count=4)
    with pytest.raises(PipedriveUnavailable):
        await life.renew(JACK_)
    visits = []
    for _ in range(6):
        life.advance(62)
        visits.append(await life.rounds())
    assert visits == [1, 1, 1, 1, 0, 0]
    assert refreshes(life) == 1
    assert not await is_watched(life)
