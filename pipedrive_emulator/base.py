"""What the rooms of the emulator lean on, gathered so that each can be wired from one value."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipedrive_emulator.addresses import Addresses
from pipedrive_emulator.apps import Apps
from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.oauth.grants import Grants
from pipedrive_emulator.store import Store
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.timers import Timers
from pipedrive_emulator.world.seed import plant
from pipedrive_emulator.world.world import World


@dataclass(slots=True)
class Base:
    """``presets`` are the positions of switches that a reset goes back to."""

    addresses: Addresses
    seed: str
    presets: Mapping[str, str]
    store: Store
    clock: Clock
    ledger: Ledger
    timers: Timers
    switches: Switches
    world: World
    apps: Apps
    grants: Grants


def lay_base(
    addresses: Addresses, seed: str, store: Store, presets: Mapping[str, str], running: Base | None
) -> Base:
    """Read the store, plant the seed when it has no world; clock, ledger and timers go on if running."""
    clock = running.clock if running else Clock(store)
    ledger = running.ledger if running else Ledger(clock, store)
    base = Base(
        addresses=addresses,
        seed=seed,
        presets=presets,
        store=store,
        clock=clock,
        ledger=ledger,
        timers=running.timers if running else Timers(clock, ledger),
        switches=Switches(store, presets, insist=running is None),
        world=World(store),
        apps=Apps(store),
        grants=Grants(clock, store),
    )
    if not base.world.companies():
        with store.batch():
            plant(base.world, seed, clock.now())
    return base
