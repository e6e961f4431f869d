"""Single use, the strictest mode: journals of two machines, callers that leave, the length of the window."""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, holder_of, lost
from tests.faults.lab.table import Row
from tests.faults.runs.kill_cells import Field, has_come, left_by, renew
from tests.harness.servers import until

SAMPLES = 20
_THIRD_SECONDS = 2.5
_MOST_STOPPED = 10  # at once
_PATIENCE_SECONDS = 5.0  # of callers that leave: time to ask, and less than the app itself waits for a reply
_PAST_EXPIRY_SECONDS = 3_700


def other_machine(field: Field, driver: DriverProcess, kills: int) -> Callable[[], list[Row]]:
    """Machines die; another one, which sees nothing of their journals, goes on; then they come back.

    What they had stored is older than what the other has made since, and must change nothing; what they had
    not stored is what the other one lacks. The second half is to be called when the locks have ended.
    """
    lab, holders = field.lab, field.lab.crowd(2 * kills)
    stored, unstored = holders[:kills], holders[kills:]
    lab.install(driver, holders)
    lab.advance(_PAST_EXPIRY_SECONDS)
    deaths = [
        *field.die_at_point("renewal.stored", stored, renew),
        *field.die_at_point("renewal.journalled", unstored, renew),
    ]
    away = [death.machine for death in deaths]

    def second() -> list[Row]:
        lab.advance(_PAST_EXPIRY_SECONDS)
        ours = driver.do("renew", holders, width=len(holders))
        refused = {holder for holder, reason in ours.failed if reason == "renewal_unsettled"}
        assert refused == set(unstored), f"{ours}: the other machine was not needed"
        back = [field.fork("back", machine) for machine in away]
        until(
            lambda: not any(left_by(machine, "renewal") for machine in away),
            "the journals of the machines that came back",
        )
        served = driver.do("call", holders)
        for each in back:
            lab.stop(each.name)
        return [
            Row("I2 grants lost outside the window", len(_lost(lab, driver, holders)), len(holders)),
            Row("callers without an answer once all machines are back", len(served.failed), len(holders)),
        ]

    return second


def late_release(field: Field, driver: DriverProcess, kills: int) -> Callable[[], list[Row]]:
    """Processes that stop for longer than their locks last must not release the locks of who came after them.

    The second half is to be called when the locks have ended.
    """
    lab, count = field.lab, min(kills, _MOST_STOPPED)
    holders = lab.crowd(count)
    lab.install(driver, holders)
    lab.advance(_PAST_EXPIRY_SECONDS)
    stopped = [_stopped_at("renewal.stored", field, holder) for holder in holders]

    def second() -> list[Row]:
        lab.advance(_PAST_EXPIRY_SECONDS)
        ledger, gate = lab.ledger, field.hold("before_send", holders)
        after = field.fork("after")
        first = after.send("renew", principals=holders)
        until(partial(has_come, gate, count), "those that came after", 60)
        for each, _ in stopped:
            lab.thaw(each.name)
        for each, order in stopped:
            each.answer(order)
        third = field.fork("third")
        order = third.send("renew", principals=holders)
        time.sleep(_THIRD_SECONDS)  # whoever finds no lock has asked by then
        beside = gate.arrived - count
        gate.release()
        served = after.tally(first).ok + third.tally(order).ok
        for each in (after, third, *(each for each, _ in stopped)):
            lab.stop(each.name)
        refreshes = ledger.refreshes()
        return [
            Row("I3 asked beside another one after a late release", beside, count),
            Row("I3 not refreshed once after a late release", sum(refreshes[h] != 1 for h in holders), count),
            Row("callers without an answer after a late release", 2 * count - served, 2 * count),
        ]

    return second


def _stopped_at(point: str, field: Field, holder: Holder) -> tuple[DriverProcess, int]:
    place = field.points()
    place.order(point, "stop")
    driver = field.fork("stops", points=place)
    order = renew(driver, holder)
    assert place.wait_taken(point, 60) == driver.pid
    return driver, order


def caller_gone(field: Field, driver: DriverProcess, kills: int) -> Callable[[], list[Row]]:
    """Whoever asked has left when the reply comes: it is kept all the same."""
    lab, count = field.lab, min(kills, 2 * _MOST_STOPPED)
    holders = lab.crowd(count)
    lab.install(driver, holders)
    lab.advance(_PAST_EXPIRY_SECONDS)

    def second() -> list[Row]:
        gate = field.hold("after_commit", holders)
        leaving = field.fork("leaves")
        order = leaving.send("renew", principals=holders, patience=_PATIENCE_SECONDS, width=count)
        until(partial(has_come, gate, count), f"{count} requests of callers that leave", 60)
        left = leaving.tally(order)
        assert left.reasons == {"gave_up": count}, left
        gate.release()
        lab.stop(leaving.name)
        return [Row("I2 grants lost with a caller that left", len(_lost(lab, driver, holders)), count)]

    return second


def measured(field: Field) -> str:
    """From Pipedrive's commit to the synced journal, by the ledger's clock and the point after the sync."""
    lab, points = field.lab, field.points()
    driver = field.fork("measured", points=points, PIPEDRIVE_OAUTH_URL=lab.emulator_url)
    holders = lab.crowd(SAMPLES)
    lab.install(driver, holders)
    lab.advance(_PAST_EXPIRY_SECONDS)
    ledger, kept = lab.ledger, {}
    for holder in holders:
        points.order("renewal.journalled", "hold")
        taken, order = points.folder / f"renewal.journalled.{driver.pid}", renew(driver, holder)
        while not taken.exists():
            pass  # a pause would be in the figure
        kept[holder] = time.time() + lab.offset  # noqa: TID251 (wall time, as the ledger's)
        points.release("renewal.journalled")
        driver.answer(order)
    committed = {holder_of(entry): entry["at"] for entry in ledger.of("token_refreshed")}
    took = sorted((kept[holder] - committed[holder]) * 1e6 for holder in holders)
    return (
        f"the window, from the commit to the synced journal, is {median(took):,.0f} us (median),"
        f" {took[-1]:,.0f} us (worst of {len(took)})"
    )


def _lost(lab: Lab, driver: DriverProcess, holders: list[Holder]) -> set[Holder]:
    stored = {holder: row["refresh_token"] for holder, row in driver.stored(holders).items()}
    return set(lost(lab.grants(), stored)) & set(holders)
