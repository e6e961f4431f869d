"""Control of the emulator as a machine: time, switches, faults, reset, snapshots."""

from typing import Any

from starlette.requests import Request

from pipedrive_emulator.control.requests import ControlRefused, read_json, read_object
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.faults import read_orders
from pipedrive_emulator.snapshots import restore, snapshot, snapshots

# A century: farther away, dates stop being dates.
_LONGEST_JOURNEY = 100 * 366 * 86_400


async def read_clock(_: Request, emulator: Emulator) -> Any:
    return {"now": emulator.clock.now()}


async def advance_clock(request: Request, emulator: Emulator) -> Any:
    seconds = (await read_object(request)).get("advance_seconds")
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise ControlRefused(400, "advance_seconds is a number of seconds.")
    if not seconds <= _LONGEST_JOURNEY:
        raise ControlRefused(400, f"advance_seconds can be {_LONGEST_JOURNEY} at most.")
    await emulator.timers.travel(seconds)
    emulator.ledger.append("clock", advance_seconds=seconds)
    return {"now": emulator.clock.now()}


async def read_switches(_: Request, emulator: Emulator) -> Any:
    return emulator.switches.all()


async def turn_switches(request: Request, emulator: Emulator) -> Any:
    positions = await read_object(request)
    emulator.switches.set(positions)
    emulator.ledger.append("switch", positions=positions)
    return emulator.switches.all()


async def read_faults(_: Request, emulator: Emulator) -> Any:
    return {"faults": emulator.faults.all()}


async def order_faults(request: Request, emulator: Emulator) -> Any:
    """``ordered`` counts requests; a share without a count has no number to add."""
    orders = read_orders(await read_json(request))
    emulator.faults.order(orders)
    return {"ordered": sum(fault.count or 0 for fault in orders)}


async def end_faults(_: Request, emulator: Emulator) -> Any:
    return {"ended": emulator.faults.clear()}


async def reset(_: Request, emulator: Emulator) -> Any:
    emulator.reset()
    return {"seed": emulator.seed}


async def list_snapshots(_: Request, emulator: Emulator) -> Any:
    return {"snapshots": snapshots(emulator)}


async def take_snapshot(request: Request, emulator: Emulator) -> Any:
    return snapshot(emulator, (await read_object(request)).get("name"))


async def restore_snapshot(request: Request, emulator: Emulator) -> Any:
    return restore(emulator, (await read_object(request)).get("name"))
