"""The objects that both processes are made of, wired once from the settings."""

import importlib
from dataclasses import dataclass
from pathlib import Path

from marketplace_app.clock import Clock, OffsetClock, SystemClock
from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import ConfigurationError
from marketplace_app.installations import Installations
from marketplace_app.installations.installations import Keeping
from marketplace_app.installations.rounds import DAY, Policy
from marketplace_app.installations.upstream import Upstream
from marketplace_app.kit import Extension
from marketplace_app.kit.messaging import Messaging
from marketplace_app.pipedrive.authorization import AuthorizationServer
from marketplace_app.pipedrive.transport import ApiTransport
from marketplace_app.points import NO_POINTS, FaultPoints, Points
from marketplace_app.settings import Settings
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installations import RedisInstallationStore
from marketplace_app.storage.journal import Journal
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.schedule import Schedule
from marketplace_app.storage.vault import Vault

Declared = Extension | Messaging


@dataclass(frozen=True, slots=True)
class Composition:
    settings: Settings
    manifest: Manifest
    clock: Clock
    connection: Connection
    reads: BatchedReads
    vault: Vault
    store: RedisInstallationStore
    journal: Journal
    authorization: AuthorizationServer
    transport: ApiTransport
    installations: Installations
    points: Points

    @classmethod
    def of(
        cls, settings: Settings, points: Points | None = None, clock: Clock | None = None
    ) -> "Composition":
        """Opens no connection. Raises ConfigurationError for what turns out to be unusable only now.

        `points` instead of those that FAULT_POINTS asks for, `clock` instead of the system's.
        """
        manifest = Manifest.load(settings.manifest)
        _make_folder(settings.spool_dir)
        clock = clock or _clock(settings)
        points = points or (FaultPoints(settings.fault_points) if settings.fault_points else NO_POINTS)
        connection, ring = _connection(settings), KeyRing(settings.encryption_keys)
        reads = BatchedReads(connection)
        vault = Vault(connection, ring, clock)
        store = RedisInstallationStore(connection, reads, vault)
        journal = Journal(settings.spool_dir, ring, clock)
        authorization = _authorization(settings, manifest, points)
        transport = ApiTransport()
        scopes = tuple(scope.name for scope in manifest.scopes)
        installations = Installations(
            Keeping(store, connection, journal, Schedule(connection)),
            Upstream(authorization, transport, settings.pipedrive_api_hosts, scopes),
            clock,
            Policy(settings.app_data_grace_days * DAY, settings.idle_installations == "renew"),
            points,
        )
        return cls(
            settings,
            manifest,
            clock,
            connection,
            reads,
            vault,
            store,
            journal,
            authorization,
            transport,
            installations,
            points,
        )

    async def close(self) -> None:
        await self.authorization.close()
        await self.connection.close()


def _clock(settings: Settings) -> Clock:
    return OffsetClock(settings.clock_offset_file) if settings.clock_offset_file else SystemClock()


def _authorization(settings: Settings, manifest: Manifest, points: Points) -> AuthorizationServer:
    return AuthorizationServer(
        settings.pipedrive_oauth_url,
        settings.pipedrive_client_id,
        [secret.value for secret in settings.pipedrive_client_secret],
        settings.app_base_url + manifest.callback_path,
        points,
    )


def _connection(settings: Settings) -> Connection:
    try:
        return Connection(settings.redis_url.value, replicas=settings.redis_durability)
    except ValueError:  # its text would hold a part of the address
        raise ConfigurationError(
            ["REDIS_URL: is no address of a Redis; write redis://host:6379 or unix:///path"]
        ) from None


def _make_folder(folder: Path) -> None:
    """For this user only: what will lie in it is sealed, and still nobody else's business."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError([f"SPOOL_DIR: cannot be made ({error.strerror})"]) from error


def load_extensions(named: str) -> tuple[Extension, ...]:
    """The surfaces among what EXTENSIONS names."""
    return tuple(each for each in load_declared(named) if isinstance(each, Extension))


def load_declared(named: str) -> tuple[Declared, ...]:
    """What EXTENSIONS names, as module:NAME. Raises ConfigurationError."""
    module_name, _, name = named.partition(":")
    try:
        found = getattr(importlib.import_module(module_name), name)
    except (ImportError, AttributeError, ValueError) as error:
        problem = f"EXTENSIONS: {named} cannot be loaded ({error}); write module:NAME"
        raise ConfigurationError([problem]) from error
    return tuple(found)
