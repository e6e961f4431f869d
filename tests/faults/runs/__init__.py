"""The runs, in the order of the table. A new one: a module like these, and its name here."""

from collections.abc import Sequence

from tests.faults.lab.campaign import Run
from tests.faults.runs import (
    a1_tokens,
    expiry,
    expiry_kills,
    f01_kill,
    f02_killed,
    f04_failover,
    f05_reshaping,
    f06_stuck,
    f08_garbage,
    f09_clock,
    f14_lines,
    f15_cancel,
    f16_rotation,
    f18_restore,
    u1_interleavings,
    x1_markup,
)

RUNS: Sequence[Run] = (
    a1_tokens,
    expiry,
    expiry_kills,
    f01_kill,
    f02_killed,
    f04_failover,
    f05_reshaping,
    f06_stuck,
    f08_garbage,
    f09_clock,
    f14_lines,
    f15_cancel,
    f16_rotation,
    f18_restore,
    u1_interleavings,
    x1_markup,
)
