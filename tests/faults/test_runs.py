"""Every run in its short form; `make faults` has the long one, `make nightly` the full counts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.lab.campaign import Run, execute
from tests.faults.lab.table import lines, written
from tests.faults.runs import RUNS

SEED = 1
Record = Callable[[str, object], None]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("run", RUNS, ids=[run.NAME for run in RUNS])
def test_no_invariant_breaks(
    run: Run, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    outcome = execute(run, tmp_path, SEED, run.COUNTS["short"])
    record_property("faults", written(run.NAME, outcome))
    assert outcome.holds, "\n".join(lines([(run.NAME, outcome)]))
