"""Every run in its short form; `make faults` has the long one, `make nightly` the full counts."""

from pathlib import Path

import pytest

from tests.faults.lab.campaign import Run, execute
from tests.faults.lab.table import lines
from tests.faults.runs import RUNS

SEED = 1


@pytest.mark.timeout(300)
@pytest.mark.parametrize("run", RUNS, ids=[run.NAME for run in RUNS])
def test_no_invariant_breaks(run: Run, tmp_path: Path, record_property: pytest.FixtureRequest) -> None:
    outcome = execute(run, tmp_path, SEED, run.COUNTS["short"])
    table = lines([(run.NAME, outcome)])
    record_property("faults", table)
    assert outcome.holds, "\n".join(table)
