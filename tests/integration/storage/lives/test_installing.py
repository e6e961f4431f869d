"""Consents that meet an end, another consent, a clock that is wrong, or a Pipedrive that is away."""

from dataclasses import replace

import pytest

from marketplace_app.domain.installation import Installation
from marketplace_app.errors import InstallationPending, MarketplaceAppError, NotInstalled
from marketplace_app.installations.rounds import DAY
from marketplace_app.storage import keys
from tests.integration.storage.life import JACK_, Life
from tests.integration.storage.lives.conftest import Begin
from tests.makers import SetClock

pytestmark = pytest.mark.anyio
ME = "/api/v1/users/me"
MODES = ["same", "rotate", "single_use", "single_use_grace"]


async def works(life: Life) -> bool:
    """The stored grant, now and after its next renewal."""
    if await life.reason(JACK_):
        return False
    life.advance(3700)
    return await life.reason(JACK_) == ""


async def old_grant_is_refused(life: Life) -> None:
    life.advance(1)
    await life.installations.notice(JACK_)
    with pytest.raises(NotInstalled):
        await life.renew(JACK_)
    life.advance(1)


async def test_a_consent_outlives_the_end_of_the_grant_before_it(life: Life) -> None:
    """Whose refusal is noticed between the new one's exchange and its write."""
    await life.install(JACK_)
    life.uninstalls(JACK_)
    life.advance(10)
    life.moments.orders["install.scheduled"] = lambda: old_grant_is_refused(life)
    await life.install(JACK_)
    assert await life.state(JACK_) == "active"
    assert await works(life)


async def test_a_consent_that_ended_before_it_was_written_is_not_written(life: Life) -> None:
    await life.install(JACK_)
    life.uninstalls(JACK_)

    async def ends_too() -> None:
        await old_grant_is_refused(life)
        life.uninstalls(JACK_)

    life.moments.orders["install.scheduled"] = ends_too
    with pytest.raises(NotInstalled):
        await life.install(JACK_)
    assert await life.state(JACK_) == "uninstalled"
    assert await life.spooled() == []


@pytest.mark.parametrize("behind", [-30.0, -8.0, 8.0])
async def test_a_consent_is_stored_by_a_machine_whose_clock_is_wrong(
    life: Life, begin: Begin, behind: float
) -> None:
    await life.install(JACK_)
    life.uninstalls(JACK_)
    await life.installations.notice(JACK_)
    await life.rounds()
    assert await life.state(JACK_) == "uninstalled"
    other = await begin(clock=SetClock(life.clock.time + behind))
    await other.install(JACK_)
    assert await life.state(JACK_) == "active"
    assert await works(life)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("behind", [-30.0, 30.0])
async def test_of_two_consents_the_later_one_works_whatever_the_clocks_say(
    life: Life, begin: Begin, mode: str, behind: float
) -> None:
    life.pipedrive.emulator.turn(refresh_rotation=mode)
    await life.install(JACK_)
    other = await begin(clock=SetClock(life.clock.time + behind))
    await other.install(JACK_)
    assert await works(life)


@pytest.mark.parametrize("mode", MODES)
async def test_an_earlier_consent_that_is_stored_later_costs_nobody_the_later_one(
    life: Life, begin: Begin, mode: str
) -> None:
    """Held up between its exchange and its write, while the user consented once more elsewhere."""
    life.pipedrive.emulator.turn(refresh_rotation=mode)
    other = await begin()

    async def once_more() -> None:
        life.advance(1)
        await other.install(JACK_)

    life.moments.orders["install.journalled"] = once_more
    try:
        await life.install(JACK_)
    except MarketplaceAppError:
        assert await life.spooled() == []  # it was found to be over
    assert await works(other)


async def test_a_renewal_of_a_forgotten_installation_fits_no_later_one(life: Life, begin: Begin) -> None:
    """A machine comes back with an entry of an installation that ended, and was forgotten, long ago."""
    first = await life.install(JACK_)
    away = await begin()
    await away.installations._renewal._parts.pending.note(_renewed(first))
    life.uninstalls(JACK_)
    await life.installations.notice(JACK_)
    for _ in range(3):
        await life.rounds()
        life.advance(31 * DAY)
    assert await life.state(JACK_) == "none"
    again = await life.install(JACK_)
    await life.installations.replay.once()
    assert await life.spooled() == []
    found = await life.found(JACK_)
    assert found is not None
    assert found.tokens.refresh_token == again.tokens.refresh_token


def _renewed(first: Installation) -> Installation:
    tokens = replace(first.tokens, access_token="v1u:late", refresh_token="late", obtained_at=9e9)
    return replace(
        first,
        generation=first.generation + 1,
        tokens=tokens,
        previous_refresh_token=first.tokens.refresh_token,
    )


@pytest.mark.parametrize("mode", MODES)
async def test_a_consent_is_kept_for_as_long_as_its_refresh_token_lives(life: Life, mode: str) -> None:
    life.pipedrive.emulator.turn(refresh_rotation=mode)
    life.fails(ME, "status:503", 4)
    with pytest.raises(InstallationPending):
        await life.install(JACK_)
    life.advance(3 * DAY)
    await life.installations.replay.once()  # once more it is away, and the access token is over
    assert await life.spooled() == ["install"]
    life.advance(30 * DAY)
    await life.installations.replay.once()
    assert await life.spooled() == []
    assert await life.state(JACK_) == "active"
    assert await works(life)


async def test_a_consent_that_was_taken_back_meanwhile_is_given_up(life: Life) -> None:
    life.fails(ME, "status:503", 2)
    with pytest.raises(InstallationPending):
        await life.install(JACK_)
    life.uninstalls(JACK_)
    life.advance(DAY)
    await life.installations.replay.once()
    assert await life.spooled() == []
    assert await life.state(JACK_) == "none"


async def test_the_first_generation_of_a_record_is_no_small_number(life: Life) -> None:
    """So that a test which plants records of its own does not hide that real ones begin elsewhere."""
    installed = await life.install(JACK_)
    record = await life.process.connection.get(keys.installation(JACK_))
    assert record is not None
    assert int(record.split(b" ")[1]) == installed.generation == int(installed.installed_at * 1000)
