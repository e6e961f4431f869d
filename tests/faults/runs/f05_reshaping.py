"""F5: a cluster is reshaped under load: hot slots go from node to node, and a node is removed for good."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redis.crc import key_slot

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.crew import NEWCOMERS, Crew, Findings
from tests.faults.lab.lab import Lab
from tests.faults.lab.table import Outcome, Row
from tests.harness.cluster import Cluster, start_cluster
from tests.harness.servers import DURABLE, binaries, running

NAME = "F5 reshaping"
COUNTS: Mapping[Form, Counts] = {
    "short": {"rounds": 2, "grants": 150, "processes": 2},
    "long": {"rounds": 6, "grants": 600, "processes": 4},
    "nightly": {"rounds": 20, "grants": 5_000, "processes": 4},
}
SHARDED: Sequence[str] = ("rounds",)
_MOVING_SECONDS = 2.0  # in a lap


@dataclass(slots=True)
class Mover:
    """Moves slots that have keys in them and are asked for, and counts."""

    lab: Lab
    cluster: Cluster
    slots: Sequence[int]
    moved: int = 0

    def reshape(self) -> float:
        """When it was over, on the steady clock."""
        over = time.monotonic() + _MOVING_SECONDS
        while time.monotonic() < over:
            chance = self.lab.chance
            self.cluster.move(chance.choice(self.slots), chance.choice(self.cluster.primaries))
            self.moved += 1
        return time.monotonic()

    def shrink(self) -> float:
        """A node, of those that REDIS_URL names, goes for good."""
        self.reshape()
        self.cluster.remove(self.cluster.primaries[0])
        return time.monotonic()


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.switches["refresh_rotation"] = "single_use"
    lab.start_emulator()
    found, moved = Findings(), 0
    kinds = list(binaries().values())
    for number, binary in enumerate(kinds):
        with running(binary, lab.folder / "redis" / f"kind-{number}") as servers:
            cluster = start_cluster(servers, options=DURABLE)
            lab.settings["REDIS_URL"] = cluster.url
            crew = Crew(lab, f"crew-{number}", processes=counts["processes"], grants=counts["grants"])
            crew.found = found
            hot = {key_slot(f"{holder.company_id}".encode()) for holder in crew.holders}
            mover = Mover(lab, cluster, [*sorted(hot), *[key_slot(b"app:schedule")] * 5])
            for _ in range(max(0, -(-counts["rounds"] // len(kinds)) - 1)):
                crew.lap(mover.reshape, newcomers=NEWCOMERS)
            crew.lap(mover.shrink, newcomers=NEWCOMERS)
            moved += mover.moved
            crew.end()
    return Outcome(
        [
            *found.rows(),
            Row("slots moved with keys in them", moved, moved, is_figure=True),
            Row("laps in which hardly a slot was moved", int(moved < 5 * found.laps), found.laps),
            Row("callers who had to come again", found.again.total(), found.asked, is_figure=True),
        ],
        found.notes(),
    )
