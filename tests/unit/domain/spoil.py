"""How tests spoil a token: each mutator gives a text that no verifier may accept at NOW with SECRET."""

from collections.abc import Callable
from random import Random
from typing import Any

from tests.makers import claims_of, sign

Mutator = Callable[[Random], str]
ID_LIMIT = 2**53
URLSAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def claims(random: Random) -> dict[str, Any]:
    return claims_of(
        random.randrange(1, ID_LIMIT), random.randrange(1, ID_LIMIT), life=random.randrange(1, 300)
    )


def good(random: Random) -> str:
    return sign(claims(random))


def spoilt(random: Random, **changes: Any) -> str:
    """Properly signed, with these claims instead of good ones."""
    return sign(claims(random) | changes)


def under(random: Random, header: object) -> str:
    """Properly signed, with another header."""
    return sign(claims(random), header=header)


def at(text: str, place: int, what: str, width: int = 0) -> str:
    return text[:place] + what + text[place + width :]


def mutators_in(module: dict[str, Any]) -> dict[str, Mutator]:
    """The functions of a module of mutators, by the sentence that each is named."""
    return {
        name: made for name, made in module.items() if getattr(made, "__module__", "") == module["__name__"]
    }
