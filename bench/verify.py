"""What does the verification of a signed context cost, above the HMAC that no verifier can do without?

    .venv/bin/python bench/verify.py [--rounds 40] [--tokens 2000]

Each round measures both in turns, over tokens that were never seen before; the best round of each counts, for
whatever else the machine does can only add. Processor time of this process, so that waiting is nobody's cost.
Trust the ratio and the difference, not the absolute numbers. `remembered` is a token that comes again, as the
later requests of one panel bring it; `by PyJWT` is one whose header is not spelt as usual.
"""

import argparse
import hashlib
import hmac
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from marketplace_app.domain.context import verify_signed_context
from marketplace_app.domain.context_cache import ContextCache
from tests.makers import NOW, SECRET, claims_of, sign

TARGET_MICROSECONDS = 15.0
ODD_HEADER = {"alg": "HS256", "typ": "JWT", "kid": "1"}


def bare(tokens: Sequence[str]) -> Callable[[], None]:
    """The HMAC and the comparison alone, on octets that are ready."""
    signed = [token.rpartition(".")[0].encode() for token in tokens]
    ready = [(octets, hmac.digest(SECRET, octets, hashlib.sha256)) for octets in signed]

    def work() -> None:
        for octets, mac in ready:
            hmac.compare_digest(hmac.digest(SECRET, octets, hashlib.sha256), mac)

    return work


def whole(tokens: Sequence[str]) -> Callable[[], None]:
    """All of it; a refusal would raise."""
    secrets = (SECRET,)

    def work() -> None:
        for token in tokens:
            verify_signed_context(token, surface="deal-panel", secrets=secrets, now=NOW)

    return work


def remembered(tokens: Sequence[str]) -> Callable[[], None]:
    cache, secrets = ContextCache(len(tokens)), (SECRET,)

    def work() -> None:
        for token in tokens:
            cache.verify(token, surface="deal-panel", secrets=secrets, now=NOW)

    work()
    return work


def best(works: Sequence[Callable[[], None]], rounds: int, count: int) -> list[float]:
    """Microseconds for one token, by the best round of each."""
    found = [float("inf")] * len(works)
    for _ in range(rounds):
        for place, work in enumerate(works):
            began = time.process_time()
            work()
            found[place] = min(found[place], (time.process_time() - began) / count * 1e6)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--tokens", type=int, default=2000)
    options = parser.parse_args()
    tokens = [sign(claims_of(number, number + 1)) for number in range(1, options.tokens + 1)]
    odd = [sign(claims_of(number, number + 1), header=ODD_HEADER) for number in range(1, options.tokens + 1)]
    works = (bare(tokens), whole(tokens), remembered(tokens), whole(odd))
    names = ("bare HMAC", "verification", "remembered", "by PyJWT")
    figures = best(works, options.rounds, options.tokens)
    for name, figure in zip(names, figures, strict=True):
        print(
            f"{name:13} {figure:6.2f} us   {figure / figures[0]:5.1f} x bare   {figure - figures[0]:+6.2f} us"
        )
    above = figures[1] - figures[0]
    print(f"verification above the bare HMAC: {above:.2f} us  (target: at most {TARGET_MICROSECONDS:g})")
    if above > TARGET_MICROSECONDS:
        sys.exit("Verification costs more than it may.")


if __name__ == "__main__":
    main()
