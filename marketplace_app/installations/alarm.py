"""What each process with our client secrets knows as soon as Pipedrive has refused them to one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from marketplace_app.errors import ClientRefused, StorageError
from marketplace_app.logs import logger
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection

_SECONDS = 25  # then somebody tries again


class ClientAlarm:
    def __init__(self, connection: Connection, fingerprint: str) -> None:
        """`fingerprint`: a process with other secrets is not meant."""
        self._connection = connection
        self._ours = fingerprint.encode()

    async def require_client(self) -> None:
        """Raises ClientRefused when Pipedrive refused these secrets a moment ago."""
        if await self._connection.get(keys.CLIENT_REFUSED) == self._ours:
            raise ClientRefused("Pipedrive refused the app's credentials a moment ago")

    @asynccontextmanager
    async def heard(self) -> AsyncIterator[None]:
        """Around a request that only the app's secret can be refused for: told in Redis and in the log."""
        try:
            yield
        except ClientRefused:
            logger("installations").error(
                "alarm", reason=ClientRefused.reason, advice="see PIPEDRIVE_CLIENT_SECRET"
            )
            with suppress(StorageError):
                await self._connection.set(keys.CLIENT_REFUSED, self._ours, seconds=_SECONDS)
            raise
