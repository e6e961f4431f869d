"""What a process leaves in the journal when it dies, another one brings to its end, once."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from marketplace_app.domain.installation import Scope
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import InstallationPending
from marketplace_app.installations.replay import EVERY_SECONDS
from marketplace_app.storage import keys
from tests.integration.storage.life import HUY_, JACK_, Died, Life
from tests.integration.storage.lives.conftest import Begin
from tests.integration.storage.process import put

pytestmark = pytest.mark.anyio
RENEWAL = ("begun", "locked", "read", "replied", "validated", "journalled", "stored", "released")
AFTER_JOURNAL = {"journalled", "stored", "released"}


async def dies_with_an_entry(life: Life) -> None:
    """The process that renews is killed when the new pair is in its journal alone."""
    await life.install(JACK_)
    life.advance(3700)
    life.moments.die_at("renewal.journalled")
    with pytest.raises(Died):
        await life.renew(JACK_)


async def works(life: Life, who: Principal) -> bool:
    """Whether the stored grant is one that Pipedrive takes: asked with it."""
    life.advance(3700)
    return await life.reason(who) == ""


@pytest.mark.parametrize("mode", ["same", "single_use_grace", "single_use"])
@pytest.mark.parametrize("point", RENEWAL)
async def test_a_renewal_that_dies_at_any_step_is_taken_up_by_the_next(
    life: Life, begin: Begin, point: str, mode: str
) -> None:
    """Lost is only what Pipedrive exchanged for good and nobody could write down."""
    life.pipedrive.emulator.turn(refresh_rotation=mode)
    await life.install(JACK_)
    life.advance(3700)
    life.moments.die_at(f"renewal.{point}")
    with pytest.raises(Died):
        await life.renew(JACK_)
    life.advance(6)
    other = await begin()
    await other.installations.replay.once()
    assert await other.spooled() == []
    is_in_window = mode == "single_use" and point in ("replied", "validated")
    assert (await other.reason(JACK_) == "") is not is_in_window
    refreshed = 1 if point in AFTER_JOURNAL or is_in_window or point not in ("replied", "validated") else 2
    assert len(life.ledger("token_refreshed")) == refreshed


@pytest.mark.parametrize("point", ["journalled", "scheduled", "stored"])
async def test_an_install_that_dies_after_the_exchange_is_finished_by_the_next(
    life: Life, begin: Begin, point: str
) -> None:
    life.moments.die_at(f"install.{point}")
    with pytest.raises(Died):
        await life.install(JACK_)
    other = await begin()
    life.advance(6)
    await other.installations.replay.once()
    assert await other.spooled() == []
    assert await works(other, JACK_)
    assert await other.due_in(JACK_) is not None


async def test_an_entry_that_comes_twice_changes_nothing(life: Life, begin: Begin) -> None:
    """Its process died after Redis had it, and the grant was renewed since."""
    life.pipedrive.emulator.turn(refresh_rotation="single_use")
    await life.install(JACK_)
    life.advance(3700)
    life.moments.die_at("renewal.stored")
    with pytest.raises(Died):
        await life.renew(JACK_)
    (entry,) = await life.journal.entries()
    other = await begin()
    life.advance(3700)
    assert await other.asks(JACK_) == JACK_.user_id
    await other.installations.finish()
    newest = await other.found(JACK_)
    again = await other.journal.append(entry.kind, JACK_, entry.plain)
    life.advance(6)
    await other.installations.replay.once()
    assert await other.found(JACK_) == newest
    assert again.name not in [each.name for each in await other.journal.entries()]


async def test_an_entry_of_who_has_left_resurrects_nothing(life: Life, begin: Begin) -> None:
    await dies_with_an_entry(life)
    other = await begin()
    await other.process.store.end(JACK_, life.clock.now())
    life.advance(6)
    await other.installations.replay.once()
    assert await other.state(JACK_) == "uninstalled"
    assert await other.spooled() == []


async def test_a_young_entry_is_somebodys_work_in_progress(life: Life) -> None:
    await dies_with_an_entry(life)
    await life.installations.replay.once()
    assert await life.spooled() == ["renewal"]
    life.advance(6)
    await life.installations.replay.once()
    assert await life.spooled() == []


async def test_replay_comes_at_the_start_and_again_every_half_minute(life: Life, begin: Begin) -> None:
    """And every second while something waits."""
    assert EVERY_SECONDS == 30
    await dies_with_an_entry(life)
    other = await begin()
    running = asyncio.create_task(other.installations.replay.run())
    await asyncio.sleep(0.5)  # it has looked once, and left what is young
    assert list(life.folder.iterdir()) != []
    life.advance(6)
    await seen(lambda: list(life.folder.iterdir()) == [])
    running.cancel()
    assert len(life.ledger("token_refreshed")) == 1


async def test_an_entry_is_brought_back_over_a_store_that_went_back(life: Life, begin: Begin) -> None:
    """A backup of two renewals ago was put back: the journal alone has the token that works."""
    life.pipedrive.emulator.turn(refresh_rotation="single_use")
    backup = await life.install(JACK_)
    for _ in range(2):
        life.advance(3700)
        await life.renew(JACK_)
        await life.installations.finish()
    life.advance(3700)
    life.moments.die_at("renewal.journalled")
    with pytest.raises(Died):
        await life.renew(JACK_)
    await went_back(life, backup.generation)
    other = await begin()
    life.advance(6)
    await other.installations.replay.once()
    assert await other.spooled() == []
    assert await other.asks(JACK_) == JACK_.user_id
    assert life.ledger("token_refused") == []


async def test_a_job_that_outlives_a_store_that_went_back_keeps_its_token_and_finds_the_next_one(
    life: Life,
) -> None:
    """What it holds works; when it has to renew, what is there is renewed, whatever its number."""
    installed = await life.install(JACK_)
    record = await life.process.connection.get(keys.installation(JACK_))
    assert record is not None
    for _ in range(2):
        life.advance(3700)
        await life.renew(JACK_)
        await life.installations.finish()
    job = life.installations.as_viewer(await life.installations.usable(JACK_))
    await life.process.connection.set(keys.installation(JACK_), record)
    since = len(life.ledger("token_refreshed"))
    await job.get("/api/v1/users/me", dict)
    await job.get("/api/v1/users/me", dict)
    assert len(life.ledger("token_refreshed")) == since
    life.advance(3700)
    await job.get("/api/v1/users/me", dict)
    await life.installations.finish()
    assert len(life.ledger("token_refreshed")) == since + 1
    found = await life.found(JACK_)
    assert found is not None
    assert found.generation > installed.generation
    assert await life.asks(JACK_) == JACK_.user_id


async def seen(is_so: Callable[[], bool]) -> None:
    """Within ten seconds, by the wall clock."""
    for _ in range(500):
        if is_so():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("not within ten seconds")


async def went_back(life: Life, generation: int) -> None:
    """As a backup that is put back: an older generation, with tokens that were exchanged since."""
    found = await life.found(JACK_)
    assert found is not None
    assert found.generation > generation + 1
    await life.process.connection.delete(keys.installation(JACK_))
    tokens = replace(
        found.tokens,
        refresh_token="exchanged long ago",
        access_token="v1u:old",
        obtained_at=found.installed_at,
    )
    await put(life.process.store, replace(found, tokens=tokens, previous_refresh_token="older still"))


async def poisoned(life: Life, who: Principal) -> None:
    """The encryption key that wraps this company's data key is lost."""
    name = keys.data_key(who.company_id)
    record = await life.process.connection.get(name)
    assert record is not None
    lost = record.replace(b'"encryption_key_id":"k1"', b'"encryption_key_id":"k0"')
    assert lost != record
    await life.process.connection.set(name, lost)
    life.process.vault._remembered.clear()


@pytest.mark.parametrize("poison", ["renewal", "install"])
async def test_an_entry_that_cannot_be_carried_out_is_in_nobodys_way(life: Life, poison: str) -> None:
    for each in (HUY_, JACK_):
        await life.install(each)
    if poison == "renewal":
        life.advance(3700)
        life.moments.die_at("renewal.journalled")
        with pytest.raises(Died):
            await life.renew(HUY_)
        await poisoned(life, HUY_)
    else:
        await poisoned(life, HUY_)
        with pytest.raises(InstallationPending):
            await life.install(HUY_)
    life.advance(2)
    await life.journal.append("uninstall", JACK_, b"")
    life.advance(30)
    await life.installations.replay.once()
    assert await life.spooled() == [poison]
    assert await life.state(JACK_) == "suspect"


async def test_what_has_to_wait_is_tried_after_ever_longer_pauses(life: Life) -> None:
    life.fails("/api/v1/users/me", "status:503", 1000)
    with pytest.raises(InstallationPending):
        await life.install(JACK_)
    life.advance(6)
    running = asyncio.create_task(life.installations.replay.run())
    await asyncio.sleep(6.5)
    running.cancel()
    tries = [entry for entry in life.ledger("fault") if entry["route"] == "/api/v1/users/me"]
    assert 2 * 2 <= len(tries) <= 2 * 5  # each asks twice; at once, after 1, 2, 4 s, and the one before


async def test_a_long_reply_comes_back_from_the_journal(life: Life) -> None:
    installed = await life.install(JACK_)
    scopes = tuple(Scope("a") for _ in range(60_000))
    tokens = replace(installed.tokens, scopes=scopes, obtained_at=installed.tokens.obtained_at + 1)
    renewed = replace(installed, generation=installed.generation + 1, tokens=tokens)
    await life.installations._renewal._parts.pending.note(renewed)
    assert await life.spooled() == ["renewal"]
