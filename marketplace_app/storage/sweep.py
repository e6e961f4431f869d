"""Rotation of the encryption keys while everything runs: each company's data key is wrapped anew, one by one.

Companies are found by their data keys, on every server: a list of them could have lost one. What is wrapped
with the newest key already is left alone, so a sweep that was cut off goes on where it stopped when it is run
again. On its way it puts back on the schedule whoever is missing there.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import NotDurable, StoreUnavailable, TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installation_scripts import USERS
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.scan import scan
from marketplace_app.storage.schedule import Schedule
from marketplace_app.storage.vault import Vault

T = TypeVar("T")
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
    """`unreadable` companies have a data key that does not unwrap; `unacknowledged` ones may be lost yet.

    `scheduled` users had no entry on the schedule.
    """

    companies: int = 0
    wrapped: int = 0
    unreadable: list[CompanyId] = field(default_factory=list)
    unacknowledged: int = 0
    scheduled: int = 0


class Sweep:
    def __init__(self, connection: Connection, vault: Vault, journal: Journal, clock: Clock) -> None:
        self._connection = connection
        self._schedule = Schedule(connection)
        self._vault = vault
        self._journal = journal
        self._clock = clock

    async def status(self, key_ids: Sequence[str]) -> list[KeyUse]:
        """Of each of these, newest first, then of each other one that is in use. Raises StoreUnavailable."""
        wrapped: Counter[str] = Counter()
        for group in _groups(await self._companies()):
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
        for group in _groups(await self._patiently(self._companies)):
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

        await self._patiently(lambda: self._schedule_again(company_id, swept))
        try:
            await self._patiently(wrap)
        except TokenUnreadable:
            swept.unreadable.append(company_id)
        except NotDurable:
            swept.unacknowledged += 1

    async def _schedule_again(self, company_id: CompanyId, swept: Swept) -> None:
        members = await self._connection.run(USERS, [keys.company_users(company_id)], [])
        for member in members:
            principal = Principal(company_id, UserId(int(member)))
            is_new = await self._schedule.keep(principal, self._clock.now())
            swept.scheduled += is_new  # others of this sweep count as well

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
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

    async def _companies(self) -> list[CompanyId]:
        """Each once. A server that fails in the middle is no end of the list. Raises StoreUnavailable."""
        found = {keys.company_of_data_key(key) async for key in scan(self._connection, keys.DATA_KEYS)}
        return sorted(company_id for company_id in found if company_id is not None)


def _groups(companies: Sequence[CompanyId]) -> Iterator[Sequence[CompanyId]]:
    return (companies[first : first + _AT_ONCE] for first in range(0, len(companies), _AT_ONCE))
