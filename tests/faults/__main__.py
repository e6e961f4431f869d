"""`python -m tests.faults [--form long] [--shard 2/8] [--seed N] [--run WORD]`: exit 1 when one breaks."""

import argparse
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.faults.lab.campaign import Campaign, Memory, Run, Shard, say
from tests.faults.runs import RUNS

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".cache" / "faults"


def main(arguments: Sequence[str], runs: Sequence[Run] = RUNS, kept: Path = KEPT) -> int:
    """0 when all held, 1 when not, 2 for words that are not understood."""
    parsed = _parser().parse_args(arguments)
    chosen = [run for run in runs if not parsed.run or any(word in run.NAME for word in parsed.run)]
    if not chosen:
        say(f"No run is called like that. There are: {', '.join(run.NAME for run in runs)}.")
        return 2
    memory = Memory(kept / f"nightly-{_commit()}.json") if parsed.form == "nightly" else None
    if memory and parsed.fresh:
        memory.file.unlink(missing_ok=True)
    say(f"seed {parsed.seed}")
    return Campaign(parsed.form, parsed.seed, kept / "labs", parsed.shard, memory).go(chosen)


def _commit() -> str:
    """What held of other code is no news of this one."""
    command = ["git", "rev-parse", "--short=12", "HEAD"]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Runs under fire.")
    parser.add_argument("--form", choices=("short", "long", "nightly"), default="long")
    parser.add_argument("--shard", type=Shard.read, default=Shard(), metavar="2/8", help="only that part")
    parser.add_argument("--seed", type=int, default=1, help="the same seed does the same")
    parser.add_argument("--random", dest="seed", action="store_const", const=random.getrandbits(31))
    parser.add_argument("--run", action="append", default=[], metavar="WORD", help="runs named like it")
    parser.add_argument("--fresh", action="store_true", help="forget what earlier nightly shards found")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
