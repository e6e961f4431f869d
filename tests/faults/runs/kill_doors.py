"""Deaths in the middle of an install and of an uninstall: what was told is carried out by who comes after."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, lost
from tests.faults.lab.table import Row
from tests.faults.runs.kill_cells import RECOVERY_SECONDS, Cell, Field, batches, left_by, notice
from tests.harness.servers import until

REPLIED = "install.replied"  # the window: the code is used, and its answer is nowhere yet
INSTALL_KEPT = ("install.journalled", "install.scheduled", "install.stored")
UNINSTALL = ("uninstall.journalled", "uninstall.suspected", "uninstall.scheduled")


def installs(field: Field, driver: DriverProcess, kills: int) -> Callable[[], list[Row]]:
    """An install that was interrupted is finished by itself, or can be done again.

    What comes back is to be called when all have recovered.
    """
    cells = _cells(field.lab, (REPLIED, *INSTALL_KEPT), kills)
    for cell in cells:
        for batch in batches(cell.holders):
            codes = {Holder(row["company_id"], row["user_id"]): row for row in field.lab.codes(batch)}
            deaths = field.die_at_point(cell.name, batch, partial(_install, codes))
            if cell.name != REPLIED:
                field.recover(deaths)
    unkept, kept = cells[0].holders, [holder for cell in cells[1:] for holder in cell.holders]

    def judged() -> list[Row]:
        gone = set(lost(field.lab.grants(), _stored(driver, cells)))
        again = driver.tally(driver.send("install", codes=field.lab.codes(unkept)))
        return [
            Row("installs lost outside the window", len(gone & set(kept)), len(kept)),
            Row("installs lost inside the window", len(gone & set(unkept)), kills, is_figure=True),
            Row("lost installs that cannot be done again", len(again.failed), kills),
        ]

    return judged


def _install(codes: Mapping[Holder, Any], dying: DriverProcess, holder: Holder) -> int:
    return dying.send("install", codes=[codes[holder]])


def uninstalls(field: Field, driver: DriverProcess, kills: int) -> list[Row]:
    """A notice that was taken is carried out: nothing is shown, a visit is due, and no token stays."""
    lab = field.lab
    cells = _cells(lab, UNINSTALL, kills)
    holders = [holder for cell in cells for holder in cell.holders]
    lab.install(driver, holders)
    for holder in holders:
        lab.uninstall(holder)
    late = 0
    for cell in cells:
        for batch in batches(cell.holders):
            late += len(batch) if _carried_out(field, driver, cell.name, batch) > RECOVERY_SECONDS else 0
    now = driver.answer(driver.send("now"))["now"]
    unseen = [holder for holder in holders if not _is_due(lab, holder, now)]
    served = driver.do("call", holders)
    left = driver.stored(holders)
    return [
        Row(f"uninstalls not carried out within {RECOVERY_SECONDS:.0f} s", late, len(holders)),
        Row("uninstalls without a visit that is due", len(unseen), len(holders)),
        Row("I6 served after an uninstall", served.ok, len(holders)),
        Row("I6 tokens left after an uninstall", len(left), len(holders)),
    ]


def _carried_out(field: Field, driver: DriverProcess, point: str, holders: Sequence[Holder]) -> float:
    """How long it took, from the deaths on, until nobody of them is shown and no notice waits any more."""
    deaths = field.die_apart(point, holders, notice)
    restarted = [field.fork("restarted", death.machine) for death in deaths]

    def is_done() -> bool:
        return not any(left_by(death.machine, "uninstall") for death in deaths) and not _active(
            driver, holders
        )

    until(is_done, "the notices to be carried out", 2 * RECOVERY_SECONDS)
    took = time.monotonic() - deaths[0].at
    for each in restarted:
        field.lab.stop(each.name)
    return took


def _cells(lab: Lab, names: Sequence[str], kills: int) -> list[Cell]:
    holders = lab.crowd(kills * len(names))
    return [Cell(name, holders[kills * at : kills * (at + 1)]) for at, name in enumerate(names)]


def _stored(driver: DriverProcess, cells: Sequence[Cell]) -> dict[Holder, str]:
    found = driver.stored([holder for cell in cells for holder in cell.holders])
    return {holder: row["refresh_token"] for holder, row in found.items()}


def _active(driver: DriverProcess, holders: Sequence[Holder]) -> list[Holder]:
    return [holder for holder, row in driver.stored(holders).items() if row["state"] == "active"]


def _is_due(lab: Lab, holder: Holder, now: float) -> bool:
    assert lab.redis is not None
    at = lab.redis.client.zscore("app:schedule", f"{holder.company_id}:{holder.user_id}")
    return at is not None and float(at) <= now + 1
