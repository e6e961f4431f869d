"""Actors that go on only when they are told: each of the app's named points is a place to wait.

Lives in the same process as the app that it leads, one event loop for all. Who is killed waits for ever,
which is all that the others can see of a process that has gone. Nobody is told to go on before all others
wait, and the app's time is the scene's own: what a seed decides happens in the same order again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field

from marketplace_app.clock import Clock
from marketplace_app.errors import MarketplaceAppError
from marketplace_app.installations import Installations
from marketplace_app.installations.access import InstalledAccess
from marketplace_app.installations.renewal import Renewal

JOINED = "renewal.joined"  # the app is about to wait for what another caller has begun
ASLEEP = "clock.asleep"
_ACTOR: ContextVar["Actor | None"] = ContextVar("actor", default=None)
_AFTERWORK = (Installations._after_renewal.__name__, InstalledAccess._renew_ahead.__name__)
_RENEWAL = Renewal._watched.__name__
_PATIENCE_SECONDS = 60.0


class Stuck(Exception):
    """Somebody neither waits at a point nor is done: the app waits for what the scene does not know of."""


@dataclass(slots=True)
class Scene:
    """What the actors of one trial share; `moves` counts what could have changed something."""

    began_at: float
    elapsed: float = 0.0
    moves: int = 0
    stir: asyncio.Event = field(default_factory=asyncio.Event)
    renewals: dict[int, set[asyncio.Task[object]]] = field(default_factory=dict)  # by process


@dataclass(slots=True)
class Gate:
    """Where somebody waits. Closed as long as what it waits for itself has not happened."""

    name: str
    future: asyncio.Future[None]
    awaited: frozenset[asyncio.Task[object]]
    since: int  # the scene's moves

    def is_open(self, scene: Scene) -> bool:
        if self.name == ASLEEP:
            return scene.moves > self.since
        return all(task.done() for task in self.awaited)


@dataclass(slots=True)
class Actor:
    """`process`: which of the compositions it works in. `outcome`: empty when it went well."""

    name: str
    process: int
    scene: Scene
    gates: list[Gate] = field(default_factory=list)
    strands: set[asyncio.Task[object]] = field(default_factory=set)  # its own, and what it leaves to itself
    outcome: str | None = None
    is_dead: bool = False

    def begin(self, work: Callable[[], Awaitable[None]]) -> None:
        context = copy_context()
        context.run(_ACTOR.set, self)
        self.follow(asyncio.create_task(self._run(work), context=context))

    def follow(self, strand: asyncio.Task[object]) -> None:
        self.strands.add(strand)
        strand.add_done_callback(self._over)

    @property
    def waits(self) -> bool:
        """Whether nothing of it can happen unless somebody lets it: each strand is at a gate."""
        return self.is_dead or len(self.gates) >= len(self.strands)

    @property
    def is_over(self) -> bool:
        return self.is_dead or not self.strands

    async def park(self, name: str) -> None:
        awaited = self.scene.renewals.get(self.process, set()) if name == JOINED else ()
        gate = Gate(name, asyncio.get_running_loop().create_future(), frozenset(awaited), self.scene.moves)
        self.gates.append(gate)
        self.scene.stir.set()
        await gate.future

    def step(self, gate: Gate) -> None:
        """Lets it go on from there."""
        self.gates.remove(gate)
        self.scene.moves += gate.name != ASLEEP
        gate.future.set_result(None)

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
            self.outcome = ""
        except MarketplaceAppError as error:
            self.outcome = error.reason
        except Exception as error:  # noqa: BLE001 - it becomes a row of the table
            self.outcome = f"bug: {self.name}: {type(error).__name__}: {error}"

    def _over(self, strand: asyncio.Task[object]) -> None:
        self.strands.discard(strand)
        self.scene.stir.set()


async def all_wait(actors: list[Actor], scene: Scene) -> None:
    """Returns when each of them is over or waits to be told. Raises Stuck."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not all(actor.waits for actor in actors):
                scene.stir.clear()
                await scene.stir.wait()
    except TimeoutError:
        at_work = [actor.name for actor in actors if not actor.waits]
        raise Stuck(f"{', '.join(at_work)} did not come to a point") from None


class Steps:
    """The app's Points. What an actor has begun in the background waits as that actor."""

    async def reach(self, name: str) -> None:
        actor = _ACTOR.get()
        if actor is not None:
            await actor.park(name)


@dataclass(frozen=True, slots=True)
class SceneClock:
    """The app's Clock: an actor's time passes as its scene says, everybody else's as `outside` does."""

    outside: Clock

    def now(self) -> float:
        actor = _ACTOR.get()
        return actor.scene.began_at + actor.scene.elapsed if actor else self.outside.now()

    async def sleep(self, seconds: float) -> None:
        actor = _ACTOR.get()
        if actor is None:
            await self.outside.sleep(seconds)
        else:
            await actor.park(ASLEEP)


def know_strands() -> None:
    """From now on each actor knows what it has begun and not waited for."""
    asyncio.get_running_loop().set_task_factory(_made)  # type: ignore[arg-type]  # as loops call it


def _made(loop: asyncio.AbstractEventLoop, work: object, **facts: object) -> asyncio.Task[object]:
    task: asyncio.Task[object] = asyncio.Task(work, loop=loop, **facts)  # type: ignore[arg-type]
    actor = _ACTOR.get()
    name = getattr(work, "__name__", "")
    if actor is not None and name in _AFTERWORK:
        actor.follow(task)
    if actor is not None and name == _RENEWAL:
        running = actor.scene.renewals.setdefault(actor.process, set())
        running.add(task)
        task.add_done_callback(running.discard)
    return task
