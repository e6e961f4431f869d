"""All keys of one company, found by looking: what no list names must not outlive the company either."""

from collections.abc import AsyncIterator

from redis.exceptions import ResponseError

from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.server import Command, Unanswered

_PAGE = 1000


async def leftovers(connection: Connection, company_id: CompanyId) -> AsyncIterator[str]:
    """Looks through the server that has the company's slot; some may come twice. Raises StoreUnavailable."""
    try:
        server = await connection.topology.find(keys.data_key(company_id))
        cursor = b"0"
        while True:
            scan: Command = ("SCAN", cursor, "MATCH", keys.all_of_company(company_id), "COUNT", _PAGE)
            (reply,) = await server.exchange([scan])
            if isinstance(reply, ResponseError):
                raise StoreUnavailable(f"Redis refuses SCAN ({type(reply).__name__})")
            cursor, page = reply
            for key in page:
                yield key.decode()
            if cursor == b"0":
                return
    except Unanswered as error:
        raise StoreUnavailable(f"Redis does not answer ({error})") from None
