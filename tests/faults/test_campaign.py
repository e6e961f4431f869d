"""The judges: what breaks, what was not looked at and what did not finish ends with 1; shards add up."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.faults.__main__ import main
from tests.faults.lab.campaign import Counts, Form, Shard
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Grant, Holder, lost
from tests.faults.lab.table import Outcome, Row, lines, merged, read, written

TRIALS: Mapping[Form, Counts] = {
    form: {"trials": 100, "processes": 4} for form in ("short", "long", "nightly")
}


@dataclass
class Made:
    """A run that finds what a test tells it to."""

    finds: Callable[[Counts], Outcome]
    NAME: str = "made"
    COUNTS: Mapping[Form, Counts] = field(default_factory=lambda: TRIALS)
    SHARDED: Sequence[str] = ("trials",)
    met: list[tuple[int, Counts]] = field(default_factory=list)

    def run(self, lab: Lab, counts: Counts) -> Outcome:
        self.met.append((lab.seed, counts))
        return self.finds(counts)


def found(broken: int) -> Callable[[Counts], Outcome]:
    return lambda counts: Outcome([Row("I2 grants lost", broken, counts["trials"])])


def test_what_held_ends_with_0_and_stands_in_the_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--seed", "7"], [Made(found(0))], tmp_path) == 0
    said = capsys.readouterr().out
    assert "seed 7" in said
    assert "made | I2 grants lost | 0      | 100  | < 0.03" in said
    assert not list((tmp_path / "labs").iterdir())  # nothing is left of a run that held


def test_one_broken_invariant_ends_with_1_and_leaves_what_the_processes_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], [Made(found(0), "well"), Made(found(1))], tmp_path) == 1
    assert "| 1      | 100  | BROKEN" in capsys.readouterr().out
    assert [folder.name for folder in (tmp_path / "labs").iterdir()] == ["made"]


@pytest.mark.parametrize("rows", [(), (Row("I2 grants lost", 0, 0),)])
def test_a_run_that_looked_at_nothing_ends_with_1(
    rows: Sequence[Row], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], [Made(lambda _: Outcome(rows))], tmp_path) == 1
    assert "BLIND" in capsys.readouterr().out


def test_a_run_that_cannot_finish_ends_with_1_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def raises(_: Counts) -> Outcome:
        raise TimeoutError("nobody came")

    other = Made(found(0), "other")
    assert main([], [Made(raises), other], tmp_path) == 1
    assert other.met
    assert "TimeoutError: nobody came" in capsys.readouterr().out


def test_a_figure_is_reported_and_breaks_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [Row("I2 lost outside the window", 0, 10), Row("lost inside the window", 4, 10, is_figure=True)]
    assert main([], [Made(lambda _: Outcome(rows, ["the window is 90 us"]))], tmp_path) == 0
    said = capsys.readouterr().out
    assert "figure" in said
    assert "made: the window is 90 us" in said


def test_unknown_names_of_runs_end_with_2(tmp_path: Path) -> None:
    assert main(["--run", "nothing"], [Made(found(0))], tmp_path) == 2


def test_the_same_seed_does_the_same_whatever_goes_with_it(tmp_path: Path) -> None:
    runs = [Made(found(0)), Made(found(0), "other")]
    main(["--seed", "3"], runs, tmp_path)
    main(["--seed", "3", "--run", "other"], runs, tmp_path)
    main(["--seed", "4", "--run", "other"], runs, tmp_path)
    seeds = [seed for seed, _ in runs[1].met]
    assert seeds[0] == seeds[1] != seeds[2]
    assert runs[0].met[0][0] != seeds[0]


def test_shards_do_parts_that_add_up_and_one_table_has_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Made(found(0))
    for number in (1, 2, 3):
        assert main(["--form", "nightly", "--shard", f"{number}/3"], [run], tmp_path) == 0
    assert sum(counts["trials"] for _, counts in run.met) == 100
    assert {counts["processes"] for _, counts in run.met} == {4}  # no part of a shard
    assert len({seed for seed, _ in run.met}) == 3
    assert "| 0      | 100  | < 0.03" in capsys.readouterr().out.splitlines()[-1]


def test_what_held_is_not_run_again_and_what_broke_is(tmp_path: Path) -> None:
    run = Made(found(1))
    nightly = ["--form", "nightly", "--shard", "1/2"]
    assert main(nightly, [run], tmp_path) == 1
    run.finds = found(0)
    assert main(nightly, [run], tmp_path) == 0
    assert main(nightly, [run], tmp_path) == 0
    assert len(run.met) == 2
    assert main([*nightly, "--fresh"], [run], tmp_path) == 0
    assert len(run.met) == 3


def test_a_run_that_cannot_be_divided_is_done_by_one_of_the_shards(tmp_path: Path) -> None:
    run = Made(found(0), SHARDED=())
    for number in (1, 2, 3):
        assert main(["--form", "nightly", "--shard", f"{number}/3"], [run], tmp_path) == 0
    assert [counts for _, counts in run.met] == [{"trials": 100, "processes": 4}]


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - argparse prints its own sentence
        Shard.read(text)


def test_lost_is_whose_stored_token_does_not_work_where_it_is_installed() -> None:
    well, stale, missing, gone = (Holder(1, user) for user in range(4))
    alive = Grant(is_installed=True, refresh_tokens=frozenset({"aa"}), access_tokens=frozenset())
    ended = Grant(is_installed=False, refresh_tokens=frozenset(), access_tokens=frozenset({"cc"}))
    held = {well: alive, stale: alive, missing: alive, gone: ended}
    assert lost(held, {well: "aa", stale: "bb", gone: "dd"}) == [stale, missing]


def test_findings_come_back_from_json_as_they_were() -> None:
    outcome = Outcome([Row("a", 1, 2), Row("b", 0, 3, is_figure=True)], ["a note"])
    name, again = read(written("run", outcome))
    assert lines([(name, again)]) == lines([("run", outcome)])
    assert merged([again, outcome]).rows == [Row("a", 2, 4), Row("b", 0, 6, is_figure=True)]
