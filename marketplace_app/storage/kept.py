"""What a surface keeps for one viewer: the rendered picture and the facts behind it, sealed, for minutes.

A kept value belongs to one installation: after a re-install the old ones do not open.
"""

import asyncio

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.vault import Label, Vault


class Kept:
    def __init__(self, connection: Connection, reads: BatchedReads, vault: Vault) -> None:
        self._connection = connection
        self._reads = reads
        self._vault = vault

    def ask(
        self, principal: Principal, surface: str, record_id: int, name: str
    ) -> asyncio.Future[bytes | None]:
        """The sealed value, asked for in the same batch as the caller's other reads."""
        return self._reads.get(keys.kept(principal, surface, record_id, name))

    async def open(
        self, installation: Installation, surface: str, record_id: int, name: str, sealed: bytes | None
    ) -> bytes | None:
        """What `ask` gave, opened; None when there was nothing or it is of an earlier installation."""
        key = await self._vault.find_key(installation.principal.company_id)
        if sealed is None or key is None:
            return None
        try:
            return key.open(_label(installation, surface, record_id, name), sealed)
        except TokenUnreadable:
            return None

    async def keep(
        self,
        installation: Installation,
        surface: str,
        record_id: int,
        name: str,
        value: bytes,
        *,
        seconds: int,
    ) -> None:
        principal = installation.principal
        key = await self._vault.find_key(principal.company_id)
        if key is not None:
            sealed = key.seal(_label(installation, surface, record_id, name), value)
            await self._connection.set(
                keys.kept(principal, surface, record_id, name), sealed, seconds=seconds
            )

    async def drop(self, principal: Principal, surface: str, record_id: int, *names: str) -> None:
        await self._connection.delete(*(keys.kept(principal, surface, record_id, name) for name in names))


def _label(installation: Installation, surface: str, record_id: int, name: str) -> Label:
    principal = installation.principal
    return Label(
        f"kept {surface} {record_id:d} {name}",
        principal.company_id,
        principal.user_id,
        int(installation.installed_at),
    )
