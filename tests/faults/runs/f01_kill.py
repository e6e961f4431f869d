"""F1: processes are killed at every named point of a renewal, an install and an uninstall, in every mode.

What may be lost: with tokens that work once, a grant that Pipedrive has renewed and that is not on our disk
yet; and the code of an install that was exchanged and whose answer is not on our disk yet.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.http_proxy import Stage
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Ledger, lost
from tests.faults.lab.table import Outcome, Row, merged
from tests.faults.runs.kill_cells import RECOVERY_SECONDS, Cell, Field, renew
from tests.faults.runs.kill_doors import INSTALL_KEPT, REPLIED, UNINSTALL, installs, uninstalls
from tests.faults.runs.kill_window import caller_gone, late_release, measured, other_machine

NAME = "F1 kill"
COUNTS: Mapping[Form, Counts] = {
    "short": {"kills": 10},
    "long": {"kills": 40},
    "nightly": {"kills": 200},
}
SHARDED: Sequence[str] = ("kills",)

MODES = ("same", "rotate", "single_use", "single_use_grace")  # of the emulator's refresh_rotation
BEFORE = ("renewal.begun", "renewal.joined", "renewal.locked", "renewal.read")
STAGES: Sequence[Stage] = ("before_send", "after_commit", "after_first_byte", "after_body")
UNKEPT = ("renewal.replied", "renewal.validated")  # and the stages: the window
KEPT = ("renewal.journalled", "renewal.stored", "renewal.followed", "renewal.released")
POINTS = (*BEFORE, *UNKEPT, *KEPT, REPLIED, *INSTALL_KEPT, *UNINSTALL)  # all that the app has
_PAST_EXPIRY_SECONDS = 3_700


def run(lab: Lab, counts: Counts) -> Outcome:
    """Each mode has a Pipedrive and a Redis of its own, side by side; the window is measured in silence."""
    seeds = {mode: lab.chance.getrandbits(31) for mode in MODES}
    with ThreadPoolExecutor(len(MODES)) as pool:
        found = [*pool.map(lambda mode: _in_mode(lab, mode, seeds[mode], counts["kills"]), MODES)]
    with Lab(lab.folder / "window", lab.chance.getrandbits(31)) as alone:
        _begin(alone, "single_use")
        found.append(Outcome([], [measured(Field(alone))]))
    return merged(found)


def _begin(own: Lab, mode: str) -> None:
    own.switches["refresh_rotation"] = mode
    own.start_redis()
    own.start_emulator(proxy=True)


def _in_mode(lab: Lab, mode: str, seed: int, kills: int) -> Outcome:
    with Lab(lab.folder / mode, seed) as own:
        _begin(own, mode)
        field = Field(own)
        driver = field.fork("installs")
        names = [*UNKEPT, *STAGES, *BEFORE, *KEPT]  # whoever leaves a lock behind comes first: it lasts
        holders = own.crowd(kills * len(names))
        own.install(driver, holders)
        cells = [Cell(name, holders[kills * at : kills * (at + 1)]) for at, name in enumerate(names)]
        own.advance(_PAST_EXPIRY_SECONDS)
        ledger = own.ledger
        is_strict = mode == "single_use"
        later = [half(field, driver, kills) for half in (other_machine, late_release) if is_strict]
        leave = caller_gone(field, driver, kills) if is_strict else list
        for cell in cells:
            _kill_in(field, cell, mode)
        installed = installs(field, driver, kills)
        rows = [*uninstalls(field, driver, kills), *leave()]  # while others wait for locks to end
        field.join()
        judged, notes = _judge(own, driver, cells, ledger, mode)
        rows += [*judged, *installed()]
        for second in later:
            rows += second()
        looked, leaks = own.leaks()
        rows += [*_of_deaths(field, kills), Row("I7 files with a secret in the clear", len(leaks), looked)]
        return Outcome(rows, [*notes, *leaks, _times(field, mode)])


def _kill_in(field: Field, cell: Cell, mode: str) -> None:
    """Killed, and started anew at once; what is lost in the window is refused for good."""
    if cell.name in STAGES:
        deaths = field.die_at_stage(cell.name, cell.holders, renew)  # type: ignore[arg-type]  # it is one
    else:
        deaths = field.die_at_point(cell.name, cell.holders, renew)
    is_open = mode == "single_use" and _is_window(cell)
    field.recover(deaths, {"renewal_unsettled", "disconnected"} if is_open else set())


def _is_window(cell: Cell) -> bool:
    return cell.name in (*STAGES, *UNKEPT)


def _judge(
    lab: Lab, driver: DriverProcess, cells: Sequence[Cell], ledger: Ledger, mode: str
) -> tuple[list[Row], list[str]]:
    stored = driver.stored([holder for cell in cells for holder in cell.holders])
    gone = set(lost(lab.grants(), {holder: row["refresh_token"] for holder, row in stored.items()}))
    refreshes = ledger.refreshes()
    rows, rates = [], []
    for cell in cells:
        broken, n = len(gone & set(cell.holders)), len(cell.holders)
        if mode == "single_use" and _is_window(cell):
            rows.append(Row("lost inside the window, single use", broken, n, is_figure=True))
            rates.append(f"{cell.name} {broken} of {n}")
        else:
            rows.append(Row("I2 grants lost outside the window", broken, n))
        most = 2 if _is_window(cell) else 1  # one more than needed only when one was in flight
        odd = sum(not 1 <= refreshes[holder] <= most for holder in cell.holders)
        rows.append(Row("I3 refreshed beyond those in flight at a kill, or never", odd, n))
    return rows, [f"{mode}: lost when killed at {', '.join(rates)}"] if rates else []


def _of_deaths(field: Field, kills: int) -> list[Row]:
    found = field.found
    places = (*POINTS, *STAGES)
    return [
        Row("kills that did not happen", found.survived, found.died_at.total() + found.survived),
        Row(
            "points and stages with fewer kills",
            sum(found.died_at[place] < kills for place in places),
            len(places),
        ),
        Row(
            f"I10 not working again within {RECOVERY_SECONDS:.0f} s",
            len(found.slow),
            len(found.slow) + len(found.recovered_in),
        ),
    ]


def _times(field: Field, mode: str) -> str:
    times = field.found.recovered_in
    return (
        f"{mode}: {len(times)} worked again after {median(times):.1f} s (median), {max(times):.1f} s (worst)"
    )
