"""App data outlive their user by a time of grace, and the company by nothing."""

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.principal import Principal
from marketplace_app.installations.rounds import DAY
from marketplace_app.storage import keys
from marketplace_app.storage.kept import Kept, KeptName
from marketplace_app.storage.vault import Label
from tests.emulator.client import ACME
from tests.integration.storage.life import HUY_, JACK_, LINH_, Life
from tests.integration.storage.lives.conftest import Begin

pytestmark = pytest.mark.anyio
COMPANY = CompanyId(ACME)
LABEL = Label("data of an app", COMPANY)
NAME = keys.company_value(COMPANY, "data")


async def leaves(life: Life, *who: Principal) -> None:
    """Told and found out."""
    for each in who:
        life.uninstalls(each)
        await life.installations.notice(each)
    await life.rounds()


async def write(life: Life, raw: Redis) -> None:
    """Something that an app keeps for a company."""
    key = await life.process.vault.find_key(COMPANY)
    assert key is not None
    await raw.set(NAME, key.seal(LABEL, b"settings"))


async def read(life: Life, raw: Redis) -> bytes | None:
    key, sealed = await life.process.vault.find_key(COMPANY, anew=True), await raw.get(NAME)
    return key.open(LABEL, sealed) if key and isinstance(sealed, bytes) else None


async def of_company(raw: Redis) -> set[bytes]:
    """Every key that names it, found by looking at all of them, and every place in a set."""
    mine = str(ACME).encode()
    places = {member async for member, _ in raw.zscan_iter(keys.SCHEDULE)}
    return {name for name in {key async for key in raw.scan_iter()} | places if mine in name}


async def test_who_comes_back_within_the_grace_finds_the_data(life: Life, raw: Redis) -> None:
    await life.install(JACK_)
    await write(life, raw)
    await leaves(life, JACK_)
    life.advance(30 * DAY - 10)
    await life.rounds()
    again = await life.install(JACK_)
    assert await read(life, raw) == b"settings"
    assert again.generation > 1
    life.advance(60)
    await life.rounds()
    assert await life.asks(JACK_) == JACK_.user_id  # and the end of the former one's grace takes nothing
    assert await read(life, raw) == b"settings"


async def test_nothing_is_left_of_the_company_when_its_last_users_grace_is_over(
    life: Life, raw: Redis
) -> None:
    for each in (JACK_, LINH_, HUY_):
        await life.install(each)
    await write(life, raw)
    await leaves(life, JACK_)
    life.advance(5 * DAY)
    await leaves(life, LINH_)
    life.advance(25 * DAY + 10)
    await life.rounds()
    assert (await life.state(JACK_), await life.state(LINH_)) == ("none", "uninstalled")
    assert await read(life, raw) == b"settings"
    life.advance(5 * DAY)
    await life.rounds()
    assert await of_company(raw) == set()
    assert await life.spooled() == []
    assert list(life.folder.iterdir()) == []
    assert await life.asks(HUY_) == HUY_.user_id


async def test_without_a_grace_nothing_is_left_at_once(begin: Begin, raw: Redis) -> None:
    """Pictures and answers of the last hours too, which would have ended by themselves."""
    life = await begin(grace_days=0)
    installed = await life.install(JACK_)
    kept = Kept(life.process.connection, life.process.reads, life.process.vault)
    picture = KeptName(JACK_, "deal-panel", "7", "picture")
    await kept.keep(installed, picture, b"picture", as_of=life.clock.now(), seconds=900)
    await write(life, raw)
    assert len(await of_company(raw)) > 4
    await leaves(life, JACK_)
    life.advance(1801)  # the checks after the notice
    await life.rounds()
    assert await of_company(raw) == set()


async def test_a_company_that_comes_back_after_its_grace_starts_anew(life: Life, raw: Redis) -> None:
    await life.install(JACK_)
    former = await raw.get(keys.data_key(COMPANY))
    await leaves(life, JACK_)
    life.advance(31 * DAY)
    await life.rounds()
    assert await life.state(JACK_) == "none"
    await life.install(JACK_)
    assert await raw.get(keys.data_key(COMPANY)) not in (former, None)
