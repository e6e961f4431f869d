"""A company's names for ids (stages, pipelines, fields), sealed, shared by its users for an hour.

Only names and definitions go in here. A name is shown only beside a record that the viewer could read.
"""

from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.vault import Label, Vault

_KEPT_SECONDS = 3600


class LookUps:
    def __init__(self, connection: Connection, reads: BatchedReads, vault: Vault) -> None:
        self._connection = connection
        self._reads = reads
        self._vault = vault

    async def find(self, company_id: CompanyId, name: str) -> bytes | None:
        """None too for what does not open: names can always be asked for again."""
        sealed = await self._reads.get(keys.company_value(company_id, name))
        key = await self._vault.find_key(company_id)
        if not sealed or key is None:
            return None
        try:
            return key.open(Label(f"look-up {name}", company_id), sealed)
        except TokenUnreadable:
            return None

    async def keep(self, company_id: CompanyId, name: str, value: bytes) -> None:
        key = await self._vault.find_key(company_id)
        if key is not None:
            sealed = key.seal(Label(f"look-up {name}", company_id), value)
            await self._connection.set(keys.company_value(company_id, name), sealed, seconds=_KEPT_SECONDS)
