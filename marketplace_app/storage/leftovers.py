"""All keys of one company, found by looking: what no list names must not outlive the company either."""

from collections.abc import AsyncIterator

from redis.exceptions import ResponseError

from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.server import Command, Server, Unanswered

_PAGE = 1000


async def leftovers(connection: Connection, company_id: CompanyId) -> AsyncIterator[str]:
    """Looks on all servers, for a slot may be on its way; some may come twice. Raises StoreUnavailable."""
    try:
        for server in await connection.topology.primaries():
            async for key in _scan(server, keys.all_of_company(company_id)):
                yield key
    except Unanswered as error:
        raise StoreUnavailable(f"Redis does not answer ({error})") from None


async def remove_app_data(connection: Connection, company_id: CompanyId) -> None:
    """What lies beside the records: those go by their scripts alone, for somebody may install just now."""
    found = {key async for key in leftovers(connection, company_id) if not keys.is_of_a_record(key)}
    await connection.delete(*found)


async def _scan(server: Server, pattern: str) -> AsyncIterator[str]:
    cursor = b"0"
    while True:
        scan: Command = ("SCAN", cursor, "MATCH", pattern, "COUNT", _PAGE)
        (reply,) = await server.exchange([scan])
        if isinstance(reply, ResponseError):
            raise StoreUnavailable(f"Redis refuses SCAN ({type(reply).__name__})")
        cursor, page = reply
        for key in page:
            yield key.decode()
        if cursor == b"0":
            return
