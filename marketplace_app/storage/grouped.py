"""Many keys of many slots, read together: one exchange with each node, and the exceptions one by one."""

import asyncio
from collections.abc import Sequence

from redis.exceptions import ResponseError

from marketplace_app.storage.asking import Question
from marketplace_app.storage.server import Server, Unanswered
from marketplace_app.storage.topology import Topology

Group = Sequence[int]  # positions of keys of one slot
Found = bytes | Exception | None


class GroupedRead:
    """A value or an error (Unanswered, ResponseError) for each key."""

    def __init__(self, topology: Topology, keys: Sequence[str]) -> None:
        self._topology = topology
        self._keys = keys
        self._found: list[Found] = [None] * len(keys)

    async def run(self, groups: Sequence[Group]) -> list[Found]:
        by_server: dict[Server, list[Group]] = {}
        for group in groups:
            try:
                server = await self._topology.find(self._keys[group[0]])
            except Unanswered as error:
                self._failed(group, error)
            else:
                by_server.setdefault(server, []).append(group)
        await asyncio.gather(*(self._ask(server, its) for server, its in by_server.items()))
        return self._found

    def _failed(self, group: Group, error: Exception) -> None:
        for position in group:
            self._found[position] = error

    async def _ask(self, server: Server, groups: Sequence[Group]) -> None:
        try:
            replies = await server.exchange(
                [("MGET", *(self._keys[position] for position in group)) for group in groups]
            )
        except Unanswered as error:
            self._topology.lost(server)
            if isinstance(error.cause, TimeoutError):  # it would take as long again
                for group in groups:
                    self._failed(group, error)
                return
            replies = [error] * len(groups)
        again: list[int] = []
        for group, reply in zip(groups, replies, strict=True):
            if isinstance(reply, Exception):
                again += group
            else:
                for position, value in zip(group, reply, strict=True):
                    self._found[position] = value
        await asyncio.gather(*map(self._ask_again, again))

    async def _ask_again(self, position: int) -> None:
        """Each by itself: of a slot that moves to another node, some keys are here and some there."""
        key = self._keys[position]
        question = Question(self._topology, key, ("GET", key), may_repeat=True)
        try:
            (self._found[position],), _ = await question.settle()
        except (Unanswered, ResponseError) as error:
            self._found[position] = error
