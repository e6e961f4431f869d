"""An API host of somebody else: answers every request as another user of another company."""

import asyncio
import json
from collections import Counter

from tests.faults.lab.loop_thread import LOOPBACK, LoopThread
from tests.faults.lab.oracle import fingerprint

_ME = {"success": True, "data": {"id": 7, "company_id": 6, "name": "Somebody else", "is_you": True}}


class Impostor:
    """`shown`: fingerprints of the access tokens that it was shown, as often as it was."""

    def __init__(self) -> None:
        self.shown: Counter[str] = Counter()
        self._line = LoopThread(self._serve)
        self.host = f"{LOOPBACK}:{self._line.port}"
        self.url = f"http://{self.host}"

    def close(self) -> None:
        self._line.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            for line in head.decode("latin-1").split("\r\n"):
                name, _, value = line.partition(": ")
                if name.lower() == "authorization":
                    self.shown[fingerprint(value.removeprefix("Bearer "))] += 1
            body = json.dumps(_ME).encode()
            size = f"Content-Length: {len(body)}"
            writer.write(
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{size}\r\n\r\n".encode() + body
            )
            await writer.drain()
