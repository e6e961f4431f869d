"""Whether Redis is set up to keep what it acknowledges, in sentences for its operator."""

import asyncio
from typing import Any

from redis.exceptions import ResponseError

from marketplace_app.errors import StoreUnavailable
from marketplace_app.logs import logger
from marketplace_app.storage.connection import Connection, acknowledgement
from marketplace_app.storage.server import Command, Server, Unanswered

# What must be set, and what happens when something else is.
_WANTED = (
    ("appendonly", "yes", "what it acknowledged is gone after a restart"),
    ("appendfsync", "always", "a power cut takes what it acknowledged in the last second or more"),
    ("maxmemory-policy", "noeviction", "it drops grants when memory is short"),
)
_WAIT_MILLISECONDS = 300
_AGAIN_SECONDS = 5.0
_MOST_TAGS = 10_000


async def durability_problems(connection: Connection) -> list[str]:
    """A sentence for each thing amiss, on any primary; none when the promise of REDIS_DURABILITY holds.

    Raises StoreUnavailable. Replicas are counted for as many as the connection was made with.
    """
    found: dict[str, None] = {}
    try:
        for server in await connection.topology.primaries():
            found |= dict.fromkeys(await _problems(server, connection))
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


async def _problems(server: Server, connection: Connection) -> list[str]:
    questions: list[Command] = [("CONFIG", "GET", name) for name, *_ in _WANTED]
    return [*_of_settings(await server.exchange(questions)), *await _of_replicas(server, connection)]


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


async def _of_replicas(server: Server, connection: Connection) -> list[str]:
    """Those that acknowledge a write, as for a grant: one that hangs is no replica."""
    replicas = connection.replicas
    if not replicas:
        return []
    write, wait = acknowledgement(await _key_of(server, connection), replicas, _WAIT_MILLISECONDS)
    replies = await server.exchange([write], then=[wait], wait=_WAIT_MILLISECONDS / 1000)
    count = 0 if isinstance(replies[-1], ResponseError) else int(replies[-1])
    if count >= replicas:
        return []
    asked = f"REDIS_DURABILITY asks for {replicas} replicas and a primary has {count} that answer"
    return [f"{asked}: no grant counts as stored for good until there are more."]


async def _key_of(server: Server, connection: Connection) -> str:
    """One that lies on this server."""
    names = (f"app:{{{number}}}" for number in range(_MOST_TAGS))
    for name in names:
        if await connection.topology.find(name) is server:
            return name
    raise Unanswered(LookupError("a primary has no slot"), was_sent=False)
