"""From an address to the servers behind it, with their credentials, TLS and deadlines."""

from collections.abc import Callable
from typing import Any

from redis.asyncio.connection import (
    AbstractConnection,
    Connection,
    SSLConnection,
    UnixDomainSocketConnection,
)

from marketplace_app.settings.redis_address import Host, RedisAddress
from marketplace_app.storage.cluster import Cluster
from marketplace_app.storage.sentinels import Sentinels
from marketplace_app.storage.server import Server
from marketplace_app.storage.topology import Alone, Topology

_FOR_SENTINEL = 2  # connections: questions are rare and short


def topology_of(address: RedisAddress, *, most: int) -> Topology:
    """Opens no connection. `most` connections to each server."""
    who = {"username": address.username or None, "password": address.password or None}

    def server(host: Host) -> Server:
        return Server(_maker(address, host, {**who, "db": address.database}), most=most)

    def sentinel(host: Host) -> Server:
        known_as = {
            "username": address.sentinel_username or None,
            "password": address.sentinel_password or None,
        }
        return Server(_maker(address, host, known_as), most=_FOR_SENTINEL)

    if address.kind == "sentinel":
        return Sentinels(address.service, [sentinel(host) for host in address.hosts], server)
    if address.kind == "cluster":
        return Cluster(address.hosts, server)
    return Alone(server(address.hosts[0] if address.hosts else (address.path, 0)))


def _maker(address: RedisAddress, host: Host, options: dict[str, Any]) -> Callable[[], AbstractConnection]:
    options = {
        **options,
        # Deadlines are kept around whole exchanges, not around each read.
        "socket_timeout": None,
        "socket_connect_timeout": None,
        "protocol": 2,  # a new connection asks nothing before its first command, unless it has to log in
        "driver_info": None,
    }
    if address.kind == "unix":
        return lambda: UnixDomainSocketConnection(path=address.path, **options)
    options |= {"host": host[0], "port": host[1]}
    if address.tls is None:
        return lambda: Connection(**options)

    def encrypted() -> AbstractConnection:
        connection = SSLConnection(**options)
        connection.ssl_context.context = address.tls  # one for all: each would read the certificates anew
        return connection

    return encrypted
