"""One API call, authenticated and parsed, on its way through the engine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.api.operations import Operation
from pipedrive_emulator.clock import rfc3339
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.company import Company, User
from pipedrive_emulator.world.records import Records
from pipedrive_emulator.world.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """``query`` holds parsed values, ``body`` the raw JSON; ``now`` is epoch seconds."""

    operation: Operation
    world: World
    company: Company
    user: User
    switches: Switches
    now: float
    variables: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any

    @property
    def records(self) -> Records:
        """The caller's company's records; no other company's can be reached from here."""
        return self.world.records(self.company.id)

    @property
    def time(self) -> str:
        return rfc3339(self.now)

    def colleague(self, user_id: Any) -> User | None:
        """A user of the caller's own company."""
        user = self.world.user(user_id) if isinstance(user_id, int) else None
        return user if user is not None and user.company_id == self.company.id else None


@dataclass(frozen=True, slots=True)
class Answer:
    data: Any
    additional_data: Mapping[str, Any] | None = None

    def envelope(self) -> dict[str, Any]:
        """https://pipedrive.readme.io/docs/core-api-concepts-responses."""
        more = {} if self.additional_data is None else {"additional_data": dict(self.additional_data)}
        return {"success": True, "data": self.data, **more}
