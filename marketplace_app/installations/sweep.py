"""Rotation of the encryption keys while everything runs: each company's data key is wrapped anew, one by one.

Companies are found in the schedule, in which every record has an entry. What is wrapped with the newest key
already is left alone, so a sweep that was cut off goes on where it stopped when it is run again.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import NotDurable, StoreUnavailable, TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.vault import Vault

_AT_ONCE = 16
_PATIENCE = 30  # tries, a second apart, before a Redis that is away ends the sweep


@dataclass(frozen=True, slots=True)
class KeyUse:
    """Of one encryption key: data keys that it wraps, and entries that it seals in this machine's journal."""

    key_id: str
    companies: int
    entries: int
    is_known: bool  # whether ENCRYPTION_KEYS has it
    is_newest: bool

    @property
    def is_used(self) -> bool:
        return self.companies > 0 or self.entries > 0


@dataclass(slots=True)
class Swept:
    """`unreadable` companies have a data key that does not unwrap; `unacknowledged` ones may be lost yet."""

    companies: int = 0
    wrapped: int = 0
    unreadable: list[CompanyId] = field(default_factory=list)
    unacknowledged: int = 0


class Sweep:
    def __init__(self, connection: Connection, vault: Vault, journal: Journal, clock: Clock) -> None:
        self._connection = connection
        self._vault = vault
        self._journal = journal
        self._clock = clock

    async def status(self, key_ids: Sequence[str]) -> list[KeyUse]:
        """Of each of these, newest first, then of each other one that is in use. Raises StoreUnavailable."""
        wrapped: Counter[str] = Counter()
        async for group in self._groups():
            wrapped.update(filter(None, await asyncio.gather(*map(self._wrapped_with, group))))
        sealed = self._journal.key_uses()
        strangers = sorted((wrapped.keys() | sealed.keys()) - set(key_ids))
        return [
            KeyUse(each, wrapped[each], sealed.get(each, 0), each in key_ids, each == key_ids[0])
            for each in (*key_ids, *strangers)
        ]

    async def rotate(self, newest: str, pace: int, progress: Callable[[Swept], None]) -> Swept:
        """At most `pace` companies a second. Raises StoreUnavailable when Redis stays away for long."""
        await self._patiently(self._vault.begin_rotation)
        swept = Swept()
        async for group in self._groups():
            began = self._clock.now()
            await asyncio.gather(*(self._one(each, newest, swept) for each in group))
            swept.companies += len(group)
            progress(swept)
            await self._clock.sleep(max(0.0, len(group) / pace - (self._clock.now() - began)))
        return swept

    async def _one(self, company_id: CompanyId, newest: str, swept: Swept) -> None:
        async def wrap() -> None:
            was = await self._vault.wrapped_with(company_id)
            await self._vault.wrap_anew(company_id)
            swept.wrapped += was not in (None, newest)

        try:
            await self._patiently(wrap)
        except TokenUnreadable:
            swept.unreadable.append(company_id)
        except NotDurable:
            swept.unacknowledged += 1

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        for _ in range(_PATIENCE):
            try:
                return await work()
            except StoreUnavailable:
                await self._clock.sleep(1)
        return await work()

    async def _wrapped_with(self, company_id: CompanyId) -> str | None:
        try:
            return await self._vault.wrapped_with(company_id)
        except TokenUnreadable:
            return None  # a rotation names it

    async def _groups(self) -> AsyncIterator[list[CompanyId]]:
        """Each company once."""
        companies = {int(member.partition(":")[0]): None async for member in self._members()}
        rest = map(CompanyId, sorted(companies))
        while group := list(islice(rest, _AT_ONCE)):
            yield group

    def _members(self) -> AsyncIterator[str]:
        return self._connection.members(keys.SCHEDULE)
