"""Renewed pairs that Pipedrive gave and Redis may not have yet: noted on disk, brought to Redis later."""

from contextlib import suppress
from dataclasses import replace

import msgspec

from marketplace_app.domain.installation import Installation, TokenPair
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import NotDurable, NotInstalled, PipedriveError, StoreUnavailable
from marketplace_app.logs import logger
from marketplace_app.pipedrive.authorization import AuthorizationServer
from marketplace_app.storage.installations import InstallationStore
from marketplace_app.storage.journal import Entry, Journal

_ATTEMPTS = 3


class Pending:
    def __init__(
        self, store: InstallationStore, journal: Journal, authorization: AuthorizationServer
    ) -> None:
        self._store = store
        self._journal = journal
        self._authorization = authorization
        self._log = logger("journal")

    async def note(self, renewed: Installation) -> Entry:
        """On the disk when this returns."""
        return await self._journal.append("renewal", renewed.principal, msgspec.json.encode(renewed))

    async def drop(self, entry: Entry) -> None:
        await self._journal.drop(entry)

    async def bring(self, renewed: Installation) -> Installation:
        """To Redis, over the generation that was renewed, or over what still or again is of before.

        Gives back what is there then, which is another pair when that one was later. Raises NotInstalled when
        the installation is over, and NotDurable when what is there is not acknowledged.
        """
        written = renewed
        for _ in range(_ATTEMPTS):
            if await self._store.renew(written):
                return written
            current = await self._store.find(renewed.principal)
            if current is None:
                await self._discard(renewed.tokens)
                raise NotInstalled("the installation ended while its grant was renewed")
            if not _is_before(current, renewed):
                await self._store.acknowledge(renewed.principal)  # who wrote it may have heard of no replica
                return current
            written = replace(
                renewed,
                generation=current.generation + 1,
                profile=current.profile,
                previous_refresh_token=current.tokens.refresh_token,
            )
        raise StoreUnavailable("a renewed grant was overtaken by others three times over")

    async def settle(self, principal: Principal) -> Installation | None:
        """Bring what is noted of one installation to Redis; what is there after that, None if nothing was.

        What no replica has yet stays noted, and keeps nobody from what comes next. Only under the renewal's
        lock, or when the entry is old enough that nobody works on it.
        """
        entries = [entry for entry in await self._journal.entries(principal) if entry.kind == "renewal"]
        for entry in entries:
            with suppress(NotDurable):
                await self.replay(entry)
        return await self._store.find(principal) if entries else None

    async def replay(self, entry: Entry) -> None:
        """Through the same compare-and-set as the first time, so that it changes nothing twice.

        Raises StorageError while Redis cannot take it; the entry stays then.
        """
        renewed = _decode(entry)
        if renewed is None or not entry.is_of(renewed.principal):
            self._log.error("an entry does not read", entry=entry.name)
            return
        ids = {"company_id": entry.company_id, "user_id": entry.user_id}
        try:
            await self.bring(renewed)
            self._log.info("replayed", **ids)
        except NotInstalled:
            self._log.info("replayed after the end", **ids)
        except NotDurable as error:
            self._log.warning("replayed, not acknowledged", reason=error.reason, **ids)
            raise
        await self._journal.drop(entry)

    async def _discard(self, tokens: TokenPair) -> None:
        """An access token that nobody may use any more ends at Pipedrive too.

        Only this one: to revoke the refresh token would uninstall the app, which somebody may have installed
        again by now.
        """
        try:
            await self._authorization.revoke_access(tokens.access_token)
        except PipedriveError as error:
            self._log.info("late token not revoked", reason=error.reason)


def _is_before(current: Installation, renewed: Installation) -> bool:
    """Whether the record is of the same grant and from before its renewal.

    It has the very token that was exchanged; or it is older still, since a backup was put back.
    """
    return (
        current.installed_at == renewed.installed_at
        and current.tokens.obtained_at < renewed.tokens.obtained_at
        and (
            current.tokens.refresh_token == renewed.previous_refresh_token
            or current.generation < renewed.generation - 1
        )
    )


def _decode(entry: Entry) -> Installation | None:
    try:
        return msgspec.json.decode(entry.plain, type=Installation)
    except msgspec.MsgspecError:
        return None
