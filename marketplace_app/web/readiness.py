"""What there is to say to the operator of whether this app can serve, each reason as a slug and a sentence.

`ready` means what the public /readyz means, that Redis answers, each primary of a cluster too; all other
reasons are for mending before somebody notices. No reason holds a secret or a customer's data.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from marketplace_app.clock import Clock
from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.durability import durability_problems
from marketplace_app.storage.journal import Journal

_MOST_APART_SECONDS = 30
_YOUNG_SECONDS = 5  # an entry of this age is somebody's work in progress
_KEY_ID = re.compile(rb"[a-z0-9-]{1,32}")


class Reason(msgspec.Struct, frozen=True):
    reason: str
    detail: str


class Report(msgspec.Struct, frozen=True):
    ready: bool
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class Readiness:
    connection: Connection
    journal: Journal
    spool_dir: Path
    clock: Clock

    async def report(self) -> Report:
        reasons = [reason async for reason in self._of_this_machine()]
        try:
            await self.connection.ping()
        except StoreUnavailable as error:
            return Report(ready=False, reasons=[_of(error), *reasons])
        try:
            reasons += [reason async for reason in self._of_the_store()]
        except StoreUnavailable as error:  # it answers, and not to this
            reasons.append(_of(error))
        return Report(ready=True, reasons=reasons)

    async def _of_this_machine(self) -> AsyncIterator[Reason]:
        now = self.clock.now()
        ages = [now - at for at in await asyncio.to_thread(self.journal.written_at)]
        waiting = [age for age in ages if age > _YOUNG_SECONDS]
        if waiting:
            detail = f"{len(waiting)} entries wait in the journal, the oldest for {max(waiting):.0f} s."
            yield Reason("journal_waiting", detail)
        refusal = await asyncio.to_thread(_refusal_of, self.spool_dir)
        if refusal or self.journal.is_degraded:
            held = "it holds grants in memory alone" if self.journal.is_degraded else "nothing is held yet"
            detail = f"The disk of SPOOL_DIR refuses ({refusal or 'it did before'}); {held}."
            yield Reason("journal_refused", detail)

    async def _of_the_store(self) -> AsyncIterator[Reason]:
        for sentence in await durability_problems(self.connection):
            yield Reason("durability", sentence)
        if await self.connection.get(keys.CLIENT_REFUSED):
            detail = "Pipedrive refuses PIPEDRIVE_CLIENT_SECRET, so no grant is renewed."
            yield Reason("client_refused", detail)
        missing = await self.connection.get(keys.KEY_MISSING)
        if missing:
            name = missing.decode() if _KEY_ID.fullmatch(missing) else "of no known form"
            detail = f"Data are sealed with the encryption key {name}, which ENCRYPTION_KEYS lacks."
            yield Reason("key_missing", detail)
        apart = self.clock.now() - await self.connection.server_time()
        if abs(apart) > _MOST_APART_SECONDS:
            which = "ahead of" if apart > 0 else "behind"
            yield Reason("clock", f"This machine's clock is {abs(apart):.0f} s {which} that of Redis.")


def _of(error: StoreUnavailable) -> Reason:
    return Reason(error.reason, f"{error}.")


def _refusal_of(folder: Path) -> str:
    """Why a file cannot be written there; empty when it can."""
    probe = folder / f"probe-{secrets.token_hex(8)}"
    try:
        probe.write_bytes(b"probe")
        probe.unlink()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""
