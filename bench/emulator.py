"""How fast is the emulator? Single records and lists as a share of a bare route, and a large world's load.

    .venv/bin/python bench/emulator.py [--seconds 2] [--rounds 3] [--connections 8]

One process serves each side, asked by the same tool, in turns within one run. The limits of the API are
lifted by a switch, everything else is as always: gate, budget, transaction and ledger are in the figures.
The loads are of a --state file that holds ten thousand deals.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.load import Figures, get, measure
from bench.panel import bare_route, report
from pipedrive_emulator.remote import Pipedrive, running_pipedrive

NO_LIMITS = ("--set", "daily_budget=1000000000", "--set", "burst_limit=1000000000")
ASKED = {
    "one deal": "/api/v2/deals/77",
    "the caller": "/api/v1/users/me",
    "deals of a person": "/api/v2/deals?person_id=44",
    "100 deals of 10,000": "/api/v2/deals?limit=100",
}
LEAST_PER_SECOND, MOST_SECONDS = 200, 2.0


def with_token(port: int, path: str, token: str) -> bytes:
    head, end = get(f"127.0.0.1:{port}", path).split(b"\r\n\r\n", 1)
    return head + b"\r\nx-api-token: " + token.encode() + b"\r\n\r\n" + end


@contextmanager
def timed_start(state: Path) -> Iterator[tuple[Pipedrive, float]]:
    """An emulator, and the seconds from its start until it answers."""
    started = time.perf_counter()
    with running_pipedrive("--seed", "large", "--state", str(state), *NO_LIMITS) as pipedrive:
        yield pipedrive, time.perf_counter() - started


def compare(pipedrive: Pipedrive, bare_port: int, options: argparse.Namespace) -> float:
    """Print a line for each question; the answer is the rate of single deals."""
    port, token = urlsplit(pipedrive.url).port or 0, pipedrive.user("Marta Kask")["api_token"]
    how: dict[str, Any] = {"seconds": options.seconds, "connections": options.connections}
    bare = [measure(bare_port, [get("127.0.0.1", "/")], **how) for _ in range(options.rounds)]
    report("bare route", bare)
    rates = {}
    for name, path in ASKED.items():
        rounds = [measure(port, [with_token(port, path, token)], **how) for _ in range(options.rounds)]
        report(name, rounds)
        rates[name] = rate(rounds)
        print(f"{name} / bare route: {rates[name] / rate(bare):.3f}")
        if any(figures.refused for figures in rounds):
            sys.exit("Not every answer was 200, so these figures say nothing.")
    return rates["one deal"]


def rate(rounds: list[Figures]) -> float:
    return median(figures.per_second for figures in rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state.sqlite"
        with timed_start(state) as (_, planting):
            print(f"planting 10,000 deals into a new file: {planting:.2f} s from start to first answer")
        with timed_start(state) as (pipedrive, loading), bare_route() as bare_port:
            print(f"loading them again: {loading:.2f} s  (target: under {MOST_SECONDS:g} s)")
            singles = compare(pipedrive, bare_port, options)
    print(f"single deals: {singles:.0f} a second on one core  (target: at least {LEAST_PER_SECOND})")


if __name__ == "__main__":
    main()
