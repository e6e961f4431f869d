"""Actors that go on only when they are told: each of the app's named points is a place to wait.

Lives in the same process as the app that it leads, one event loop for all. Who is killed waits for ever,
which is all that the others can see of a process that has gone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field

from marketplace_app.errors import MarketplaceAppError

_ACTOR: ContextVar["Actor | None"] = ContextVar("actor", default=None)
_AFTERWORK = "_read_profile_again"
_GLANCE_SECONDS = 0.002


class Steps:
    """The app's Points. What an actor has begun in the background waits as that actor."""

    async def reach(self, name: str) -> None:
        actor = _ACTOR.get()
        if actor is not None:
            await actor.park(name)


@dataclass(slots=True)
class Actor:
    """`process`: which of the compositions it works in. `outcome`: empty when it went well."""

    name: str
    process: int
    gates: list[tuple[str, asyncio.Future[None]]] = field(default_factory=list)
    afterwork: set[asyncio.Task[object]] = field(default_factory=set)
    outcome: str | None = None
    is_dead: bool = False
    task: asyncio.Task[None] | None = None

    def begin(self, work: Callable[[], Awaitable[None]]) -> None:
        context = copy_context()
        context.run(_ACTOR.set, self)
        self.task = asyncio.create_task(self._run(work), context=context)

    @property
    def is_done(self) -> bool:
        return self.outcome is not None

    @property
    def is_parked(self) -> bool:
        return bool(self.gates) and not self.is_dead

    @property
    def rests(self) -> bool:
        """Whether nothing of it can happen now unless somebody lets it."""
        return self.is_dead or ((self.is_done or bool(self.gates)) and not self.afterwork)

    async def park(self, name: str) -> None:
        gate = asyncio.get_running_loop().create_future()
        self.gates.append((name, gate))
        await gate

    def step(self) -> str:
        """Lets it go on from where it waits; where that was."""
        name, gate = self.gates.pop(0)
        gate.set_result(None)
        return name

    async def settle(self, seconds: float) -> None:
        """Until it waits at a point or is done, at most so long: it may be waiting for another one."""
        for _ in range(int(seconds / _GLANCE_SECONDS)):
            if self.is_done or self.gates or self.is_dead:
                return
            await asyncio.sleep(_GLANCE_SECONDS)

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
            self.outcome = ""
        except MarketplaceAppError as error:
            self.outcome = error.reason
        except Exception as error:  # noqa: BLE001 - it becomes a row of the table
            self.outcome = f"bug: {self.name}: {type(error).__name__}: {error}"


def remember_afterwork() -> None:
    """From now on each actor knows what it has begun and not waited for."""
    asyncio.get_running_loop().set_task_factory(_made)  # type: ignore[arg-type]  # as loops call it


def _made(loop: asyncio.AbstractEventLoop, work: object, **facts: object) -> asyncio.Task[object]:
    task: asyncio.Task[object] = asyncio.Task(work, loop=loop, **facts)  # type: ignore[arg-type]
    actor = _ACTOR.get()
    if actor is not None and getattr(work, "__name__", "") == _AFTERWORK:
        actor.afterwork.add(task)
        task.add_done_callback(actor.afterwork.discard)
    return task
