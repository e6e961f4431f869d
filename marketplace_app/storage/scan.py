"""Keys that are found by looking at every server: whatever no list names, or no list names any more."""

from collections.abc import AsyncIterator

from redis.exceptions import ResponseError

from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.server import Command, Server, Unanswered

_PAGE = 1000


async def scan(connection: Connection, pattern: str) -> AsyncIterator[str]:
    """Looks on all servers, for a slot may be on its way; some may come twice. Raises StoreUnavailable."""
    try:
        for server in await connection.topology.primaries():
            async for key in _of(server, pattern):
                yield key
    except Unanswered as error:
        raise StoreUnavailable(f"Redis does not answer ({error})") from None


async def _of(server: Server, pattern: str) -> AsyncIterator[str]:
    cursor = b"0"
    while True:
        command: Command = ("SCAN", cursor, "MATCH", pattern, "COUNT", _PAGE)
        (reply,) = await server.exchange([command])
        if isinstance(reply, ResponseError):
            raise StoreUnavailable(f"Redis refuses SCAN ({type(reply).__name__})")
        cursor, page = reply
        for key in page:
            yield key.decode(errors="replace")
        if cursor == b"0":
            return
