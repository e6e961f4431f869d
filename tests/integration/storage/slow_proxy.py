"""A proxy in front of Valkey that holds each reply back for a moment: races need time to happen."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from random import Random


@asynccontextmanager
async def slow_proxy(server: Path, random: Random, *, most_seconds: float) -> AsyncIterator[str]:
    """The address behind which the server's replies take up to `most_seconds` longer."""
    tasks: set[asyncio.Task[None]] = set()

    async def relay(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_held_back: bool
    ) -> None:
        with closing(writer.transport), suppress(OSError):
            while octets := await reader.read(65536):
                if is_held_back:
                    await asyncio.sleep(random.uniform(0, most_seconds))
                writer.write(octets)
                await writer.drain()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream_reader, upstream_writer = await asyncio.open_unix_connection(str(server))
        both = (
            relay(reader, upstream_writer, is_held_back=False),
            relay(upstream_reader, writer, is_held_back=True),
        )
        for each in both:
            task = asyncio.create_task(each)
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    with tempfile.TemporaryDirectory(prefix="slow-") as folder:
        address = Path(folder) / "s"
        async with await asyncio.start_unix_server(accept, str(address)):
            yield f"unix://{address}"
        while tasks:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
