"""Work that falls due at a moment of the emulator's clock: retries, expiries, jobs, purges.

It is started in order of its due time, in real time as well as during time travel. Nothing of it is stored:
whoever sets timers names an ``arm`` function, which sets them again from the stored state after a start, a
reset and a restored snapshot.
"""

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger

# Called with the moment for which it was ordered, in epoch seconds: follow-ups are counted from there.
Callback = Callable[[float], Awaitable[object] | None]


@dataclass(order=True, slots=True)
class _Entry:
    when: float
    turn: int
    callback: Callback = field(compare=False)
    key: str = field(compare=False)


class Timers:
    def __init__(self, clock: Clock, ledger: Ledger) -> None:
        self._clock = clock
        self._ledger = ledger
        self._queue: list[_Entry] = []
        self._waiting: dict[str, _Entry] = {}
        self._turns = count()
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._travelling = asyncio.Lock()
        self._cleared = 0
        self._arms: list[Callable[[], object]] = []

    def at(self, when: float, callback: Callback, *, key: str | None = None) -> str:
        """Run the callback once the clock has reached ``when``; the answer is its key.

        A key that is already waiting is replaced. A moment in the past is due at once.
        """
        turn = next(self._turns)
        entry = _Entry(when, turn, callback, key if key is not None else f"timer-{turn}")
        self._waiting[entry.key] = entry
        heapq.heappush(self._queue, entry)
        self._woken.set()
        return entry.key

    def cancel(self, key: str) -> bool:
        """Whether such a timer was still waiting; one that has begun runs on."""
        return self._waiting.pop(key, None) is not None

    def waiting(self) -> dict[str, float]:
        """Key -> due time of everything that has not begun."""
        return {key: entry.when for key, entry in self._waiting.items()}

    def clear(self) -> None:
        """Forget what waits and stop what runs."""
        self._cleared += 1
        self._queue.clear()
        self._waiting.clear()
        for task in self._under_way:
            task.cancel()

    def armed_by(self, arm: Callable[[], object]) -> None:
        """Remember how one owner sets its timers from the stored state."""
        self._arms.append(arm)

    def disown(self) -> None:
        """Forget the owners: new ones are about to take their places."""
        self._arms.clear()

    def arm(self) -> None:
        """Let every owner set its timers."""
        for arm in self._arms:
            arm()

    async def watch(self) -> None:
        """Start in real time what falls due; runs until it is cancelled."""
        while True:
            self._woken.clear()
            self._start_due(self._clock.now())
            due = self._next_due()
            seconds = None if due is None else max(due - self._clock.now(), 0)
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._woken.wait()

    async def travel(self, seconds: float) -> None:
        """Move the clock, halting at each due time on the way; answers when all that was due has run.

        A journey during which everything is cleared ends there: the clock may have gone back.

        Raises:
            ValueError: for a step back.
        """
        async with self._travelling:
            end, cleared = self._clock.now() + seconds, self._cleared
            self._clock.advance(min(seconds, 0))
            await self._settle()
            while cleared == self._cleared:
                due = self._next_due()
                self._clock.advance(max(min(due or end, end) - self._clock.now(), 0))
                if due is None or due > end:
                    break
                self._start_due(max(due, self._clock.now()))
                await self._settle()
            self._woken.set()

    def _next_due(self) -> float | None:
        while self._queue and self._waiting.get(self._queue[0].key) is not self._queue[0]:
            heapq.heappop(self._queue)
        return self._queue[0].when if self._queue else None

    def _start_due(self, until: float) -> None:
        while (due := self._next_due()) is not None and due <= until:
            entry = heapq.heappop(self._queue)
            del self._waiting[entry.key]
            task = asyncio.get_running_loop().create_task(self._run(entry))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _settle(self) -> None:
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def _run(self, entry: _Entry) -> None:
        try:
            result = entry.callback(entry.when)
            if result is not None:
                await result
        except Exception as error:  # noqa: BLE001 - whatever it was, it must be seen and stop nothing else
            self._ledger.append("timer_failed", timer=entry.key, error=f"{type(error).__name__}: {error}")
