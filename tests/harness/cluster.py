"""A cluster on this machine whose slots can be moved, with keys in them and under load."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from redis import Redis
from redis.crc import key_slot
from redis.exceptions import ResponseError

from marketplace_app.cli.local.ports import LOOPBACK, free_port
from tests.harness.certificates import Certificates
from tests.harness.servers import Options, Server, Servers, until

SLOTS = 16384


@dataclass(slots=True)
class Cluster:
    primaries: list[Server]
    replicas: list[Server]

    @property
    def url(self) -> str:
        return f"redis+cluster://{','.join(f'{LOOPBACK}:{each.port}' for each in self.primaries)}"

    @property
    def servers(self) -> list[Server]:
        return [*self.primaries, *self.replicas]

    def owner(self, key: str) -> Server:
        """Whoever says that the key's slot is its own."""
        slot = key_slot(key.encode())
        (found,) = [each for each in self.servers if is_alive(each) and _has(each, slot)]
        return found

    def begin_move(self, slot: int, source: Server, target: Server) -> None:
        """From now on, what is not at the source is asked of the target."""
        _ask(target.client, "CLUSTER", "SETSLOT", slot, "IMPORTING", _id(source))
        _ask(source.client, "CLUSTER", "SETSLOT", slot, "MIGRATING", _id(target))

    def move_keys(self, slot: int, source: Server, target: Server, *, most: int = 1_000_000) -> int:
        """How many were moved."""
        keys = _ask(source.client, "CLUSTER", "GETKEYSINSLOT", slot, most)
        if keys:
            _ask(source.client, "MIGRATE", LOOPBACK, target.port, "", 0, 5000, "KEYS", *keys)
        return len(keys)

    def end_move(self, slot: int, source: Server, target: Server) -> None:
        """Everybody is told, as redis-cli does: gossip is slower than moves that follow one another."""
        others = [each for each in self.primaries if each not in (target, source)]
        for each in (target, *others, source):
            _ask(each.client, "CLUSTER", "SETSLOT", slot, "NODE", _id(target))

    def move(self, slot: int, target: Server) -> None:
        """The whole of it, as `--cluster reshard` does."""
        until(lambda: any(_has(each, slot) for each in self.primaries), f"an owner of slot {slot}")
        source = next(each for each in self.primaries if _has(each, slot))
        if source is not target:
            self.begin_move(slot, source, target)
            while self.move_keys(slot, source, target, most=10):
                pass
            self.end_move(slot, source, target)
            epoch = int(_facts(target)["cluster_my_epoch"])
            until(partial(self._know_of, epoch), f"every node to hear of epoch {epoch}")

    def _know_of(self, epoch: int) -> bool:
        """Else the next one to get a slot takes the same epoch for its own, and one of the two loses it."""
        return all(int(_facts(each)["cluster_current_epoch"]) >= epoch for each in self.primaries)

    def remove(self, node: Server) -> None:
        """Its slots go to the others, those without keys in one go; they forget it, and it ends."""
        self.primaries.remove(node)
        for number, slots in enumerate(_shares(_slots(node), len(self.primaries))):
            target = self.primaries[number]
            for slot in self._assign(slots, [node, *self.primaries], _id(target)):
                self.begin_move(slot, node, target)
                while self.move_keys(slot, node, target, most=10):
                    pass
                with suppress(ResponseError):  # with its last slot it becomes a replica by itself
                    self.end_move(slot, node, target)
        gone = _id(node)
        for each in self.servers:
            _ask(each.client, "CLUSTER", "FORGET", gone)
        node.kill()

    @staticmethod
    def _assign(slots: list[int], nodes: list[Server], target: str) -> list[int]:
        """Those that the first of the nodes does not give away, for it has keys of them."""
        left = slots
        kept: list[int] = []
        for each in nodes:
            pipe = each.client.pipeline(transaction=False)
            for slot in left:
                pipe.execute_command("CLUSTER", "SETSLOT", slot, "NODE", target)  # type: ignore[no-untyped-call]
            said = pipe.execute(raise_on_error=False)
            if each is nodes[0]:
                kept = [slot for slot, reply in zip(left, said, strict=True) if isinstance(reply, Exception)]
                left = sorted({*left} - {*kept})
        return kept


def start_cluster(
    servers: Servers,
    *,
    primaries: int = 3,
    replicas: int = 0,
    options: Options | None = None,
    tls: Certificates | None = None,
) -> Cluster:
    """Each of the first `replicas` primaries gets one."""
    made = [_node(servers, options or {}, tls) for _ in range(primaries + replicas)]
    cluster = Cluster(made[:primaries], made[primaries:])
    for number, each in enumerate(cluster.primaries):
        first, last = number * SLOTS // primaries, (number + 1) * SLOTS // primaries - 1
        _ask(each.client, "CLUSTER", "ADDSLOTSRANGE", first, last)
        _ask(each.client, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
    for each in made[1:]:
        _ask(made[0].client, "CLUSTER", "MEET", LOOPBACK, each.port, _bus_port(each))
    until(
        lambda: all(_sees_all(each, len(made)) for each in made), "a cluster whose nodes all know each other"
    )
    for replica, primary in zip(cluster.replicas, cluster.primaries, strict=False):
        _ask(replica.client, "CLUSTER", "REPLICATE", _id(primary))
    until(lambda: all(_is_ok(each) for each in made), "a cluster that is in order")
    for replica in cluster.replicas:
        until(partial(_is_linked, replica), "a replica's link")
    return cluster


def is_alive(server: Server) -> bool:
    return server.child is not None and server.child.is_alive


def _node(servers: Servers, options: Options, tls: Certificates | None) -> Server:
    own: dict[str, Any] = {
        "cluster-enabled": "yes",
        "cluster-port": free_port(),
        "cluster-node-timeout": 1500,
    }
    return servers.start({**own, **options}, tls=tls)


def _ask(client: Redis, *command: str | int | bytes) -> Any:
    return client.execute_command(*command)  # type: ignore[no-untyped-call]


def _id(server: Server) -> str:
    return _text(_ask(server.client, "CLUSTER", "MYID"))


def _bus_port(server: Server) -> int:
    lines = (server.folder / "server.conf").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("cluster-port "))


def _facts(server: Server) -> dict[str, str]:
    said = _text(_ask(server.client, "CLUSTER", "INFO"))
    return dict(line.split(":", 1) for line in said.split("\r\n") if ":" in line)


def _sees_all(server: Server, count: int) -> bool:
    return int(_facts(server)["cluster_known_nodes"]) == count and _is_ok(server)


def _is_ok(server: Server) -> bool:
    return _facts(server)["cluster_state"] == "ok"


def _is_linked(server: Server) -> bool:
    return server.client.info("replication").get("master_link_status") == "up"


def _shares(slots: list[int], count: int) -> list[list[int]]:
    return [slots[number::count] for number in range(count)]


def _has(server: Server, slot: int) -> bool:
    return any(slot in each for each in _ranges(server))


def _slots(server: Server) -> list[int]:
    return [slot for each in _ranges(server) for slot in each]


def _ranges(server: Server) -> list[range]:
    """What it says is its own."""
    lines = _text(_ask(server.client, "CLUSTER", "NODES")).splitlines()
    (own,) = (line.split() for line in lines if "myself" in line)
    ranges = (word.split("-") for word in own[8:] if word[0] != "[")  # in brackets: slots on their way
    return [range(int(each[0]), int(each[-1]) + 1) for each in ranges]


def _text(said: Any) -> str:
    return said.decode() if isinstance(said, bytes) else str(said)
