"""The app's installations in this process, on a real Valkey, a real emulator and a folder of the disk."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import MarketplaceAppError
from marketplace_app.installations import Installations
from marketplace_app.installations.installations import Keeping
from marketplace_app.installations.rounds import DAY, Policy
from marketplace_app.installations.upstream import Upstream
from marketplace_app.pipedrive.authorization import AuthorizationServer
from marketplace_app.pipedrive.resources import users
from marketplace_app.pipedrive.transport import ApiTransport
from marketplace_app.settings import HostPattern
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.schedule import Schedule
from tests.emulator.app_behind import CLIENT_ID, SECRETS, AppBehind, running_app
from tests.emulator.client import ACME, HUY, JACK, LINH, LINH_SAIGON, MAI, MARTA, SAIGON, VICTOR
from tests.emulator.process import EmulatorProcess, running_emulator
from tests.integration.storage.conftest import KEYS, Process
from tests.makers import SetClock

_SNAPSHOT = "planted"


class Died(Exception):
    """As if the process had been killed: nothing of ours catches it."""


@dataclass(slots=True)
class Moments:
    """The named points: who got where, and what a test wants to happen there, once."""

    reached: list[str] = field(default_factory=list)
    orders: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)

    async def reach(self, name: str) -> None:
        self.reached.append(name)
        order = self.orders.pop(name, None)
        if order is not None:
            await order()

    def die_at(self, name: str) -> None:
        async def die() -> None:
            raise Died(name)

        self.orders[name] = die


def who(company_id: int, user_id: int) -> Principal:
    return Principal(CompanyId(company_id), UserId(user_id))


# Marta is the admin of Acme, Huy of Saigon Star; Linh has an account in each.
MARTA_, LINH_, JACK_, VICTOR_ = (who(ACME, user_id) for user_id in (MARTA, LINH, JACK, VICTOR))
HUY_, MAI_, LINH_THERE = (who(SAIGON, user_id) for user_id in (HUY, MAI, LINH_SAIGON))


@dataclass(frozen=True, slots=True)
class Pipedrive:
    """The emulator with our app registered, and what is behind the callback URL: it answers, and keeps it."""

    emulator: EmulatorProcess
    app: AppBehind

    def as_planted(self) -> Self:
        self.emulator.control("restore", {"name": _SNAPSHOT})
        self.app.arrivals.clear()
        return self


@contextmanager
def running_pipedrive() -> Iterator[Pipedrive]:
    with running_emulator() as emulator, running_app() as app:
        emulator.control("apps", app.registration())
        emulator.control("snapshot", {"name": _SNAPSHOT})
        yield Pipedrive(emulator, app)


@dataclass(slots=True)
class Life:
    pipedrive: Pipedrive
    since: int  # the number of the ledger's last entry before
    process: Process
    clock: SetClock
    folder: Path
    journal: Journal
    schedule: Schedule
    authorization: AuthorizationServer
    moments: Moments
    installations: Installations

    # ---- at Pipedrive

    def code(self, who: Principal) -> str:
        asked = {"client_id": CLIENT_ID, "user_ids": [who.user_id]}
        return str(self.pipedrive.emulator.control("codes", asked)["codes"][0]["code"])

    def uninstalls(self, who: Principal) -> None:
        """In the Marketplace. Nobody here hears of it until a test passes it on."""
        ids = {"company_id": who.company_id, "user_id": who.user_id}
        assert (
            self.pipedrive.emulator.control("uninstall", {"client_id": CLIENT_ID, **ids})["status"]
            == "uninstalled"
        )

    def fails(self, route: str, kind: str, count: int = 1) -> None:
        self.pipedrive.emulator.control("faults", [{"route": route, "kind": kind, "count": count}])

    def deactivates(self, who: Principal) -> None:
        """An admin does. Nobody here hears of it."""
        self.pipedrive.emulator.control(f"users/{who.user_id}", {"active": False})

    def is_installed(self, who: Principal) -> bool:
        """As Pipedrive has it."""
        grants = self.pipedrive.emulator.control(f"grants?client_id={CLIENT_ID}")["grants"]
        mine = [g for g in grants if (g["company_id"], g["user_id"]) == (who.company_id, who.user_id)]
        return bool(mine) and bool(mine[0]["is_installed"])

    def ledger(self, *kinds: str) -> list[dict[str, Any]]:
        """What happened in this test."""
        found = self.pipedrive.emulator.control(f"ledger?since={self.since}")["entries"]
        return [entry for entry in found if not kinds or entry["kind"] in kinds]

    def advance(self, seconds: float) -> None:
        """Everybody's time."""
        self.pipedrive.emulator.advance(seconds)
        self.clock.time += seconds

    # ---- here

    async def install(self, who: Principal) -> Installation:
        return await self.installations.install(self.code(who))

    async def found(self, who: Principal) -> Installation | None:
        return await self.process.store.find(who)

    async def state(self, who: Principal) -> str:
        standing = await self.process.store.standing(who)
        return standing.state.value if standing else "none"

    async def asks(self, who: Principal) -> int:
        """GET /users/me as a panel of theirs would ask; whose answer came."""
        client = self.installations.as_viewer(await self.installations.usable(who))
        return (await users.me(client)).id

    async def reason(self, who: Principal) -> str:
        """Why they cannot ask; empty when they can."""
        try:
            await self.asks(who)
        except MarketplaceAppError as error:
            return error.reason
        return ""

    async def rounds(self) -> int:
        """All that is due now; how many visits that took."""
        total = 0
        for _ in range(20):
            visits = await self.installations.rounds.visit_due()
            if not visits:
                return total
            total += visits
        raise AssertionError("the rounds visit somebody again and again")

    async def due_in(self, who: Principal, told: int = 0) -> float | None:
        """Seconds until the worker looks at it next."""
        name = f"{who.company_id}:{who.user_id}" + (f":told-{told}" if told else "")
        async for member, at in scores(self.process):
            if member == name:
                return at - self.clock.time
        return None

    async def renew(self, who: Principal) -> Installation:
        """As a use does whose token is over."""
        installation = await self.found(who)
        assert installation is not None
        return await self.installations._renewal.renew(installation)

    async def spooled(self) -> list[str]:
        return [entry.kind for entry in await self.journal.entries()]


async def scores(process: Process) -> AsyncIterator[tuple[str, float]]:
    script = "return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')"
    found = await process.connection.run(script, ["app:schedule"], [])
    for member, score in zip(found[::2], found[1::2], strict=True):
        yield member.decode(), float(score)


@asynccontextmanager
async def living(
    pipedrive: Pipedrive,
    process: Process,
    spool: Path,
    *,
    clock: SetClock | None = None,
    grace_days: float = 30,
    keeps_idle: bool = True,
    secrets: tuple[str, ...] = SECRETS[:1],
) -> AsyncIterator[Life]:
    """Another process of the app, which has its own connection, and the folder with the others."""
    emulator = pipedrive.emulator
    time = clock or SetClock(float(emulator.control("clock")["now"]))
    journal = Journal(spool, KeyRing(KEYS), time)
    schedule, moments = Schedule(process.connection), Moments()
    authorization = AuthorizationServer(emulator.url, CLIENT_ID, secrets, pipedrive.app.callback, moments)
    host = HostPattern("127.0.0.1", port=int(emulator.url.rpartition(":")[2]))
    async with ApiTransport() as transport:
        installations = Installations(
            Keeping(process.store, process.connection, journal, schedule),
            Upstream(authorization, transport, (host,), ("base",)),
            time,
            Policy(grace_days * DAY, keeps_idle),
            moments,
        )
        last = emulator.control("ledger")["entries"][-1:]
        since = last[0]["n"] if last else 0
        yield Life(
            pipedrive, since, process, time, spool, journal, schedule, authorization, moments, installations
        )
        await installations.finish()
    await authorization.close()
