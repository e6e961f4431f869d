"""Whoever waits for the end of something waits longer than that takes."""

import re

from marketplace_app.cli.serve import KILL_SECONDS, REQUESTS_SECONDS
from marketplace_app.installations.installations import FINISH_SECONDS
from scripts.steps import ROOT


def test_nobody_is_killed_who_still_finishes_a_renewal() -> None:
    (grace,) = re.findall(r"stop_grace_period: (\d+)s", (ROOT / "compose.yaml").read_text())
    told = re.findall(r"\*\*wait (\d+) seconds\*\*", (ROOT / "docs" / "operations.md").read_text())
    assert FINISH_SECONDS < KILL_SECONDS < int(grace)
    assert int(grace) > REQUESTS_SECONDS + FINISH_SECONDS  # uvicorn kills nobody itself
    assert told == [grace]
