"""The lock of a renewal, and whoever leaves while it is held."""

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.installation import Installation
from marketplace_app.errors import PipedriveRefused
from marketplace_app.pipedrive.authorization import LISTEN_SECONDS
from marketplace_app.storage import keys
from tests.integration.storage.renewing import Renewing, TokenEndpoint
from tests.makers import principal

pytestmark = pytest.mark.anyio


async def test_a_refusal_is_compared_with_what_is_there_by_then(
    here: Renewing, there: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    """Somebody else's renewal is what made Pipedrive refuse this one: nothing more is asked."""
    endpoint.error, endpoint.seconds = PipedriveRefused(400, "invalid_grant"), 0.2
    before = replace(old, previous_refresh_token="previous", generation=2)
    assert await here.process.store.renew(before)
    asking = asyncio.create_task(here.renewal.renew(before))
    await asyncio.sleep(0.1)
    newer = replace(before.tokens, access_token="v1u:elsewhere")
    assert await there.process.store.renew(replace(before, tokens=newer, generation=3))
    assert (await asking).tokens == newer
    assert len(endpoint.asked_with) == 1


async def test_the_lock_outlives_the_longest_answer(
    here: Renewing, endpoint: TokenEndpoint, old: Installation, raw: Redis
) -> None:
    """While Pipedrive is asked nobody else may: not when the answer comes as late as anybody listens."""
    endpoint.seconds = 0.2
    asking = asyncio.create_task(here.renewal.renew(old))
    await asyncio.sleep(0.1)
    left = await raw.pttl(keys.renewal_lock(principal()))
    await asking
    assert left > (LISTEN_SECONDS + 4) * 1000  # and some seconds to store it
    assert not await raw.exists(keys.renewal_lock(principal()))


async def test_a_lock_that_is_somebody_elses_by_now_is_left_to_them(
    here: Renewing, endpoint: TokenEndpoint, old: Installation, raw: Redis
) -> None:
    """Its holder stood still until it had ended, and another one has taken it."""
    endpoint.seconds = 0.2
    asking = asyncio.create_task(here.renewal.renew(old))
    await asyncio.sleep(0.1)
    await raw.set(keys.renewal_lock(principal()), "another owner", px=60_000)
    await asking
    assert await raw.get(keys.renewal_lock(principal())) == b"another owner"


async def test_a_reply_is_kept_when_everybody_who_asked_has_left(
    here: Renewing, endpoint: TokenEndpoint, old: Installation
) -> None:
    endpoint.seconds = 0.2
    leaving = asyncio.create_task(here.renewal.renew(old))
    await asyncio.sleep(0.1)
    leaving.cancel()
    await asyncio.wait(here.renewal.running)
    found = await here.process.store.find(principal())
    assert found is not None
    assert found.tokens.access_token == "v1u:new-1"
