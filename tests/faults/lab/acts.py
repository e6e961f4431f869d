"""What an actor does in a trial: the user, Pipedrive, the operator, and the app's own jobs."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import redis.asyncio

from marketplace_app.composition import Composition
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.installations.forgetting import Forgetting
from marketplace_app.installations.notices import CHECKS_SECONDS
from marketplace_app.pipedrive.client import PipedriveClient
from marketplace_app.pipedrive.resources import users
from marketplace_app.storage.installations import InstallationStore
from marketplace_app.storage.journal import Entry
from tests.faults.lab.steps import Actor

_STATE = re.compile(rb"2 \d+ ([a-z]+) ")
_TOMBSTONE = "uninstalled"
_YOUNG_SECONDS, _SPACING_SECONDS = 5, 60  # of an entry of the journal; between two refusals that count


@dataclass(frozen=True, slots=True)
class Stage:
    """What all trials share. The last of `every` is nobody's until the others are gone.

    `redis` is our own way in: to see what stands there, and for what time does to a lock.
    """

    every: Sequence[Composition]
    control: httpx2.AsyncClient
    redis: "redis.asyncio.Redis"
    client_id: str

    @property
    def survivor(self) -> int:
        return len(self.every) - 1

    async def ask(self, what: str, **body: Any) -> dict[str, Any]:
        return await self._asked(what, {"client_id": self.client_id, **body})

    async def deactivate(self, user_id: int) -> None:
        await self._asked(f"users/{user_id}", {"active": False})

    async def now(self) -> float:
        """On the emulator's clock."""
        return float((await self.control.get("/_emulator/clock")).raise_for_status().json()["now"])

    async def record(self, principal: Principal) -> bytes | None:
        """As it stands in Redis; None for none and for a tombstone."""
        found = cast("bytes | None", await self.redis.get(_name(principal, "installation")))
        state = _STATE.match(found) if found else None
        assert found is None or state is not None, f"a record of another form: {found!r}"
        return None if state is None or state[1].decode() == _TOMBSTONE else found

    async def opened(self, principal: Principal) -> Installation | None:
        return await self.every[self.survivor].installations._store.find(principal)

    async def let_locks_expire(self, principals: Sequence[Principal]) -> None:
        await self.redis.delete(*(_name(principal, "renewal") for principal in principals))

    async def _asked(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        reply = await self.control.post(f"/_emulator/{what}", json=body)
        found: dict[str, Any] = reply.raise_for_status().json()
        return found


class Acts:
    """Each method is an act of a plot, by its name; what the app refuses is that act's outcome."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def of(self, actor: Actor, principal: Principal) -> Callable[[], Awaitable[None]]:
        act: Callable[[Principal, Actor], Awaitable[None]] = getattr(self, actor.name)
        return lambda: act(principal, actor)

    async def viewer(self, principal: Principal, actor: Actor) -> None:
        there = self._at(actor).installations
        await self._ask_twice(there.as_viewer(await there.usable(principal)), actor)

    async def company(self, principal: Principal, actor: Actor) -> None:
        there = self._at(actor).installations
        await self._ask_twice(await there.as_company(principal.company_id), actor)

    async def renew(self, principal: Principal, actor: Actor) -> None:
        there = self._at(actor).installations
        await there._renewal.renew(await there.usable(principal))

    async def round(self, principal: Principal, actor: Actor) -> None:
        await self._at(actor).installations.rounds._next(principal)

    async def check(self, principal: Principal, actor: Actor) -> None:
        """The first of those that follow a notice, as if that had come just now."""
        parts = self._at(actor)
        await parts.installations.rounds._check_again(principal, 1, parts.clock.now() + CHECKS_SECONDS[0])

    async def replay(self, principal: Principal, actor: Actor) -> None:
        """What another process may do with what is noted of this one, and of nobody else."""
        parts = self._at(actor)
        for entry in await parts.journal.entries():
            is_old = parts.clock.now() - entry.written_at >= _YOUNG_SECONDS
            if _is_about(entry, principal) and (is_old or entry.kind == "uninstall"):
                await parts.installations.replay._replay(entry)

    async def notice(self, principal: Principal, actor: Actor) -> None:
        await self._at(actor).installations.notice(principal)

    async def revoke(self, principal: Principal, actor: Actor) -> None:
        await self._at(actor).installations.revoke(principal)

    async def forget(self, principal: Principal, actor: Actor) -> None:
        """As the operator's command does."""
        parts = self._at(actor)
        there = parts.installations
        store = cast("InstallationStore", _Stepwise(there._store, actor))
        forgetting = Forgetting(store, parts.connection, parts.journal, there.revoke, parts.clock)
        await forgetting.forget(principal.company_id)

    async def uninstall(self, principal: Principal, _: Actor) -> None:
        await self._stage.ask("uninstall", company_id=principal.company_id, user_id=principal.user_id)

    async def deactivate(self, principal: Principal, _: Actor) -> None:
        await self._stage.deactivate(principal.user_id)

    async def reinstall(self, principal: Principal, actor: Actor) -> None:
        rows = await self._stage.ask("codes", user_ids=[principal.user_id])
        await actor.park("install.agreed")
        await self._at(actor).installations.install(rows["codes"][0]["code"])

    async def expire_lock(self, principal: Principal, _: Actor) -> None:
        """Whoever holds it has been frozen for longer than it lasts."""
        await self._stage.let_locks_expire([principal])

    async def wait(self, _: Principal, actor: Actor) -> None:
        actor.scene.elapsed += _YOUNG_SECONDS + 1

    async def wait_long(self, _: Principal, actor: Actor) -> None:
        actor.scene.elapsed += _SPACING_SECONDS + 1

    async def _ask_twice(self, client: PipedriveClient, actor: Actor) -> None:
        await users.me(client)
        await actor.park("job.between")
        await users.me(client)

    def _at(self, actor: Actor) -> Composition:
        return self._stage.every[actor.process]


class _Stepwise:
    """A store after each answer of which the actor waits to be told."""

    def __init__(self, store: InstallationStore, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        async def stepwise(*facts: Any) -> Any:
            found = await getattr(self._store, name)(*facts)
            await self._actor.park(f"forget.{name}")
            return found

        return stepwise


def fingerprint(token: str) -> str:
    """The emulator's way to name a token."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def _is_about(entry: Entry, principal: Principal) -> bool:
    """A grant that nobody has asked whose it is: the emulator's refresh tokens say so."""
    if entry.company_id:
        return entry.is_of(principal)
    token: str = json.loads(entry.plain)["refresh_token"]
    return token.startswith(f"{principal.company_id}:{principal.user_id}:")


def _name(principal: Principal, what: str) -> str:
    return f"app:{{{principal.company_id:d}}}:{principal.user_id:d}:{what}"
