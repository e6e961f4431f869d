"""Settings of `serve` and `worker`, read once from a mapping; docs/configuration.md has each in words.

Nothing but the command line and `asgi.py` passes the environment in. Every problem is found before
one is reported, and no secret has a default.
"""

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, TypeVar

from marketplace_app.errors import ConfigurationError

T = TypeVar("T")

SECRET_BYTES = 32
_KEY_ID = re.compile(r"[a-z0-9-]{1,32}")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST_PATTERN = re.compile(
    rf"(?P<any>\*\.)?(?P<host>{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[1-9][0-9]{{0,4}}))?"
)
_LOOPBACK = re.compile(r"(?:\*\.)?localhost|(?:.+\.)?localhost|127(?:\.[0-9]{1,3}){3}")
_DEFAULT_PORTS = {"http": "80", "https": "443"}  # which browsers leave out
_LAST_PORT = 65535
_REDIS_SCHEMES = ("redis://", "rediss://", "unix://")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is the setting of the same name in capitals; secrets are `Secret`s."""

    environment: Literal["production", "development"]
    app_base_url: str
    pipedrive_client_id: str
    pipedrive_client_secret: tuple[Secret, ...]
    pipedrive_oauth_url: str
    pipedrive_api_hosts: tuple[HostPattern, ...]
    pipedrive_frame_ancestors: tuple[str, ...]
    surface_jwt_secrets: Mapping[str, tuple[Secret, ...]]
    redis_url: Secret
    encryption_keys: tuple[EncryptionKey, ...]
    redis_durability: str
    spool_dir: Path
    metrics_port: int
    extensions: str
    manifest: Path
    templates_dir: Path | None
    clock_offset_file: Path | None
    fault_points: tuple[str, ...]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, str]) -> "Settings":
        """Raises ConfigurationError with one sentence per problem."""
        return _Reading(mapping).settings()

    @property
    def is_development(self) -> bool:
        return self.environment == "development"

    def company_url(self, domain: str) -> str:
        """The origin of a company's Pipedrive in a browser; empty for a domain that is no host label."""
        patterns = (pattern for pattern in self.pipedrive_api_hosts if pattern.any_label)
        return next((p.origin(domain) for p in patterns if p.allows(p.origin(domain))), "")

    def secrets_of(self, surface: str) -> tuple[Secret, ...]:
        """A surface without a secret of its own is signed with the client secret, as in Pipedrive."""
        return self.surface_jwt_secrets.get(surface) or self.pipedrive_client_secret


NAMES = tuple(f.name.upper() for f in fields(Settings))


class _Reading:
    """One pass over the mapping that notes problems instead of stopping at the first."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self.mapping = mapping
        self.problems: list[str] = []
        self.development = mapping.get("ENVIRONMENT", "production") == "development"

    def settings(self) -> Settings:
        self._check_environment()
        made = Settings(
            environment="development" if self.development else "production",
            app_base_url=self._url("APP_BASE_URL"),
            pipedrive_client_id=self._text("PIPEDRIVE_CLIENT_ID"),
            pipedrive_client_secret=self._secrets(
                "PIPEDRIVE_CLIENT_SECRET", self._text("PIPEDRIVE_CLIENT_SECRET")
            ),
            pipedrive_oauth_url=self._url("PIPEDRIVE_OAUTH_URL", "https://oauth.pipedrive.com"),
            pipedrive_api_hosts=self._hosts("PIPEDRIVE_API_HOSTS", "*.pipedrive.com"),
            pipedrive_frame_ancestors=self._ancestors("PIPEDRIVE_FRAME_ANCESTORS", "https://*.pipedrive.com"),
            surface_jwt_secrets=self._surface_secrets("SURFACE_JWT_SECRETS"),
            redis_url=self._redis("REDIS_URL"),
            encryption_keys=self._keys("ENCRYPTION_KEYS"),
            redis_durability=self._durability("REDIS_DURABILITY"),
            spool_dir=Path(self._text("SPOOL_DIR")),
            metrics_port=self._port("METRICS_PORT"),
            extensions=self._text("EXTENSIONS", "marketplace_app.extensions:EXTENSIONS"),
            manifest=Path(self._text("MANIFEST", str(Path(__file__).parents[1] / "manifest.json"))),
            templates_dir=self._optional("TEMPLATES_DIR", Path),
            clock_offset_file=self._development_only("CLOCK_OFFSET_FILE", Path),
            fault_points=self._development_only("FAULT_POINTS", _split) or (),
        )
        if self.problems:
            raise ConfigurationError(self.problems)
        return made

    def _problem(self, name: str, sentence: str) -> None:
        self.problems.append(f"{name}: {sentence}")

    def _check_environment(self) -> None:
        if self.mapping.get("ENVIRONMENT", "production") not in ("production", "development"):
            self._problem("ENVIRONMENT", "must be production or development")

    def _raw(self, name: str) -> str:
        """The value, or the content of the file that NAME_FILE points to."""
        path = self.mapping.get(f"{name}_FILE", "")
        if path and self.mapping.get(name):
            self._problem(name, f"is given twice, as {name} and {name}_FILE; keep one")
        if not path:
            return self.mapping.get(name, "").strip()
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            reason = error.strerror
        except ValueError:  # its text would hold a part of the file
            reason = "it is no text"
        self._problem(f"{name}_FILE", f"cannot be read ({reason}); give a file this user may read")
        return ""

    def _text(self, name: str, default: str | None = None) -> str:
        value = self._raw(name).strip(", ")
        if value:
            return value
        if default is None and not any(p.startswith((f"{name}:", f"{name}_FILE:")) for p in self.problems):
            self._problem(name, "is missing; docs/configuration.md says what it is")
        return default or ""

    def _optional(self, name: str, make: Callable[[str], T]) -> T | None:
        value = self._raw(name)
        return make(value) if value else None

    def _development_only(self, name: str, make: Callable[[str], T]) -> T | None:
        value = self._optional(name, make)
        if value is not None and not self.development:
            self._problem(name, "is for development only; unset it or set ENVIRONMENT=development")
        return value

    def _url(self, name: str, default: str | None = None) -> str:
        """An origin as browsers spell it, for their Origin header is compared with it."""
        value = self._text(name, default).rstrip("/")
        scheme, _, rest = value.partition("://")
        host = _read_host(rest)
        if not value:
            return value
        if scheme not in _DEFAULT_PORTS or not host or host["any"] or host["port"] == _DEFAULT_PORTS[scheme]:
            self._problem(
                name,
                "must be an origin such as https://app.example.com: lower case, no path, no default port",
            )
        elif scheme == "http" and not self.development:
            self._problem(name, "must use https; http is allowed with ENVIRONMENT=development only")
        elif not self.development and _LOOPBACK.fullmatch(host["host"]):
            self._problem(name, "is a loopback address, which ENVIRONMENT=development only allows")
        return value

    def _secrets(self, name: str, value: str) -> tuple[Secret, ...]:
        secrets = tuple(Secret(part) for part in _split(value))
        if any(len(secret.octets) < SECRET_BYTES for secret in secrets):
            self._problem(name, f"has a secret shorter than {SECRET_BYTES} bytes; use a longer one")
        return secrets

    def _surface_secrets(self, name: str) -> dict[str, tuple[Secret, ...]]:
        found: dict[str, tuple[Secret, ...]] = {}
        for part in _split(self._raw(name)):
            surface, equals, value = part.partition("=")
            if not (equals and surface.strip() and value.strip()):
                self._problem(name, "must read surface=secret,surface=secret")
                break
            found[surface.strip()] = found.get(surface.strip(), ()) + self._secrets(name, value)
        return found

    def _keys(self, name: str) -> tuple[EncryptionKey, ...]:
        keys = [self._key(name, part) for part in _split(self._text(name))]
        found = tuple(key for key in keys if key is not None)
        if len({key.key_id for key in found}) != len(found):
            self._problem(name, "names one key id twice; give each key its own id")
        return found

    def _key(self, name: str, part: str) -> EncryptionKey | None:
        key_id, _, text = part.partition(":")
        try:
            octets = base64.b64decode(text, validate=True)
        except ValueError:
            octets = b""
        if not _KEY_ID.fullmatch(key_id) or len(octets) != SECRET_BYTES:
            self._problem(
                name, "must read k2:<base64>,k1:<base64>, each the standard base64 of 32 bytes, newest first"
            )
            return None
        return EncryptionKey(key_id, octets)

    def _hosts(self, name: str, default: str) -> tuple[HostPattern, ...]:
        return tuple(p for p in (self._host(name, part) for part in _split(self._text(name, default))) if p)

    def _host(self, name: str, part: str) -> HostPattern | None:
        match = _read_host(part)
        if match is None:
            self._problem(name, f"{part!r} is no host; write acme.pipedrive.com or *.pipedrive.com")
            return None
        local = match["port"] is not None or _LOOPBACK.fullmatch(match["host"]) is not None
        if local and not self.development:
            self._problem(
                name, f"{part!r} has a port or is loopback, which ENVIRONMENT=development only allows"
            )
        return HostPattern(
            match["host"], match["any"] is not None, int(match["port"]) if match["port"] else None
        )

    def _ancestors(self, name: str, default: str) -> tuple[str, ...]:
        """Each goes into a response header, so each must be a plain origin pattern."""
        values = _split(self._text(name, default))
        schemes = r"https?" if self.development else r"https"
        for value in values:
            scheme, _, rest = value.partition("://")
            if not (re.fullmatch(schemes, scheme) and _read_host(rest)):
                self._problem(name, f"{value!r} is no origin; write https://*.pipedrive.com")
        return values

    def _redis(self, name: str) -> Secret:
        value = self._text(name)
        if value and not value.startswith(_REDIS_SCHEMES):
            self._problem(name, "must begin with redis://, rediss:// or unix://")
        return Secret(value)

    def _durability(self, name: str) -> str:
        value = self._text(name, "local")
        if not re.fullmatch(r"local|replicas:[1-9]", value):
            self._problem(name, "must be local or replicas:N with N from 1 to 9")
        return value

    def _port(self, name: str) -> int:
        value = self._text(name, "0")
        if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > _LAST_PORT:
            self._problem(name, "must be a port from 1 to 65535, or 0 for off")
            return 0
        return int(value)


def _read_host(text: str) -> re.Match[str] | None:
    match = _HOST_PATTERN.fullmatch(text)
    return match if match and int(match["port"] or 0) <= _LAST_PORT else None


def _split(value: str) -> tuple[str, ...]:
    return tuple(part for part in map(str.strip, value.split(",")) if part)
