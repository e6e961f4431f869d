"""Work that Pipedrive finishes after it has answered, such as a conversion; kept until it is done."""

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from pipedrive_emulator.api.call import Job
from pipedrive_emulator.store import Store
from pipedrive_emulator.timers import Timers
from pipedrive_emulator.world.company import User

_SECTION = "jobs"

Run = Callable[[int, str, dict[str, Any]], None]


class Jobs:
    """``run(user_id, name, facts)`` does one; it is given by whoever can, before the first is due."""

    def __init__(self, store: Store, timers: Timers) -> None:
        self._store = store
        self._timers = timers
        self._run: Run | None = None
        timers.armed_by(self._arm)

    def done_by(self, run: Run) -> None:
        self._run = run

    def add(self, job: Job, user: User, now: float) -> None:
        key = token_hex(8)
        row = {
            "name": job.name,
            "user_id": user.id,
            "due": now + job.delay_seconds,
            "facts": dict(job.facts),
        }
        self._store.put(_SECTION, key, row)
        self._await(key, row)

    def _arm(self) -> None:
        for key, row in self._store.load(_SECTION):
            self._await(key, row)

    def _await(self, key: str, row: dict[str, Any]) -> None:
        def work(_due: float) -> None:
            with self._store.batch():
                self._store.delete(_SECTION, key)
                if self._run is not None:
                    self._run(row["user_id"], row["name"], row["facts"])

        self._timers.at(row["due"], work, key=f"job/{key}")
