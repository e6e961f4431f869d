"""One interleaving: actors of one company begin, step, wait and are killed as a seed decides."""

import random
from collections import Counter
from collections.abc import Sequence
from typing import Any

from marketplace_app.domain.principal import Principal
from tests.faults.lab.acts import Acts, Stage, fingerprint
from tests.faults.lab.steps import ASLEEP, Actor, Gate, Scene, Stuck, all_wait

_BEGIN_ODDS, _KILL_ODDS = 0.4, 0.025
_SURVIVORS = 2  # so many of the processes that act are never killed
_STEP_SECONDS, _LOCK_SECONDS = 0.25, 21.0
_MOST_STEPS = 2_000


class Trial:
    """`now` is where the trial's own time begins, a whole second."""

    def __init__(self, stage: Stage, principals: Sequence[Principal], seed: int, now: int) -> None:
        self._stage = stage
        self._principals = principals
        self._chance = random.Random(seed)  # noqa: S311 - to be replayed, not to be secret
        self._acts = Acts(stage)
        self._alive = list(range(stage.survivor))
        self._scene = Scene(now)
        self._actors: list[Actor] = []
        self._records: dict[Principal, bytes | None] = {}
        self._tokens: dict[Principal, str] = {}  # fingerprint of the access token that was stored last
        self._ended: set[Principal] = set()
        self._ends: list[tuple[int, int, str, float]] = []
        self._returns: list[tuple[int, int, str, str]] = []
        self._killed_at: list[str] = []
        self._steps: list[str] = []

    async def play(self, plot: Sequence[dict[str, Any]], last: Sequence[str] = ()) -> None:
        """Until all of the plot has begun and whoever lives is done; then one more acts as `last` says."""
        await self._look()
        waiting = list(plot)
        while await self._go_on(waiting):
            if len(self._steps) > _MOST_STEPS:
                raise Stuck(f"not done after {_MOST_STEPS} steps")
        self._alive = [self._stage.survivor]
        for name in last:
            await self._stage.let_locks_expire(self._principals)
            self._scene.elapsed += _LOCK_SECONDS
            waiting = [{"do": name, "user": user} for user in range(len(self._principals))]
            while await self._go_on(waiting):
                pass

    def report(self) -> dict[str, Any]:
        """`ends`: when what was stored went, by the emulator's clock; `returns`: token before and after."""
        outcomes = [(actor.name, "killed" if actor.is_dead else actor.outcome) for actor in self._actors]
        return {
            "outcomes": outcomes,
            "bugs": [outcome for _, outcome in outcomes if (outcome or "").startswith("bug:")],
            "ends": self._ends,
            "returns": self._returns,
            "killed_at": self._killed_at,
            "steps": self._steps,
            "elapsed": self._scene.elapsed,
        }

    async def _go_on(self, waiting: list[dict[str, Any]]) -> bool:
        """One decision and what comes of it; False when there is nothing left to decide."""
        gates = self._open_gates()
        may_die = bool(gates) and len(self._alive) > _SURVIVORS
        if may_die and self._chance.random() < _KILL_ODDS:
            self._kill(self._chance.choice(gates)[0])
        elif waiting and (not gates or self._chance.random() < _BEGIN_ODDS):
            self._begin(waiting.pop(0))
        elif gates:
            actor, gate = self._chance.choice(gates)
            self._steps.append(f"{actor.name} {gate.name}")
            actor.step(gate)
        elif any(not actor.is_over for actor in self._actors):
            await self._let_time_pass()
        else:
            return False
        self._scene.elapsed += _STEP_SECONDS
        await all_wait(self._actors, self._scene)
        await self._look()
        return True

    def _open_gates(self) -> list[tuple[Actor, Gate]]:
        """In an order that does not depend on who was quicker."""
        return [
            (actor, gate)
            for actor in self._actors
            if not actor.is_dead
            for gate in sorted(actor.gates, key=lambda gate: gate.name)
            if gate.is_open(self._scene)
        ]

    def _begin(self, item: dict[str, Any]) -> None:
        actor = Actor(item["do"], self._chance.choice(self._alive), self._scene)
        self._actors.append(actor)
        self._scene.moves += 1
        self._steps.append(f"{actor.name} begins in {actor.process}")
        actor.begin(self._acts.of(actor, self._principals[item["user"]]))

    def _kill(self, chosen: Actor) -> None:
        """The whole process: nothing that is in it goes on, and nobody works in it any more."""
        self._alive.remove(chosen.process)
        self._scene.moves += 1
        for actor in self._actors:
            if actor.process == chosen.process and not actor.is_over:
                self._killed_at += [gate.name for gate in actor.gates]
                actor.is_dead = True
        self._steps.append(f"process {chosen.process} dies")

    async def _let_time_pass(self) -> None:
        """Everybody waits for the lock of somebody who was killed; until it is over."""
        sleeping = [gate for actor in self._actors if not actor.is_dead for gate in actor.gates]
        if not any(gate.name == ASLEEP for gate in sleeping):
            raise Stuck(f"all wait for each other: {[gate.name for gate in sleeping]}")
        await self._stage.let_locks_expire(self._principals)
        self._scene.elapsed += _LOCK_SECONDS
        self._scene.moves += 1

    async def _look(self) -> None:
        """What stands in Redis now that everybody waits: who has ended since, and who is there again."""
        for principal in self._principals:
            record = await self._stage.record(principal)
            if record == self._records.get(principal):
                continue
            self._records[principal] = record
            ids = (principal.company_id, principal.user_id)
            found = await self._stage.opened(principal) if record else None
            if found is not None:
                token = fingerprint(found.tokens.access_token)
                if principal in self._ended:
                    self._returns.append((*ids, self._tokens[principal], token))
                    self._ended.discard(principal)
                self._tokens[principal] = token
            elif record is None and principal in self._tokens and principal not in self._ended:
                self._ended.add(principal)
                self._ends.append((*ids, self._tokens[principal], await self._stage.now()))


def counted(steps: Sequence[str]) -> Counter[str]:
    """How often somebody stood at each point."""
    return Counter(step.split()[1] for step in steps if len(step.split()) == 2)
