"""A TCP line that can be broken while it is in use: put before Redis, a replica, or anything else."""

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.faults.lab.loop_thread import LOOPBACK, LoopThread

Side = Literal["up", "down", "both"]
Target = tuple[str, int] | Path

_GLANCE_SECONDS = 0.01
_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: close sends RST


@dataclass(frozen=True, slots=True)
class Fault:
    """`side` is where it bites: up is to the server, down is to the client."""

    kind: str = "pass"
    side: Side = "both"
    seconds: float = 0.0  # delay
    amount: int = 0  # cut: bytes of one connection; throttle: bytes a second


@dataclass(slots=True)
class _Link:
    """One client with its server; `passed` are the bytes that a cut has let through."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    passed: int = 0
    has_hole: bool = False
    is_stale: bool = False  # the other end has forgotten it, and says so when it is used


class TcpProxy:
    """KINDS of faults: see the methods named like them. New connections meet the fault that now is."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.counts: Counter[str] = Counter()
        self._fault = Fault()
        self._open: list[_Link] = []
        self._kinds: dict[str, Callable[[bytes, asyncio.StreamWriter, _Link], Awaitable[None]]] = {
            "pass": self._pass,
            "delay": self._delay,
            "drop": self._drop,
            "half_close": self._half_close,
            "black_hole": self._black_hole,
            "cut": self._cut,
            "throttle": self._throttle,
            "rst": self._rst,
        }
        self._line = LoopThread(self._serve)

    @property
    def port(self) -> int:
        return self._line.port

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self._kinds)

    @property
    def open_connections(self) -> int:
        return len(self._open)

    def turn(self, kind: str, side: Side = "both", *, seconds: float = 0.0, amount: int = 0) -> None:
        """From now on. A connection that lost bytes is reset: a stream cannot go on with a hole in it."""
        if kind not in self._kinds:
            raise ValueError(f"no fault is called {kind!r}; there are {', '.join(self._kinds)}")
        self._line.call(lambda: self._turn(Fault(kind, side, seconds, amount)))

    def reset_all(self) -> int:
        """Every open connection gets RST now, idle ones too; how many there were."""
        count = len(self._open)
        self._line.call(self._reset_open)
        return count

    def make_stale(self) -> int:
        """Every connection that is open now gets RST when it is next used; how many there are."""
        count = len(self._open)
        self._line.call(self._forget_open)
        return count

    def refuse(self) -> None:
        """Nobody listens any more, and who is connected is thrown out, until `listen`."""
        self._line.shut()
        self.reset_all()

    def listen(self) -> None:
        self._line.open()

    def close(self) -> None:
        self._line.close()

    def _forget_open(self) -> None:
        for link in self._open:
            link.is_stale = True

    def _reset_open(self) -> None:
        for link in list(self._open):
            _reset(link)

    def _turn(self, fault: Fault) -> None:
        self._fault = fault
        for link in list(self._open):
            link.passed = 0
            if link.has_hole:
                _reset(link)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counts["connections"] += 1
        if self._fault.kind == "rst":
            self.counts["rst"] += 1
            _set_linger(writer)
            return
        while self._fault.kind == "black_hole":  # noqa: ASYNC110 (until whoever turned it turns it back)
            await asyncio.sleep(_GLANCE_SECONDS)
        server_reader, server = await self._connect()
        link = _Link(writer, server)
        self._open.append(link)
        try:
            await asyncio.gather(
                self._pump(reader, server, link, "up"), self._pump(server_reader, writer, link, "down")
            )
        finally:
            self._open.remove(link)
            server.transport.abort()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, Path):
            return await asyncio.open_unix_connection(str(self.target))
        return await asyncio.open_connection(*self.target)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: _Link, side: Side
    ) -> None:
        while chunk := await reader.read(65_536):
            self.counts[side] += len(chunk)
            if link.is_stale:
                self.counts["stale"] += 1
                _reset(link)
                return
            fault = self._fault
            kind = fault.kind if fault.side in ("both", side) else "pass"
            if kind != "pass":
                self.counts[kind] += 1
            await self._kinds[kind](chunk, writer, link)
        if writer.can_write_eof() and not writer.is_closing():
            writer.write_eof()

    async def _pass(self, chunk: bytes, writer: asyncio.StreamWriter, _link: _Link) -> None:
        if not writer.is_closing():
            writer.write(chunk)
            await writer.drain()

    async def _delay(self, chunk: bytes, writer: asyncio.StreamWriter, link: _Link) -> None:
        await asyncio.sleep(self._fault.seconds)
        await self._pass(chunk, writer, link)

    async def _drop(self, _chunk: bytes, _writer: asyncio.StreamWriter, link: _Link) -> None:
        """Thrown away; the connection stays open for as long as the fault lasts."""
        link.has_hole = True

    async def _half_close(self, _chunk: bytes, writer: asyncio.StreamWriter, link: _Link) -> None:
        """Instead of these bytes the receiver gets an end of stream, and may still send."""
        link.has_hole = True
        if writer.can_write_eof() and not writer.is_closing():
            writer.write_eof()

    async def _black_hole(self, chunk: bytes, writer: asyncio.StreamWriter, link: _Link) -> None:
        """Nothing arrives and nothing is lost: a cable that is pulled, and put back."""
        while self._fault.kind == "black_hole":  # noqa: ASYNC110 (until whoever turned it turns it back)
            await asyncio.sleep(_GLANCE_SECONDS)
        await self._pass(chunk, writer, link)

    async def _cut(self, chunk: bytes, writer: asyncio.StreamWriter, link: _Link) -> None:
        """Ends in the middle of whatever the byte number `amount` belongs to."""
        left = self._fault.amount - link.passed
        await self._pass(chunk[: max(0, left)], writer, link)
        link.passed += len(chunk)
        if len(chunk) >= left:
            link.client.close()
            link.server.close()

    async def _throttle(self, chunk: bytes, writer: asyncio.StreamWriter, link: _Link) -> None:
        step = max(1, self._fault.amount // 20)
        for start in range(0, len(chunk), step):
            await self._pass(chunk[start : start + step], writer, link)
            if self._fault.kind == "throttle":
                await asyncio.sleep(0.05)

    async def _rst(self, _chunk: bytes, _writer: asyncio.StreamWriter, link: _Link) -> None:
        _reset(link)


def before(port: int) -> TcpProxy:
    """Before a port of this machine."""
    return TcpProxy((LOOPBACK, port))


def _reset(link: _Link) -> None:
    for writer in (link.client, link.server):
        _set_linger(writer)
        writer.transport.abort()


def _set_linger(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and connection.family != socket.AF_UNIX and not writer.is_closing():
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
