"""Pictures and look-ups: sealed, for minutes, each for whom it was made, and worth nothing elsewhere."""

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.installation import Installation
from marketplace_app.storage import keys
from marketplace_app.storage.kept import Kept, KeptName
from marketplace_app.storage.look_ups import LookUps
from tests.integration.storage.conftest import Process, value
from tests.integration.storage.process import put
from tests.makers import installation, principal

pytestmark = pytest.mark.anyio
PICTURE = b"<p>picture</p>"


@pytest.fixture
def kept(process: Process) -> Kept:
    return Kept(process.connection, process.reads, process.vault)


@pytest.fixture
def look_ups(process: Process) -> LookUps:
    return LookUps(process.connection, process.reads, process.vault)


@pytest.fixture
async def mine(process: Process) -> Installation:
    return await put(process.store, installation())


async def opened(
    kept: Kept, viewer: Installation, surface: str = "deal-panel", subject: str = "7", name: str = "picture"
) -> bytes | None:
    asked = KeptName(viewer.principal, surface, subject, name)
    return await kept.open(viewer, asked, await kept.ask(asked))


async def keep(kept: Kept, viewer: Installation, value: bytes = PICTURE, *, as_of: float = 1000.0) -> bool:
    name = KeptName(viewer.principal, "deal-panel", "7", "picture")
    return await kept.keep(viewer, name, value, as_of=as_of, seconds=900)


async def test_a_picture_is_kept_for_its_viewer(kept: Kept, mine: Installation, raw: Redis) -> None:
    await keep(kept, mine)
    assert await opened(kept, mine) == PICTURE
    assert 890 < await raw.ttl(keys.kept(mine.principal, "deal-panel", "7", "picture")) <= 900


async def test_a_picture_is_of_one_record_surface_and_viewer(
    kept: Kept, mine: Installation, process: Process
) -> None:
    await keep(kept, mine)
    colleague = await put(process.store, installation(1, 12))
    stranger = await put(process.store, installation(2, 11))
    for viewer in (colleague, stranger):
        assert await opened(kept, viewer) is None
    for surface, subject, name in (
        ("deal-panel", "8", "picture"),
        ("person-panel", "7", "picture"),
        ("deal-panel", "7", "x"),
    ):
        assert await opened(kept, mine, surface, subject, name) is None


async def test_a_picture_that_was_moved_does_not_open(
    kept: Kept, mine: Installation, process: Process, raw: Redis
) -> None:
    await keep(kept, mine)
    own = KeptName(mine.principal, "deal-panel", "7", "picture")
    sealed, stamp = await value(raw, own.value_key), await value(raw, own.stamp_key)
    for owner in ((1, 12), (2, 11)):
        viewer = await put(process.store, installation(*owner))
        theirs = KeptName(viewer.principal, "deal-panel", "7", "picture")
        await raw.set(theirs.value_key, sealed)
        await raw.set(theirs.stamp_key, stamp)
        assert await opened(kept, viewer) is None
    other = KeptName(mine.principal, "deal-panel", "8", "picture")
    await raw.set(other.value_key, sealed)
    await raw.set(other.stamp_key, stamp)
    assert await opened(kept, mine, subject="8") is None


async def test_another_process_opens_what_this_one_kept(
    kept: Kept, mine: Installation, process: Process
) -> None:
    await keep(kept, mine)
    assert await opened(Kept(process.connection, process.reads, process.vault), mine) == PICTURE


async def test_what_another_process_kept_later_is_seen_at_once(
    kept: Kept, mine: Installation, process: Process
) -> None:
    await keep(kept, mine)
    assert await opened(kept, mine) == PICTURE
    other = Kept(process.connection, process.reads, process.vault)
    await keep(other, mine, b"newer", as_of=1001.0)
    assert await opened(kept, mine) == b"newer"


async def test_a_picture_of_earlier_facts_does_not_take_a_later_ones_place(
    kept: Kept, mine: Installation
) -> None:
    assert await keep(kept, mine, b"later", as_of=9999.5)
    assert not await keep(kept, mine, b"earlier", as_of=9998.75)
    assert await opened(kept, mine) == b"later"
    assert await keep(kept, mine, b"latest", as_of=10000.25)  # one digit more than before
    assert await opened(kept, mine) == b"latest"


async def test_a_picture_of_an_earlier_installation_does_not_open(
    kept: Kept, mine: Installation, process: Process
) -> None:
    await keep(kept, mine)
    again = await put(process.store, installation(installed_at=mine.installed_at + 60))
    assert await opened(kept, again) is None


async def test_a_renewal_keeps_the_pictures(kept: Kept, mine: Installation) -> None:
    await keep(kept, mine)
    assert await opened(kept, replace(mine, generation=5)) == PICTURE


async def test_names_are_shared_within_a_company_only(
    look_ups: LookUps, process: Process, raw: Redis
) -> None:
    await put(process.store, installation(1, 11))
    await put(process.store, installation(2, 21))
    await look_ups.keep(CompanyId(1), "stages", b"[1]")
    assert await look_ups.find(CompanyId(1), "stages") == b"[1]"
    assert await look_ups.find(CompanyId(2), "stages") is None
    assert await look_ups.find(CompanyId(1), "fields") is None
    assert 3590 < await raw.ttl(keys.company_value(CompanyId(1), "stages")) <= 3600


async def test_names_that_were_moved_or_spoilt_are_asked_for_again(
    look_ups: LookUps, process: Process, raw: Redis
) -> None:
    await put(process.store, installation(1, 11))
    await put(process.store, installation(2, 21))
    await look_ups.keep(CompanyId(1), "stages", b"[1]")
    sealed = await value(raw, keys.company_value(CompanyId(1), "stages"))
    for company, name, record in (
        (CompanyId(2), "stages", sealed),
        (CompanyId(1), "fields", sealed),
        (CompanyId(1), "stages", sealed[:-1] + b"\0"),
        (CompanyId(1), "stages", b"x"),
    ):
        await raw.set(keys.company_value(company, name), record)
        assert await look_ups.find(company, name) is None


async def test_nothing_is_kept_for_a_company_that_is_not_there(
    look_ups: LookUps, kept: Kept, raw: Redis
) -> None:
    await look_ups.keep(CompanyId(9), "stages", b"[1]")
    await keep(kept, installation(9, 91))
    assert await raw.keys("*") == []
    assert await look_ups.find(CompanyId(9), "stages") is None


def test_no_two_owners_meet_in_a_key() -> None:
    owners = [(company, user) for company in (1, 11, 111, 12) for user in (1, 11, 111, 2)]
    made = [
        build(principal(*owner))
        for owner in owners
        for build in (
            keys.installation,
            keys.renewal_lock,
            lambda p: keys.kept(p, "deal-panel", "1", "picture"),
            lambda p: keys.kept(p, "deal-panel", "11", "picture"),
            lambda p: keys.ticket(p, "1"),
        )
    ]
    companies = [CompanyId(company) for company in (1, 11, 111, 12)]
    made += [keys.data_key(company) for company in companies]
    made += [keys.company_value(company, name) for company in companies for name in ("stages", "fields")]
    made += [keys.install_state("1"), keys.authorization_code("1"), keys.SCHEDULE, keys.CLIENT_REFUSED]
    assert len(set(made)) == len(made)
