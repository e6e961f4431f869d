"""REST API: one call from the request line to the envelope."""

from typing import Any

from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.oauth.grants import Grants
from pipedrive_emulator.store import Store
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.world import World


class Api:
    def __init__(
        self, clock: Clock, world: World, ledger: Ledger, switches: Switches, grants: Grants, store: Store
    ) -> None:
        self._world = world

    def call(
        self, user: User, method: str, path: str, query: dict[str, str] | None = None, body: Any = None
    ) -> tuple[int, dict[str, Any]]:
        return 501, {"success": False, "error": "not yet"}

    def reset(self) -> None: ...
