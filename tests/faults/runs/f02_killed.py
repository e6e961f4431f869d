"""F2: Redis is killed and comes back with its disk, under load, again and again."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.crew import NEWCOMERS, Crew, Findings
from tests.faults.lab.lab import Lab
from tests.faults.lab.table import Outcome, Row
from tests.harness.servers import DURABLE, Server, binaries, running, until

NAME = "F2 Redis killed"
COUNTS: Mapping[Form, Counts] = {
    "short": {"rounds": 2, "grants": 150, "processes": 2, "down_tenths": 10},
    "long": {"rounds": 6, "grants": 600, "processes": 4, "down_tenths": 60},
    "nightly": {"rounds": 20, "grants": 5_000, "processes": 4, "down_tenths": 300},
}
SHARDED: Sequence[str] = ("rounds",)
_AT_WORK_SECONDS = 0.5  # before the kill
_READY_SECONDS = 30.0


@dataclass(slots=True)
class Doors:
    """What `serve` answers to a user who has the app, asked from outside."""

    lab: Lab
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    _who: dict[str, Any] = field(default_factory=dict)

    def open(self) -> None:
        self.lab.start_serve()
        world = self.lab.control.world()
        user, deal = world["users"][0], world["records"]["deals"][0]
        self._who = {"company_id": user["company_id"], "user_id": user["id"], "record_id": deal["id"]}
        self.lab.control.install(self.lab.identity.client_id, user["company_id"], user["id"])

    def look(self, *, is_away: bool) -> None:
        """While Redis is away: alive, not ready, and a panel that says so in its own page."""
        status = 503 if is_away else 200
        self._count("healthz", self._get("/healthz").status_code, 200)
        self._count("readyz", self._get("/readyz").status_code, status)
        url = self.lab.control.surface(self.lab.identity.client_id, "deal-panel", **self._who)["url"]
        page = httpx2.get(url, timeout=10)
        self._count("panel", page.status_code, status)
        self._count("panel's script", "surface.js" in page.text, expected=True)
        self._count("panel's Connect", 'id="connect"' in page.text, expected=False)

    def is_ready(self) -> bool:
        return self._get("/readyz").status_code == 200

    def _get(self, path: str) -> httpx2.Response:
        return httpx2.get(self.lab.app_url() + path, timeout=10)

    def _count(self, what: str, found: object, expected: object) -> None:
        self.asked += 1
        if found != expected:
            self.wrong.append(f"{what} {found} instead of {expected}")


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.switches["refresh_rotation"] = "single_use"
    lab.start_emulator()
    found, doors = Findings(), Doors(lab)
    kinds = list(binaries().values())
    for number, binary in enumerate(kinds):
        with running(binary, lab.folder / "redis" / f"kind-{number}") as servers:
            server = servers.start(DURABLE)
            lab.settings["REDIS_URL"] = server.url
            crew = Crew(lab, f"crew-{number}", processes=counts["processes"], grants=counts["grants"])
            crew.found = found
            doors.open()
            for _ in range(-(-counts["rounds"] // len(kinds))):
                down = lab.chance.uniform(0.2, counts["down_tenths"] / 10)
                crew.lap(lambda down=down, server=server: _kill(server, down, doors), newcomers=NEWCOMERS)  # type: ignore[misc]
            until(doors.is_ready, "readiness", _READY_SECONDS)
            doors.look(is_away=False)
            crew.end()
            lab.stop("serve")
    return Outcome(
        [*found.rows(), Row("I9 answers of serve not as promised", len(doors.wrong), doors.asked)],
        [*found.notes(), *doors.wrong[:5]],
    )


def _kill(server: Server, down: float, doors: Doors) -> float:
    """And back, as whoever supervises it does it."""
    time.sleep(_AT_WORK_SECONDS)
    server.kill()
    began = time.monotonic()
    doors.look(is_away=True)
    time.sleep(max(0.0, down - (time.monotonic() - began)))
    server.begin()
    return time.monotonic()
