"""Every form of REDIS_URL with a real server behind it, begun when it is asked for first."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from marketplace_app.cli.local.ports import LOOPBACK
from tests.harness.certificates import Certificates
from tests.harness.cluster import Cluster, start_cluster
from tests.harness.servers import DURABLE, Options, Server, Servers, binaries, running, speaks_tls
from tests.harness.tls_front import tls_front

SERVICE = "mymaster"
USER, PASSWORD = "app", "pass/w@rd"
QUOTED = "app:pass%2Fw%40rd@"


@dataclass(slots=True)
class Town:
    """What runs of one kind of server."""

    servers: Servers
    folder: Path
    stack: ExitStack
    made: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, folder: Path, stack: ExitStack) -> "Town":
        return cls(stack.enter_context(running(binaries()[name], folder / "servers")), folder, stack)

    def url(self, form: str) -> str:
        if form not in self.made:
            self.made[form] = FORMS[form](self)
        return self.made[form]

    @property
    def certificates(self) -> Certificates:
        folder = self.folder / "certificates"
        if not folder.exists():
            Certificates.make(folder)
        return Certificates.at(folder)

    @property
    def tls_options(self) -> Options:
        """For a server that speaks TLS, on its replication and cluster bus too, and wants it of clients."""
        files = self.certificates
        return {
            "tls-cert-file": files.server,
            "tls-key-file": files.server_key,
            "tls-ca-cert-file": files.authority,
            "tls-replication": "yes",
            "tls-cluster": "yes",
            "tls-auth-clients": "yes",
        }

    @property
    def tls_query(self) -> str:
        files = self.certificates
        return f"ssl_ca_certs={files.authority}&ssl_certfile={files.client}&ssl_keyfile={files.client_key}"


def _alone(town: Town) -> str:
    return f"{town.servers.start(DURABLE).url}/3"


def _unix(town: Town) -> str:
    path = town.folder / "s"
    town.servers.start({"unixsocket": path})
    return f"unix://{path}?db=2"


def narrow_user(server: Server) -> None:
    """As docs/operations.md says: only our keys, nothing of administration; nobody else gets in."""
    allow(server, "on", f">{PASSWORD}", "resetchannels", "~app:*", "+@all", "-@admin", "-@dangerous")
    server.client.execute_command("ACL", "SETUSER", "default", "off")  # type: ignore[no-untyped-call]


def allow(server: Server, *rights: str) -> None:
    """Through the connection that this test's client has had from the beginning."""
    server.client.execute_command("ACL", "SETUSER", USER, *rights)  # type: ignore[no-untyped-call]


def _user(town: Town) -> str:
    server = town.servers.start()
    narrow_user(server)
    return f"redis://{QUOTED}{LOOPBACK}:{server.port}"


def _tls(town: Town) -> str:
    port = town.stack.enter_context(tls_front(town.servers.start().port, town.certificates, asks_client=True))
    return f"rediss://{LOOPBACK}:{port}?{town.tls_query}"


def _sentinel(town: Town) -> str:
    primary = town.servers.start()
    town.servers.replica_of(primary)
    return sentinel_url(town.servers.sentinels(primary, SERVICE))


def sentinel_url(sentinels: list[Server]) -> str:
    return f"redis+sentinel://{','.join(f'{LOOPBACK}:{each.port}' for each in sentinels)}/{SERVICE}"


def _cluster(town: Town) -> str:
    return start_cluster(town.servers).url


def _encrypted_server(town: Town) -> str:
    server = town.servers.start(town.tls_options, tls=town.certificates)
    return f"rediss://{LOOPBACK}:{server.port}?{town.tls_query}"


def _encrypted_cluster(town: Town) -> str:
    cluster = encrypted_cluster(town)
    return f"{cluster.url.replace('redis+', 'rediss+')}?{town.tls_query}"


def encrypted_cluster(town: Town) -> Cluster:
    return start_cluster(town.servers, options=town.tls_options, tls=town.certificates)


ALWAYS: dict[str, Callable[[Town], str]] = {
    "redis": _alone,
    "unix": _unix,
    "user": _user,
    "rediss": _tls,
    "sentinel": _sentinel,
    "cluster": _cluster,
}
WITH_TLS: dict[str, Callable[[Town], str]] = {
    "rediss of its own": _encrypted_server,
    "rediss cluster": _encrypted_cluster,
}
FORMS = ALWAYS | WITH_TLS
CASES = [
    (name, form) for name, binary in binaries().items() for form in (FORMS if speaks_tls(binary) else ALWAYS)
]
