"""A process of ours as far as storage goes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from marketplace_app.domain.installation import Installation
from marketplace_app.settings import EncryptionKey
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import InstallationStore, RedisInstallationStore
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.vault import Vault
from tests.makers import StoppedClock

KEYS = (EncryptionKey("k1", bytes(range(32))),)


@dataclass(frozen=True, slots=True)
class Process:
    """Its own connection, its own memory of keys."""

    connection: Connection
    reads: BatchedReads
    vault: Vault
    store: RedisInstallationStore
    clock: StoppedClock

    @classmethod
    def of(cls, url: str, ring: tuple[EncryptionKey, ...] = KEYS) -> "Process":
        connection, clock = Connection(url), StoppedClock()
        reads = BatchedReads(connection)
        vault = Vault(connection, KeyRing(ring), clock)
        return cls(connection, reads, vault, RedisInstallationStore(connection, reads, vault), clock)


Start = Callable[..., Process]


async def put(store: InstallationStore, made: Installation) -> Installation:
    """Over whatever is there, as an install does that knows its grant to work; with its generation."""
    standing = await store.standing(made.principal)
    written = replace(made, generation=standing.generation + 1 if standing else 1)
    assert await store.install(written, standing)
    return written
