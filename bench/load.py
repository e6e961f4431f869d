"""A load of keep-alive connections, each with one request at a time; loopback only.

The same code asks the bare route and the panel, so what the tool itself costs is in both figures.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import cast

import uvloop


@dataclass(frozen=True, slots=True)
class Figures:
    """Latencies in milliseconds. `refused` counts answers that were not 200."""

    per_second: float
    p50: float
    p99: float
    refused: int


class _Asker(asyncio.Protocol):
    """Sends its next request as soon as the answer to the last is whole."""

    def __init__(self, requests: Sequence[bytes], first: int, latencies: list[float]) -> None:
        self._requests = requests
        self._next = first
        self._latencies = latencies
        self._buffer = bytearray()
        self._wanted = 0
        self._sent_at = 0.0
        self.refused = 0
        self.is_over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._wanted:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self._buffer[:end]).lower()
            self.refused += head[9:12] != b"200"
            start = head.index(b"content-length:") + 15
            self._wanted = (
                end + 4 + int(head[start : head.find(b"\r\n", start) if b"\r\n" in head[start:] else end])
            )
        if len(self._buffer) >= self._wanted:
            self._latencies.append(time.perf_counter() - self._sent_at)
            self._buffer.clear()
            self._wanted = 0
            if self.is_over:
                self._transport.close()
            else:
                self._send()

    def _send(self) -> None:
        request = self._requests[self._next % len(self._requests)]
        self._next += 1
        self._sent_at = time.perf_counter()
        self._transport.write(request)


def get(host: str, target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n".encode()


def measure(port: int, requests: Sequence[bytes], *, seconds: float, connections: int) -> Figures:
    return uvloop.run(_measure(port, requests, seconds, connections))


async def _measure(port: int, requests: Sequence[bytes], seconds: float, connections: int) -> Figures:
    loop = asyncio.get_running_loop()
    latencies: list[float] = []
    askers = []
    for number in range(connections):
        _, asker = await loop.create_connection(
            lambda number=number: _Asker(requests, number, latencies), "127.0.0.1", port
        )
        askers.append(asker)
    await asyncio.sleep(0.3)  # warm
    latencies.clear()
    started = time.perf_counter()
    await asyncio.sleep(seconds)
    counted, elapsed = list(latencies), time.perf_counter() - started
    for asker in askers:
        asker.is_over = True
    await asyncio.sleep(0.2)
    cuts = quantiles(counted, n=100)
    refused = sum(asker.refused for asker in askers)
    return Figures(len(counted) / elapsed, cuts[49] * 1000, cuts[98] * 1000, refused)
