"""One value that holds a whole Pipedrive; every room is handed it, nothing is global."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from secrets import token_hex

from pipedrive_emulator.addresses import Addresses
from pipedrive_emulator.api.api import Api
from pipedrive_emulator.api.wiring import wire_api
from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.base import Base, lay_base
from pipedrive_emulator.faults import Faults
from pipedrive_emulator.messaging.inbox import Inbox
from pipedrive_emulator.oauth.installations import Installations
from pipedrive_emulator.oauth.oauth import OAuth
from pipedrive_emulator.oauth.wiring import wire_installations, wire_oauth
from pipedrive_emulator.place import Place
from pipedrive_emulator.signing import fingerprint
from pipedrive_emulator.store import MemoryStore, Store
from pipedrive_emulator.surfaces import Load, surface_token, surface_url
from pipedrive_emulator.webhooks.dispatch import Webhooks
from pipedrive_emulator.webhooks.wiring import wire_webhooks
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.events import Events


@dataclass(slots=True)
class Emulator(Base):
    """Reset and restore replace the parts, all at once: take a part from here whenever you need it."""

    faults: Faults
    installations: Installations
    oauth: OAuth
    events: Events
    api: Api
    webhooks: Webhooks
    inbox: Inbox

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
        """Back to the start; registered apps, snapshots and the ledger stay."""
        with self.store.batch():
            self.store.wipe("apps")
            self.clock.reset()
            self.restart()
            self.ledger.append("reset", seed=self.seed)

    def restart(self) -> None:
        """Build the parts anew from the store, as a new process would; an empty world is planted."""
        revisions = self.world.revisions()
        self.timers.clear()
        self.timers.disown()
        fresh = build_emulator(
            self.addresses, seed=self.seed, store=self.store, switches=self.presets, running=self
        )
        fresh.world.outdo(revisions)
        for field in fields(self):
            setattr(self, field.name, getattr(fresh, field.name))
        self.timers.arm()


def build_emulator(
    addresses: Addresses,
    *,
    seed: str = "small",
    store: Store | None = None,
    switches: Mapping[str, str] | None = None,
    running: Emulator | None = None,
) -> Emulator:
    """Wire the parts; a store that remembers a world keeps it, an empty one is planted.

    Clock, ledger and timers go on where they are when there is a ``running`` emulator to take them from.
    """
    base = lay_base(addresses, seed, store or MemoryStore(), dict(switches or {}), running)
    installations = wire_installations(base)
    events = Events()
    return Emulator(
        **{field.name: getattr(base, field.name) for field in fields(base)},
        faults=Faults(base.store, seed),
        installations=installations,
        oauth=wire_oauth(base, installations),
        events=events,
        api=wire_api(base, events),
        webhooks=wire_webhooks(base, events, installations),
        inbox=_inbox(base, events),
    )


def _inbox(base: Base, events: Events) -> Inbox:
    inbox = Inbox(base)
    events.subscribe(inbox.hear)
    return inbox
