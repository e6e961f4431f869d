"""One interleaving: actors of one company begin, step, wait and are killed as a seed decides."""

import asyncio
import hashlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import redis.asyncio

from marketplace_app.composition import Composition
from marketplace_app.domain.principal import Principal
from marketplace_app.pipedrive.client import PipedriveClient
from marketplace_app.pipedrive.resources import users
from marketplace_app.storage import keys
from tests.faults.lab.steps import Actor, Steps

_STEP_SECONDS = 0.15  # then it is waiting for another one: for a lock, or for what that one has begun
_REST_SECONDS = 5.0
_KILL_ODDS = 0.04


@dataclass(frozen=True, slots=True)
class Stage:
    """What all trials share. `redis` is our own way in, for what time does to a lock."""

    every: Sequence[Composition]
    control: httpx2.AsyncClient
    redis: "redis.asyncio.Redis"
    client_id: str

    async def ask(self, what: str, **body: Any) -> dict[str, Any]:
        reply = await self.control.post(f"/_emulator/{what}", json={"client_id": self.client_id, **body})
        found: dict[str, Any] = reply.raise_for_status().json()
        return found

    async def now(self) -> float:
        """On the emulator's clock."""
        return float((await self.control.get("/_emulator/clock")).raise_for_status().json()["now"])


class Trial:
    def __init__(self, stage: Stage, principals: Sequence[Principal], seed: int) -> None:
        self._stage = stage
        self._principals = principals
        self._chance = random.Random(seed)  # noqa: S311 - to be replayed, not to be secret
        self._alive = list(range(len(stage.every)))
        self._actors: list[Actor] = []
        self._last: dict[Principal, str] = {}  # fingerprint of the access token that was stored last
        self._ended: set[Principal] = set()
        self._ends: list[tuple[int, int, str, float]] = []
        self._returns: list[tuple[int, int, str, str]] = []
        self._killed_at: list[str] = []
        self._steps: Counter[str] = Counter()

    async def play(self, plot: Sequence[dict[str, Any]]) -> None:
        """Until all of the plot has begun and whoever lives is done."""
        await self._look()
        waiting = list(plot)
        while waiting or any(not (actor.is_done or actor.is_dead) for actor in self._actors):
            parked = [actor for actor in self._actors if actor.is_parked]
            if parked and self._chance.random() < _KILL_ODDS and len(self._alive) > 2:
                self._kill(self._chance.choice(parked))
            elif waiting and (not parked or self._chance.random() < 0.4):
                await self._begin(waiting.pop(0))
            elif parked:
                actor = self._chance.choice(parked)
                self._steps[actor.step()] += 1
                await actor.settle(_STEP_SECONDS)
            else:
                await self._let_time_pass()
            await self._look()

    def report(self) -> dict[str, Any]:
        """`ends`: when what was stored went, by the emulator's clock; `returns`: token before and after."""
        return {
            "outcomes": Counter(f"{actor.name}: {actor.outcome}" for actor in self._actors),
            "bugs": [actor.outcome for actor in self._actors if (actor.outcome or "").startswith("bug:")],
            "ends": self._ends,
            "returns": self._returns,
            "killed_at": self._killed_at,
            "steps": self._steps,
        }

    async def _begin(self, item: dict[str, Any]) -> None:
        principal = self._principals[item["user"]]
        actor = Actor(item["do"], self._chance.choice(self._alive))
        self._actors.append(actor)
        work: Callable[[Principal, Actor], Awaitable[None]] = getattr(self, f"_do_{item['do']}")
        actor.begin(lambda: work(principal, actor))
        await actor.settle(_STEP_SECONDS)

    def _kill(self, chosen: Actor) -> None:
        """The whole process: nothing that is in it goes on, and nobody works in it any more."""
        self._alive.remove(chosen.process)
        for actor in self._actors:
            if actor.process == chosen.process and not actor.is_done:
                self._killed_at += [name for name, _ in actor.gates]
                actor.is_dead = True

    async def _let_time_pass(self) -> None:
        """Everybody waits for somebody: the lock of one that was killed, for which twenty seconds pass."""
        await asyncio.sleep(0.02)
        if any(actor.is_dead for actor in self._actors):
            for principal in self._principals:
                await self._stage.redis.delete(keys.renewal_lock(principal))

    async def _look(self) -> None:
        for principal in self._principals:
            found = await self._stage.every[0].installations._store.find(principal)
            if found is not None:
                token = _print(found.tokens.access_token)
                if principal in self._ended:
                    self._returns.append((*_ids(principal), self._last[principal], token))
                    self._ended.discard(principal)
                self._last[principal] = token
            elif principal in self._last and principal not in self._ended:
                self._ended.add(principal)
                await self._rest()
                self._ends.append((*_ids(principal), self._last[principal], await self._stage.now()))

    async def _rest(self) -> None:
        """Whoever was under way when the end came may have sent its call already."""
        deadline = asyncio.get_running_loop().time() + _REST_SECONDS
        while not all(actor.rests for actor in self._actors):
            if asyncio.get_running_loop().time() > deadline:
                return
            await asyncio.sleep(0.005)

    # What actors do

    async def _do_viewer(self, principal: Principal, actor: Actor) -> None:
        there = self._at(actor).installations
        await self._ask_twice(there.as_viewer(await there.usable(principal)), actor)

    async def _do_company(self, principal: Principal, actor: Actor) -> None:
        await self._ask_twice(await self._at(actor).installations.as_company(principal.company_id), actor)

    async def _do_renew(self, principal: Principal, actor: Actor) -> None:
        there = self._at(actor).installations
        await there._renewal.renew(await there.usable(principal))

    async def _do_round(self, principal: Principal, actor: Actor) -> None:
        await self._at(actor).installations.rounds._next(principal)

    async def _do_check(self, principal: Principal, actor: Actor) -> None:
        await self._at(actor).installations.rounds._check_again(principal, 1, await self._stage.now() + 60)

    async def _do_notice(self, principal: Principal, actor: Actor) -> None:
        await self._at(actor).installations.notice(principal)

    async def _do_revoke(self, principal: Principal, actor: Actor) -> None:
        await self._at(actor).installations.revoke(principal)

    async def _do_replay(self, principal: Principal, actor: Actor) -> None:
        parts = self._at(actor)
        for entry in await parts.journal.entries(principal):
            await parts.installations.replay._replay(entry)

    async def _do_expire_lock(self, principal: Principal, _: Actor) -> None:
        """Whoever holds it has been frozen for longer than it lasts."""
        await self._stage.redis.delete(keys.renewal_lock(principal))

    async def _do_uninstall(self, principal: Principal, _: Actor) -> None:
        company_id, user_id = _ids(principal)
        await self._stage.ask("uninstall", company_id=company_id, user_id=user_id)

    async def _do_reinstall(self, principal: Principal, actor: Actor) -> None:
        rows = await self._stage.ask("codes", user_ids=[principal.user_id])
        await Steps().reach("install.agreed")
        await self._at(actor).installations.install(rows["codes"][0]["code"])

    async def _ask_twice(self, client: PipedriveClient, actor: Actor) -> None:
        await users.me(client)
        await actor.park("job.between")
        await users.me(client)

    def _at(self, actor: Actor) -> Composition:
        return self._stage.every[actor.process]


def _ids(principal: Principal) -> tuple[int, int]:
    return principal.company_id, principal.user_id


def _print(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:12]
