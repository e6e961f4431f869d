"""The app of this package with its people; workers are started, killed and stopped by each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from redis import Redis

from marketplace_app.cli.local.child import Child
from tests.every_surface.visitor import Visitor
from tests.harness.processes import wait_for
from tests.harness.stack import running_stack
from tests.integration.person import Person, button_in
from tests.integration.town import Town, town_of

HERE = Path(__file__).parent
SETTINGS = {
    "EXTENSIONS": "tests.integration.jobs_app.extensions:EXTENSIONS",
    "MANIFEST": str(HERE / "manifest.json"),
    "TEMPLATES_DIR": str(HERE / "templates"),
    "PYTHONPATH": str(HERE.parents[2]),
}
LINES = ("waiting", "running", "dead")


@dataclass(slots=True)
class JobsTown:
    town: Town
    redis: Redis
    orders: Path
    workers: list[Child] = field(default_factory=list)

    @property
    def marta(self) -> Person:
        return self.town.marta

    @property
    def huy(self) -> Person:
        return self.town.huy

    def worker(self, **changes: str) -> Child:
        """Another one, which has started when this returns."""
        local = self.town.stack.local
        name = f"worker-{len(self.workers)}"
        child = local._start(name, local.plan.worker_command(), {**local.settings(), **changes})
        local.watch.release(name)  # a test may kill it
        self.workers.append(child)
        wait_for(lambda: '"event":"started"' in child.output(), 30)
        return child

    def stop_workers(self) -> None:
        for child in self.workers:
            if child.is_alive:
                child.kill()
        self.workers.clear()

    def puts_off(self, person: Person, job: str, title: str, **form: Any) -> str:
        """Presses the button; what the snackbar says."""
        visitor = Visitor(self.town, person, "later", {"record_id": 1})
        button = button_in(visitor.picture(), "put-off")
        reply = visitor.presses(button, job=job, title=title, **form)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["commands"][0]["message"])

    def made(self, person: Person, title: str) -> int:
        """How often a job has done what it does, in that person's company."""
        found = self.town.records("deals", person).values()
        return sum(deal["title"] == title for deal in found)

    def is_made(self, person: Person, title: str, seconds: float = 20) -> None:
        wait_for(lambda: self.made(person, title) > 0, seconds)

    def lines(self, person: Person) -> tuple[int, ...]:
        """How many wait, run and are dead, as Redis has it."""
        return tuple(self.redis.zcard(self.key(person, line)) for line in LINES)

    def is_in_line(self, person: Person, *expected: int, seconds: float = 20) -> None:
        wait_for(lambda: self.lines(person) == expected, seconds)

    def key(self, person: Person, line: str) -> str:
        return f"app:{{{person.company['id']}}}:jobs-{line}"

    def records_key(self, person: Person) -> str:
        return f"app:{{{person.company['id']}}}:{person.user['id']}:jobs"

    def order(self, point: str, what: str) -> Path:
        """What the next process that gets there does; the file that tells that it did."""
        (self.orders / point).write_text(what)
        return self.orders / point

    def was_met(self, point: str) -> bool:
        return not (self.orders / point).exists() and any(self.orders.glob(f"{point}.*"))

    def clear(self) -> None:
        """As if nobody had ever put anything off."""
        self.stop_workers()
        for each in self.orders.iterdir():
            each.unlink()
        names: Any = self.redis.keys("app:*jobs*")
        self.redis.delete(*names, "nothing")


@contextmanager
def running_jobs_town(folder: Path) -> Iterator[JobsTown]:
    orders = folder / "orders"
    orders.mkdir(parents=True)
    with running_stack(folder, parts=("valkey",)) as stack:
        local = stack.local
        settings = {**local.plan.settings, **SETTINGS, "FAULT_POINTS": str(orders)}
        local.plan = replace(local.plan, manifest=HERE / "manifest.json", settings=settings)
        local.identity = local.identity.with_surfaces({"later"})
        local.start_emulator()
        local.start_serve()
        with town_of(stack) as town, Redis.from_url(local.redis_url) as redis:
            made = JobsTown(town, redis, orders)
            yield made
            made.stop_workers()
