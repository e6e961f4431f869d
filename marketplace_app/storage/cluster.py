"""Redis Cluster: which node has a slot, learned from the nodes and corrected by what they refuse."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot
from redis.exceptions import AskError, MovedError, ResponseError

from marketplace_app.settings.redis_address import Host
from marketplace_app.storage.server import Server, Unanswered
from marketplace_app.storage.topology import Discovery, MakeServer

_ANSWER_SECONDS = 0.25
_ASKED_AT_ONCE = 6  # nodes; one that was cut off knows less than the others
_REFRESH_SECONDS = 1.0  # between looks that redirections cause: a slot that moves is seldom alone

_Slots = list[Host | None]


class Cluster:
    is_split = True

    def __init__(self, seeds: Sequence[Host], make: MakeServer) -> None:
        self._seeds = seeds
        self._make = make
        self._servers: dict[Host, Server] = {}
        self._slots: _Slots = [None] * REDIS_CLUSTER_HASH_SLOTS
        self._doubted: set[Server] = set()
        self._discovery = Discovery(self._look)

    async def find(self, key: str | None) -> Server:
        found = self._known(key)
        if found is None or found in self._doubted:
            await self._discovery.join()
            found = self._known(key)
        if found is None:
            raise Unanswered(LookupError("no node is known to have the key"), was_sent=False)
        return found

    def _known(self, key: str | None) -> Server | None:
        host = self._slots[_slot(key)] if key is not None else next(filter(None, self._slots), None)
        return self._server(host) if host else None

    def _server(self, host: Host) -> Server:
        return self._servers.get(host) or self._servers.setdefault(host, self._make(host))

    def lost(self, server: Server) -> None:
        self._doubted.add(server)

    def redirected(self, server: Server, error: AskError) -> Server:
        own = next((host for host, each in self._servers.items() if each is server), ("", 0))
        host = (error.host or own[0], error.port)  # without a host: another port of the one that says so
        if isinstance(error, MovedError):
            self._slots[error.slot_id] = host
            self._discovery.begin(not_within=_REFRESH_SECONDS)
        return self._server(host)

    def groups(self, keys: Sequence[str]) -> Sequence[Sequence[int]]:
        by_slot: dict[int, list[int]] = {}
        for position, key in enumerate(keys):
            by_slot.setdefault(_slot(key), []).append(position)
        return list(by_slot.values())

    async def primaries(self) -> Sequence[Server]:
        await self._discovery.join()
        hosts = sorted({host for host in self._slots if host is not None})
        if not hosts:
            raise Unanswered(LookupError("no node answers"), was_sent=False)
        return [self._server(host) for host in hosts]

    async def _look(self) -> None:
        """Asks several nodes at once and believes the one of the latest epoch."""
        known = random.sample(list(self._servers), min(len(self._servers), _ASKED_AT_ONCE))
        hosts = list(dict.fromkeys((*known, *self._seeds)))[: 2 * _ASKED_AT_ONCE]
        answers = await asyncio.gather(*map(self._ask, hosts))
        told = [answer for answer in answers if answer is not None]
        self._doubted.clear()
        if told:
            _, self._slots = max(told, key=lambda answer: answer[0])
            await self._forget_others()

    async def _forget_others(self) -> None:
        kept = {*self._slots, *self._seeds}
        for host in [host for host in self._servers if host not in kept]:
            await self._servers.pop(host).close()

    async def _ask(self, host: Host) -> tuple[tuple[bool, int], _Slots] | None:
        """Whether it sees the whole cluster, the epoch, the slots; None when it does not answer."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                info, ranges = await self._server(host).exchange([("CLUSTER", "INFO"), ("CLUSTER", "SLOTS")])
        except (Unanswered, TimeoutError):
            return None
        if isinstance(info, ResponseError) or isinstance(ranges, ResponseError):
            return None
        facts = dict(line.split(":", 1) for line in info.decode().split("\r\n") if ":" in line)
        standing = facts.get("cluster_state") == "ok", int(facts.get("cluster_current_epoch", 0))
        return standing, _read_slots(ranges, host)

    async def close(self) -> None:
        await self._discovery.close()
        for server in self._servers.values():
            await server.close()


def _read_slots(ranges: list[Any], asked: Host) -> _Slots:
    """Each range: first slot, last slot, the primary (its host, port, ...), its replicas."""
    slots: _Slots = [None] * REDIS_CLUSTER_HASH_SLOTS
    for first, last, primary, *_ in ranges:
        host = (primary[0] or b"").decode() or asked[0]  # a node that does not know its own address
        slots[first : last + 1] = [(host, primary[1])] * (last + 1 - first)
    return slots


def _slot(key: str) -> int:
    return key_slot(key.encode())
