"""One pass over the environment's mapping; the settings' grammar. docs/configuration.md has it in words."""

import base64
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from marketplace_app.settings.redis_address import RedisAddress
from marketplace_app.settings.values import LAST_PORT, EncryptionKey, HostPattern, Secret, read_host

T = TypeVar("T")

SECRET_BYTES = 32
_KEY_ID = re.compile(r"[a-z0-9-]{1,32}")
_LOOPBACK = re.compile(r"(?:\*\.)?localhost|(?:.+\.)?localhost|127(?:\.[0-9]{1,3}){3}")
_DEFAULT_PORTS = {"http": "80", "https": "443"}  # which browsers leave out


class Reading:
    """One pass over the mapping that notes problems instead of stopping at the first."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self.mapping = mapping
        self.problems: list[str] = []
        self.development = mapping.get("ENVIRONMENT", "production") == "development"

    def _problem(self, name: str, sentence: str) -> None:
        self.problems.append(f"{name}: {sentence}")

    def check_environment(self) -> None:
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

    def text(self, name: str, default: str | None = None) -> str:
        value = self._raw(name).strip(", ")
        if value:
            return value
        if default is None and not any(p.startswith((f"{name}:", f"{name}_FILE:")) for p in self.problems):
            self._problem(name, "is missing; docs/configuration.md says what it is")
        return default or ""

    def optional(self, name: str, make: Callable[[str], T]) -> T | None:
        value = self._raw(name)
        return make(value) if value else None

    def development_only(self, name: str, make: Callable[[str], T]) -> T | None:
        value = self.optional(name, make)
        if value is not None and not self.development:
            self._problem(name, "is for development only; unset it or set ENVIRONMENT=development")
        return value

    def url(self, name: str, default: str | None = None) -> str:
        """An origin as browsers spell it, for their Origin header is compared with it."""
        value = self.text(name, default).rstrip("/")
        scheme, _, rest = value.partition("://")
        host = read_host(rest)
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

    def secrets(self, name: str, value: str) -> tuple[Secret, ...]:
        secrets = tuple(Secret(part) for part in split(value))
        if any(len(secret.octets) < SECRET_BYTES for secret in secrets):
            self._problem(name, f"has a secret shorter than {SECRET_BYTES} bytes; use a longer one")
        return secrets

    def surface_secrets(self, name: str) -> dict[str, tuple[Secret, ...]]:
        found: dict[str, tuple[Secret, ...]] = {}
        for part in split(self._raw(name)):
            surface, equals, value = part.partition("=")
            if not (equals and surface.strip() and value.strip()):
                self._problem(name, "must read surface=secret,surface=secret")
                break
            found[surface.strip()] = found.get(surface.strip(), ()) + self.secrets(name, value)
        return found

    def keys(self, name: str) -> tuple[EncryptionKey, ...]:
        keys = [self._key(name, part) for part in split(self.text(name))]
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

    def hosts(self, name: str, default: str) -> tuple[HostPattern, ...]:
        return tuple(p for p in (self._host(name, part) for part in split(self.text(name, default))) if p)

    def _host(self, name: str, part: str) -> HostPattern | None:
        match = read_host(part)
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

    def ancestors(self, name: str, default: str) -> tuple[str, ...]:
        """Each goes into a response header, so each must be a plain origin pattern."""
        values = split(self.text(name, default))
        schemes = r"https?" if self.development else r"https"
        for value in values:
            scheme, _, rest = value.partition("://")
            if not (re.fullmatch(schemes, scheme) and read_host(rest)):
                self._problem(name, f"{value!r} is no origin; write https://*.pipedrive.com")
        return values

    def redis(self, name: str) -> Secret:
        value = self.text(name)
        try:
            RedisAddress.parse(value or "redis://missing")
        except ValueError as error:
            self._problem(name, str(error))
        return Secret(value)

    def durability(self, name: str) -> int:
        """How many replicas must have acknowledged; 0 for `local`."""
        value = self.text(name, "local")
        if not re.fullmatch(r"local|replicas:[1-9]", value):
            self._problem(name, "must be local or replicas:N with N from 1 to 9")
            return 0
        return int(value.removeprefix("replicas:")) if value != "local" else 0

    def choice(self, name: str, words: tuple[str, ...]) -> str:
        """One of these words; the first is the default."""
        value = self.text(name, words[0])
        if value not in words:
            self._problem(name, f"must be {' or '.join(words)}")
        return value

    def days(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,4}", value):
            self._problem(name, "must be a whole number of days, 0 or more")
            return default
        return int(value)

    def port(self, name: str) -> int:
        value = self.text(name, "0")
        if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > LAST_PORT:
            self._problem(name, "must be a port from 1 to 65535, or 0 for off")
            return 0
        return int(value)


def split(value: str) -> tuple[str, ...]:
    """The parts of a list, without the empty ones."""
    return tuple(part for part in map(str.strip, value.split(",")) if part)
