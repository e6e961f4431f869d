"""The primary that Redis Sentinel names, and the next one after a failover."""

import asyncio
from collections.abc import Sequence

from redis.exceptions import AskError, ResponseError

from marketplace_app.settings.redis_address import Host
from marketplace_app.storage.server import Server, Unanswered
from marketplace_app.storage.topology import Alone, Discovery, MakeServer

_ANSWER_SECONDS = 0.25  # for a sentinel: one that hangs must not use up the time of a request
_REFRESH_SECONDS = 1.0


class Sentinels:
    """Asks all sentinels at once and believes the one that knows the latest epoch.

    They are asked again when the primary does not answer, refuses to write or has no replica that
    acknowledges, and every second while it is used: one that was cut off from the others, or is no primary
    any more, goes on answering. While no sentinel answers, the primary of before is used.
    """

    is_split = False

    def __init__(self, service: str, sentinels: Sequence[Server], make: MakeServer) -> None:
        self._service = service
        self._sentinels = sentinels
        self._make = make
        self._host: Host | None = None
        self._primary: Server | None = None
        self._is_doubted = False
        self._discovery = Discovery(self._look)

    async def find(self, key: str | None) -> Server:  # noqa: ARG002 (the primary has every key)
        if self._primary is None or self._is_doubted:
            await self._discovery.join()
        else:
            self._discovery.begin(not_within=_REFRESH_SECONDS)
        if self._primary is None:
            raise Unanswered(LookupError("no sentinel knows the service"), was_sent=False)
        return self._primary

    def lost(self, server: Server) -> None:
        self._is_doubted = self._is_doubted or server is self._primary

    def redirected(self, server: Server, error: AskError) -> Server:  # noqa: ARG002
        raise Unanswered(error, was_sent=False)  # a cluster's node behind sentinels: there is no such thing

    groups = Alone.groups

    async def primaries(self) -> Sequence[Server]:
        return [await self.find(None)]

    async def _look(self) -> None:
        answers = await asyncio.gather(*map(self._ask, self._sentinels))
        known = [answer for answer in answers if answer is not None]
        self._is_doubted = False
        if not known:
            return
        _, host = max(known, key=lambda answer: answer[0])
        if host != self._host:
            before, self._host, self._primary = self._primary, host, self._make(host)
            if before is not None:
                await before.close()

    async def _ask(self, sentinel: Server) -> tuple[int, Host] | None:
        """The epoch and the primary's host as it knows them; None when it does not answer."""
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                (reply,) = await sentinel.exchange([("SENTINEL", "MASTER", self._service)])
        except (Unanswered, TimeoutError):
            return None
        if isinstance(reply, ResponseError):
            return None
        fields = dict(zip(reply[::2], reply[1::2], strict=True))
        return int(fields[b"config-epoch"]), (fields[b"ip"].decode(), int(fields[b"port"]))

    async def close(self) -> None:
        await self._discovery.close()
        for server in (*self._sentinels, self._primary):
            if server is not None:
                await server.close()
