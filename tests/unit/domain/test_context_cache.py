"""ContextCache: cheaper, and never of another opinion than verify_signed_context."""

import pytest

from marketplace_app.domain.context import SignedContext, verify_signed_context
from marketplace_app.domain.context_cache import ContextCache
from marketplace_app.errors import ContextRejected
from tests.makers import NOW, OTHER_SECRET, SECRET, claims_of, seeded, sign

SECRETS = {"deal-panel": (SECRET,), "settings": (OTHER_SECRET,), "modal": (SECRET, OTHER_SECRET)}


def plain(token: str, surface: str, now: float) -> SignedContext | None:
    try:
        return verify_signed_context(token, surface=surface, secrets=SECRETS[surface], now=now)
    except ContextRejected:
        return None


def cached(cache: ContextCache, token: str, surface: str, now: float) -> SignedContext | None:
    try:
        return cache.verify(token, surface=surface, secrets=SECRETS[surface], now=now)
    except ContextRejected:
        return None


@pytest.mark.parametrize("capacity", [1, 5, 10_000])
def test_the_cache_never_changes_a_verdict(capacity: int) -> None:
    """Surfaces, tokens good and bad, and a clock that jumps both ways, in any order."""
    random, cache = seeded(capacity), ContextCache(capacity)
    tokens = [
        sign(
            claims_of(random.randrange(1, 9), 11, now=NOW + random.randrange(-700, 700)),
            random.choice((SECRET, OTHER_SECRET)),
        )
        for _ in range(40)
    ]
    tokens += [token[:-1] + ("A" if token[-1] != "A" else "B") for token in tokens[:10]] + [
        "",
        "x.y.z",
        "\ud800",
    ]
    verdicts = set()
    for _ in range(12_000):
        token, surface = random.choice(tokens), random.choice(list(SECRETS))
        now = NOW + random.randrange(-1200, 1200)
        expected = plain(token, surface, now)
        assert cached(cache, token, surface, now) == expected
        verdicts.add(expected is None)
    assert verdicts == {True, False}


def test_every_edge_is_the_same_for_a_token_seen_before() -> None:
    token = sign(claims_of())
    for first in (NOW - 10, NOW, NOW + 309):
        cache = ContextCache()
        assert cached(cache, token, "deal-panel", first)
        for now in (NOW - 11, NOW - 10.001, NOW - 10, NOW, NOW + 309, NOW + 309.999, NOW + 310, NOW + 9000):
            assert cached(cache, token, "deal-panel", now) == plain(token, "deal-panel", now)


def test_a_token_seen_before_costs_no_second_verification() -> None:
    """Its secrets are not even looked at, which is why a change of secrets has to forget."""
    cache, token = ContextCache(), sign(claims_of())
    context = cache.verify(token, surface="deal-panel", secrets=(SECRET,), now=NOW)
    assert cache.verify(token, surface="deal-panel", secrets=(), now=NOW) is context
    cache.forget()
    with pytest.raises(ContextRejected):
        cache.verify(token, surface="deal-panel", secrets=(), now=NOW)


def test_the_cache_stays_within_its_capacity() -> None:
    cache = ContextCache(3)
    for user_id in range(1, 20):
        assert cached(cache, sign(claims_of(1, user_id)), "deal-panel", NOW)
    assert len(cache._verified) == 3
