"""The parts of the authorization server, put together."""

from pipedrive_emulator.base import Base
from pipedrive_emulator.oauth.callback import Callbacks
from pipedrive_emulator.oauth.installations import Installations
from pipedrive_emulator.oauth.oauth import OAuth
from pipedrive_emulator.oauth.shares import Shares
from pipedrive_emulator.oauth.tokens import Tokens


def wire_installations(base: Base) -> Installations:
    callbacks = Callbacks(
        clock=base.clock,
        timers=base.timers,
        ledger=base.ledger,
        switches=base.switches,
        store=base.store,
        grants=base.grants,
    )
    installations = Installations(
        ledger=base.ledger,
        switches=base.switches,
        apps=base.apps,
        grants=base.grants,
        shares=Shares(base.store),
        callbacks=callbacks,
    )
    base.world.watch_users(installations.user_changed)
    return installations


def wire_oauth(base: Base, installations: Installations) -> OAuth:
    return OAuth(
        world=base.world,
        store=base.store,
        grants=base.grants,
        tokens=Tokens(base.addresses, base.world, base.switches, base.grants),
        installations=installations,
    )
