"""F4: the primary dies with writes that no replica has, and the replica takes its place.

Replication goes through a proxy. Before each kill it loses everything for a while, so that the primary goes
on acknowledging what nobody else will ever see: a replica that is merely stopped would still get it out of
the system's buffers, and the run would be blind. The control is the same app without replicas:1, by the
same hands: it must lose grants.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.faults.lab.campaign import Counts, Form
from tests.faults.lab.crew import NEWCOMERS, WIDTH, Crew, Findings
from tests.faults.lab.lab import Lab
from tests.faults.lab.loop_thread import LOOPBACK
from tests.faults.lab.table import Outcome, Row
from tests.faults.lab.tcp_proxy import TcpProxy, before
from tests.harness.servers import DURABLE, Server, Servers, binaries, running, until

NAME = "F4 failover"
COUNTS: Mapping[Form, Counts] = {
    "short": {"rounds": 2, "grants": 150, "processes": 2, "replays": 0},
    "long": {"rounds": 6, "grants": 600, "processes": 4, "replays": 1},
    "nightly": {"rounds": 20, "grants": 5_000, "processes": 4, "replays": 1},
}
SHARDED: Sequence[str] = ("rounds",)
_SERVICE = "grants"
_AT_WORK_SECONDS = 0.3
_HOLE_SECONDS = 1.0, 6.0  # at least; and at most, until a grant was not acknowledged in time
# And until the journal was looked through once more in vain, where `replays` asks for it.
_REPLAY_SECONDS = 9.0
_UNACKNOWLEDGED, _IN_VAIN = "stored, not acknowledged", "replayed, not acknowledged"
_CONTROL_SECONDS = 0.5
_GLANCE_SECONDS = 0.05
_DOWN_SECONDS = 1.0  # until the old primary is started again
_REPAIR_SECONDS = 60_000  # milliseconds: a sentinel would lead the replica around our proxy


@dataclass(slots=True)
class Pair:
    """A primary, its replica behind a proxy, and an address in front that is moved by hand."""

    servers: Servers
    replays: int
    primary: Server = field(init=False)
    replica: Server = field(init=False)
    line: TcpProxy = field(init=False)
    front: TcpProxy = field(init=False)
    failovers: int = 0
    unacknowledged: int = 0
    blind: int = 0  # of these, how often the replica had everything

    def __post_init__(self) -> None:
        self.primary = self.servers.start(DURABLE)
        self.line, self.front = before(self.primary.port), before(self.primary.port)
        self.replica = self.servers.start(DURABLE)
        self._follow()

    def fail_over(self, promote: Callable[[], None], is_felt: Callable[[], bool]) -> float:
        """With a hole in the replication first; when the kill was, on the steady clock."""
        time.sleep(_AT_WORK_SECONDS)
        self.line.turn("drop")
        least, most = (time.monotonic() + seconds for seconds in _HOLE_SECONDS)
        most += _REPLAY_SECONDS * self.replays
        while time.monotonic() < least or (time.monotonic() < most and not is_felt()):
            time.sleep(_GLANCE_SECONDS)
        self.failovers += 1
        self.blind += _offset(self.primary, "master") <= _offset(self.replica, "slave")
        self.primary.kill()
        over = time.monotonic()
        self.line.turn("pass")
        promote()
        self.primary, self.replica = self.replica, self.primary
        self.line.target = (LOOPBACK, self.primary.port)
        time.sleep(_DOWN_SECONDS)
        self.replica.begin()
        self._follow()
        return over

    def by_hand(self) -> None:
        self.replica.client.replicaof("NO", "ONE")
        self.front.target = (LOOPBACK, self.replica.port)
        self.front.reset_all()

    def close(self) -> None:
        self.line.close()
        self.front.close()

    def _follow(self) -> None:
        """As whoever supervises it starts it: with the primary of now."""
        self.replica.client.replicaof(LOOPBACK, str(self.line.port))
        until(lambda: _replication(self.replica).get("master_link_status") == "up", "a replica's link")


@dataclass(slots=True)
class Watch:
    """Sentinels over the pair."""

    pair: Pair
    sentinels: list[Server] = field(init=False)

    def __post_init__(self) -> None:
        self.sentinels = self.pair.servers.sentinels(self.pair.primary, _SERVICE)
        self._set("failover-timeout", _REPAIR_SECONDS)
        until(self._know_the_replica, "sentinels that know the replica")

    @property
    def url(self) -> str:
        return f"redis+sentinel://{','.join(f'{LOOPBACK}:{each.port}' for each in self.sentinels)}/{_SERVICE}"

    def promote(self) -> None:
        """By themselves: nobody tells them. One that lost the vote may try again soon."""
        self._set("failover-timeout", 4000)
        until(self._has_switched, "a failover")
        self._set("failover-timeout", _REPAIR_SECONDS)

    def _has_switched(self) -> bool:
        named: list[Any] = [each.client.sentinel_master(_SERVICE) for each in self.sentinels]
        return all(each["port"] == self.pair.replica.port for each in named)

    def _know_the_replica(self) -> bool:
        return all(each.client.sentinel_slaves(_SERVICE) for each in self.sentinels)

    def _set(self, name: str, value: int) -> None:
        for each in self.sentinels:
            each.client.execute_command("SENTINEL", "SET", _SERVICE, name, value)  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class Plot:
    """What happens on servers of one kind: how many failovers by hand, and how many by sentinels."""

    by_hand: int = 0
    watched: int = 0
    has_control: bool = False


def run(lab: Lab, counts: Counts) -> Outcome:
    lab.switches["refresh_rotation"] = "single_use"
    lab.start_emulator()
    found, control = Findings(), Findings()
    pairs: list[Pair] = []
    kinds = list(binaries().values())
    for number, (binary, plot) in enumerate(zip(kinds, _plots(counts["rounds"], len(kinds)), strict=True)):
        with (
            running(binary, lab.folder / "redis" / f"kind-{number}") as servers,
            closing(Pair(servers, counts["replays"])) as pair,
        ):
            pairs.append(pair)
            stage = Stage(lab, pair, {name: counts[name] for name in ("processes", "grants")})
            _act(stage, plot, found, control)
    unacknowledged = sum(pair.unacknowledged for pair in pairs)
    failovers, blind = sum(pair.failovers for pair in pairs), sum(pair.blind for pair in pairs)
    return Outcome(
        [
            *found.rows(extra_allowed=found.laps * counts["processes"] * WIDTH),
            Row("failovers whose replica had everything", blind, failovers),
            Row("grants not acknowledged before a kill, among those kept", 0, unacknowledged),
            Row("control without replicas:1 that loses nothing", int(not control.lost), 1),
            Row("lost without replicas:1, control", len(control.lost), control.acknowledged, is_figure=True),
        ],
        found.notes(),
    )


def _plots(rounds: int, kinds: int) -> list[Plot]:
    """Turn by turn on each kind, there by hand and by sentinels in turns."""
    plots = [Plot() for _ in range(kinds)]
    for number in range(rounds):
        plot = plots[number % kinds]
        if (number + number // kinds) % 2:
            plot.watched += 1
        else:
            plot.by_hand += 1
    plots[0].has_control = True
    return plots


@dataclass(slots=True)
class Stage:
    lab: Lab
    pair: Pair
    people: dict[str, int]

    def crew(self, name: str, url: str, durability: str, found: Findings) -> Crew:
        self.lab.settings |= {"REDIS_URL": url, "REDIS_DURABILITY": durability}
        crew = Crew(self.lab, f"{name}-{self.pair.servers.folder.name}", **self.people)
        crew.found = found
        return crew


def _act(stage: Stage, plot: Plot, found: Findings, control: Findings) -> None:
    pair = stage.pair
    by_address = f"redis://{LOOPBACK}:{pair.front.port}"
    if plot.by_hand:
        crew = stage.crew("by-hand", by_address, "replicas:1", found)
        _laps(crew, pair, plot.by_hand, pair.by_hand)
    if plot.has_control:
        crew = stage.crew("careless", by_address, "local", control)
        crew.lap(partial(pair.fail_over, pair.by_hand, lambda: True), persists=_CONTROL_SECONDS)
        crew.end()
    if plot.watched:
        watch = Watch(pair)
        crew = stage.crew("watched", watch.url, "replicas:1", found)
        _laps(crew, pair, plot.watched, watch.promote)


def _laps(crew: Crew, pair: Pair, count: int, promote: Callable[[], None]) -> None:
    for _ in range(count):
        before_it = crew.logged(_UNACKNOWLEDGED)
        looked = {event: crew.logged(event) for event in (_UNACKNOWLEDGED, _IN_VAIN)[: 1 + pair.replays]}
        is_felt = partial(_has_more, crew, looked)
        crew.lap(partial(pair.fail_over, promote, is_felt), newcomers=NEWCOMERS)
        pair.unacknowledged += crew.logged(_UNACKNOWLEDGED) - before_it
    crew.end()


def _has_more(crew: Crew, counts: Mapping[str, int]) -> bool:
    return all(crew.logged(event) > count for event, count in counts.items())


def _replication(server: Server) -> dict[str, str | int]:
    return server.client.info("replication")


def _offset(server: Server, role: str) -> int:
    facts = _replication(server)
    assert facts["role"] == role, facts
    return int(facts["master_repl_offset" if role == "master" else "slave_repl_offset"])
