"""One value that holds a whole Pipedrive; every room is handed it, nothing is global."""

from dataclasses import dataclass
from secrets import token_hex

from pipedrive_emulator.addresses import Addresses
from pipedrive_emulator.api.api import Api
from pipedrive_emulator.apps import App, Apps, Surface
from pipedrive_emulator.clock import Clock
from pipedrive_emulator.faults import Faults
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.oauth.grants import Grants
from pipedrive_emulator.oauth.oauth import OAuth
from pipedrive_emulator.place import Place
from pipedrive_emulator.signing import fingerprint
from pipedrive_emulator.store import MemoryStore, Store
from pipedrive_emulator.surfaces import Load, surface_token, surface_url
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.timers import Timers
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.seed import plant
from pipedrive_emulator.world.world import World


@dataclass(frozen=True, slots=True)
class Emulator:
    addresses: Addresses
    seed: str
    store: Store
    clock: Clock
    world: World
    ledger: Ledger
    switches: Switches
    faults: Faults
    apps: Apps
    grants: Grants
    oauth: OAuth
    api: Api
    timers: Timers

    def surface_token(self, app: App, surface: Surface, user: User) -> str:
        """A fresh token for one extension and user; the ledger notes that it was made."""
        token = surface_token(surface, user, self.clock.now())
        self.ledger.append(
            "surface_token",
            company_id=user.company_id,
            user_id=user.id,
            client_id=app.client_id,
            surface=surface.name,
            token=fingerprint(token),
        )
        return token

    def load_surface(
        self, app: App, surface: Surface, user: User, place: Place, theme: str = "light"
    ) -> tuple[str, Load]:
        """The address for one load of a surface, with a fresh token and a runtime id made for it alone."""
        load = Load(self.surface_token(app, surface, user), f"rt_{token_hex(8)}", theme)
        return surface_url(surface, user, place, load, self.switches), load

    def reset(self) -> None:
        """Everything but the registered apps and the ledger goes back to what it was at the start."""
        with self.store.batch():
            self.clock.reset()
            self.switches.reset()
            self.faults.clear()
            self.timers.clear()
            self.oauth.callbacks.cancel()
            self.grants.clear()
            self.api.reset()
            self.world.clear()
            plant(self.world, self.seed, self.clock.now())
            self.ledger.append("reset", seed=self.seed)
            self.timers.arm()


def build_emulator(
    addresses: Addresses,
    *,
    seed: str = "small",
    store: Store | None = None,
    switches: dict[str, str] | None = None,
) -> Emulator:
    """Wire the parts; a store that remembers a world keeps it, an empty one is planted."""
    kept = store or MemoryStore()
    clock, world = Clock(kept), World(kept)
    ledger, positions = Ledger(clock, kept), Switches(kept, switches)
    apps, grants = Apps(kept), Grants(clock, kept)
    timers = Timers(clock, ledger)
    if not world.companies():
        with kept.batch():
            plant(world, seed, clock.now())
    return Emulator(
        addresses=addresses,
        seed=seed,
        store=kept,
        clock=clock,
        world=world,
        ledger=ledger,
        switches=positions,
        faults=Faults(),
        apps=apps,
        grants=grants,
        oauth=OAuth(
            addresses=addresses,
            clock=clock,
            ledger=ledger,
            switches=positions,
            apps=apps,
            grants=grants,
        ),
        api=Api(clock, world, ledger, positions, grants, kept),
        timers=timers,
    )
