"""When a token is renewed ahead of its end: at 80 % of its life, each at a moment of its own."""

from dataclasses import replace
from statistics import mean

import pytest

from tests.makers import NOW, installation

TOKENS = installation().tokens  # of an hour


def share_at(access_token: str) -> float:
    """The part of its life after which it is due, to a thousandth."""
    tokens = replace(TOKENS, access_token=access_token)
    return next(each / 1000 for each in range(1001) if tokens.is_due(NOW + 3.6 * each))


def test_tokens_are_due_at_four_fifths_of_their_life_give_or_take() -> None:
    shares = [share_at(f"v1u:{number}") for number in range(300)]
    assert min(shares) >= 0.75
    assert max(shares) <= 0.851
    assert mean(shares) == pytest.approx(0.8, abs=0.01)


def test_what_was_made_together_is_not_due_together() -> None:
    """And each process says the same of the same token, so that none is asked for twice."""
    shares = [share_at(f"v1u:{number}") for number in range(300)]
    assert len(set(shares)) > 80
    assert shares == [share_at(f"v1u:{number}") for number in range(300)]


@pytest.mark.parametrize("life", [60, 3600, 86_400])
def test_a_token_of_any_life_is_due_before_its_end_and_not_at_its_beginning(life: int) -> None:
    tokens = replace(TOKENS, expires_at=NOW + life)
    assert not tokens.is_due(NOW + 0.74 * life)
    assert tokens.is_due(NOW + 0.86 * life)
    assert tokens.is_due(NOW + 2 * life)
