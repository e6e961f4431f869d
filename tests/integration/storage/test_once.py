"""What happens once: a ticket's action, an installation's state, an authorization code."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.lock import owned
from marketplace_app.storage.once import Claim, Once
from marketplace_app.storage.vault import CompanyKey
from tests.integration.storage.conftest import Process, value
from tests.makers import principal

pytestmark = pytest.mark.anyio
NONCE = "0123456789abcdef"
T = TypeVar("T")


async def in_waves(calls: Sequence[Coroutine[Any, Any, T]], size: int = 25) -> list[T]:
    """So many at once as a process has time for while Redis may take half a second."""
    return [
        result
        for start in range(0, len(calls), size)
        for result in await asyncio.gather(*calls[start : start + size])
    ]


async def only_key(raw: Redis, pattern: str) -> str:
    (name,) = await raw.keys(pattern)
    return name.decode() if isinstance(name, bytes) else name


@pytest.fixture
def once(process: Process) -> Once:
    return Once(process.connection)


@pytest.fixture
async def key(process: Process) -> CompanyKey:
    return await process.vault.make_key(CompanyId(1))


async def test_of_a_thousand_claims_at_once_one_is_first(once: Once, other: Process, key: CompanyKey) -> None:
    both = (once, Once(other.connection))
    claims = await in_waves([both[number % 2].claim(principal(), NONCE, key) for number in range(1000)])
    assert sum(claim.is_first for claim in claims) == 1


async def test_a_repeat_gets_the_first_ones_answer(once: Once, key: CompanyKey) -> None:
    assert await once.claim(principal(), NONCE, key) == Claim(is_first=True)
    assert await once.claim(principal(), NONCE, key) == Claim(is_first=False)
    await once.settle(principal(), NONCE, key, b"answer")
    assert await once.claim(principal(), NONCE, key) == Claim(is_first=False, answer=b"answer")


async def test_what_is_known_not_to_have_happened_may_be_claimed_again(once: Once, key: CompanyKey) -> None:
    await once.claim(principal(), NONCE, key)
    await once.release(principal(), NONCE)
    assert await once.claim(principal(), NONCE, key) == Claim(is_first=True)


async def test_another_users_ticket_is_another_ticket(once: Once, key: CompanyKey) -> None:
    await once.claim(principal(1, 11), NONCE, key)
    for who in (principal(1, 12), principal(2, 11), principal(11, 1)):
        assert (await once.claim(who, NONCE, key)).is_first


async def test_an_answer_outlives_its_ticket_and_not_the_day(once: Once, key: CompanyKey, raw: Redis) -> None:
    await once.claim(principal(), NONCE, key)
    assert 3600 < await raw.ttl(keys.ticket(principal(), NONCE)) <= 86400
    await once.settle(principal(), NONCE, key, b"answer")
    assert 3600 < await raw.ttl(keys.ticket(principal(), NONCE)) <= 86400


async def test_an_answer_that_was_moved_does_not_open(once: Once, key: CompanyKey, raw: Redis) -> None:
    await once.claim(principal(), NONCE, key)
    await once.settle(principal(), NONCE, key, b"answer")
    moved = await value(raw, keys.ticket(principal(), NONCE))
    for who, nonce in ((principal(1, 12), NONCE), (principal(), NONCE[::-1])):
        await raw.set(keys.ticket(who, nonce), moved)
        with pytest.raises(TokenUnreadable):
            await once.claim(who, nonce, key)


async def test_a_state_is_good_once_and_in_its_browser(once: Once, other: Process) -> None:
    await once.begin_install("state", "browser")
    attempts = [Once(other.connection).finish_install("state", "browser") for _ in range(100)]
    assert sum(await asyncio.gather(*attempts)) == 1
    assert not await once.finish_install("state", "browser")


async def test_another_browser_cannot_finish_and_spoils_the_state(once: Once) -> None:
    await once.begin_install("state", "browser")
    assert not await once.finish_install("state", "other")
    assert not await once.finish_install("state", "browser")


async def test_a_state_that_nobody_began_is_refused(once: Once) -> None:
    for state, browser in (
        ("state", "browser"),
        ("", ""),
        ("\ud800", "\ud800"),
        ("*", "*"),
        ("x" * 10**6, "x"),
    ):
        assert not await once.finish_install(state, browser)


async def test_a_state_is_forgotten_after_ten_minutes_and_lies_there_as_a_hash(
    once: Once, raw: Redis
) -> None:
    await once.begin_install("state-CANARY", "browser-CANARY")
    name = await only_key(raw, "*state*")
    assert 590 < await raw.ttl(name) <= 600
    assert b"CANARY" not in name.encode() + await value(raw, name)


async def test_a_code_is_claimed_once(once: Once, other: Process, raw: Redis) -> None:
    both = (once, Once(other.connection))
    claims = await in_waves([both[number % 2].claim_code("code-CANARY") for number in range(1000)])
    assert sum(claims) == 1
    name = await only_key(raw, "*code*")
    assert b"CANARY" not in name.encode() + await value(raw, name)
    assert 300 < await raw.ttl(name) <= 600
    await once.release_code("code-CANARY")
    assert await once.claim_code("code-CANARY")


async def test_a_lock_is_one_owners_at_a_time(process: Process, other: Process) -> None:
    async with owned(process.connection, "lock", milliseconds=5000) as ours:
        assert ours.is_ours
        for connection in (process.connection, other.connection):
            async with owned(connection, "lock", milliseconds=5000) as theirs:
                assert not theirs.is_ours
        async with owned(other.connection, "lock", milliseconds=5000) as still_theirs:
            assert not still_theirs.is_ours  # who did not get it does not release it
    async with owned(other.connection, "lock", milliseconds=5000) as free:
        assert free.is_ours


async def test_a_lock_ends_by_itself(process: Process, other: Process, raw: Redis) -> None:
    async with owned(process.connection, "lock", milliseconds=5000):
        assert 0 < await raw.pttl("lock") <= 5000
    async with owned(process.connection, "lock", milliseconds=30) as ours:
        await asyncio.sleep(0.05)
        async with owned(other.connection, "lock", milliseconds=5000) as theirs:
            assert ours.is_ours
            assert theirs.is_ours


async def test_a_lock_that_ended_by_itself_is_not_released_by_its_old_owner(
    process: Process, raw: Redis
) -> None:
    async with owned(process.connection, "lock", milliseconds=5000):
        await raw.set("lock", "another owner's")
    assert await value(raw, "lock") == b"another owner's"


async def test_a_lock_is_released_when_its_owner_fails(process: Process) -> None:
    with pytest.raises(ZeroDivisionError):
        async with owned(process.connection, "lock", milliseconds=5000):
            raise ZeroDivisionError
    async with owned(process.connection, "lock", milliseconds=5000) as free:
        assert free.is_ours


async def test_of_many_owners_at_once_one_gets_it(process: Process, other: Process) -> None:
    inside = 0

    async def work(connection: object) -> bool:
        nonlocal inside
        async with owned(connection, "lock", milliseconds=5000) as ours:  # type: ignore[arg-type]  # one of the two
            inside += ours.is_ours
            assert inside <= 1
            await asyncio.sleep(0.05)
            inside -= ours.is_ours
            return ours.is_ours

    both = (process.connection, other.connection)
    assert sum(await asyncio.gather(*(work(both[number % 2]) for number in range(20)))) == 1
