"""Lines that tell a waiting person what happens and how long it took; they work on any terminal or file."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


def say(line: str = "", *, end: str = "\n") -> None:
    """A terminal that has gone away is no reason to leave processes behind."""
    try:
        print(line, end=end, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - stays open as long as the process


@contextmanager
def step(title: str) -> Iterator[None]:
    """Names the step, then its seconds when it is done; a step that fails ends its line."""
    started = time.monotonic()
    say(f"  {title:<28} ", end="")
    done = "stopped"
    try:
        yield
        done = f"{time.monotonic() - started:.1f} s"
    finally:
        say(done)


def complain(sentence: object) -> None:
    with contextlib.suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)
