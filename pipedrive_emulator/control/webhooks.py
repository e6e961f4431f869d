"""Webhooks under control: every one of them, and deliveries that come late, twice or in a wrong order."""

from dataclasses import asdict
from typing import Any

from starlette.requests import Request

from pipedrive_emulator.control.requests import ControlRefused, read_object
from pipedrive_emulator.emulator import Emulator

_NUMBERS, _FLAGS = ("reorder", "duplicate"), ("hold", "release")
_USES = "reorder and duplicate take a whole number, hold true or false, release true."


async def list_webhooks(_: Request, emulator: Emulator) -> Any:
    return _state(emulator)


async def order_deliveries(request: Request, emulator: Emulator) -> Any:
    """``release`` lets go what is held and ends ``hold``; so does ``"hold": false``."""
    body = await read_object(request)
    for name, value in body.items():
        if not _fits(name, value):
            raise ControlRefused(400, f"{name!r}: {_USES}")
    ends_hold = body.get("hold") is False or body.get("release") is True
    changes = {name: body[name] for name in _NUMBERS if name in body}
    if "hold" in body or ends_hold:
        changes["hold"] = not ends_hold
    emulator.webhooks.deliveries.order(**changes)
    released = emulator.webhooks.release() if ends_hold else 0
    return {"released": released, **_state(emulator)}


def _fits(name: str, value: Any) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return (name in _NUMBERS and is_number) or (name in _FLAGS and isinstance(value, bool))


def _state(emulator: Emulator) -> dict[str, Any]:
    deliveries = emulator.webhooks.deliveries
    orders = asdict(deliveries.orders)
    return {"webhooks": emulator.webhooks.rows(), **deliveries.counts(), "orders": orders}
