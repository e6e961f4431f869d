"""What a surface keeps for one viewer: the rendered picture and the facts behind it, sealed, for minutes.

A kept value belongs to one installation: after a re-install the old ones do not open. Beside it lies a
stamp of a few bytes, which says of when it is. A process that has opened a value before reads the stamp
alone, and a value never takes the place of one that is of later facts.
"""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.vault import Label, Vault

_MOST_OPENED = 2048  # values of some ten kilobytes, in the memory of a process

# KEYS: the stamp, the value. ARGV: stamp, sealed value, seconds. Stamps sort as their times do.
_KEEP = """
local newest = redis.call('GET', KEYS[1])
if newest and newest > ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
return 1
"""


@dataclass(frozen=True, slots=True)
class KeptName:
    """Which value, whose, of what."""

    principal: Principal
    surface: str
    subject: str
    name: str

    @property
    def value_key(self) -> str:
        return keys.kept(self.principal, self.surface, self.subject, self.name)

    @property
    def stamp_key(self) -> str:
        return keys.kept(self.principal, self.surface, self.subject, f"{self.name}-stamp")

    def label(self, installation: Installation) -> Label:
        return Label(
            f"kept {self.surface} {self.subject} {self.name}",
            self.principal.company_id,
            self.principal.user_id,
            int(installation.installed_at),
        )


class Kept:
    def __init__(self, connection: Connection, reads: BatchedReads, vault: Vault) -> None:
        self._connection = connection
        self._reads = reads
        self._vault = vault
        self._opened: OrderedDict[KeptName, tuple[bytes, float, bytes]] = OrderedDict()

    def ask(self, name: KeptName) -> asyncio.Future[bytes | None]:
        """The stamp of the value, in the same batch as the caller's other reads."""
        return self._reads.get(name.stamp_key)

    async def open(self, installation: Installation, name: KeptName, stamp: bytes | None) -> bytes | None:
        """The value that `ask` gave the stamp of; None when there is none of this installation."""
        if stamp is None:
            return None
        known = self._opened.get(name)
        if known is not None and known[:2] == (stamp, installation.installed_at):
            return known[2]
        key = await self._vault.find_key(name.principal.company_id)
        sealed = await self._reads.get(name.value_key)
        if sealed is None or key is None:
            return None
        try:
            plain = key.open(name.label(installation), sealed)
        except TokenUnreadable:
            return None
        its_stamp, _, value = plain.partition(b"\n")  # a newer one, if it was written just now
        self._remember(name, its_stamp, installation, value)
        return value

    async def keep(
        self, installation: Installation, name: KeptName, value: bytes, *, as_of: float, seconds: int
    ) -> bool:
        """Whether it was kept: not where a value of later facts is. `as_of` is epoch seconds."""
        key = await self._vault.find_key(name.principal.company_id)
        if key is None:
            return False
        stamp = f"{as_of:020.6f}-{secrets.token_hex(4)}".encode()
        sealed = key.seal(name.label(installation), stamp + b"\n" + value)
        is_kept = await self._connection.run(
            _KEEP, [name.stamp_key, name.value_key], [stamp, sealed, seconds]
        )
        if is_kept:
            self._remember(name, stamp, installation, value)
        return bool(is_kept)

    def _remember(self, name: KeptName, stamp: bytes, installation: Installation, value: bytes) -> None:
        self._opened[name] = (stamp, installation.installed_at, value)
        self._opened.move_to_end(name)
        if len(self._opened) > _MOST_OPENED:
            self._opened.popitem(last=False)
