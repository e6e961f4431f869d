"""What Developer Hub and an operator would hand out: client id, secrets and keys, made once and kept."""

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Identity:
    client_id: str
    client_secret: str
    encryption_key: str  # base64 of 32 bytes
    surface_secrets: Mapping[str, str]  # by the name that the manifest gives the secret

    @classmethod
    def make(cls) -> Self:
        return cls(
            client_id=secrets.token_hex(10),
            client_secret=secrets.token_hex(SECRET_BYTES),
            encryption_key=base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode(),
            surface_secrets={},
        )

    def with_surfaces(self, names: set[str]) -> "Identity":
        """The same with a secret for each of these names; a new surface gets a new one."""
        made = {name: self.surface_secrets.get(name) or secrets.token_hex(SECRET_BYTES) for name in names}
        return Identity(self.client_id, self.client_secret, self.encryption_key, made)

    def __repr__(self) -> str:
        return f"Identity(client_id={self.client_id!r}, ...)"


def load_or_make(file: Path, surfaces: set[str]) -> Identity:
    """The identity kept in that file, made when there is none; only this user may read it."""
    kept = Identity(**json.loads(file.read_text())) if file.exists() else Identity.make()
    identity = kept.with_surfaces(surfaces)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_private(file, json.dumps(asdict(identity), indent=1))
    return identity


def write_private(file: Path, text: str) -> None:
    """Replaces the file in one step, readable by its owner only."""
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as sink:
        sink.write(text)
    fresh.replace(file)
