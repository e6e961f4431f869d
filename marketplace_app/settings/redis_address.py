"""REDIS_URL in each of its forms, read without a client library; docs/configuration.md has them in words.

    redis://[user:password@]host[:6379][/db]              one server; rediss:// with TLS
    unix://[user@]/path?db=0&password=                    one server on this machine
    redis+sentinel://[..@]host[:26379],host/service[/db]  whichever server the sentinels call primary
    redis+cluster://[..@]host[:6379],host                 a cluster, known by some of its nodes

Names and passwords are percent-encoded. The sentences of ValueError repeat nothing of the address.
"""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl, unquote

from marketplace_app.settings.values import LAST_PORT

Host = tuple[str, int]
Kind = Literal["server", "unix", "sentinel", "cluster"]

_KINDS: dict[str, Kind] = {
    "redis": "server",
    "unix": "unix",
    "redis+sentinel": "sentinel",
    "redis+cluster": "cluster",
}
_DEFAULT_PORTS: dict[Kind, int] = {"server": 6379, "sentinel": 26379, "cluster": 6379}
_HOST = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_PATHS: dict[Kind, str] = {
    "server": r"(?:/(?P<db>[0-9]{1,5})?)?",
    "sentinel": r"/(?P<service>[A-Za-z0-9._-]+)(?:/(?P<db>[0-9]{1,5})?)?",
    "cluster": r"(?:/0?)?",
}
_PATH_ADVICE: dict[Kind, str] = {
    "server": "after the host may stand the number of a database and nothing else, as in /0",
    "sentinel": "after the sentinels must stand the name of the service, as in /mymaster or /mymaster/0",
    "cluster": "a cluster has database 0 only, so nothing may stand after the hosts",
}
_TLS_OPTIONS = frozenset(
    {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname"}
)
_OPTIONS: dict[Kind, frozenset[str]] = {
    "server": frozenset({"db"}),
    "unix": frozenset({"db", "username", "password"}),
    "sentinel": frozenset({"db", "sentinel_username", "sentinel_password"}),
    "cluster": frozenset(),
}


@dataclass(frozen=True, slots=True)
class RedisAddress:
    """Where Redis is and who we are there; `hosts` are the sentinels, or some nodes of the cluster."""

    kind: Kind
    hosts: tuple[Host, ...] = ()
    path: str = ""
    service: str = ""
    database: int = 0
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    sentinel_username: str = field(default="", repr=False)
    sentinel_password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, text: str) -> "RedisAddress":
        """Reads the files that it names. Raises ValueError with a sentence on what is wrong."""
        scheme, separator, rest = text.partition("://")
        encrypted = scheme.startswith("rediss")
        kind = _KINDS.get(scheme.replace("rediss", "redis", 1))
        if not separator or kind is None:
            raise ValueError(
                "must begin with redis://, rediss://, unix://, or say more, as redis+sentinel:// and "
                "redis+cluster:// do"
            )
        rest, _, query = rest.partition("?")
        options = _options(kind, query, encrypted=encrypted)
        before, _, place = rest.rpartition("@")
        username, _, password = before.partition(":")
        found = _unix(place) if kind == "unix" else _network(kind, place)
        return cls(
            kind,
            hosts=found.hosts,
            path=found.path,
            service=found.service,
            database=_database(options["db"]) if "db" in options else found.database,
            username=options.get("username", unquote(username)),
            password=options.get("password", unquote(password)),
            sentinel_username=options.get("sentinel_username", ""),
            sentinel_password=options.get("sentinel_password", ""),
            tls=_tls(options) if encrypted else None,
        )


def _unix(path: str) -> RedisAddress:
    if not path.startswith("/") or path.endswith("/"):
        raise ValueError("must name a socket by its whole path, as in unix:///run/valkey/valkey.sock")
    return RedisAddress("unix", path=unquote(path))


def _network(kind: Kind, place: str) -> RedisAddress:
    authority, slash, path = place.partition("/")
    hosts = tuple(_host(kind, part) for part in authority.split(","))
    if kind == "server" and len(hosts) > 1:
        raise ValueError("names several hosts; redis+sentinel:// or redis+cluster:// is for that")
    match = re.fullmatch(_PATHS[kind], slash + path)
    if match is None:
        raise ValueError(_PATH_ADVICE[kind])
    parts = match.groupdict()
    return RedisAddress(
        kind, hosts=hosts, service=parts.get("service") or "", database=_database(parts.get("db") or "0")
    )


def _host(kind: Kind, text: str) -> Host:
    match = _HOST.fullmatch(text)
    port = int(match["port"] or _DEFAULT_PORTS[kind]) if match else 0
    if match is None or not 0 < port <= LAST_PORT:
        raise ValueError(
            "has no host where one belongs; write host or host:port, and percent-encode @ / ? , in a password"
        )
    return match["host"].strip("[]"), port


def _database(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise ValueError("has a database that is no number")
    return int(text)


def _options(kind: Kind, query: str, *, encrypted: bool) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    options = dict(pairs)
    known = _OPTIONS[kind] | (_TLS_OPTIONS if encrypted else frozenset())
    if len(options) < len(pairs):
        raise ValueError("has an option twice")
    if not encrypted and options.keys() & _TLS_OPTIONS:
        raise ValueError("has an option of TLS, which only a form that begins with rediss has")
    if options.keys() - known:
        raise ValueError(f"has an option it cannot have; there are {', '.join(sorted(known)) or 'none'} here")
    return options


def _tls(options: Mapping[str, str]) -> ssl.SSLContext:
    """Always with the server's certificate and name verified: without, TLS keeps nobody out."""
    verified = options.get("ssl_cert_reqs", "required"), options.get("ssl_check_hostname", "true").lower()
    if verified != ("required", "true"):
        raise ValueError("switches off the verification of certificates; leave that out, name ssl_ca_certs")
    try:
        context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"))
        if "ssl_certfile" in options or "ssl_keyfile" in options:
            context.load_cert_chain(options.get("ssl_certfile", ""), options.get("ssl_keyfile"))
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise ValueError(
            "names a file for TLS that does not read as PEM; see ssl_ca_certs, ssl_certfile and ssl_keyfile"
        ) from None
    return context
