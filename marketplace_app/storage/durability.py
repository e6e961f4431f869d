"""Whether Redis is set up to keep what it acknowledges, in sentences for its operator."""

import asyncio
from typing import Any

from redis.exceptions import ResponseError

from marketplace_app.errors import StoreUnavailable
from marketplace_app.logs import logger
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.server import Command, Server, Unanswered

# What must be set, and what happens when something else is.
_WANTED = (
    ("appendonly", "yes", "what it acknowledged is gone after a restart"),
    ("appendfsync", "always", "a power cut takes what it acknowledged in the last second or more"),
    ("maxmemory-policy", "noeviction", "it drops grants when memory is short"),
)
_WAIT_MILLISECONDS = 300
_AGAIN_SECONDS = 5.0


async def durability_problems(connection: Connection) -> list[str]:
    """A sentence for each thing amiss, on any primary; none when the promise of REDIS_DURABILITY holds.

    Raises StoreUnavailable. Replicas are counted for as many as the connection was made with.
    """
    found: dict[str, None] = {}
    try:
        for server in await connection.topology.primaries():
            found |= dict.fromkeys(await _problems(server, connection.replicas))
    except Unanswered as error:
        raise StoreUnavailable(f"Redis does not answer ({error})") from None
    return list(found)


async def tell_durability(connection: Connection) -> None:
    """In the log, as soon as Redis answers: a warning for each problem. Nothing waits for it."""
    while True:
        try:
            found = await durability_problems(connection)
        except StoreUnavailable:
            await asyncio.sleep(_AGAIN_SECONDS)
            continue
        for sentence in found:
            logger("storage").warning("durability", detail=sentence)
        if not found:
            logger("storage").info("durable", replicas=connection.replicas)
        return


async def _problems(server: Server, replicas: int) -> list[str]:
    questions: list[Command] = [("CONFIG", "GET", name) for name, *_ in _WANTED]
    return [*_of_settings(await server.exchange(questions)), *await _of_replicas(server, replicas)]


def _of_settings(replies: list[Any]) -> list[str]:
    if any(isinstance(reply, ResponseError) for reply in replies):
        wanted = ", ".join(f"{name} {value}" for name, value, _ in _WANTED)
        return [f"Redis does not show its configuration: make sure yourself that it has {wanted}."]
    found = [reply[1].decode() if reply else "unknown" for reply in replies]
    return [
        f"Redis has {name} {value}, so {consequence}: set {name} {wanted}."
        for (name, wanted, consequence), value in zip(_WANTED, found, strict=True)
        if value != wanted
    ]


async def _of_replicas(server: Server, replicas: int) -> list[str]:
    """WAIT counts them without the right to ask INFO."""
    if not replicas:
        return []
    wait: Command = ("WAIT", replicas, _WAIT_MILLISECONDS)
    (reply,) = await server.exchange([wait])
    count = 0 if isinstance(reply, ResponseError) else int(reply)
    if count >= replicas:
        return []
    asked = f"REDIS_DURABILITY asks for {replicas} replicas and a primary has {count} that answer"
    return [f"{asked}: no grant counts as stored for good until there are more."]
