"""Put the webhooks together from what a store brings back, and let them listen."""

from pipedrive_emulator.base import Base
from pipedrive_emulator.oauth.installations import Installations
from pipedrive_emulator.webhooks.deliveries import Deliveries
from pipedrive_emulator.webhooks.dispatch import Webhooks
from pipedrive_emulator.world.events import Events


def wire_webhooks(base: Base, events: Events, installations: Installations) -> Webhooks:
    webhooks = Webhooks(base, Deliveries(base.store, base.timers))
    events.subscribe(webhooks.hear)
    installations.watch_ends(webhooks.uninstalled)
    base.world.watch_users(webhooks.user_changed)
    return webhooks
