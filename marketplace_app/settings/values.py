"""What settings are made of: secrets that do not show themselves, keys, and patterns of hosts."""

import re
from dataclasses import dataclass, field

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_PATTERN = re.compile(
    rf"(?P<any>\*\.)?(?P<host>{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[1-9][0-9]{{0,4}}))?"
)
LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Secret:
    """Text that no log, page or `repr` may show."""

    value: str = field(repr=False)

    def __repr__(self) -> str:
        return "Secret(...)"

    @property
    def octets(self) -> bytes:
        return self.value.encode()


@dataclass(frozen=True, slots=True)
class EncryptionKey:
    key_id: str
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HostPattern:
    """A host, `*.` in front standing for exactly one label; `port` only in development, then over http."""

    host: str
    any_label: bool = False
    port: int | None = None

    def origin(self, label: str = "") -> str:
        scheme, port = ("https", "") if self.port is None else ("http", f":{self.port}")
        return f"{scheme}://{label + '.' if self.any_label else ''}{self.host}{port}"

    def allows(self, url: str) -> bool:
        """Whether `url` is an origin of this pattern: no user, path, query, and not a look-alike."""
        if not self.any_label:
            return url == self.origin()
        head, tail = self.origin("\0").split("\0")
        middle = url[len(head) : -len(tail)] if url.startswith(head) and url.endswith(tail) else ""
        return re.fullmatch(_LABEL, middle) is not None


def read_host(text: str) -> re.Match[str] | None:
    """Groups any, host and port of a host pattern; None for what is none."""
    match = _HOST_PATTERN.fullmatch(text)
    return match if match and int(match["port"] or 0) <= LAST_PORT else None
