"""Work that falls due on the emulator's clock: in order, in real time and during time travel."""

import asyncio
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.store import MemoryStore
from pipedrive_emulator.timers import Timers

pytestmark = pytest.mark.anyio


@dataclass
class Bench:
    clock: Clock
    ledger: Ledger
    timers: Timers
    came: list[tuple[str, float]] = field(default_factory=list)

    def order(self, name: str, when: float, key: str | None = None) -> str:
        """Note name, due time and the clock's own time, to the second, when it runs."""
        return self.timers.at(when, lambda due: self.came.append((name, due)), key=key)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.came]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    store = MemoryStore()
    clock = Clock(store)
    ledger = Ledger(clock, store)
    timers = Timers(clock, ledger)
    watching = asyncio.create_task(timers.watch())
    yield Bench(clock, ledger, timers)
    watching.cancel()
    timers.clear()


async def test_travel_runs_in_order_of_due_time_whatever_the_order_of_asking(bench: Bench) -> None:
    start = bench.clock.now()
    for name, seconds in (("third", 300), ("first", 10), ("second", 20), ("too late", 400)):
        bench.order(name, start + seconds)
    await bench.timers.travel(350)
    assert bench.came == [("first", start + 10), ("second", start + 20), ("third", start + 300)]
    assert bench.timers.waiting() == {"timer-3": start + 400}


async def test_the_clock_halts_at_each_due_time_and_ends_where_it_was_sent(bench: Bench) -> None:
    start, seen = bench.clock.now(), []
    for seconds in (60, 3600):
        bench.timers.at(start + seconds, lambda _: seen.append(bench.clock.now() - start))
    await bench.timers.travel(5000)
    assert [round(moment / 10) * 10 for moment in seen] == [60, 3600]
    assert math.isclose(bench.clock.now() - start, 5000, abs_tol=5)


async def test_follow_ups_on_the_way_run_in_the_same_journey(bench: Bench) -> None:
    start, seen = bench.clock.now(), []

    async def again(due: float) -> None:
        await asyncio.sleep(0)
        seen.append(due - start)
        bench.timers.at(due + 30, again)

    bench.timers.at(start + 30, again)
    await bench.timers.travel(100)
    assert [round(moment) for moment in seen] == [30, 60, 90]


async def test_travel_waits_for_what_has_begun(bench: Bench) -> None:
    done = []

    async def slow(_: float) -> None:
        await asyncio.sleep(0.05)
        done.append(True)

    bench.timers.at(bench.clock.now() + 5, slow)
    await bench.timers.travel(6)
    assert done == [True]


async def test_one_that_hangs_holds_up_nobody_in_real_time(bench: Bench) -> None:
    forever, reached = asyncio.Event(), asyncio.Event()

    async def hang(_: float) -> None:
        await forever.wait()

    bench.timers.at(bench.clock.now(), hang)
    bench.timers.at(bench.clock.now(), lambda _: reached.set())
    async with asyncio.timeout(5):
        await reached.wait()


async def test_real_time_wakes_for_an_earlier_one_that_comes_later(bench: Bench) -> None:
    reached = asyncio.Event()
    bench.order("far", bench.clock.now() + 3600)
    await asyncio.sleep(0)
    bench.timers.at(bench.clock.now() + 0.05, lambda _: reached.set())
    async with asyncio.timeout(5):
        await reached.wait()
    assert bench.came == []


async def test_a_key_is_replaced_and_can_be_cancelled(bench: Bench) -> None:
    start = bench.clock.now()
    bench.order("old", start + 5, key="job")
    bench.order("new", start + 9, key="job")
    bench.order("gone", start + 7, key="other")
    assert bench.timers.cancel("other")
    assert not bench.timers.cancel("other")
    await bench.timers.travel(20)
    assert bench.came == [("new", start + 9)]


async def test_a_failure_is_noted_and_stops_nothing_else(bench: Bench) -> None:
    start = bench.clock.now()

    def fail(_: float) -> None:
        raise LookupError("no such thing")

    bench.timers.at(start + 1, fail, key="job")
    bench.order("next", start + 2)
    await bench.timers.travel(3)
    assert bench.names == ["next"]
    (entry,) = bench.ledger.entries()
    assert (entry["kind"], entry["timer"], entry["error"]) == (
        "timer_failed",
        "job",
        "LookupError: no such thing",
    )


async def test_clear_forgets_what_waits_and_stops_what_runs(bench: Bench) -> None:
    begun, stopped = asyncio.Event(), asyncio.Event()

    async def hang(_: float) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    bench.timers.at(bench.clock.now(), hang)
    bench.order("never", bench.clock.now() + 5)
    async with asyncio.timeout(5):
        await begun.wait()
        bench.timers.clear()
        await stopped.wait()
        await bench.timers.travel(60)
    assert bench.came == []


async def test_a_journey_ends_where_everything_is_cleared(bench: Bench) -> None:
    start = bench.clock.now()

    def reset(_: float) -> None:
        bench.timers.clear()
        bench.clock.reset()
        bench.order("afterwards", start + 500)

    bench.timers.at(start + 10, reset)
    await bench.timers.travel(1000)
    assert bench.came == []
    assert bench.clock.now() - start < 100


async def test_a_step_back_is_refused_and_moves_nothing(bench: Bench) -> None:
    before = bench.clock.now()
    with pytest.raises(ValueError, match="0 or more"):
        await bench.timers.travel(-5)
    assert bench.clock.now() >= before


async def test_owners_set_their_timers_again(bench: Bench) -> None:
    start = bench.clock.now()
    bench.timers.armed_by(lambda: bench.order("kept", start + 5, key="kept"))
    bench.timers.clear()
    bench.timers.arm()
    await bench.timers.travel(6)
    assert bench.names == ["kept"]
