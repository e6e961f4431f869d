"""A process's renewal against a token endpoint that answers as a test wants."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.installations.pending import Pending
from marketplace_app.installations.renewal import Renewal, RenewalParts
from marketplace_app.pipedrive.authorization import AuthorizationServer, Grant
from marketplace_app.storage.in_doubt import Doubts
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.schedule import Schedule
from tests.integration.storage.process import KEYS, Process
from tests.makers import StoppedClock


class TokenEndpoint(AuthorizationServer):
    """Gives a new access token each time, after a moment in which others can come."""

    def __init__(self) -> None:
        super().__init__("https://oauth.pipedrive.com", "client", ["s" * 32], "https://app.example.com/cb")
        self.asked_with: list[str] = []
        self.error: Exception | None = None
        self.seconds = 0.05
        self.reply = Grant("", "refresh-new", 3599, "https://acme.pipedrive.com", ("base",))

    async def refresh(self, refresh_token: str) -> Grant:
        self.asked_with.append(refresh_token)
        await asyncio.sleep(self.seconds)
        if self.error:
            raise self.error
        return replace(self.reply, access_token=f"v1u:new-{len(self.asked_with)}")


@dataclass(frozen=True, slots=True)
class Renewing:
    """A process's renewal, and what it has told: of new pairs, and whom to look at again when."""

    process: Process
    journal: Journal
    clock: StoppedClock
    renewal: Renewal
    told: list[Installation]
    again: list[float]


def renewing(
    process: Process, endpoint: TokenEndpoint, spool: Path, clock: StoppedClock, *, is_believed: bool = True
) -> Renewing:
    told: list[Installation] = []
    again: list[float] = []

    async def refused(_: Principal, at: float) -> None:
        again.append(at)

    async def moved(_: Principal, __: Grant) -> bool:
        return is_believed

    journal = Journal(spool, KeyRing(KEYS), clock)
    parts = RenewalParts(
        store=process.store,
        connection=process.connection,
        authorization=endpoint,
        pending=Pending(process.store, journal, endpoint),
        doubts=Doubts(process.connection, Schedule(process.connection), clock),
        clock=clock,
        renewed=told.append,
        refused=refused,
        moved=moved,
    )
    return Renewing(process, journal, clock, Renewal(parts), told, again)
