"""All keys of one company, found by looking: what no list names must not outlive the company either."""

from collections.abc import AsyncIterator

from marketplace_app.domain.ids import CompanyId
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.scan import scan


def leftovers(connection: Connection, company_id: CompanyId) -> AsyncIterator[str]:
    """As `scan` says: some may come twice. Raises StoreUnavailable."""
    return scan(connection, keys.all_of_company(company_id))


async def remove_app_data(connection: Connection, company_id: CompanyId) -> None:
    """What lies beside the records: those go by their scripts alone, for somebody may install just now."""
    found = {key async for key in leftovers(connection, company_id) if not keys.is_of_a_record(key)}
    await connection.delete(*found)
