"""What is on its way to receivers: kept until it has arrived or is given up."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from pipedrive_emulator.store import Store
from pipedrive_emulator.timers import Callback, Timers

_SECTION, _ORDERS = "webhook_deliveries", "webhook_orders"


@dataclass(frozen=True, slots=True)
class Delivery:
    """``due`` in epoch seconds; ``held`` until it is released; ``event`` such as ``change.deal``."""

    number: int
    company_id: int
    webhook_id: int
    event: str
    entity_id: str
    body: dict[str, Any]
    due: float
    attempt: int = 1
    held: bool = False


@dataclass(slots=True)
class Orders:
    """What somebody wants to go wrong: numbers of deliveries still to come, and whether all wait."""

    reorder: int = 0
    duplicate: int = 0
    hold: bool = False


class Deliveries:
    def __init__(self, store: Store, timers: Timers) -> None:
        self._store = store
        self._timers = timers
        self._waiting = {int(key): Delivery(**fields) for key, fields in store.load(_SECTION)}
        self._last = max(self._waiting, default=0)
        self.orders = Orders(**dict(store.load(_ORDERS)))

    def add(self, carry: Callable[[Delivery], Callback], **facts: Any) -> None:
        """Plan a first attempt; ``carry`` makes what carries a delivery out."""
        self._last += 1
        delivery = Delivery(number=self._last, **facts)
        if self.orders.hold or self.orders.reorder:
            self._keep(replace(delivery, held=True))
            self._count_reordered(carry)
        else:
            self.plan(carry, delivery)

    def plan(self, carry: Callable[[Delivery], Callback], delivery: Delivery) -> None:
        self._keep(delivery)
        self._timers.at(delivery.due, carry(delivery), key=f"webhook-delivery-{delivery.number}")

    def arm(self, carry: Callable[[Delivery], Callback]) -> None:
        for delivery in list(self._waiting.values()):
            if not delivery.held:
                self.plan(carry, delivery)

    def done(self, delivery: Delivery) -> None:
        self._waiting.pop(delivery.number, None)
        self._store.delete(_SECTION, _key(delivery))

    def order(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self.orders, name, value)
            self._store.put(_ORDERS, name, value)

    def release(self, carry: Callable[[Delivery], Callback], now: float, *, backwards: bool = False) -> int:
        """Send what is held, all due now; answers how many."""
        held = sorted((one for one in self._waiting.values() if one.held), key=lambda one: one.number)
        for delivery in reversed(held) if backwards else held:
            self.plan(carry, replace(delivery, held=False, due=max(now, delivery.due)))
        return len(held)

    def counts(self) -> dict[str, int]:
        held = sum(delivery.held for delivery in self._waiting.values())
        return {"waiting": len(self._waiting) - held, "held": held}

    def _count_reordered(self, carry: Callable[[Delivery], Callback]) -> None:
        """The last of those that come in a wrong order lets all of them go, backwards."""
        if not self.orders.reorder:
            return
        self.order(reorder=self.orders.reorder - 1)
        if not self.orders.reorder and not self.orders.hold:
            latest = max(delivery.due for delivery in self._waiting.values() if delivery.held)
            self.release(carry, latest, backwards=True)

    def _keep(self, delivery: Delivery) -> None:
        self._waiting[delivery.number] = delivery
        self._store.put(_SECTION, _key(delivery), asdict(delivery))


def _key(delivery: Delivery) -> str:
    return f"{delivery.number:09d}"
